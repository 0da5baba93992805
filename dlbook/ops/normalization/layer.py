"""Normalization of each example by itself, over its features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.normalization.rows import pulled_back, standardized

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def layer_norm(
    x: Float[Array, "*batch d"],
    gamma: Float[Array, " d"] | None = None,
    beta: Float[Array, " d"] | None = None,
    /,
    *,
    eps: float = 1e-5,
) -> Rule:
    r"""Each row brought to mean 0 and variance 1, then scaled and shifted, feature by feature.

    With the mean $\mu$ and the variance $\sigma^2$ of the $d$ features of one row,
    $$\hat x_j = s\,(x_j - \mu), \qquad s = \frac{1}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
    y_j = \gamma_j \hat x_j + \beta_j .$$
    Every feature moves the mean and the variance. With $g_j = \gamma_j\, dy_j$ and $\langle\cdot\rangle$ the mean
    over the features of the row,
    $$dx_j = s \bigl(g_j - \langle g \rangle - \hat x_j \langle g \hat x \rangle\bigr), \qquad
    d\gamma_j = \sum_i dy_{ij} \hat x_{ij}, \qquad d\beta_j = \sum_i dy_{ij} .$$
    What is taken off is the part of $g$ along $(1, \dots, 1)$ and that along $\hat x$: to shift or to stretch a row
    changes nothing.

    Args:
        x: Rows of features, `(*batch, d)`; a single row `(d,)` will do.
        gamma: The scale of each feature, `(d,)`; 1 if left out.
        beta: The shift of each feature, `(d,)`; 0 if left out.
        eps: $\varepsilon$, added to the variance, so that a constant row is no division by zero.

    Returns:
        Rows of the same shape.

    Raises:
        ValueError: If the shapes do not fit, or there are no features.

    Source:
        J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv:1607.06450 (2016).

    Examples:
        >>> layer_norm([[1.0, 3.0], [10.0, 30.0]], eps=0)
        array([[-1.,  1.],
               [-1.,  1.]])
        >>> layer_norm([[1.0, 3.0]], [2.0, 2.0], [0.0, 5.0], eps=0)
        array([[-2.,  7.]])
    """
    d = x.shape[-1]
    if d == 0:
        raise ValueError(
            f"layer_norm: x: expected at least one feature, got shape {x.shape}"
        )
    x_hat, r = standardized(x.reshape(-1, d), eps)
    y = x_hat if gamma is None else x_hat * gamma
    if beta is not None:
        y = y + beta if y is x_hat else np.add(y, beta, out=y)

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dy = dy.reshape(-1, d)
        dx = dgamma = dbeta = None
        if needs[0]:
            dx = pulled_back(dy if gamma is None else dy * gamma, x_hat, r)
            dx = dx.reshape(x.shape)
        if gamma is not None and needs[1]:
            dgamma = (dy * x_hat).sum(axis=0)
        if beta is not None and needs[2]:
            dbeta = dy.sum(axis=0)
        return dx, dgamma, dbeta

    return y.reshape(x.shape), vjp
