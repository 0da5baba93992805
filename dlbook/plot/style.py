"""The house style: figures without box or title, in the book's colors, with labels where the curves are.

Nothing here changes matplotlib's settings for the rest of a program. A figure made by `subplots` carries the
style with it instead: its axes' methods and its drawing run under the settings below.
"""

from __future__ import annotations

import functools
import io
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.lines import Line2D

from dlbook.plot.layout import spread
from dlbook.plot.palette import (
    ACTIVATION,
    DATA,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PARAMETER,
    SKY,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.text import Annotation

TEXT_WIDTH = 6.6
"""The width in inches of a figure that fills the column of text."""

SIZE = 10.0
"""The size of text, in points; the smaller text of ticks has 9."""

CRISP = "crisp"
"""How the id of a shape begins whose edges are not to be smoothed."""

_FONT = "Source Sans 3"
_STAND_INS = {
    "black": INK,
    "k": INK,
    "white": PAPER,
    "w": PAPER,
}  # for every default that names such a color
_CYCLE = cycler(  # first those without a role: a curve gets its role's color when its role is named
    color=[INK, ORANGE, SKY, DATA, PARAMETER, ACTIVATION],
    linestyle=["-", "--", "-.", ":", (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)), (0, (8, 3))],
)
# the methods of an axes that make something visible
_DRAWING = """
    annotate arrow axhline axhspan axline axvline axvspan bar bar_label barh boxplot clabel contour contourf
    errorbar fill fill_between fill_betweenx hist hlines imshow legend loglog pcolormesh plot quiver scatter
    semilogx semilogy set_title set_xlabel set_xscale set_ylabel set_yscale stackplot stairs stem step text
    violinplot vlines
"""


def settings() -> dict[Any, Any]:
    """The style as matplotlib settings, with the book's font if it has been registered, else DejaVu Sans."""
    registered = {font.name for font in fontManager.ttflist}
    swapped = {
        key: _STAND_INS[value]
        for key, value in mpl.rcParamsDefault.items()
        if isinstance(value, str) and value in _STAND_INS
    }
    return swapped | {
        "axes.axisbelow": True,
        "axes.edgecolor": MUTED,
        "axes.facecolor": "none",
        "axes.formatter.useoffset": False,
        "axes.labelcolor": INK,
        "axes.labelsize": SIZE,
        "axes.linewidth": 0.8,
        "axes.prop_cycle": _CYCLE,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": SIZE,
        "figure.facecolor": "none",
        "font.family": [_FONT, "DejaVu Sans"]
        if _FONT in registered
        else ["DejaVu Sans"],
        "font.size": SIZE,
        "grid.alpha": 0.3,
        "grid.color": MUTED,
        "grid.linewidth": 0.6,
        "hatch.color": "edge",
        "legend.frameon": False,
        "lines.color": INK,
        "lines.linewidth": 1.7,
        "mathtext.fontset": "cm",
        "patch.edgecolor": INK,
        "patch.facecolor": SKY,
        "svg.fonttype": "path",
        "svg.hashsalt": "dlbook",
        "text.color": INK,
        "xtick.color": MUTED,
        "xtick.labelcolor": INK,
        "xtick.labelsize": SIZE - 1,
        "ytick.color": MUTED,
        "ytick.labelcolor": INK,
        "ytick.labelsize": SIZE - 1,
    }


