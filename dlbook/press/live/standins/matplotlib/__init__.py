"""Stands in for matplotlib in the reader's browser, where matplotlib cannot be had: simple plots, as SVG.

It knows what `dlbook.plot` and the book's pages use of matplotlib, by the same names and with the same meaning, and
draws in the book's style. What it does not know it refuses; it never draws a wrong picture.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class NotDrawnError(Exception):
    """Something that is drawn when the book is built, and not in a browser."""


def refuse(what: str) -> NoReturn:
    """Say that something is not drawn here."""
    told = f"{what} is not drawn in the browser; the book's own figure was drawn when it was built"
    raise NotDrawnError(told)


rcParamsDefault: dict[str, Any] = {}
rcParams: dict[str, Any] = {}


@contextlib.contextmanager
def rc_context(settings: Mapping[str, Any]) -> Iterator[None]:
    """Settings that hold for a while."""
    kept = dict(rcParams)
    rcParams.update(settings)
    try:
        yield
    finally:
        rcParams.clear()
        rcParams.update(kept)
