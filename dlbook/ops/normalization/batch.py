"""Normalization of each channel, over the examples of a batch."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.aligned import empty
from dlbook.ops.normalization.channels import (
    at_positions,
    expect_eps,
    parts,
    products,
    scaled_and_shifted,
    sums,
)

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def batch_norm(
    x: Float[Array, "n c *dims"],
    gamma: Float[Array, " c"] | None = None,
    beta: Float[Array, " c"] | None = None,
    mean: Float[Array, " c"] | None = None,
    var: Float[Array, " c"] | None = None,
    /,
    *,
    eps: float = 1e-5,
    moments: Array | None = None,
) -> Rule:
    r"""Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted.

    With the mean $\mu$ and the variance $\sigma^2$ of the channel's $m$ numbers, over all examples and positions,
    $$\hat x_i = s\,(x_i - \mu), \qquad s = \frac{1}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
    y_i = \gamma \hat x_i + \beta .$$
    Every number moves the mean and the variance. With $\langle\cdot\rangle$ the mean over the channel's numbers,
    $$dx_i = \gamma s \bigl(dy_i - \langle dy \rangle - \hat x_i \langle dy\, \hat x \rangle\bigr), \qquad
    d\gamma = \sum_i dy_i \hat x_i, \qquad d\beta = \sum_i dy_i .$$
    Where $\mu$ and $\sigma^2$ are given, as in an evaluation, they are constants to $x$:
    $$dx_i = \gamma s\, dy_i, \qquad d\mu = -\gamma s\, d\beta, \qquad
    d\sigma^2 = -\tfrac12 \gamma s^2\, d\gamma .$$

    Args:
        x: A batch: `(n, c)`, `(n, c, l)` or `(n, c, h, w)`, with channels as the second axis.
        gamma: The scale of each channel, `(c,)`; 1 if left out.
        beta: The shift of each channel, `(c,)`; 0 if left out.
        mean: $\mu$ of each channel, `(c,)`; that of the batch if left out.
        var: $\sigma^2$ of each channel, `(c,)`; that of the batch (biased, divided by $m$) if left out.
        eps: $\varepsilon$, added to the variance, so that a constant channel is no division by zero.
        moments: An array `(2, c)` into which the batch's mean and biased variance are written, for whoever needs
            them besides.

    Returns:
        A batch of the same shape.

    Raises:
        ValueError: If the shapes do not fit, only one of `mean` and `var` is given, a variance is negative, there
            are no numbers to take a mean of, or `moments` is asked for where the batch has none to tell.

    Source:
        S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
        covariate shift*, ICML (2015); the variance: T. F. Chan, G. H. Golub, R. J. LeVeque, *Algorithms for
        computing the sample variance*, The American Statistician 37 (1983).

    Examples:
        >>> batch_norm([[1.0, 10.0], [3.0, 30.0]], eps=0)
        array([[-1., -1.],
               [ 1.,  1.]])
        >>> batch_norm([[1.0], [3.0]], None, None, [1.0], [4.0], eps=0)
        array([[0.],
               [1.]])
    """
    expect_eps("batch_norm", eps)
    _expect_moments(x, mean, var, moments)
    form = (*x.shape[:2], prod(x.shape[2:]))
    channels = np.ascontiguousarray(x.reshape(form))
    if mean is None or var is None:
        y, pull_back = _by_its_own(channels, gamma, beta, eps, moments)
    else:
        y, pull_back = _by_given(
            channels, gamma, beta, mean, 1 / np.sqrt(var + float(eps))
        )

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True, True, True)
    ) -> tuple[Array | None, ...]:
        dy = np.ascontiguousarray(dy.reshape(form))
        dx, *others = pull_back(dy, needs)
        return (
            None if dx is None else dx.reshape(x.shape),
            *(
                None if v is None or d is None else d.astype(x.dtype)
                for v, d in zip((gamma, beta, mean, var), others, strict=True)
            ),
        )

    return y.reshape(x.shape), vjp


def _by_its_own(
    x: Array, gamma: Array | None, beta: Array | None, eps: float, moments: Array | None
) -> Rule:
    """The rule for `(n, c, l)` where mean and variance are the batch's own."""
    m = len(x) * x.shape[2]
    centered, rest, mean, var = _centered(x)
    if moments is not None:
        moments[:] = mean, var
    s = 1 / np.sqrt(var + float(eps))
    a = s if gamma is None else gamma * s
    scales = at_positions(a, x)
    shifts = at_positions(-rest * a if beta is None else beta - rest * a, x)
    y = empty(x.shape, x.dtype)
    for i in parts(x):
        np.multiply(centered[i], scales, out=y[i])
        y[i] += shifts

    def pull_back(dy: Array, needs: tuple[bool, ...]) -> tuple[Array | None, ...]:
        dbeta, dgamma = np.zeros((2, len(a)))
        for i in parts(x):
            dbeta += sums(dy[i])
            dgamma += products(dy[i], centered[i])
        dgamma = s * (dgamma - rest * dbeta)
        if not needs[0]:
            return None, dgamma, dbeta, None, None
        slope = s * dgamma / m
        slopes = at_positions(slope, x)
        means = at_positions(dbeta / m - rest * slope, x)
        dx = empty(x.shape, x.dtype)
        for i in parts(x):
            np.multiply(centered[i], slopes, out=dx[i])
            dx[i] += means
            np.subtract(dy[i], dx[i], out=dx[i])
            dx[i] *= scales
        return dx, dgamma, dbeta, None, None

    return y, pull_back


