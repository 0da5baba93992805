"""How long a reader waits: for the first run of a cell, for later ones, and for a figure that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGE = "foundations/logistic-regression.html"
CELL = '.press-cell[data-cell="0"]'
FIGURES = {
    "foundations/logistic-regression.html": "#fig\\:threshold-play",
    "foundations/backpropagation.html": "#fig\\:fair-steps",
    "foundations/gradient-descent.html": "#fig\\:valley",
}

_RUN = """async (cell) => {
  const box = document.querySelector(cell);
  const [button] = [...box.querySelectorAll("button")].filter(each => each.textContent === "Run");
  const begun = performance.now();
  button.click();
  while (button.textContent !== "Run" || !/book|Done/.test(box.querySelector(".live-status").textContent)) {
    await new Promise(requestAnimationFrame);
    if (/error|Could not/.test(box.querySelector(".live-status").textContent)) throw new Error("the cell failed");
  }
  return (performance.now() - begun) / 1000;
}"""

REDRAWN = """async (figure) => {
  const input = figure.querySelector(".play-controls input");
  const times = [];
  for (let i = 0; i < 20; i++) {
    const drawn = new Promise(done => figure.addEventListener("play:drawn", done, { once: true }));
    input.value = Number(input.min) + (i % 5 + 1) * (input.max - input.min) / 7;
    const begun = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[10];
}"""


def runs(browser: Browser, address: str, times: int) -> tuple[list[float], list[float]]:
    """Seconds of first runs, with the runtime in the browser's cache but not in memory, and of later ones."""
    context = browser.new_context()
    try:
        page = context.new_page()
        _open(page, address)
        page.evaluate(_RUN, CELL)  # fills the cache
        first, later = [], []
        for _ in range(times):
            _open(page, address)
            first.append(float(page.evaluate(_RUN, CELL)))
            later.append(float(page.evaluate(_RUN, CELL)))
        return first, later
    finally:
        context.close()


def _open(page: Page, address: str) -> None:
    page.goto(address + PAGE, wait_until="networkidle")
    page.wait_for_selector(f"{CELL} .live-button", state="attached")


def redraws(browser: Browser, address: str) -> list[float]:
    """Milliseconds from a move to the picture, the median of each figure."""
    found = []
    for name, figure in FIGURES.items():
        page = browser.new_page()
        page.goto(address + name, wait_until="networkidle")
        page.locator(f"{figure} > svg").hover()
        page.wait_for_selector(f"{figure}.play-awake")
        page.click(f"{figure} .play-skip")
        found.append(float(page.locator(figure).evaluate(REDRAWN)))
        page.close()
    return found
