// What a closed fold holds is a piece of text until it is opened (theme.py says why). Here it becomes part of the page.
export const UNFOLDED = "dlbook:unfolded";

export function unfold(fold) {
  const kept = fold.querySelector(":scope > noscript");
  if (!kept) return;
  const template = document.createElement("template");
  template.innerHTML = kept.textContent;
  kept.replaceWith(template.content);
  fold.dispatchEvent(new Event(UNFOLDED, { bubbles: true }));
}

// Do something with each element of a kind: with those that are there when the browser has time for it, with those in a
// fold when it is opened.
export function each(selector, work) {
  whenIdle(document.querySelectorAll(selector), work);
  document.addEventListener(UNFOLDED, ({ target }) => target.querySelectorAll(selector).forEach(work));
}

const later = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 5 }), 50));

function whenIdle(items, work) {
  const waiting = [...items];
  const some = (deadline) => {
    while (waiting.length && deadline.timeRemaining() > 3) work(waiting.shift());
    if (waiting.length) later(some);
  };
  later(some);
}

// A link to something in a fold opens the fold.
function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const mark = `id="${CSS.escape(id) === id ? id : id.replaceAll('"', "&quot;")}"`;
  for (const fold of document.querySelectorAll("details"))
    if (fold.querySelector(":scope > noscript")?.textContent.includes(mark)) unfold(fold);
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