def _centered(x: Array) -> tuple[Array, Array, Array, Array]:
    """The numbers less a mean that is nearly theirs, the mean of what is left, the whole mean, and the variance.

    The variance is the mean square of what is left less its squared mean. Without the shift this would be the
    difference of two large numbers, without digits (the shifted one-pass algorithm). The shift is the mean of the
    first of k parts. It is at most √k standard deviations away, and so k bounds the loss; a constant channel loses
    nothing.
    """
    m = len(x) * x.shape[2]
    first = x[next(parts(x))]
    shift = np.zeros(x.shape[1], x.dtype)
    for _ in range(2):  # the second time for what rounding left
        left = sums(first - at_positions(shift, x)) * (x.shape[1] / first.size)
        shift = (shift + left).astype(x.dtype)
    shifts = at_positions(shift, x)
    centered = empty(x.shape, x.dtype)
    rest, var = np.zeros((2, x.shape[1]))
    for i in parts(x):
        np.subtract(x[i], shifts, out=centered[i])
        rest += sums(centered[i])
        var += products(centered[i], centered[i])
    rest /= m
    return centered, rest, shift + rest, np.maximum(var / m - rest * rest, 0)


def _by_given(
    x: Array, gamma: Array | None, beta: Array | None, mean: Array, s: Array
) -> Rule:
    """The rule for `(n, c, l)` where the mean and 1 over the deviation, `s`, are given."""
    a = s if gamma is None else gamma * s
    means, scales = at_positions(mean, x), at_positions(a, x)
    shifts = None if beta is None else at_positions(beta, x)
    y = empty(x.shape, x.dtype)
    for i in parts(x):
        np.subtract(x[i], means, out=y[i])
        scaled_and_shifted(y[i], scales, shifts, y[i])

    def pull_back(dy: Array, needs: tuple[bool, ...]) -> tuple[Array | None, ...]:
        dx = dy * scales if needs[0] else None
        if not any(needs[1:]):
            return dx, None, None, None, None
        dbeta, dgamma = np.zeros((2, len(a)))
        for i in parts(x):
            dbeta += sums(dy[i])
            dgamma += s * products(dy[i], x[i] - means)
        return dx, dgamma, dbeta, -a * dbeta, -0.5 * a * s * dgamma

    return y, pull_back


def _expect_moments(
    x: Array, mean: Array | None, var: Array | None, moments: Array | None
) -> None:
    if (mean is None) != (var is None):
        raise ValueError(
            "batch_norm: mean, var: expected both or neither, got one of them"
        )
    if var is not None and not (var >= 0).all():
        raise ValueError(
            f"batch_norm: var: expected numbers of at least 0, got {var.min():g}"
        )
    if mean is None and x.size == 0:
        raise ValueError(
            f"batch_norm: x: expected numbers to take a mean of, got shape {x.shape}"
        )
    if moments is not None and (mean is not None or moments.shape != (2, x.shape[1])):
        raise ValueError(
            f"batch_norm: moments: expected an array (2, c={x.shape[1]}) where the batch's are used, "
            f"got {moments.shape}{' beside given ones' * (mean is not None)}"
        )
