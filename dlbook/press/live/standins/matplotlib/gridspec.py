"""Grids: which cells of a picture an axes takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import Refusing


class GridSpec(Refusing):
    """Rows and columns.

    Args:
        nrows: The number of rows.
        ncols: The number of columns.
        width_ratios: How wide the columns are, measured by each other.
        height_ratios: How high the rows are, measured by each other.
    """

    _kind = "a grid"

    def __init__(
        self,
        nrows: int,
        ncols: int,
        width_ratios: Any = None,
        height_ratios: Any = None,
    ) -> None:
        self.nrows, self.ncols = nrows, ncols
        ratios = ((width_ratios, ncols), (height_ratios, nrows))
        self.widths, self.heights = (
            np.ones(n) if r is None else np.asarray(r, float) for r, n in ratios
        )

    def __getitem__(self, key: Any) -> SubplotSpec:
        if not isinstance(key, tuple):
            key = np.unravel_index(key, (self.nrows, self.ncols))
        spans = []
        for part, count in zip(key, (self.nrows, self.ncols), strict=True):
            found = range(count)[part]
            spans.append(found if isinstance(found, range) else range(found, found + 1))
        return SubplotSpec(self, *spans)


class SubplotSpec:
    """Cells of a grid that are next to each other."""

    def __init__(self, grid: GridSpec, rows: range, columns: range) -> None:
        self.grid, self.rows, self.columns = grid, rows, columns

    def get_gridspec(self) -> GridSpec:
        """The grid."""
        return self.grid

    def shares(self) -> tuple[float, float, float, float]:
        """Where the cells are if nothing lays them out: left, bottom, width and height as shares of the picture."""
        x = _ends(0.125, 0.9, self.grid.widths)
        y = [1 - end for end in _ends(0.12, 0.89, self.grid.heights)]
        left, right = x[2 * self.columns.start], x[2 * self.columns.stop - 1]
        top, bottom = y[2 * self.rows.start], y[2 * self.rows.stop - 1]
        return left, bottom, right - left, top - bottom


def _ends(start: float, end: float, ratios: Any) -> list[float]:
    """Where each part of a length begins and ends; between them is a fifth of their mean length."""
    count = len(ratios)
    mean = (end - start) / (count + 0.2 * (count - 1))
    found = []
    for length in mean * count * ratios / ratios.sum():
        found += [start, start + length]
        start += length + 0.2 * mean
    return found
