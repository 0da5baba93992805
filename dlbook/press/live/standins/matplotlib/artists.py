"""What all that stands in a picture has in common: properties by their names, and a place."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from matplotlib import Refusing, refuse
from matplotlib.svg import Page, tag

DPI = 100.0
"""matplotlib's pixels in an inch. Here lengths are in points; pixels are for those who ask for them."""

_DASHES = {"--": (3.7, 1.6), "-.": (6.4, 1.6, 1.0, 1.6), ":": (1.0, 1.65)}
_DASHES |= {"dashed": _DASHES["--"], "dotted": _DASHES[":"], "dashdot": _DASHES["-."]}
_DASHES |= dict.fromkeys(("-", "solid"), ())
NOTHING = ("None", "none", "", " ", None)
"""The line styles and markers that draw nothing."""


class Place(Refusing):
    """Where coordinates lie: each of the two belongs to the data, to the axes, or to the figure.

    Args:
        axes: The axes; for shares of the figure, what has its `box`.
        x: `data`, `axes fraction` or `points`, which are the picture's own.
        y: The same of y.
    """

    _kind = "a transform"

    def __init__(self, axes: Any, x: str = "data", y: str = "data") -> None:
        for kind in (x, y):
            if kind not in ("data", "axes fraction", "points"):
                refuse(f"a place by {kind!r}")
        self.axes, self.kinds = axes, (x, y)

    def points(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The place in the picture, in points from its lower left corner."""
        made = []
        for which, (kind, values) in enumerate(zip(self.kinds, (x, y), strict=True)):
            share = np.asarray(values, float)
            if kind == "data":
                share = self.axes.axis_of(which).share(share)
            start, length = (
                (self.axes.box[which], self.axes.box[2 + which])
                if kind != "points"
                else (0, 1)
            )
            made.append(start + length * share)
        return made[0], made[1]

    def transform(self, points: Any) -> Any:
        """The places of points `(n, 2)` or of one, in pixels."""
        x, y = np.asarray(points, float).T
        return np.stack(self.points(x, y), axis=-1) * DPI / 72


class Sticky:
    """Values that the limits of an axes do not leave a margin beyond."""

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []


class Artist:
    """Something in a picture. `get_color`, `set_color` and so on read and set its properties."""

    properties: ClassVar[dict[str, Any]] = {}
    others: ClassVar[dict[str, str]] = {}
    _common: ClassVar[dict[str, Any]] = dict.fromkeys(("alpha", "gid", "transform"))
    _common |= {
        "clip_on": True,
        "in_layout": True,
        "label": "",
        "visible": True,
        "antialiased": True,
    }

    def __init__(self, where: str, given: dict[str, Any]) -> None:
        self.axes: Any = None
        self.sticky_edges = Sticky()
        self.asks = True  # for limits that show it
        self._of = {**self._common, **self.properties}
        self._where = where
        self.set(**given)

    def __getitem__(self, name: str) -> Any:
        return self._of[name]

    def put(self, name: str, value: Any) -> None:
        """Set one property; one that is not known is refused."""
        name = self.others.get(name, name)
        if name not in self._of:
            refuse(f"{self._where} with {name}")
        self._of[name] = value

    def set(self, **given: Any) -> None:
        """Set several properties."""
        for name, value in given.items():
            self.put(name, value)

    def __getattr__(self, name: str) -> Any:
        verb, _, rest = name.partition("_")
        full = self.others.get(rest, rest)
        if name.startswith("_") or verb not in ("get", "set") or full not in self._of:
            refuse(f"{type(self).__name__}.{name}")
        if verb == "get":
            return lambda: self._of[full]
        return lambda value: self.put(full, value)

    def place(self) -> Place:
        """Where its coordinates lie."""
        return self["transform"] or Place(self.axes)

    def reach(self) -> tuple[Any, Any]:
        """The coordinates that an axes shows if it chooses its limits: points, one array for each direction."""
        return np.zeros(0), np.zeros(0)

    def extent(self) -> tuple[float, float, float, float] | None:
        """What it needs of the picture in points, if it reaches beyond its axes: left, bottom, right, top."""
        return None

    def drawn(self, page: Page) -> str:
        """What it looks like, as SVG."""
        raise NotImplementedError

    def svg(self, page: Page) -> str:
        """What it looks like, cut off at the axes' edges if it is, with its id."""
        made = self.drawn(page) if self["visible"] else ""
        clip = None
        if self["clip_on"] and made and self.axes is not None:
            x, y, w, h = self.axes.box
            rectangle = tag("rect", x=x, y=page.height - y - h, width=w, height=h)
            clip = f"url(#{page.keep('clip', tag('clipPath', rectangle))})"
        gid = self["gid"]
        return (
            tag("g", made, id=gid, clip_path=clip) if made and (clip or gid) else made
        )


def dashes(style: Any, line_width: float) -> dict[str, str | None]:
    """The dashes of a line style, as attributes."""
    if isinstance(style, str) and style not in _DASHES:
        refuse(f"the line style {style!r}")
    start, lengths = (0, _DASHES[style]) if isinstance(style, str) else style
    array = " ".join(f"{length * line_width:.3g}" for length in lengths or ())
    shift = f"{start * line_width:.3g}" if start else None
    return {"stroke_dasharray": array, "stroke_dashoffset": shift}
