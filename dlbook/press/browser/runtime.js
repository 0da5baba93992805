// Python beside the page: a worker that is started by the first wish and ended by stop(). One wish at a time, in order.
import { address } from "./load.js";
import { live, page } from "./place.js";

export class Stopped extends Error {}

const FROM_A_DISK =
  "A browser runs no code in a page that was opened from a disk. Serve the book's folder, for example by" +
  " `python -m http.server --bind 127.0.0.1` in it, and open http://127.0.0.1:8000/.";

let worker = null;
let waiting = []; // wishes, the first of which is being granted

function start() {
  if (location.protocol === "file:") throw new Error(FROM_A_DISK);
  worker = new Worker(address("worker.js"));
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    fail(new Error(event.message || "The worker that runs Python could not be loaded."));
  };
}

function hear({ kind, ...data }) {
  const wish = waiting[0];
  if (!wish) return;
  if (kind === "state") wish.onState?.(data.text);
  else if (kind === "output") wish.onOutput?.(data.text);
  else {
    waiting.shift();
    if (kind === "done") wish.done(data.result);
    else wish.failed(new Error(data.message));
    if (data.dead) fail(new Error("Python ended while this was waiting; run it again."));
    else next();
  }
}

function next() {
  if (waiting.length) worker.postMessage(waiting[0].request);
}

// The worker is gone, and so is everything that ran in it; the next wish starts a new one.
function fail(error) {
  worker?.terminate();
  worker = null;
  const failed = waiting;
  waiting = [];
  for (const wish of failed) wish.failed(error);
}

export function stop() {
  fail(new Stopped("Stopped."));
}

function ask(request, { onState, onOutput } = {}) {
  return new Promise((done, failed) => {
    if (!worker) start();
    const open = { live: live(""), page };
    waiting.push({ request: { ...request, open }, onState, onOutput, done, failed });
    if (waiting.length === 1) next();
    else onState?.("Waiting for what runs before");
  });
}

// Run a cell: its number, and the code of the cells that the reader has changed, by their numbers.
export const run = async (number, edits, hooks) => ask({ kind: "run", number, edits }, hooks);

// Check the answer to an exercise.
export const check = async ({ exercise, answer, edits = {}, ...hooks }) =>
  ask({ kind: "check", exercise, answer, edits }, hooks);
