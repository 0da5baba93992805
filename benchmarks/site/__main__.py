"""Measure the built site as a reader meets it; print one table; fail on a missed target."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.site import live
from benchmarks.site.lighthouse import HOST, rate
from benchmarks.site.server import serving
from benchmarks.site.views import FLAGS, view
from tests.book.build import site_in

CHAPTERS = ("notation", "logistic-regression", "backpropagation")
RUNS = 5


@dataclass(frozen=True)
class Line:
    """A line of the table: what was measured, and what it is held against."""

    what: str
    value: float
    bound: float | None  # None: there is no target, it goes with the others
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the target is met, or there is none."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        value = f"{self.value:,.3f}" if self.value < 1 else f"{self.value:,.1f}"
        measured = f"{self.what:<52} {value:>9} {self.unit:<3}"
        if self.bound is None:
            return measured.rstrip()
        return f"{measured} {sign} {self.bound:<6g} {'OK' if self.holds else 'MISS'}"


def lines(site: Path) -> list[Line]:
    """All measurements of a built site."""
    made: list[Line] = []
    chromium = shutil.which("chromium")
    with serving(site, "/book/") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in CHAPTERS:
            url = f"{address}foundations/{name}.html"
            wide, narrow = view(browser, url), view(browser, url, width=390)
            made.append(Line(f"{name}: first view", wide.total / 1000, 400, "kB"))
            shift = max(wide.shift, narrow.shift)
            made.append(Line(f"{name}: layout shift", shift, 0.02, ""))
        first, later = live.runs(browser, address, RUNS)
        made.append(Line("first run of a cell, runtime cached", median(first), 5, "s"))
        made.append(Line("later runs", median(later), 0.3, "s"))
        slowest = max(live.redraws(browser, address))
        made.append(Line("redraw of a figure that moves", slowest, 50, "ms"))
        browser.close()
        for name in CHAPTERS:
            rated = rate(f"{address}foundations/{name}.html", RUNS)
            for category, bound in (("performance", 95), ("accessibility", 100)):
                what = f"{name}: Lighthouse, mobile, {category}"
                made.append(Line(what, rated[category], bound, "", at_least=True))
            made.append(Line(f"{name}: {HOST} of this host", rated[HOST], None, ""))
    return made


def main() -> int:
    """Build the book, unless DLBOOK_SITE names a built one, and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        measured = lines(site_in(Path(folder) / "site"))
    for line in measured:
        print(line)
    return 0 if all(line.holds for line in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
