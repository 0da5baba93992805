"""Text: where its lines stand, and how much room they take."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.arrow import Arrow
from matplotlib.artists import DPI, Artist, Place
from matplotlib.colors import to_hex
from matplotlib.mathtext import spans, width
from matplotlib.metrics import ASCENT, DESCENT
from matplotlib.svg import Page, number, tag

_SIZES = {
    "xx-small": 0.579,
    "x-small": 0.694,
    "small": 0.833,
    "medium": 1.0,
    "large": 1.2,
    "x-large": 1.44,
}
_ANCHORS = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}
_BOLD = 1.05  # how much wider bold letters are

Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""


class Text(Artist):
    """Words at a point."""

    others: ClassVar = {
        "c": "color",
        "horizontalalignment": "ha",
        "verticalalignment": "va",
        "fontsize": "size",
        "fontweight": "weight",
        "fontstyle": "style",
        "multialignment": "ma",
        "rotation_mode": "turning",
    }
    properties: ClassVar = {
        "text": "",
        "color": None,
        "ha": "left",
        "va": "baseline",
        "ma": None,
        "size": None,
        "weight": "normal",
        "style": "normal",
        "rotation": 0.0,
        "turning": None,
        "linespacing": None,
        "zorder": 3.0,
        "clip_on": False,
    }

    def __init__(
        self, x: Any, y: Any, text: Any, where: str = "text", **given: Any
    ) -> None:
        super().__init__(where, {**given, "text": str(text)})
        self._x, self._y = x, y
        if self["color"] is None:
            self._of["color"] = rcParams["text.color"]
        if self["size"] is None:
            self._of["size"] = rcParams["font.size"]

    def put(self, name: str, value: Any) -> None:
        """Set one property."""
        if name in ("size", "fontsize") and isinstance(value, str):
            if value not in _SIZES:
                refuse(f"text of the size {value!r}")
            value = _SIZES[value] * rcParams["font.size"]
        if name == "rotation":
            value = {"vertical": 90.0, "horizontal": 0.0}.get(value, value) or 0.0
        super().put(name, value)

    def get_position(self) -> tuple[Any, Any]:
        """The point."""
        return self._x, self._y

    def set_position(self, point: Any) -> None:
        """Move it."""
        self._x, self._y = point

    def anchor(self) -> tuple[float, float]:
        """The point in the picture."""
        x, y = self.place().points(self._x, self._y)
        return float(x), float(y)

    def _layout(self) -> tuple[Box, list[tuple[str, float, float]]]:
        """The box around the text, and each line with its place, all seen from the point."""
        size, lines = self["size"], self["text"].split("\n")
        high, above = (ASCENT + DESCENT) * size, ASCENT * size
        if self["linespacing"] is not None:
            room = (self["linespacing"] - 1) * high
            high, above = high + room, above + room / 2
        bold = _BOLD if self["weight"] not in ("normal", 400) else 1.0
        broad = max(width(line, size) for line in lines) * bold
        tall, baseline = high * len(lines), above + high * (len(lines) - 1)
        angle = math.radians(float(self["rotation"]))
        cos, sin = round(math.cos(angle), 12), round(math.sin(angle), 12)

        def turned(x: float, y: float) -> tuple[float, float]:
            return x * cos - y * sin, x * sin + y * cos

        corners = [turned(x, y) for x in (0.0, broad) for y in (0.0, -tall)]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        low, top = min(y for _, y in corners), max(y for _, y in corners)
        is_anchored = self["turning"] == "anchor"
        edges = (0.0, broad, -tall, 0.0) if is_anchored else (left, right, low, top)
        x = {
            "left": edges[0],
            "right": edges[1],
            "center": (edges[0] + edges[1]) / 2,
        }[self["ha"]]
        y = {
            "bottom": edges[2],
            "top": edges[3],
            "center": (edges[2] + edges[3]) / 2,
            "baseline": edges[3] - baseline if is_anchored else edges[2] + high - above,
            "center_baseline": edges[3] - baseline / 2,
        }[self["va"]]
        if is_anchored:
            x, y = turned(x, y)
        share = _ANCHORS[self["ma"] or self["ha"]][1]
        placed = []
        for k, line in enumerate(lines):
            px, py = turned(share * broad, -above - k * high)
            placed.append((line, px - x, py - y))
        return (left - x, low - y, right - x, top - y), placed

    def box(self) -> Box:
        """The room that it takes in the picture."""
        x, y = self.anchor()
        left, low, right, top = self._layout()[0]
        return x + left, y + low, x + right, y + top

    def extent(self) -> Box | None:
        """The room that it takes, if there are words."""
        return self.box() if self["text"] and not self["clip_on"] else None

    def drawn(self, page: Page) -> str:
        """The lines."""
        x, y = self.anchor()
        made = []
        for line, dx, dy in self._layout()[1]:
            px, py = x + dx, page.height - y - dy
            turn = (
                f"rotate({number(-self['rotation'])} {number(px)} {number(py)})"
                if self["rotation"]
                else None
            )
            made.append(
                tag(
                    "text",
                    spans(line, self["size"]),
                    x=px,
                    y=py,
                    text_anchor=_ANCHORS[self["ma"] or self["ha"]][0],
                    font_size=self["size"],
                    font_weight=None if self["weight"] == "normal" else self["weight"],
                    font_style=None if self["style"] == "normal" else self["style"],
                    fill=to_hex(self["color"]),
                    fill_opacity=self["alpha"],
                    transform=turn,
                )
                if line
                else ""
            )
        return "".join(made)


class Annotation(Text):
    """Words about a point: at it, beside it, or elsewhere and with an arrow to it."""

    properties: ClassVar = {
        **Text.properties,
        "xycoords": "data",
        "textcoords": None,
        "arrowprops": None,
        "annotation_clip": None,
    }

    def __init__(
        self, text: Any, xy: Any, xytext: Any, axes: Any, **given: Any
    ) -> None:
        super().__init__(0, 0, text, "ax.annotate", **given)
        self.axes, self.xy = axes, tuple(xy)
        self.xyann = tuple(xy if xytext is None else xytext)
        self._arrow = self["arrowprops"] and Arrow(self["arrowprops"], self["size"])

    def get_position(self) -> tuple[Any, Any]:
        """Where the words are, in their own coordinates."""
        return self.xyann

    def set_position(self, point: Any) -> None:
        """Move the words."""
        self.xyann = tuple(point)

    def _at(self, coords: Any, point: Any) -> tuple[float, float]:
        kinds = (coords, coords) if isinstance(coords, str) else coords
        place = coords if isinstance(coords, Place) else Place(self.axes, *kinds)
        x, y = place.points(*point)
        return float(x), float(y)

    def tip(self) -> tuple[float, float]:
        """The point that is annotated."""
        return self._at(self["xycoords"], self.xy)

    def anchor(self) -> tuple[float, float]:
        """Where the words are."""
        coords = self["textcoords"] or self["xycoords"]
        if coords not in ("offset points", "offset pixels"):
            return self._at(coords, self.xyann)
        scale = 1.0 if coords == "offset points" else 72 / DPI
        (x, y), (dx, dy) = self.tip(), self.xyann
        return x + scale * dx, y + scale * dy

    def _is_there(self) -> bool:
        """Whether it is shown: what annotates data beyond the axes is not, unless it is told to."""
        clip = self["annotation_clip"]
        if clip is False or (clip is None and self["xycoords"] != "data"):
            return True
        (x, y), (left, low, w, h) = self.tip(), self.axes.box
        return left - 1e-6 <= x <= left + w + 1e-6 and low - 1e-6 <= y <= low + h + 1e-6

    def extent(self) -> Box | None:
        """The words and the arrow."""
        boxes = [super().extent()] if self["text"] else []
        if self._arrow:
            points = [self.tip(), self.anchor()]
            (x0, x1), (y0, y1) = (sorted(p[k] for p in points) for k in (0, 1))
            boxes.append((x0, y0, x1, y1))
        whole = [box for box in boxes if box]
        if not whole or not self._is_there():
            return None
        columns = np.array(whole).T
        return (*columns[:2].min(axis=1).tolist(), *columns[2:].max(axis=1).tolist())

    def drawn(self, page: Page) -> str:
        """The arrow, and the words."""
        if not self._is_there():
            return ""
        arrow = ""
        if self._arrow:
            around = self.box() if self["text"] else None
            arrow = self._arrow.drawn(page, around, self.anchor(), self.tip())
        return arrow + (super().drawn(page) if self["text"] else "")
