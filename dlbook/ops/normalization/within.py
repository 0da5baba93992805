"""Normalization within an example: what layer, group and instance normalization share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.aligned import empty
from dlbook.ops.normalization.channels import (
    at_positions,
    over_positions,
    parts,
    scaled_and_shifted,
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
        dgamma, dbeta = np.zeros((2, c))
        dy = np.ascontiguousarray(dy.reshape(x.shape))
        scale = np.ones(c, x.dtype) if gamma is None else gamma
        for i in parts(x):
            products = np.multiply(dy[i], x_hat[i], out=empty(x[i].shape, x.dtype))
            by_channel = [over_positions(a) for a in (products, dy[i])]
            dgamma += np.ones(len(products), x.dtype) @ by_channel[0]
            dbeta += np.ones(len(products), x.dtype) @ by_channel[1]
            if dx is not None:  # s (γ dy − mean γ dy − x̂ mean γ dy x̂)
                along, mean = (
                    _means_of_groups(a, scale, groups, l) for a in by_channel
                )
                taken_off = products.reshape(-1, size)
                np.multiply(x_hat[i].reshape(taken_off.shape), along, out=taken_off)
                taken_off += mean
                g = dy[i] if gammas is None else np.multiply(dy[i], gammas, out=dx[i])
                np.subtract(g, products, out=dx[i])
                rows = dx[i].reshape(taken_off.shape)
                rows *= s[i].reshape(-1, 1)
        return (
            None if dx is None else dx.reshape(shape),
            None if gamma is None or not needs[1] else dgamma.astype(x.dtype),
            None if beta is None or not needs[2] else dbeta.astype(x.dtype),
        )

    return y.reshape(shape), vjp


def _means_of_groups(a: Array, scale: Array, groups: int, positions: int) -> Array:
    """The mean of the scaled channels of each group, from their sums over positions; a row for each group."""
    scale = scale.reshape(groups, -1)
    size = scale.shape[1] * positions
    return np.vecdot(a.reshape(-1, *scale.shape), scale).reshape(-1, 1) / size


def _means(rows: Array) -> Array:
    """The mean over the last axis, which is kept."""
    size = rows.shape[-1]
    return rows @ np.ones((size, 1), rows.dtype) / size


def _standardize(rows: Array, eps: float, out: Array) -> Array:
    """Write each row less its mean, over its deviation, into `out`; return 1 over the deviation.

    The variance is the mean square of what is left without the mean. The difference of two large numbers, the
    mean square and the squared mean, would have no digits left. What is left has the mean 0 up to rounding; where
    that can be seen, it is taken off, too (the corrected two-pass algorithm), so that a constant row comes to zeros.
    """
    np.subtract(rows, _means(rows), out=out)
    rest = _means(out)
    variance = np.vecdot(out, out)[..., None] / out.shape[-1] - rest * rest
    s = 1 / np.sqrt(np.maximum(variance, 0) + float(eps))
    if (abs(rest) * s).max(initial=0) > np.finfo(out.dtype).eps:
        out -= rest
    out *= s
    return s
