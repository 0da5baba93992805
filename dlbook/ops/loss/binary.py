"""Losses of a yes or a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_probabilities
from dlbook.ops.loss.reduction import reduced, stretched

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array, Rule


@primitive
def binary_cross_entropy(
    p: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "..."] | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The log-loss of predicted probabilities, for two classes.

    $$\ell_i = -w_i \bigl(y_i \log p_i + (1 - y_i) \log(1 - p_i)\bigr), \qquad
    \frac{\partial \ell_i}{\partial p_i} = w_i\, \frac{p_i - y_i}{p_i\,(1 - p_i)}.$$
    As in PyTorch a logarithm is never taken to be less than $-100$, and the denominator of the slope never
    less than $10^{-12}$: a confident mistake costs 100 nats, not infinitely many. Where there are scores,
    `binary_cross_entropy_with_logits` needs neither.

    Args:
        p: Probabilities of the class 1, of any shape.
        y: Targets from 0 to 1, of the same shape.
        weight: How much each element counts, of a shape that broadcasts to that of `p`.
        reduction: `"mean"` (divides by the number of elements, not by their weights), `"sum"` or `"none"`.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a probability or a target is outside [0, 1] or NaN, the shapes do not fit, the
            reduction is unknown, or there is nothing to average.

    Source:
        D. R. Cox, *The regression analysis of binary sequences*, J. Royal Statistical Society B 20 (1958).

    Examples:
        >>> float(binary_cross_entropy([0.8], [1]).round(4))
        0.2231
        >>> float(binary_cross_entropy([0.0], [1]))
        100.0
    """
    expect_probabilities("binary_cross_entropy: p", p)
    expect_probabilities("binary_cross_entropy: y", y)
    w = stretched("binary_cross_entropy: weight", weight, p)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    losses = -w * (y * log_p + (1 - y) * log_q)
    loss, scale = reduced("binary_cross_entropy", losses, reduction, p.size)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array | None, None]:
        dlosses = w * (dloss * scale)
        dp = dlosses * (p - y) / np.maximum(p * (1 - p), 1e-12)
        return dp, dlosses * (log_q - log_p) if needs[1] else None, None

    return loss, vjp


@primitive
def binary_cross_entropy_with_logits(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "..."] | None = None,
    /,
    *,
    pos_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Rule:
    r"""The log-loss of scores: sigmoid and cross-entropy in one, so that no logarithm of zero is taken.

    $$\ell_i = w_i \bigl(c\, y_i\, s(-z_i) + (1 - y_i)\, s(z_i)\bigr), \qquad
    s(z) = \log(1 + e^z) = \max(z, 0) + \log\bigl(1 + e^{-|z|}\bigr),$$
    $$\frac{\partial \ell_i}{\partial z_i} = w_i \bigl((1 + (c - 1)\, y_i)\, \sigma(z_i) - c\, y_i\bigr),$$
    where $c$ is `pos_weight`; for $w_i = c = 1$ the slope is $\sigma(z_i) - y_i$.

    Args:
        z: Scores (log-odds, in nats), of any shape.
        y: Targets from 0 to 1, of the same shape.
        weight: How much each element counts, of a shape that broadcasts to that of `z`.
        pos_weight: How much a positive counts beside a negative; a number, or an array that broadcasts to
            the shape of `z`, such as one number per label.
        reduction: `"mean"` (divides by the number of elements, not by their weights), `"sum"` or `"none"`.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a target is outside [0, 1] or NaN, the shapes do not fit, the reduction is unknown, or
            there is nothing to average.

    Source:
        D. R. Cox, *The regression analysis of binary sequences*, J. Royal Statistical Society B 20 (1958).

    Examples:
        >>> binary_cross_entropy_with_logits([0.0, 1000.0], [1, 0], reduction="none")
        array([6.93147181e-01, 1.00000000e+03])
    """
    expect_probabilities("binary_cross_entropy_with_logits: y", y)
    w = stretched("binary_cross_entropy_with_logits: weight", weight, z)
    c, cy, both = 1, y, 1
    if pos_weight is not None:
        c = stretched(
            "binary_cross_entropy_with_logits: pos_weight",
            np.asarray(pos_weight, z.dtype),
            z,
        )
        cy = c * y
        both = cy + (1 - y)
    e = np.exp(-np.abs(z))
    losses = both * np.maximum(z, 0) - cy * z + both * np.log1p(e)
    loss, scale = reduced(
        "binary_cross_entropy_with_logits", w * losses, reduction, z.size
    )

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array | None, None]:
        dlosses = w * (dloss * scale)
        a = np.exp(np.minimum(z, 0)) / (1 + e)
        dz = dlosses * (both * a - cy)
        dy = (
            dlosses * ((c - 1) * (np.maximum(z, 0) + np.log1p(e)) - c * z)
            if needs[1]
            else None
        )
        return dz, dy, None

    return loss, vjp
