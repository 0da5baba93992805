"""Where axes stand: as large as can be, insides aligned, with room for words, as by `layout="constrained"`."""

from __future__ import annotations

from typing import Any

import numpy as np

_PAD = 0.04167 * 72  # around each axes
_SPACE = 0.01  # at least, between two axes, as a share of the picture over their number


def lay_out(figure: Any) -> None:
    """Give every axes of a grid its place. Twice, for the ticks change with the room that they have."""
    for _ in range(2):
        for axes in figure.axes:
            axes.apply_aspect()
        for grid in {
            id(a.spec.grid): a.spec.grid for a in figure.axes if a.spec
        }.values():
            inside = [a for a in figure.axes if a.spec and a.spec.grid is grid]
            columns = _Side(figure.width, grid.widths, inside, 0)
            rows = _Side(figure.height, grid.heights, inside, 1)
            for axes in inside:
                left, right = columns.ends(axes)
                top, bottom = rows.ends(axes)
                axes.room = (left, figure.height - bottom, right - left, bottom - top)
    for axes in figure.axes:
        axes.apply_aspect()


class _Side:
    """The columns, or the rows from the top, of a grid.

    Args:
        whole: The picture's width or height.
        ratios: The sizes of the cells' insides, measured by each other.
        axes: The axes of the grid.
        which: 0 for columns, 1 for rows.
    """

    def __init__(self, whole: float, ratios: Any, axes: list[Any], which: int) -> None:
        self._which = which
        count = len(ratios)
        before, after = np.zeros(count), np.zeros(count)
        gap = max(_PAD, _SPACE * whole / count)
        for one in axes:
            span = self._span(one)
            left, low, right, top = one.tight_box()
            x, y, w, h = one.room
            words = (x - left, right - x - w) if which == 0 else (top - y - h, y - low)
            first, last = span.start, span.stop - 1
            pads = gap if first else _PAD, gap if last < count - 1 else _PAD
            before[first] = max(before[first], max(words[0], 0) + pads[0])
            after[last] = max(after[last], max(words[1], 0) + pads[1])
        spans = [s for s in map(self._span, axes) if len(s) > 1]
        inner = {k for s in spans for k in s[1:]}, {k for s in spans for k in s[:-1]}
        for margins, cells in zip((before, after), inner, strict=True):
            for k in cells:  # what lies within an axes is the same everywhere
                margins[k] = max(margins[m] for m in cells)
        lengths = (whole - before.sum() - after.sum()) * ratios / ratios.sum()
        starts = np.cumsum(before + lengths + after) - (before + lengths + after)
        self._starts, self._stops = starts + before, starts + before + lengths

    def _span(self, axes: Any) -> range:
        return axes.spec.rows if self._which else axes.spec.columns

    def ends(self, axes: Any) -> tuple[float, float]:
        """Where an axes begins and ends."""
        span = self._span(axes)
        return float(self._starts[span.start]), float(self._stops[span.stop - 1])
