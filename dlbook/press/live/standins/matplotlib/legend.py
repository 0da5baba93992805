"""A legend: names beside the looks of what they name."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import Refusing, rcParams, refuse
from matplotlib.artists import NOTHING, Place
from matplotlib.lines import Line2D, Marks
from matplotlib.mathtext import width
from matplotlib.metrics import ASCENT, DESCENT
from matplotlib.patches import Patch, Polygon
from matplotlib.svg import Page
from matplotlib.words import Text

# Where it may stand, as shares of the axes, in the order in which matplotlib tries them.
_PLACES = {
    "upper right": (1, 1),
    "upper left": (0, 1),
    "lower left": (0, 0),
    "lower right": (1, 0),
    "center left": (0, 0.5),
    "center right": (1, 0.5),
    "lower center": (0.5, 0),
    "upper center": (0.5, 1),
    "center": (0.5, 0.5),
}


class Legend(Refusing):
    """The names in an axes, one below the other."""

    _kind = "a legend"

    def __init__(
        self, axes: Any, handles: Any, labels: Any, style: dict[str, Any]
    ) -> None:
        handles, labels = style.pop("handles", handles), style.pop("labels", labels)
        if (
            handles is not None
            and labels is None
            and isinstance(next(iter(handles), None), str)
        ):
            handles, labels = None, handles
        found, names = axes.get_legend_handles_labels()
        if labels is not None and handles is None:
            found = axes.artists
        self._handles = list(found if handles is None else handles)
        given = [h["label"] for h in self._handles] if handles is not None else names
        self._labels = [str(label) for label in (given if labels is None else labels)]
        self._place = style.pop("loc", "best")
        self._size = style.pop("fontsize", style.pop("size", rcParams["font.size"]))
        self._title = style.pop("title", None)
        frame = style.pop("frameon", rcParams["legend.frameon"])
        for option in style:
            refuse(f"ax.legend with {option}")
        if frame or self._title or not isinstance(self._size, int | float):
            refuse("ax.legend with a frame, a title or a size by name")
        if self._place not in (*_PLACES, "best"):
            refuse(f"ax.legend at {self._place!r}")
        self._axes = axes

    def _corner(self, broad: float, high: float) -> tuple[float, float]:
        """Its left upper corner: the place asked for, or that with the fewest points of lines below it."""
        x, y, w, h = self._axes.box
        pad = 0.5 * self._size

        def at(place: str) -> tuple[float, float]:
            across, up = _PLACES[place]
            left = x + pad + across * (w - 2 * pad - broad)
            return left, y + pad + high + up * (h - 2 * pad - high)

        def hidden(place: str) -> int:
            left, top = at(place)
            count = 0
            for artist in self._axes.artists:
                px, py = artist.place().points(*artist.reach())
                inside = (px >= left) & (px <= left + broad)
                count += int((inside & (py <= top) & (py >= top - high)).sum())
            return count

        return at(min(_PLACES, key=hidden) if self._place == "best" else self._place)

    def svg(self, page: Page) -> str:
        """The legend."""
        size, step = self._size, (ASCENT + DESCENT) * self._size
        rows = list(zip(self._handles, self._labels, strict=False))
        if not rows:
            return ""
        reach = 2.8 * size
        broad = reach + max(width(label, size) for _, label in rows)
        left, top = self._corner(broad, step * len(rows))
        made = []
        for k, (handle, label) in enumerate(rows):
            y = top - (k + 0.5) * step
            made.append(self._look(page, handle, left, y))
            words = Text(left + reach, y, label, va="center", size=size)
            words.set(transform=Place(self._axes, "points", "points"))
            made.append(words.svg(page))
        return "".join(made)

    def _look(self, page: Page, handle: Any, left: float, y: float) -> str:
        """A short piece of a line, a mark or a patch."""
        wide, high = 2.0 * self._size, 0.35 * self._size
        own = Place(self._axes, "points", "points")
        if isinstance(handle, Line2D):
            kept = {n: handle[n] for n in Line2D.properties if n != "zorder"}
            kept |= {"alpha": handle["alpha"], "drawstyle": "default"}
            marker = kept.pop("marker")
            line = Line2D([left, left + wide], [y, y], **kept, transform=own)
            mark = Line2D(
                [left + wide / 2],
                [y],
                **{**kept, "linestyle": "None", "marker": marker},
                transform=own,
            )
            return line.drawn(page) + (
                mark.drawn(page) if marker not in NOTHING else ""
            )
        if isinstance(handle, Marks):
            kept = {n: handle[n] for n in Marks.properties if n != "zorder"}
            mark = Marks([left + wide / 2], [y], "ax.legend", **kept, transform=own)
            return mark.drawn(page)
        if isinstance(handle, Patch):
            corners = np.array([[0, -1], [1, -1], [1, 1], [0, 1]]) * [wide, high]
            kept = {n: handle[n] for n in Patch.properties if n != "zorder"}
            return Polygon(
                corners + np.array([left, y]),
                **kept,
                alpha=handle["alpha"],
                transform=own,
            ).drawn(page)
        return refuse("ax.legend of something else")