def _styled(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        with mpl.rc_context(settings()):
            return method(*args, **kwargs)

    return call


class BookAxes(Axes):
    """Axes whose methods draw in the house style, whatever the program's own settings are."""


for _name in _DRAWING.split():
    setattr(BookAxes, _name, _styled(getattr(Axes, _name)))


class BookFigure(Figure):
    """A figure that is drawn in the house style: ticks, which come into being when drawn, included."""

    draw = _styled(Figure.draw)
    savefig = _styled(Figure.savefig)
    text = _styled(Figure.text)

    def add_subplot(self, *args: Any, **kwargs: Any) -> Any:
        """Add axes in the house style, as `subplots` does."""
        with mpl.rc_context(settings()):
            return super().add_subplot(*args, **({"axes_class": BookAxes} | kwargs))


def subplots(
    nrows: int = 1,
    ncols: int = 1,
    *,
    width: float = TEXT_WIDTH,
    height: float | None = None,
    sharex: bool = False,
    sharey: bool = False,
    width_ratios: Sequence[float] | None = None,
    height_ratios: Sequence[float] | None = None,
) -> tuple[Figure, Any]:
    """A figure in the house style and its axes.

    The background is transparent, only the left and the bottom spine are drawn, and text is set in the
    book's font. What is added later through the axes' methods has the style too. The figure is independent
    of pyplot: it need not be closed.

    Args:
        nrows: The number of rows of axes.
        ncols: The number of columns of axes.
        width: Inches; the column of text is 6.6 wide.
        height: Inches; by default each row is 0.58 times as high as an axes is wide, at most 3.4.
        sharex: Whether all axes have one x range.
        sharey: Whether all axes have one y range.
        width_ratios: The relative widths of the columns.
        height_ratios: The relative heights of the rows.

    Returns:
        The figure, and one axes, or an array of them: `(ncols,)` or `(nrows,)` for a single row or column,
        else `(nrows, ncols)`.

    Raises:
        ValueError: If a size is not positive.

    Examples:
        >>> figure, ax = subplots(height=3)
        >>> figure.get_size_inches()
        array([6.6, 3. ])
        >>> ax.spines["top"].get_visible()
        False
    """
    for name, value in (
        ("nrows", nrows),
        ("ncols", ncols),
        ("width", width),
        ("height", height),
    ):
        if value is not None and not value > 0:
            raise ValueError(
                f"subplots: {name}: expected a positive number, got {value}"
            )
    if height is None:
        height = min(3.4, 0.58 * width / ncols + 0.3) * nrows
    with mpl.rc_context(settings()):
        figure = BookFigure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(
            nrows,
            ncols,
            sharex=sharex,
            sharey=sharey,
            width_ratios=width_ratios,
            height_ratios=height_ratios,
        )
    return figure, axes


def canvas(
    where: str,
    ax: Axes | None,
    *,
    width: float = TEXT_WIDTH,
    height: float | None = None,
) -> tuple[Figure, Axes]:
    """The axes for the function named: the caller's own, or that of a new figure."""
    if ax is None:
        return subplots(width=width, height=height)
    figure = ax.get_figure(root=True)
    if not isinstance(figure, BookFigure):
        raise TypeError(
            f"{where}: ax: expected axes made by dlbook.plot.subplots, got axes of another figure"
        )
    return figure, ax


def label_line(
    ax: Axes,
    line: Line2D | tuple[float, float],
    text: str,
    *,
    x: float | None = None,
    dx: float = 4.0,
    dy: float = 0.0,
    ha: str | None = None,
    va: str = "center",
) -> Annotation:
    """Write a curve's name beside it, in its color: the book has no legends.

    Args:
        ax: The axes that the curve is in.
        line: The curve, or a point `(x, y)` to write at.
        text: The name; mathematics between dollar signs.
        x: Where along the curve to write; by default at its right end.
        dx: Shift to the right, in points.
        dy: Shift upwards, in points.
        ha: Horizontal alignment; left by default.
        va: Vertical alignment.

    Returns:
        The text that was added.

    Raises:
        ValueError: If the curve has no finite point.

    Examples:
        >>> figure, ax = subplots()
        >>> (line,) = ax.plot([0, 1], [0, 2])
        >>> label_line(ax, line, "$2x$").xy
        (1.0, 2.0)
    """
    color = INK
    if isinstance(line, Line2D):
        xs, ys = (
            np.asarray(line.get_xdata(), float),
            np.asarray(line.get_ydata(), float),
        )
        seen = np.isfinite(xs) & np.isfinite(ys)
        if not seen.any():
            raise ValueError(
                "label_line: line: expected a curve with a finite point, got none"
            )
        order = np.argsort(xs[seen], kind="stable")
        xs, ys = xs[seen][order], ys[seen][order]
        point = (
            (float(xs[-1]), float(ys[-1]))
            if x is None
            else (float(x), float(np.interp(x, xs, ys)))
        )
        color = str(line.get_color())
    else:
        point = (float(line[0]), float(line[1]))
    return ax.annotate(
        text,
        point,
        xytext=(dx, dy),
        textcoords="offset points",
        color=color,
        ha=ha or "left",
        va=va,
        annotation_clip=False,
    )


class _End(NamedTuple):
    line: Line2D
    text: str
    height: float  # of the line's right end above the axes' bottom, in points


def label_ends(ax: Axes, lines: Sequence[Line2D], texts: Sequence[str]) -> None:
    """Name each curve at its right end; names that would touch are moved apart."""
    ends = []
    for line, text in zip(lines, texts, strict=True):
        ys = np.asarray(line.get_ydata(), float)
        y = ys[np.isfinite(ys)][-1]
        height = ax.transData.transform((ax.get_xlim()[0], y))[1] * 72 / ax.figure.dpi
        ends.append(_End(line, text, height))
    ends.sort(key=lambda end: end.height)
    heights = spread([end.height for end in ends], [SIZE * 1.25] * len(ends))
    for end, height in zip(ends, heights, strict=True):
        label_line(ax, end.line, end.text, dy=height - end.height)


def svg(figure: Figure) -> str:
    """The figure as SVG: the same text for the same figure, with letters drawn as paths.

    Examples:
        >>> figure, ax = subplots()
        >>> svg(figure) == svg(figure)
        True
    """
    text = io.StringIO()
    with mpl.rc_context(settings()):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return re.sub(f'(?=id="{CRISP}-)', 'shape-rendering="crispEdges" ', text.getvalue())
