"""The strokes that a graph is drawn with: boxes with round corners, and arrows there and back. Lengths in inches."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

from dlbook.plot.palette import GRADIENT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

APART = 0.05
"""The distance between the arrow forward and the one back."""

_HEAD = (0.085, 0.034)  # of an arrow: its length, and half its width
STUB = _HEAD[0] + APART / 2
"""The length of an arrow's level ends."""


def arrow(
    ax: Axes, points: list[tuple[float, float]], aside: float, *, back: bool = False
) -> None:
    """Draw an arrow to the last point, or, dashed and in the gradient's color, back to the first.

    Args:
        ax: Axes whose unit is an inch.
        points: From left to right, an even number: level within the columns, a smooth curve between them.
        aside: How far upwards, or to the side where the curve is steep, the arrow is shifted to make room
            for the one in the other direction.
        back: Whether the arrow leads back.
    """
    length, half = _HEAD
    vertices = []
    codes = []
    for k, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(points)):
        if k % 2:
            slant = aside if y1 < y0 else -aside if y1 > y0 else 0.0
            middle = (x0 + x1) / 2 + slant
            vertices += [(x0 + slant, y0), (middle, y0), (middle, y1), (x1 + slant, y1)]
            codes += [Path.LINETO, *[Path.CURVE4] * 3]
    (start, low), (end, high) = points[0], points[-1]
    vertices = [
        (start + length * back, low),
        *vertices,
        (end - length * (not back), high),
    ]
    path = Path(
        [(x, y + aside) for x, y in vertices], [Path.MOVETO, *codes, Path.LINETO]
    )
    color, dashes = (GRADIENT, (0, (3, 1.6))) if back else (INK, "-")
    ax.add_patch(
        PathPatch(
            path, facecolor="none", edgecolor=color, linewidth=1.0, linestyle=dashes
        )
    )
    tip, base, y = (
        (start, start + length, low + aside)
        if back
        else (end, end - length, high + aside)
    )
    ax.add_patch(
        Polygon(
            [(tip, y), (base, y + half), (base, y - half)],
            facecolor=color,
            edgecolor="none",
        )
    )


def rounded(x: float, y: float, w: float, h: float, r: float) -> Path:
    """A rectangle whose corners are quarters of circles of radius `r`; its lower left corner is `(x, y)`."""
    if not r:
        return Path(
            [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], closed=True
        )
    k = r * (1 - 0.5522847498)  # the cubic curve nearest to a quarter of a circle
    vertices, codes = [(x + r, y)], [Path.MOVETO]
    right, top = x + w, y + h
    for start, first, second, end in (
        ((right - r, y), (right - k, y), (right, y + k), (right, y + r)),
        ((right, top - r), (right, top - k), (right - k, top), (right - r, top)),
        ((x + r, top), (x + k, top), (x, top - k), (x, top - r)),
        ((x, y + r), (x, y + k), (x + k, y), (x + r, y)),
    ):
        vertices += [start, first, second, end]
        codes += [Path.LINETO, *[Path.CURVE4] * 3]
    return Path([*vertices, (x + r, y)], [*codes, Path.CLOSEPOLY])
