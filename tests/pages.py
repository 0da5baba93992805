"""The pages of a built site, each with what its folds hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PART = re.compile(r"<!--from-->(.*?)<!--to-->", re.DOTALL)
_PLACE = re.compile(r"<noscript><p>.*?</noscript>")


def pages_of(site: Path) -> list[Path]:
    """The files of the pages, without those that hold only what is folded on one."""
    return [
        p for p in sorted(site.rglob("*.html")) if not p.name.endswith(".folds.html")
    ]


def read_page(file: Path) -> str:
    """A page as a reader has it who has opened every fold."""
    page = file.read_text(encoding="utf-8")
    aside = file.with_suffix(".folds.html")
    if not aside.exists():
        return page
    parts = iter(_PART.findall(aside.read_text(encoding="utf-8")))
    return _PLACE.sub(lambda _: next(parts), page)
