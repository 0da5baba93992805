"""Fonts are the browser's own; none is registered here."""

from __future__ import annotations

from typing import Any


class _Manager:
    ttflist: tuple[Any, ...] = ()


fontManager = _Manager()


class FontProperties:
    """The size of a font."""

    def __init__(self, *, size: float = 10.0, **_: Any) -> None:
        self.size = size
