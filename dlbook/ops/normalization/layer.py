"""Normalization of each example by itself, over its features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.aligned import empty
from dlbook.ops.normalization.channels import (
    expect_eps,
    parts,
    products,
    scaled_and_shifted,
)
from dlbook.ops.normalization.within import normalized

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
        J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv (2016).

    Examples:
        >>> layer_norm([[1.0, 3.0], [10.0, 30.0]], eps=0)
        array([[-1.,  1.],
               [-1.,  1.]])
        >>> layer_norm([[1.0, 3.0]], [2.0, 2.0], [0.0, 5.0], eps=0)
        array([[-2.,  7.]])
    """
    d = x.shape[-1]
    _expect_features("layer_norm", x)
    expect_eps("layer_norm", eps)
    return normalized(x, gamma, beta, form=(-1, d, 1), groups=1, eps=eps)


@primitive
def rms_norm(
    x: Float[Array, "*batch d"],
    gamma: Float[Array, " d"] | None = None,
    /,
    *,
    eps: float | None = None,
) -> Rule:
    r"""Each row divided by the root of its mean square, then scaled, feature by feature.

    With $\langle\cdot\rangle$ the mean over the $d$ features of one row,
    $$\hat x_j = s\,x_j, \qquad s = \frac{1}{\sqrt{\langle x^2 \rangle + \varepsilon}}, \qquad
    y_j = \gamma_j \hat x_j ,$$
    and with $g_j = \gamma_j\, dy_j$
    $$dx_j = s \bigl(g_j - \hat x_j \langle g \hat x \rangle\bigr), \qquad
    d\gamma_j = \sum_i dy_{ij} \hat x_{ij} .$$
    It is layer normalization without the mean: what is taken off $g$ is only its part along $\hat x$.

    Args:
        x: Rows of features, `(*batch, d)`; a single row `(d,)` will do.
        gamma: The scale of each feature, `(d,)`; 1 if left out.
        eps: $\varepsilon$, added to the mean square, so that a row of zeros is no division by zero. Left out, it
            is the gap from 1 to the next number of the dtype, as in PyTorch.

    Returns:
        Rows of the same shape.

    Raises:
        ValueError: If the shapes do not fit, or there are no features.

    Source:
        B. Zhang, R. Sennrich, *Root mean square layer normalization*, NeurIPS (2019).

    Examples:
        >>> rms_norm([[3.0, 4.0]], eps=0).round(4)
        array([[0.8485, 1.1314]])
        >>> rms_norm([[1.0, -7.0]], [5.0, 5.0], eps=0)
        array([[ 1., -7.]])
    """
    d = x.shape[-1]
    _expect_features("rms_norm", x)
    if eps is None:
        eps = float(np.finfo(x.dtype).eps)
    expect_eps("rms_norm", eps)
    rows = np.ascontiguousarray(x.reshape(-1, d))
    x_hat, s = empty(rows.shape, x.dtype), np.empty((len(rows), 1), x.dtype)
    y = x_hat if gamma is None else empty(rows.shape, x.dtype)
    for i in parts(rows):
        s[i, 0] = 1 / np.sqrt(np.vecdot(rows[i], rows[i]) / d + float(eps))
        np.multiply(rows[i], s[i], out=x_hat[i])
        scaled_and_shifted(x_hat[i], gamma, None, y[i])

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True)
    ) -> tuple[Array | None, ...]:
        dx = empty(rows.shape, x.dtype) if needs[0] else None
        dgamma = np.zeros(d) if gamma is not None and needs[1] else None
        dy = np.ascontiguousarray(dy.reshape(rows.shape))
        for i in parts(rows):
            if dgamma is not None:
                dgamma += products(dy[i][..., None], x_hat[i][..., None])
            if dx is not None:
                g = dy[i] if gamma is None else dy[i] * gamma
                along = np.vecdot(g, x_hat[i])[:, None] / d
                np.subtract(g, np.multiply(x_hat[i], along, out=dx[i]), out=dx[i])
                dx[i] *= s[i]
        return (
            None if dx is None else dx.reshape(x.shape),
            None if dgamma is None else dgamma.astype(x.dtype),
        )

    return y.reshape(x.shape), vjp


def _expect_features(name: str, x: Array) -> None:
    if x.shape[-1] == 0:
        raise ValueError(
            f"{name}: x: expected at least one feature, got shape {x.shape}"
        )
