"""A figure: its axes, and the picture of them as SVG."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import Refusing, rcParams, refuse
from matplotlib.artists import DPI, Place
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.gridspec import GridSpec, SubplotSpec
from matplotlib.layout import lay_out
from matplotlib.svg import Page, number, tag
from matplotlib.words import Text

_SVG = "http://www.w3.org/2000/svg"


class Figure(Refusing):
    """A picture of axes.

    Args:
        figsize: Its width and height in inches.
        layout: `constrained` for as much room as the words leave, or None for the usual places.
    """

    _kind = "figure"
    dpi = DPI

    def __init__(self, figsize: Any = (6.4, 4.8), *, layout: str | None = None) -> None:
        self.width, self.height = (72.0 * side for side in figsize)
        self.axes: list[Any] = []
        self.texts: list[Text] = []
        self._facecolor = rcParams["figure.facecolor"]
        self.set_layout_engine(layout)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """All of it: left, bottom, width and height."""
        return 0.0, 0.0, self.width, self.height

    @property
    def transFigure(self) -> Place:
        """From shares of the figure to the picture."""
        return Place(self, "axes fraction", "axes fraction")

    def get_size_inches(self) -> Any:
        """Width and height."""
        return np.array([self.width / 72, self.height / 72])

    def set_layout_engine(self, layout: str | None = None) -> None:
        """How axes find their places."""
        if layout not in ("constrained", "none", None):
            refuse(f"the layout {layout!r}")
        self._is_laid_out = layout == "constrained"

    # axes

    def add_gridspec(self, nrows: int = 1, ncols: int = 1, **ratios: Any) -> GridSpec:
        """Cells for axes."""
        return GridSpec(nrows, ncols, **ratios)

    def add_subplot(
        self,
        *args: Any,
        axes_class: Any = Axes,
        projection: Any = None,
        sharex: Any = None,
        sharey: Any = None,
    ) -> Any:
        """An axes in the cells of a grid: its spec, or rows, columns and the cell's number."""
        if projection not in (None, "rectilinear"):
            refuse("a surface" if projection == "3d" else f"a {projection} axes")
        if not args:
            args = (1, 1, 1)
        if len(args) == 1 and not isinstance(args[0], SubplotSpec):
            args = tuple(map(int, str(args[0])))
        spec = args[0]
        if len(args) == 3:
            spec = GridSpec(*args[:2])[args[2] - 1]
        axes = axes_class(self, spec)
        for axis, other in ((axes.xaxis, sharex), (axes.yaxis, sharey)):
            if other is not None:
                axis.join((other.xaxis if axis.which == 0 else other.yaxis).range)
        self._settle(axes, spec.shares())
        self.axes.append(axes)
        return axes

    def put(self, axes: Any, shares: Any) -> None:
        """Put an axes at left, bottom, width and height, as shares of the picture."""
        self._settle(axes, shares)

    def _settle(self, axes: Any, shares: Any) -> None:
        left, bottom, w, h = (float(share) for share in shares)
        axes.room = (
            left * self.width,
            bottom * self.height,
            w * self.width,
            h * self.height,
        )
        axes.box = axes.room

    def subplots(
        self,
        nrows: int = 1,
        ncols: int = 1,
        *,
        sharex: Any = False,
        sharey: Any = False,
        squeeze: bool = True,
        width_ratios: Any = None,
        height_ratios: Any = None,
    ) -> Any:
        """Axes in rows and columns."""
        grid = GridSpec(nrows, ncols, width_ratios, height_ratios)
        made = np.empty((nrows, ncols), dtype=object)
        for i, j in np.ndindex(nrows, ncols):
            firsts = {
                True: made[0, 0],
                "all": made[0, 0],
                "col": made[0, j],
                "row": made[i, 0],
                False: None,
                "none": None,
            }
            made[i, j] = self.add_subplot(
                grid[i, j], sharex=firsts[sharex], sharey=firsts[sharey]
            )
            if sharex in (True, "all", "col") and i < nrows - 1:
                made[i, j].xaxis.ticks["labels"] = False
            if sharey in (True, "all", "row") and j > 0:
                made[i, j].yaxis.ticks["labels"] = False
        if squeeze and made.size == 1:
            return made[0, 0]
        return made.squeeze() if squeeze else made

    # words, and the picture

    def text(self, x: float, y: float, text: Any, **style: Any) -> Text:
        """Words at shares of the picture."""
        words = Text(
            x, y, text, "figure.text", **{"transform": self.transFigure, **style}
        )
        self.texts.append(words)
        return words

    def draw_without_rendering(self) -> None:
        """Let all axes find their places."""
        if self._is_laid_out:
            lay_out(self)
        for axes in self.axes:
            axes.apply_aspect()

    def draw(self, *_: Any) -> None:
        """Let all axes find their places."""
        self.draw_without_rendering()

    def savefig(
        self,
        file: Any,
        *,
        format: str | None = None,
        metadata: Any = None,
        transparent: bool = False,
    ) -> None:
        """Write the figure as SVG."""
        if (format or str(file).rpartition(".")[2]) != "svg":
            refuse("a figure that is not SVG")
        self.draw_without_rendering()
        page = Page(self.height)
        face = "none" if transparent else to_hex(self._facecolor)
        back = tag("rect", width=self.width, height=self.height, fill=face)
        body = "" if face == "none" else back
        body += "".join(axes.svg(page) for axes in self.axes)
        body += "".join(words.svg(page) for words in self.texts)
        everything = tag(
            "g", page.kept() + body, font_family="var(--dl-sans, sans-serif)"
        )
        w, h = number(self.width), number(self.height)
        size = {"width": f"{w}pt", "height": f"{h}pt", "viewBox": f"0 0 {w} {h}"}
        text = tag("svg", everything, xmlns=_SVG, **size)
        if hasattr(file, "write"):
            file.write(text)
        else:
            with open(file, "w", encoding="utf-8") as out:
                out.write(text)
