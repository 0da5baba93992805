"""Fonts are the page's own; none is registered here."""

from __future__ import annotations

from typing import Any


class _Manager:
    ttflist: tuple[Any, ...] = ()


fontManager = _Manager()


class FontProperties:
    """The size of a font; its family is the page's."""

    def __init__(
        self, *, size: float = 10.0, family: Any = None, math_fontfamily: Any = None
    ) -> None:
        self._size = size

    def get_size(self) -> float:
        """In points."""
        return self._size
