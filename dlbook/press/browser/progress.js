// How far a reader is with the exercises. It stays in this browser, in one entry of its local storage.
const KEY = "dlbook-progress";
const VERSION = 1;
const EMPTY = { answer: null, passed: false, assessed: false, tries: 0, hints: 0, solution: false };
const KINDS = { answer: "string", passed: "boolean", assessed: "boolean", tries: "number", hints: "number", solution: "boolean" };

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// Read what was exported; an Error says what was expected and what came.
export function parse(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error(`Expected a file of progress, in JSON; got ${JSON.stringify(text.slice(0, 40))}`);
  }
  if (data?.version !== VERSION) throw new Error(`Expected progress of version ${VERSION}; got version ${data?.version}`);
  if (!isObject(data.pages)) throw new Error("Expected pages in the file of progress; got none");
  for (const [page, exercises] of Object.entries(data.pages)) {
    if (!isObject(exercises)) throw new Error(`Expected exercises on the page ${page}; got ${typeof exercises}`);
    for (const [name, entry] of Object.entries(exercises))
      for (const [field, value] of Object.entries(isObject(entry) ? entry : { entry: null }))
        if (typeof value !== KINDS[field] && !(field === "answer" && value === null))
          throw new Error(`Expected of ${page}, ${name}: ${field}: ${KINDS[field] ?? "no such field"}; got ${typeof value}`);
  }
  return data.pages;
}

export const format = (pages) => JSON.stringify({ version: VERSION, pages }, null, 1);

// Two records as one: what was solved in either is solved, and this browser's own answers stay.
export function merge(own, other) {
  const pages = structuredClone(own);
  for (const [page, exercises] of Object.entries(other))
    for (const [name, entry] of Object.entries(exercises)) {
      const mine = { ...EMPTY, ...pages[page]?.[name] };
      const theirs = { ...EMPTY, ...entry };
      pages[page] ??= {};
      pages[page][name] = {
        answer: mine.answer ?? theirs.answer,
        passed: mine.passed || theirs.passed,
        assessed: mine.assessed || theirs.assessed,
        tries: Math.max(mine.tries, theirs.tries),
        hints: Math.max(mine.hints, theirs.hints),
        solution: mine.solution || theirs.solution,
      };
    }
  return pages;
}

// All that is recorded; nothing if there is nothing, or something else stands in its place.
export function all() {
  try {
    return parse(localStorage.getItem(KEY) ?? "");
  } catch {
    return {};
  }
}

// Whether it could be kept: a browser may have no room, or no storage.
export function keep(pages) {
  try {
    if (Object.keys(pages).length) localStorage.setItem(KEY, format(pages));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

export const of = (page, name) => ({ ...EMPTY, ...all()[page]?.[name] });

// Note something about an exercise.
export function note(page, name, change) {
  const pages = all();
  pages[page] ??= {};
  pages[page][name] = { ...EMPTY, ...pages[page][name], ...change };
  return keep(pages);
}

export const solved = (exercises) => Object.values(exercises ?? {}).filter((e) => e.passed || e.assessed).length;
