"""The notebooks of the book's own chapters: there is one for each, and its code runs from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.book.build import ROOT
from tests.press.test_notebook import ran

CHAPTERS = sorted(path.stem for path in (ROOT / "docs/foundations").glob("*.md"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_notebook_of_a_chapter_runs_from_top_to_bottom(
    site: Path, name: str
) -> None:
    assert ran(site / "foundations" / f"{name}.ipynb") == ""


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_notebook_of_a_chapter_holds_no_form_of_the_press(
    site: Path, name: str
) -> None:
    text = (site / "foundations" / f"{name}.ipynb").read_text(encoding="utf-8")
    for form in ("data-press", "\\\\label{", "\\\\eqref{", "\\\\cdata", "!!! ", "??? "):
        assert form not in text
