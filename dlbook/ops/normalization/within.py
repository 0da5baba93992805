"""Normalization within an example: what layer, group and instance normalization share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.normalization.channels import (
    at_positions,
    empty,
    parts,
    products,
    scaled_and_shifted,
    sums,
)

if TYPE_CHECKING:
    from dlbook.autograd.core import Array, Rule


def normalized(
    x: Array,
    gamma: Array | None,
    beta: Array | None,
    *,
    form: tuple[int, int, int],
    groups: int,
    eps: float,
) -> Rule:
    """Each group of an example's channels brought to mean 0 and variance 1, then scaled and shifted.

    Args:
        x: Of any shape.
        gamma: The scale of each channel, `(c,)`, or None.
        beta: The shift of each channel, `(c,)`, or None.
        form: The shape `(n, c, l)` that `x` is to be seen in.
        groups: In how many groups the channels are cut; the numbers of one group are a row.
        eps: Added to the variance.
    """
    shape, x = x.shape, np.ascontiguousarray(x.reshape(form))
    n, c, l = x.shape  # noqa: E741
    size = c // groups * l
    x_hat, s = empty(x.shape, x.dtype), np.empty((n, groups), x.dtype)
    gammas, betas = (None if v is None else at_positions(v, x) for v in (gamma, beta))
    y = x_hat if gamma is beta is None else empty(x.shape, x.dtype)
    for i in parts(x):
        rows = x_hat[i].reshape(-1, size)
        deviations = _standardize(x[i].reshape(rows.shape), eps, out=rows)
        s[i] = deviations.reshape(-1, groups)
        scaled_and_shifted(x_hat[i], gammas, betas, y[i])

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dx = empty(x.shape, x.dtype) if needs[0] else None
        dgamma = np.zeros(c) if gamma is not None and needs[1] else None
        dbeta = np.zeros(c) if beta is not None and needs[2] else None
        dy = np.ascontiguousarray(dy.reshape(x.shape))
        for i in parts(x):
            if dgamma is not None:
                dgamma += products(dy[i], x_hat[i])
            if dbeta is not None:
                dbeta += sums(dy[i])
            if dx is not None:
                g = dy[i] if gammas is None else dy[i] * gammas
                rows = x_hat[i].reshape(-1, size)
                out = dx[i].reshape(rows.shape)
                _pull_back(g.reshape(rows.shape), rows, s[i].reshape(-1, 1), out)
        return (
            None if dx is None else dx.reshape(shape),
            None if dgamma is None else dgamma.astype(x.dtype),
            None if dbeta is None else dbeta.astype(x.dtype),
        )

    return y.reshape(shape), vjp


def _means(rows: Array) -> Array:
    """The mean over the last axis, which is kept."""
    size = rows.shape[-1]
    return rows @ np.ones((size, 1), rows.dtype) / size


def _standardize(rows: Array, eps: float, out: Array) -> Array:
    """Write each row less its mean, over its deviation, into `out`; return 1 over the deviation.

    The variance is the mean square of what is left without the mean. The difference of two large numbers, the
    mean square and the squared mean, would have no digits left. What is left has the mean 0 up to rounding; that
    is taken off, too (the corrected two-pass algorithm), so that a constant row comes to zeros.
    """
    np.subtract(rows, _means(rows), out=out)
    out -= _means(out)
    variance = np.vecdot(out, out)[..., None] / out.shape[-1]
    s = 1 / np.sqrt(variance + float(eps))
    out *= s
    return s


def _pull_back(g: Array, x_hat: Array, s: Array, out: Array) -> None:
    """Write s (g − mean g − x̂ mean(g x̂)) into `out`: the gradient of the rows, from that of standardized ones."""
    np.multiply(x_hat, np.vecdot(g, x_hat)[..., None] / g.shape[-1], out=out)
    out += _means(g)
    np.subtract(g, out, out=out)
    out *= s
