// What a style sheet cannot do for readers: boxes that scroll by the keyboard.
import { each } from "./folds.js";

const SCROLLED = ".press-equation, .press-scroll, .press-text, .press-figure, .md-typeset__scrollwrap, pre > code";

// A box that scrolls sideways can be reached and moved by the keyboard; one that fits is not a stop on the way.
// One that is not laid out looks as if it fitted: it keeps the mark it has.
// First all are measured, then all are marked: a mark in between would make the browser lay the page out anew.
const laidOut = (box) => (box.firstElementChild ?? box).checkVisibility({ contentVisibilityAuto: true });
function mark(boxes) {
  const wide = boxes.filter(laidOut).map((box) => [box, box.scrollWidth > box.clientWidth + 1]);
  for (const [box, scrolls] of wide)
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
}

const near = new Set();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
    }
    mark(entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target));
  },
  { rootMargin: "1000px 0px" }, // no sooner: to measure what is far away is to lay it out
);

const article = document.querySelector("article");
if (article) {
  each(SCROLLED, (box) => watcher.observe(box));
  // What was passed over is measured once it is laid out: the box itself, or those of the cell around them.
  article.addEventListener(
    "contentvisibilityautostatechange",
    ({ target, skipped }) => !skipped && mark([...near].filter((box) => target.contains(box))),
    true,
  );
  let width = 0;
  new ResizeObserver(() => {
    if (article.clientWidth !== width) mark([...near]);
    width = article.clientWidth;
  }).observe(article);
  document.fonts.ready.then(() => mark([...near]));
}
