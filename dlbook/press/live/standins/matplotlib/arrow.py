"""A straight arrow from words to what they are about."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.artists import dashes
from matplotlib.colors import to_hex
from matplotlib.svg import Page, tag


class Arrow:
    """A straight arrow from words to their point."""

    def __init__(self, given: dict[str, Any], size: float) -> None:
        known = {"arrowstyle", "color", "lw", "linewidth", "ls", "linestyle"}
        known |= {"shrinkA", "shrinkB", "alpha", "mutation_scale"}
        for name in given:
            if name not in known:
                refuse(f"an arrow with {name}")
        self._style = given.get("arrowstyle")
        if self._style not in ("-", "->", "<-", "<->", "-|>"):
            refuse(f"an arrow of the style {self._style!r}")
        self._width = given.get("lw", given.get("linewidth", 1.0))
        self._given = given
        self._scale = given.get("mutation_scale", size)
        self._color = given.get("color", rcParams["patch.edgecolor"])

    def drawn(self, page: Page, box: Any, start: Any, end: Any) -> str:
        """The arrow between two points; it begins at the edge of the words' box."""
        a, b = np.array(start, float), np.array(end, float)
        if box:
            a = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
        length = float(np.hypot(*(b - a)))
        if length == 0:
            return ""
        along = (b - a) / length
        left = 0.0
        if box:  # as far as the box reaches in this direction, and a little more
            half = np.array([box[2] - box[0], box[3] - box[1]]) / 2 + 2
            with np.errstate(divide="ignore"):
                left = float(np.min(half / np.abs(along)))
        a = a + along * (left + self._given.get("shrinkA", 2.0))
        b = b - along * self._given.get("shrinkB", 2.0)
        if (b - a) @ along <= 0:
            return ""
        style = self._given.get("ls", self._given.get("linestyle", "-"))
        return self._strokes(page, a, b, along, style)

    def _strokes(self, page: Page, a: Any, b: Any, along: Any, style: Any) -> str:
        across = np.array([-along[1], along[0]])
        long, broad = 0.4 * self._scale, 0.2 * self._scale
        color, alpha = to_hex(self._color), self._given.get("alpha")
        pen = {"stroke": color, "stroke_width": self._width, "stroke_opacity": alpha}
        pen |= {"stroke_linecap": "round", "stroke_linejoin": "round"}
        heads, full = "", ""
        for tip, way, sign in ((b, -along, ">"), (a, along, "<")):
            if sign not in self._style:
                continue
            point = tip + way * self._width * 0.5 * np.hypot(long, broad) / broad
            sides = [point + way * long + s * broad * across for s in (1, -1)]
            corners = [page.point(*p.tolist()) for p in (sides[0], point, sides[1])]
            head = f"M{corners[0]}L{corners[1]}L{corners[2]}"
            if "|" in self._style:
                full = tag("path", d=f"{head}Z", fill=color, **pen)
            else:
                heads += head
            a, b = (a, point) if sign == ">" else (point, b)
        line = f"M{page.point(*a.tolist())}L{page.point(*b.tolist())}"
        made = tag("path", d=line, fill="none", **pen, **dashes(style, self._width))
        made += tag("path", d=heads, fill="none", **pen) if heads else ""
        return made + full
