"""A figure: its axes side by side, and the picture of them as SVG."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import refuse
from matplotlib.artists import Text, dashes
from matplotlib.axes import Axes
from matplotlib.places import Transform, parts, stretched
from matplotlib.svg import tag
from matplotlib.text import width

PAD = 4.0  # points around everything
TICK, GAP, SMALL, SIZE = 3.5, 3.5, 9.0, 10.0
_SVG = "http://www.w3.org/2000/svg"
_MUTED, _INK = "#6E7781", "#1F2328"


class Figure:
    """A picture of axes.

    Args:
        figsize: Its width and height in inches.
    """

    dpi = 72.0

    def __init__(self, figsize: Any = (6.4, 4.8), **_: Any) -> None:
        self.width, self.height = (72.0 * side for side in figsize)
        self.axes: list[Axes] = []
        self.texts: list[Text] = []
        self._grid: list[list[Axes | None]] = []
        self._shares: tuple[Any, Any] = (None, None)
        self._shared = (False, False)

    def get_size_inches(self) -> Any:
        """Width and height."""
        return np.array([self.width / 72, self.height / 72])

    def subplots(
        self,
        nrows: int = 1,
        ncols: int = 1,
        *,
        sharex: Any = False,
        sharey: Any = False,
        width_ratios: Any = None,
        height_ratios: Any = None,
        squeeze: bool = True,
        **_: Any,
    ) -> Any:
        """Axes in rows and columns."""
        grid = [[self.add_subplot() for _ in range(ncols)] for _ in range(nrows)]
        self._grid = [list(row) for row in grid]
        self._shares, self._shared = (
            (width_ratios, height_ratios),
            (bool(sharex), bool(sharey)),
        )
        made = np.array(grid, dtype=object)
        if squeeze and made.size == 1:
            return made[0, 0]
        return made.squeeze() if squeeze else made

    def add_subplot(
        self, *args: Any, axes_class: Any = Axes, projection: Any = None, **_: Any
    ) -> Any:
        """One more axes."""
        if args or projection not in (None, "rectilinear"):
            refuse("a surface" if projection == "3d" else "an axes of that kind")
        axes = axes_class(self)
        self.axes.append(axes)
        self._grid = [[axes]] if not self._grid else self._grid
        return axes

    def text(self, x: float, y: float, text: str, **_: Any) -> None:
        """Refuse words that belong to no axes."""
        refuse("figure.text")

    def set_layout_engine(self, *_: Any, **__: Any) -> None:
        """There is one way to lay a figure out."""

    def remove(self, axes: Axes) -> None:
        """Take an axes out; its place stays empty."""
        self.axes.remove(axes)
        self._grid = [[None if a is axes else a for a in row] for row in self._grid]

    def draw(self, *_: Any) -> None:
        """Nothing needs to be drawn before it is saved."""

    def transform_of(self, axes: Axes) -> Transform:
        """From data to the picture."""
        return Transform(self, axes)

    def savefig(self, file: Any, *, format: str = "svg", **_: Any) -> None:
        """Write the figure as SVG."""
        if format != "svg":
            refuse(f"a figure as {format}")
        self.lay_out()
        body = "".join(map(self._drawn, [a for a in self.axes if a.shown]))
        sides = {"width": f"{self.width:.2f}pt", "height": f"{self.height:.2f}pt"}
        view = f"0 0 {self.width:.2f} {self.height:.2f}"
        all_of_it = tag("g", body, font_family="var(--dl-sans, sans-serif)")
        file.write(tag("svg", all_of_it, xmlns=_SVG, **sides, viewBox=view))

    # where things stand

    def lay_out(self) -> None:
        """Give each axes its box, with room around it for its words."""
        rows, columns = len(self._grid), max(map(len, self._grid), default=0)
        for which in (0, 1):
            if self._shared[which]:
                self._share(which)
        room = [[self._room(a) for a in row] for row in self._grid]
        lefts = [max(room[i][j][0] for i in range(rows)) for j in range(columns)]
        rights = [max(room[i][j][1] for i in range(rows)) for j in range(columns)]
        tops = [max(room[i][j][2] for j in range(columns)) for i in range(rows)]
        bottoms = [max(room[i][j][3] for j in range(columns)) for i in range(rows)]
        wide = self.width - sum(lefts) - sum(rights) - 2 * PAD - 10 * (columns - 1)
        high = self.height - sum(tops) - sum(bottoms) - 2 * PAD - 8 * (rows - 1)
        widths = parts(wide, columns, self._shares[0])
        heights = parts(high, rows, self._shares[1])
        y = PAD
        for i in range(rows):
            x = PAD
            y += tops[i]
            for j in range(columns):
                x += lefts[j]
                axes = self._grid[i][j]
                if axes is not None and axes.position:
                    left, bottom, w, h = axes.position
                    above = 1 - bottom - h
                    sides = (self.width, self.height)
                    axes.box = (
                        left * sides[0],
                        above * sides[1],
                        w * sides[0],
                        h * sides[1],
                    )
                elif axes is not None:
                    axes.box = self._shaped(
                        axes, x, y, max(widths[j], 10.0), max(heights[i], 10.0)
                    )
                x += widths[j] + rights[j] + 10
            y += heights[i] + bottoms[i] + 8

    def _share(self, which: int) -> None:
        """One range for all axes."""
        axes = self.axes
        ranges = [a.get_ylim() if which else a.get_xlim() for a in axes]
        low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
        for a in axes:
            (a.set_ylim if which else a.set_xlim)(low, high)

    @staticmethod
    def _shaped(
        axes: Axes, x: float, y: float, wide: float, high: float
    ) -> tuple[float, float, float, float]:
        """A box of the right shape, where a unit of x and of y have a fixed ratio."""
        if axes.aspect == "auto":
            return x, y, wide, high
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        ratio = float(axes.aspect) * abs(y1 - y0) / abs(x1 - x0)
        w, h = min(wide, high / ratio), min(high, wide * ratio)
        return x + (wide - w) / 2, y + (high - h) / 2, w, h

    def _room(self, axes: Axes | None) -> tuple[float, float, float, float]:
        """What the words around an axes need to its left, right, top and bottom."""
        if axes is None:
            return 0.0, 0.0, 0.0, 0.0
        box = (
            0.0,
            0.0,
            self.width / max(map(len, self._grid)) * 0.8,
            self.height / len(self._grid) * 0.8,
        )
        _, texts_y = axes.yaxis.marks(*axes.get_ylim(), box[3])
        ticks_x, texts_x = axes.xaxis.marks(*axes.get_xlim(), box[2])
        left = max((width(t, SMALL) for t in texts_y), default=0.0)
        left += TICK + GAP if texts_y else 0.0
        left += SIZE * 1.4 if axes.yaxis.label else 0.0
        bottom = (
            TICK
            + GAP
            + SMALL * 1.2 * (1 + max((t.count("\n") for t in texts_x), default=0))
            if texts_x
            else 0.0
        )
        bottom += SIZE * 1.5 if axes.xaxis.label else 0.0
        top = SIZE * 1.6 * (1 + axes.title.count("\n")) if axes.title else SMALL * 0.5
        right = width(texts_x[-1], SMALL) / 2 if texts_x and ticks_x else 0.0
        axes.box = (left, top, box[2], box[3])
        place = self.place(axes)
        for words in axes.artists:
            if isinstance(words, Text):
                px, py = self._at(axes, words, place)
                a, b, c, d = words.box()
                left, right = (
                    max(left, a - (px - axes.box[0])),
                    max(right, b - (axes.box[0] + box[2] - px)),
                )
                top, bottom = (
                    max(top, c - (py - axes.box[1])),
                    max(bottom, d - (axes.box[1] + box[3] - py)),
                )
        return left, right, top, bottom

    def place(self, axes: Axes) -> Any:
        """From data to the picture, for arrays."""
        left, top, wide, high = axes.box

        def share(values: Any, axis: Any, low: float, high: float) -> Any:
            if axis.scale == "log":
                with np.errstate(divide="ignore", invalid="ignore"):
                    return (np.log10(values) - np.log10(low)) / (
                        np.log10(high) - np.log10(low)
                    )
            return (np.asarray(values, float) - low) / (high - low)

        xs, ys = axes.get_xlim(), axes.get_ylim()
        return lambda x, y: (
            left + wide * share(np.asarray(x, float), axes.xaxis, *xs),
            top + high * (1 - share(np.asarray(y, float), axes.yaxis, *ys)),
        )

    def _at(self, axes: Axes, words: Text, place: Any) -> tuple[float, float]:
        """Where words stand; each coordinate is one of the data or a share of the axes."""
        left, top, wide, high = axes.box
        inside = [a == "axes fraction" for a in words.coords]
        x0, y0 = axes.get_xlim()[0], axes.get_ylim()[0]
        px, py = place(x0 if inside[0] else words.x, y0 if inside[1] else words.y)
        return (
            left + wide * words.x if inside[0] else float(px),
            top + high * (1 - words.y) if inside[1] else float(py),
        )

    # how they are drawn

    def _drawn(self, axes: Axes) -> str:
        left, top, wide, high = axes.box
        place = self.place(axes)
        clip = f"clip-{self.axes.index(axes)}"
        made = [
            tag(
                "clipPath",
                tag("rect", x=left, y=top, width=wide, height=high),
                id=clip,
            )
        ]
        ordered = sorted(axes.artists, key=lambda artist: artist.zorder)
        for artist in ordered:
            if not isinstance(artist, Text):
                across = artist.across and stretched(place, axes.box, artist.across)
                drawn = artist.svg(across or place)
                marked = getattr(artist, "marker", "none") != "none"
                clipped = artist.clip_on and not marked
                made.append(
                    tag("g", drawn, clip_path=f"url(#{clip})")
                    if clipped and drawn
                    else drawn
                )
        made.append(self._frame(axes))
        for words in ordered:
            if isinstance(words, Text):
                px, py = self._at(axes, words, place)
                if words.arrow_to is not None:
                    ax, ay = place(*words.arrow_to)
                    made.append(
                        tag(
                            "path",
                            d=f"M{px:.2f} {py:.2f}L{float(ax):.2f} {float(ay):.2f}",
                            stroke=_MUTED,
                            stroke_width=0.8,
                        )
                    )
                made.append(words.svg_at(px, py))
        return "".join(made)

    def _frame(self, axes: Axes) -> str:
        left, top, wide, high = axes.box
        right, bottom = left + wide, top + high
        edges = {
            "left": (left, top, left, bottom),
            "bottom": (left, bottom, right, bottom),
            "right": (right, top, right, bottom),
            "top": (left, top, right, top),
        }
        d = "".join(
            f"M{a:.2f} {b:.2f}L{c:.2f} {e:.2f}"
            for name, (a, b, c, e) in edges.items()
            if axes.spines[name].shown
        )
        place = self.place(axes)
        words: list[tuple[Text, float, float]] = []
        ticks, texts = axes.xaxis.marks(*axes.get_xlim(), wide)
        for tick, text in zip(ticks, texts, strict=False):
            x = float(place(tick, axes.get_ylim()[0])[0])
            d += f"M{x:.2f} {bottom:.2f}v{TICK}" if axes.spines["bottom"].shown else ""
            words.append(
                (
                    Text(0, 0, text, ha="center", va="top", size=SMALL),
                    x,
                    bottom + TICK + GAP - 1,
                )
            )
        below = bottom + (TICK + GAP + SMALL * 1.2 if texts else 0.0)
        ticks, texts = axes.yaxis.marks(*axes.get_ylim(), high)
        for tick, text in zip(ticks, texts, strict=False):
            y = float(place(axes.get_xlim()[0], tick)[1])
            d += f"M{left:.2f} {y:.2f}h-{TICK}" if axes.spines["left"].shown else ""
            words.append(
                (
                    Text(0, 0, text, ha="right", va="center", size=SMALL),
                    left - TICK - GAP,
                    y,
                )
            )
        beside = (
            left
            - max((width(t, SMALL) for t in texts), default=0.0)
            - (TICK + GAP if texts else 0.0)
        )
        if axes.xaxis.label:
            words.append(
                (
                    Text(0, 0, axes.xaxis.label, ha="center", va="top"),
                    left + wide / 2,
                    below + 3,
                )
            )
        if axes.yaxis.label:
            turned = Text(
                0, 0, axes.yaxis.label, ha="center", va="baseline", rotation=90
            )
            words.append((turned, beside - 4, top + high / 2))
        if axes.title:
            words.append(
                (
                    Text(0, 0, axes.title, ha="center", va="bottom"),
                    left + wide / 2,
                    top - 4,
                )
            )
        frame = (
            tag("path", d=d, fill="none", stroke=_MUTED, stroke_width=0.8) if d else ""
        )
        return (
            frame
            + "".join(w.svg_at(x, y) for w, x, y in words)
            + (self._legend(axes) if axes.named else "")
        )

    @staticmethod
    def _legend(axes: Axes) -> str:
        left, top, wide, _ = axes.box
        named = [
            a
            for a in axes.artists
            if getattr(a, "label", "") and not str(a.label).startswith("_")
        ]
        broad = max((width(str(a.label), SMALL) for a in named), default=0.0)
        made = []
        for i, artist in enumerate(named):
            x, y = left + wide - broad - 30, top + 8 + 13 * i
            paint = getattr(artist, "facecolor", None) or artist.color
            style = dashes(getattr(artist, "linestyle", "-"), 1.7)
            made.append(
                tag(
                    "path",
                    d=f"M{x:.2f} {y:.2f}h20",
                    stroke=paint,
                    stroke_width=1.7,
                    stroke_dasharray=style,
                )
            )
            made.append(
                Text(
                    0, 0, str(artist.label), va="center", size=SMALL, color=_INK
                ).svg_at(x + 25, y)
            )
        return "".join(made)
