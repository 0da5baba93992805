// What a page's closed folds hold lies in a file beside the page (folds.py says why). It is read once the page is there,
// and what a fold holds becomes part of the page when the fold is opened.
export const UNFOLDED = "dlbook:unfolded";

const places = () => document.querySelectorAll("details > noscript");
// The file and the number of a fold's part, from the link that a browser without scripts shows.
const link = (place) => /href="([^"#]+)#fold-(\d+)"/.exec(place.textContent);

let parts = null; // the parts, once they are there
let coming = null;

function read() {
  coming ??= text(new URL(link(places()[0])[1], location.href).href).then(
    (page) => (parts = page.split("<!--fold-->").slice(1).map((part) => /<!--from-->(.*)<!--to-->/s.exec(part)[1])),
    (reason) => {
      coming = null; // so that it can be tried again
      throw reason;
    },
  );
  return coming;
}

async function text(url) {
  if (location.protocol === "file:") return told(url);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

// On a disk, the other page tells what it holds.
function told(url) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = url;
  return new Promise((done) => {
    addEventListener("message", function heard({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", heard);
      frame.remove();
      done(data);
    });
    document.body.append(frame);
  });
}

export function unfold(fold) {
  const place = fold.querySelector(":scope > noscript");
  if (!place) return;
  if (!parts) {
    read().then(
      () => unfold(fold),
      () => (place.nextElementSibling ?? place.insertAdjacentHTML("afterend", place.textContent)), // the link itself
    );
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = parts[link(place)[2]];
  place.nextElementSibling?.remove();
  place.replaceWith(template.content);
  fold.dispatchEvent(new Event(UNFOLDED, { bubbles: true }));
}

// Do something with each element of a kind: with those that are there when the browser has time for it, with those in a
// fold when it is opened.
export function each(selector, work) {
  whenIdle(document.querySelectorAll(selector), work);
  document.addEventListener(UNFOLDED, ({ target }) => target.querySelectorAll(selector).forEach(work));
}

const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));

// A little at a time: an idle browser would give fifty milliseconds, which on a phone is a pause that is felt.
function whenIdle(items, work) {
  const waiting = [...items];
  const some = () => {
    const end = performance.now() + 6;
    while (waiting.length && performance.now() < end) work(waiting.shift());
    if (waiting.length) later(some);
  };
  later(some);
}

// A link to something in a fold opens the fold.
async function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  if (!document.getElementById(id) && places().length) {
    if (!(await read().catch(() => null))) return;
    const mark = `id="${id.replaceAll('"', "&quot;")}"`;
    for (const place of places()) if (parts[link(place)[2]].includes(mark)) unfold(place.parentElement);
  }
  const target = document.getElementById(id);
  let inFold = false;
  for (let box = target; box; box = box.parentElement)
    if (box.tagName === "DETAILS" && !box.open) inFold = box.open = true;
  if (inFold) target.scrollIntoView();
}

// On paper nothing can be unfolded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const fold of folded) {
    unfold(fold);
    fold.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});

const opening = ({ target }) => {
  const fold = target.closest?.("details");
  if (fold) unfold(fold);
};
document.addEventListener("click", (event) => event.target.closest?.("summary") && opening(event), true); // before it opens
document.addEventListener("toggle", opening, true); // however it was opened
addEventListener("hashchange", openTarget);
openTarget();
if (places().length) addEventListener("load", () => later(() => read().catch(() => {})));
