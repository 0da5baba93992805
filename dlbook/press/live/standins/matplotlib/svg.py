"""SVG, tag by tag."""

from __future__ import annotations

import html
import re
from numbers import Real
from typing import Any


def number(value: float, digits: int = 2) -> str:
    """A number with at most so many decimals.

    Beyond a million points nothing is seen, and SVG's own numbers end.
    """
    text = f"{min(max(value, -1e6), 1e6):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, inner: str = "", **attributes: Any) -> str:
    """An element; attributes without a value are left out."""
    written = "".join(
        f' {key.replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def _value(value: Any) -> str:
    return number(value, 3) if isinstance(value, Real) else html.escape(str(value))


class Page:
    """What is drawn on: it turns heights around, and keeps what is drawn more than once.

    Args:
        height: The height in points; y grows downwards in SVG.
    """

    def __init__(self, height: float) -> None:
        self.height = height
        self._kept: dict[str, str] = {}

    def keep(self, kind: str, element: str) -> str:
        """The id of an element that is only referred to; equal ones are kept once.

        Args:
            kind: How its id begins.
            element: The element without an id.
        """
        if element not in self._kept:
            self._kept[element] = f"{kind}{len(self._kept)}"
        return self._kept[element]

    def kept(self) -> str:
        """All that is kept, as SVG."""
        made = [
            re.sub(r"^<(\w+)", rf'<\1 id="{name}"', element)
            for element, name in self._kept.items()
        ]
        return tag("defs", "".join(made)) if made else ""

    def point(self, x: float, y: float) -> str:
        """A point of a path."""
        return f"{number(x)} {number(self.height - y)}"

    def curve(self, x: Any, y: Any) -> str:
        """A path through points, broken where one is not finite."""
        d, pen = [], "M"
        for a, b in zip(x.tolist(), y.tolist(), strict=True):
            if abs(a) < float("inf") and abs(b) < float("inf"):
                d.append(f"{pen}{self.point(a, b)}")
                pen = "L"
            else:
                pen = "M"
        return "".join(d)
