"""Curves, and marks at points."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.artists import NOTHING, Artist, dashes
from matplotlib.colors import to_hex
from matplotlib.svg import Page, number, tag

_CORNERS: dict[str, list[tuple[float, float]]] = {
    "s": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "D": [(0, -1.414), (1.414, 0), (0, 1.414), (-1.414, 0)],
    "d": [(0, -1.414), (0.849, 0), (0, 1.414), (-0.849, 0)],
    "^": [(0, -1), (1, 1), (-1, 1)],
    "v": [(0, 1), (1, -1), (-1, -1)],
    "<": [(-1, 0), (1, -1), (1, 1)],
    ">": [(1, 0), (-1, -1), (-1, 1)],
    "*": [
        (r * math.sin(k * math.pi / 5), -r * math.cos(k * math.pi / 5))
        for k, r in enumerate([1, 0.381966] * 5)
    ],
}
_STROKES = {
    "x": "M-1 -1L1 1M-1 1L1 -1",
    "+": "M-1 0H1M0 -1V1",
    "|": "M0 -1V1",
    "_": "M-1 0H1",
}


def mark(page: Page, marker: str, size: float, **style: Any) -> str:
    """The id of a mark around the origin, kept on the page."""
    r = size / 2
    if marker in ("o", "."):
        return page.keep(
            "mark", tag("circle", r=r / 2 if marker == "." else r, **style)
        )
    if marker in _STROKES:
        d = "".join(
            c if c in "MLHV " else number(r * float(c))
            for c in _split(_STROKES[marker])
        )
        return page.keep("mark", tag("path", d=d, **{**style, "fill": "none"}))
    if marker not in _CORNERS:
        refuse(f"the marker {marker!r}")
    d = "L".join(f"{number(r * x)} {number(r * y)}" for x, y in _CORNERS[marker])
    return page.keep("mark", tag("path", d=f"M{d}Z", **style))


def _split(d: str) -> list[str]:
    for letter in "MLHV ":
        d = d.replace(letter, f"\n{letter}\n")
    return [part for part in d.split("\n") if part]


def at_points(page: Page, name: str, x: Any, y: Any) -> str:
    """A mark at each point that is finite."""
    seen = np.isfinite(x) & np.isfinite(y)
    pairs = zip(x[seen].tolist(), y[seen].tolist(), strict=True)
    return "".join(
        tag("use", href=f"#{name}", x=a, y=page.height - b) for a, b in pairs
    )


class Line2D(Artist):
    """A curve, with marks at its points if it has a marker."""

    others: ClassVar = {
        "c": "color",
        "ls": "linestyle",
        "lw": "linewidth",
        "ms": "markersize",
        "mfc": "markerfacecolor",
        "mec": "markeredgecolor",
        "mew": "markeredgewidth",
        "ds": "drawstyle",
        "aa": "antialiased",
    }
    properties: ClassVar = {
        "color": None,
        "linestyle": "-",
        "linewidth": None,
        "marker": "None",
        "markersize": None,
        "markerfacecolor": "auto",
        "markeredgecolor": "auto",
        "markeredgewidth": 1.0,
        "fillstyle": "full",
        "drawstyle": "default",
        "solid_capstyle": "projecting",
        "dash_capstyle": "butt",
        "zorder": 2.0,
    }

    def __init__(self, x: Any, y: Any, where: str = "Line2D", **given: Any) -> None:
        super().__init__(where, given)
        for name in ("color", "linewidth", "markersize"):
            if self[name] is None:
                self._of[name] = rcParams[f"lines.{name}"]
        self.set_data(x, y)

    def set_data(self, x: Any, y: Any) -> None:
        """Move it."""
        self._x, self._y = (np.atleast_1d(np.asarray(v, float)) for v in (x, y))
        if self._x.shape != self._y.shape:
            told = f"x and y must have same first dimension, but have shapes {self._x.shape} and {self._y.shape}"
            raise ValueError(told)

    def get_xdata(self) -> Any:
        """The x of its points."""
        return self._x

    def get_ydata(self) -> Any:
        """The y of its points."""
        return self._y

    def get_xydata(self) -> Any:
        """Its points."""
        return np.column_stack([self._x, self._y])

    def set_xdata(self, x: Any) -> None:
        """Move it along x."""
        self.set_data(x, self._y)

    def set_ydata(self, y: Any) -> None:
        """Move it along y."""
        self.set_data(self._x, y)

    def reach(self) -> tuple[Any, Any]:
        """Its points, as far as they belong to the data."""
        kinds = self.place().kinds
        return tuple(
            v if kind == "data" else np.full(v.shape, np.nan)
            for kind, v in zip(kinds, (self._x, self._y), strict=True)
        )  # type: ignore[return-value]

    def extent(self) -> tuple[float, float, float, float] | None:
        """Its points and their marks."""
        x, y = self.place().points(self._x, self._y)
        seen = np.isfinite(x) & np.isfinite(y)
        if self["clip_on"] or not seen.any():
            return None
        r = 0.0 if self["marker"] in NOTHING else self["markersize"] / 2
        return (
            x[seen].min() - r,
            y[seen].min() - r,
            x[seen].max() + r,
            y[seen].max() + r,
        )

    def drawn(self, page: Page) -> str:
        """The curve, broken where it is not finite, and its marks."""
        x, y = self.place().points(self._x, self._y)
        color, alpha, made = to_hex(self["color"]), self["alpha"], ""
        if self["linestyle"] not in NOTHING:
            style = dashes(self["linestyle"], self["linewidth"])
            kind = "dash" if style["stroke_dasharray"] else "solid"
            cap = self[f"{kind}_capstyle"]
            made = tag(
                "path",
                d=page.curve(*_steps(x, y, self["drawstyle"])),
                fill="none",
                stroke=color,
                stroke_width=self["linewidth"],
                stroke_linejoin="round",
                stroke_linecap="square" if cap == "projecting" else cap,
                stroke_opacity=alpha,
                **style,
            )
        if self["marker"] not in NOTHING:
            edge, face = self["markeredgecolor"], self["markerfacecolor"]
            if self["fillstyle"] not in ("full", "none"):
                refuse(f"a marker filled {self['fillstyle']}")
            face = "none" if self["fillstyle"] == "none" else face
            name = mark(
                page,
                self["marker"],
                self["markersize"],
                fill=color if face == "auto" else to_hex(face),
                stroke=color if edge == "auto" else to_hex(edge),
                stroke_width=self["markeredgewidth"],
                fill_opacity=alpha,
                stroke_opacity=alpha,
            )
            made += tag("g", at_points(page, name, x, y))
        return made


def _steps(x: Any, y: Any, style: str) -> tuple[Any, Any]:
    """The corners of a curve that goes in steps."""
    if style in ("default", "steps-pre", "steps-post", "steps-mid", "steps"):
        if style == "default" or len(x) < 2:
            return x, y
        if style == "steps-mid":
            middle = (x[1:] + x[:-1]) / 2
            return np.concatenate([x[:1], np.repeat(middle, 2), x[-1:]]), np.repeat(
                y, 2
            )
        a, b = np.repeat(x, 2), np.repeat(y, 2)
        return (a[1:], b[:-1]) if style == "steps-post" else (a[:-1], b[1:])
    return refuse(f"the drawing style {style!r}")


class Marks(Artist):
    """Marks at points, each with a size and colors of its own if need be."""

    others: ClassVar = {
        "linewidths": "linewidth",
        "lw": "linewidth",
        "facecolors": "facecolor",
        "edgecolors": "edgecolor",
        "s": "sizes",
    }
    properties: ClassVar = {
        "marker": "o",
        "sizes": 36.0,
        "facecolor": None,
        "edgecolor": "face",
        "linewidth": None,
        "zorder": 1.0,
    }

    def __init__(self, x: Any, y: Any, where: str, **given: Any) -> None:
        super().__init__(where, given)
        self._x, self._y = (np.ravel(np.asarray(v, float)) for v in (x, y))

    def reach(self) -> tuple[Any, Any]:
        """The points."""
        return self._x, self._y

    def drawn(self, page: Page) -> str:
        """The marks."""
        x, y = self.place().points(self._x, self._y)
        count = max(len(x), 1)
        sizes = np.resize(np.asarray(self["sizes"], float), count)
        colors = {}
        for name in ("facecolor", "edgecolor"):
            value = self[name]
            several = not isinstance(value, str) and not np.isscalar(value[0])
            several = several or (
                isinstance(value, list | tuple) and isinstance(value[0], str)
            )
            many = [value[k % len(value)] for k in range(count)] if several else [value]
            colors[name] = (many * count)[:count]
        made = []
        for k in range(len(x)):
            face, edge = colors["facecolor"][k], colors["edgecolor"][k]
            face = to_hex(face)
            name = mark(
                page,
                self["marker"],
                float(sizes[k]) ** 0.5,
                fill=face,
                stroke=face
                if isinstance(edge, str) and edge == "face"
                else to_hex(edge),
                stroke_width=self["linewidth"],
                fill_opacity=self["alpha"],
                stroke_opacity=self["alpha"],
            )
            made.append(at_points(page, name, x[k : k + 1], y[k : k + 1]))
        return tag("g", "".join(made)) if made else ""
