// The chapter list shows how many exercises are solved, once the reader has begun.
import { address, load } from "./load.js";
import { element } from "./outputs.js";
import { all, solved } from "./progress.js";

async function mark() {
  const pages = all();
  const begun = Object.keys(pages).filter((page) => solved(pages[page]));
  if (!begun.length) return;
  await load("../live/exercises.js");
  const root = address("../../");
  for (const link of document.querySelectorAll(".md-nav--primary a.md-nav__link, article a.chapter")) {
    const page = link.href.replace(/[?#].*$/, "").replace(root, "").replace(/\.html$/, "");
    if (!begun.includes(page)) continue;
    const count = window.dlbookExercises[page] ?? 0;
    const done = Math.min(solved(pages[page]), count);
    const badge = element("span", "live-count", `${done}/${count}`);
    badge.setAttribute("aria-label", `${done} of ${count} exercises solved`);
    badge.setAttribute("role", "img");
    link.append(" ", badge);
  }
}

mark().catch(() => {}); // without the file of counts the list is as it was
