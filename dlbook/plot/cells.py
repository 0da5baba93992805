"""Cells of an image: shaded without seams, framed, row 0 on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from dlbook.plot.palette import MUTED
from dlbook.plot.style import CRISP

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_LEVELS = 32  # of strength, for values that are not few whole numbers


def shade(ax: Axes, strength: NDArray[Any], color: str) -> None:
    """Cover each cell with the color, as opaque as its strength in [0, 1] says.

    Smoothed edges would show as hairlines between neighbors. So all cells of one strength are one shape, and
    their edges are left crisp: a device's pixel belongs to one cell and no other.
    """
    levels = np.unique(strength[strength > 0])
    if len(levels) > _LEVELS:
        strength = np.ceil(strength * _LEVELS) / _LEVELS
        levels = np.unique(strength[strength > 0])
    number = ax.figure.axes.index(ax)
    for level in levels:
        runs = [run for i, row in enumerate(strength == level) for run in _runs(i, row)]
        shape = PathPatch(
            Path.make_compound_path(*runs),
            facecolor=color,
            edgecolor="none",
            alpha=level,
        )
        shape.set_antialiased(False)  # for pixels; for SVG, see `style.svg`
        shape.set_gid(f"{CRISP}-{number}-{len(ax.patches)}")
        ax.add_patch(shape)


def _runs(i: int, row: NDArray[Any]) -> list[Path]:
    """Rectangles over the cells that are set in row `i`, joined where they are neighbors."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(int)))
    return [
        Path([(a, i), (b, i), (b, i + 1), (a, i + 1), (a, i)], closed=True)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def frame(ax: Axes, shape: tuple[int, ...], square: bool = True) -> None:
    """A thin frame, no ticks, row 0 on top."""
    rows, columns = shape
    ax.set(xlim=(0, columns), ylim=(rows, 0), xticks=[], yticks=[])
    ax.set_aspect("equal" if square else "auto")
    ax.spines[:].set_visible(False)
    ax.add_patch(
        Rectangle(
            (0, 0),
            columns,
            rows,
            facecolor="none",
            edgecolor=MUTED,
            linewidth=0.8,
            clip_on=False,
        )
    )
