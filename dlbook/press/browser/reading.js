// Two things that a style sheet cannot do for readers who use a keyboard or a screen reader.
const SCROLLED = ".press-equation, .press-scroll, .press-text, .press-figure, .md-typeset__scrollwrap, pre > code";

// A box that scrolls sideways can be reached and moved by the keyboard; one that fits is not a stop on the way.
function markScrolled() {
  for (const box of document.querySelectorAll(SCROLLED))
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
}

// The theme wraps the copy button of every code block in a <nav>: dozens of nameless landmarks on a page.
function unmarkButtons() {
  for (const bar of document.querySelectorAll("nav.md-code__nav:not([role])")) bar.setAttribute("role", "none");
}

const article = document.querySelector("article");
if (article) {
  new ResizeObserver(markScrolled).observe(article);
  new MutationObserver(unmarkButtons).observe(article, { childList: true, subtree: true });
  document.fonts.ready.then(markScrolled);
  unmarkButtons();
}
