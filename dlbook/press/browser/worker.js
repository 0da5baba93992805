// The worker in which Python runs. It answers each request by any number of "state" and "output", then by "done" or "failed".
let opened = null;

const say = (kind, data) => postMessage({ kind, ...data });
const state = (text) => say("state", { text });

async function get(url, as) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response[as]();
}

// Frozen values and stored runs are fetched while Python waits for them.
function getNow(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  if (request.status !== 200) throw new Error(`${url}: ${request.status} ${request.statusText}`);
  return request.responseText;
}

async function open({ live, page }) {
  state("Loading Python");
  const at = (name) => new URL(name, live).href;
  const settings = await get(at("runtime.json"), "json");
  const packages = settings.packages && get(at(settings.packages), "arrayBuffer");
  const wheel = get(at(settings.wheel), "arrayBuffer");
  const data = get(at(`${page}.json`), "text");
  for (const promise of [packages, wheel, data]) promise?.catch(() => {}); // told when it is awaited
  const indexURL = at(settings.pyodide);
  importScripts(`${indexURL}pyodide.js`);
  const python = await loadPyodide({
    indexURL,
    ...(settings.packages && { lockFileURL: at(settings.lock) }),
  });
  state("Loading NumPy");
  // NumPy asks who called it before it reuses a large temporary array. Nobody can tell here: the answer is "unknown".
  if (packages) python._module.mergeLibSymbols({ backtrace: () => 0 }, "backtrace");
  if (packages) python.unpackArchive(await packages, "zip", { extractDir: "/packages" });
  else await python.loadPackage(["numpy", "tqdm"]);
  python.unpackArchive(await wheel, "zip", { extractDir: "/packages" });
  python.runPython(
    'import sys; sys.path[:0] = ["/packages", "/packages/dlbook/press/live/standins"]',
  );
  const text = await data;
  state("Opening the page");
  return python.pyimport("dlbook.press.live.opening").OpenPage(text, (name) => getNow(at(name)));
}

// What is printed is passed on at most twenty times a second.
function teller() {
  let text = "";
  let told = 0;
  const flush = () => {
    if (text) say("output", { text });
    text = "";
    told = performance.now();
  };
  const tell = (more) => {
    text += more;
    if (performance.now() - told > 50) flush();
  };
  return { tell, flush };
}

const step = (place, count) => state(`Running what comes before, ${place} of ${count}`);

onmessage = async ({ data: { kind, open: where, ...request } }) => {
  try {
    opened ??= open(where);
    const page = await opened;
    state("Running");
    const { tell, flush } = teller();
    const asked = JSON.stringify(request);
    const result = kind === "run" ? page.run(asked, tell, step) : page.check(asked, step);
    flush();
    say("done", { result: JSON.parse(result) });
  } catch (error) {
    say("failed", { message: error.message, dead: true });
  }
};
