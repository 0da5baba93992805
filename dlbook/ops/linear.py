"""The weighted sum: what every unit computes before its activation."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def linear(
    x: Float[Array, "*batch d"],
    w: Float[Array, "d k"],
    b: Float[Array, " k"] | None = None,
    /,
) -> Rule:
    r"""A layer of weighted sums, $y = xw + b$: each row of `x` against each column of `w`.

    $$dx = dy\, w^\top, \qquad dw = x^\top dy, \qquad db = \sum_i dy_i .$$
    Several batch axes are laid out as one for the products, and restored.

    Args:
        x: Inputs, `(*batch, d)`; a single example `(d,)` will do.
        w: Weights, `(d, k)`, a column for each unit.
        b: Biases, `(k,)`; none if left out.

    Returns:
        Scores, `(*batch, k)`.

    Raises:
        ValueError: If the lengths of the axes do not match.

    Source:
        As a unit with adjustable weights: F. Rosenblatt, *The perceptron*, Psychological Review 65 (1958).

    Examples:
        >>> linear([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], [10.0, 20.0, 30.0])
        array([[11., 22., 33.],
               [13., 24., 37.]])
    """
    d, k = w.shape
    batch = x.shape[:-1]
    rows = x.reshape(prod(batch), d)
    y = rows @ w
    if b is not None:
        y += b

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dy = dy.reshape(len(rows), k)
        dx = (dy @ w.T).reshape(x.shape) if needs[0] else None
        dw = rows.T @ dy if needs[1] else None
        # a product adds faster than a sum
        db = np.ones(len(dy), dy.dtype) @ dy if b is not None and needs[2] else None
        return dx, dw, db

    return y.reshape(*batch, k), vjp
