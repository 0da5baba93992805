"""What normalizations share: rows of numbers brought to mean 0 and variance 1, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dlbook.autograd.core import Array


def means(rows: Array) -> Array:
    """The mean of each row, as a column."""
    return rows @ np.full((rows.shape[1], 1), 1 / rows.shape[1], rows.dtype)


def standardized(rows: Array, eps: float) -> tuple[Array, Array]:
    """Each row less its mean, over its standard deviation; and 1 over that deviation, as a column.

    The variance is the mean square of what is left when the mean is taken off. The difference of two large
    numbers, the mean square and the squared mean, would have no digits left. The mean of what is left is zero up
    to rounding, and this is taken off, too (the corrected two-pass algorithm).
    """
    x_hat = rows - means(rows)
    x_hat -= means(x_hat)
    variance = np.vecdot(x_hat, x_hat)[:, None] / rows.shape[1]
    r = 1 / np.sqrt(variance + float(eps))
    x_hat *= r
    return x_hat, r


def pulled_back(g: Array, x_hat: Array, r: Array) -> Array:
    """The gradient of the rows from that of the standardized ones: r (g − mean g − x̂ mean(g x̂))."""
    dx = x_hat * (np.vecdot(g, x_hat)[:, None] / g.shape[1])
    dx += means(g)
    np.subtract(g, dx, out=dx)
    dx *= r
    return dx
