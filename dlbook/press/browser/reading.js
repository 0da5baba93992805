// What a style sheet cannot do for readers: boxes that scroll by the keyboard.
import { each } from "./folds.js";

const SCROLLED = ".press-equation, .press-scroll, .press-text, .press-figure, .md-typeset__scrollwrap, pre > code";

// A box that scrolls sideways can be reached and moved by the keyboard; one that fits is not a stop on the way.
function mark(box) {
  if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

// A box is looked at when it comes near: what is far away has not been laid out, and need not be.
const near = new Set();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
    }
    near.forEach(mark);
  },
  { rootMargin: "50% 0px" },
);

const article = document.querySelector("article");
if (article) {
  each(SCROLLED, (box) => watcher.observe(box));
  let width = 0;
  new ResizeObserver(() => {
    if (article.clientWidth !== width) near.forEach(mark);
    width = article.clientWidth;
  }).observe(article);
  document.fonts.ready.then(() => near.forEach(mark));
}
