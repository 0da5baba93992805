"""Outlines that are filled."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.artists import NOTHING, Artist, dashes
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.svg import Page, number, tag

_HATCHES = {"/": (1, 1), "\\": (1, -1), "|": (0, 1), "-": (1, 0)}  # their directions
_TILE = 72.0


class Patch(Artist):
    """An outline with a face and an edge."""

    others: ClassVar = {
        "fc": "facecolor",
        "ec": "edgecolor",
        "lw": "linewidth",
        "ls": "linestyle",
        "aa": "antialiased",
        "facecolors": "facecolor",
        "edgecolors": "edgecolor",
        "linewidths": "linewidth",
    }
    properties: ClassVar = {
        "facecolor": None,
        "edgecolor": None,
        "linewidth": None,
        "linestyle": "-",
        "hatch": None,
        "fill": True,
        "zorder": 1.0,
    }

    def __init__(self, path: Path, where: str = "a patch", **given: Any) -> None:
        super().__init__(where, given)
        for name in ("facecolor", "linewidth"):
            if self[name] is None:
                self._of[name] = rcParams[f"patch.{name}"]
        # an edge that nobody asked for is only there where no face is
        if self["edgecolor"] is None:
            filled = self["fill"]
            self._of["edgecolor"] = "none" if filled else rcParams["patch.edgecolor"]
        self.path = path

    def put(self, name: str, value: Any) -> None:
        """Set one property; `color` is that of face and edge."""
        if name == "color":
            self._of["facecolor"] = self._of["edgecolor"] = value
        else:
            super().put(name, value)

    def get_path(self) -> Path:
        """The outline."""
        return self.path

    def reach(self) -> tuple[Any, Any]:
        """Points of the outline, as far as they belong to the data."""
        points = self.path.reach()
        for which, kind in enumerate(self.place().kinds):
            if kind != "data":
                points[:, which] = np.nan
        return points[:, 0], points[:, 1]

    def extent(self) -> tuple[float, float, float, float] | None:
        """The outline, if it may leave the axes."""
        x, y = self.place().points(*self.path.reach().T)
        if self["clip_on"] or not len(x):
            return None
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def drawn(self, page: Page) -> str:
        """The outline, filled and drawn."""
        points = np.column_stack(self.place().points(*self.path.vertices.T))
        d = self.path.written(points, page)
        face = to_hex(self["facecolor"]) if self["fill"] else "none"
        edge = to_hex(self["edgecolor"])
        if self["linestyle"] in NOTHING or not self["linewidth"]:
            edge = "none"
        alpha, width = self["alpha"], self["linewidth"]
        pen = {"stroke": edge, "stroke_opacity": alpha} if edge != "none" else {}
        if pen:
            pen |= {"stroke_width": width, "stroke_linejoin": "miter"}
            pen |= dashes(self["linestyle"], width)
        even = "evenodd" if getattr(self, "even_odd", False) else None
        made = tag("path", d=d, fill=face, fill_rule=even, fill_opacity=alpha, **pen)
        if d and self["hatch"]:
            name = page.keep("hatch", _hatch(self["hatch"], edge))
            made += tag("path", d=d, fill=f"url(#{name})", fill_opacity=alpha)
        return made if d else ""


def _hatch(hatch: str, color: str) -> str:
    """A tile of parallel lines, as many as the hatch has signs."""
    d = ""
    for sign in sorted(set(hatch)):
        if sign not in _HATCHES:
            refuse(f"the hatch {hatch!r}")
        across, up = _HATCHES[sign]
        count = (3 if across and up else 6) * hatch.count(sign)
        for k in range(-count if across and up else 0, count):
            if across and up:  # from the left edge, and from below it, to the right one
                start, end = k / count * _TILE, k / count * _TILE + _TILE
                ends = (end, start) if up > 0 else (start, end)
                d += f"M0 {number(ends[0])}L{_TILE:.0f} {number(ends[1])}"
            else:
                middle = number((k + 0.5) / count * _TILE)
                d += f"M{middle} 0V{_TILE:.0f}" if up else f"M0 {middle}H{_TILE:.0f}"
    lines = tag(
        "path", d=d, fill="none", stroke=color, stroke_width=rcParams["hatch.linewidth"]
    )
    return tag(
        "pattern", lines, patternUnits="userSpaceOnUse", width=_TILE, height=_TILE
    )


class PathPatch(Patch):
    """Any outline."""


class Polygon(Patch):
    """A closed outline through points."""

    def __init__(self, xy: Any, closed: bool = True, **given: Any) -> None:
        corners = np.asarray(xy, float)
        if closed and len(corners):
            corners = np.vstack([corners, corners[:1]])
        super().__init__(Path(corners, closed=closed), **given)

    def get_xy(self) -> Any:
        """The corners, the first one also at the end."""
        return self.path.vertices


class Rectangle(Polygon):
    """A rectangle by its lower left corner, width and height."""

    def __init__(self, xy: Any, width: float, height: float, **given: Any) -> None:
        (x, y), w, h = xy, width, height
        super().__init__([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], **given)
