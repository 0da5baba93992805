"""Losses of predicted numbers that a few wild targets cannot rule: a square near zero, a line far from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_setting
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def huber_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "*shape"] | None = None,
    /,
    *,
    delta: float = 1.0,
    reduction: str = "mean",
) -> Rule:
    r"""Half the square of a small error, and for a large one the line that goes on with the same slope.

    With the error $e_i = \hat y_i - y_i$ and the clipped error
    $c_i = \max(-\delta, \min(e_i, \delta))$,
    $$\ell_i = w_i\, c_i \bigl(e_i - \tfrac12 c_i\bigr), \qquad
    \frac{\partial \ell_i}{\partial \hat y_i} = w_i\, c_i .$$
    Where $|e_i| \le \delta$ this is $\tfrac12 e_i^2$, elsewhere $\delta\,(|e_i| - \tfrac12 \delta)$.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape.
        weight: How much each element counts, of the same shape.
        delta: $\delta$, the largest error that is squared, in the units of `y`.
        reduction: `"mean"` (divides by the number of elements, not by their weights as `mse_loss` does:
            PyTorch's convention), `"sum"` or `"none"`.

    Returns:
        The loss, in squared units of `y`.

    Raises:
        ValueError: If the shapes differ, `delta` is not positive, the reduction is unknown, or there is
            nothing to average.

    Source:
        P. J. Huber, *Robust estimation of a location parameter*, Annals of Mathematical Statistics 35 (1964).

    Examples:
        >>> huber_loss([0.5, -3.0], [0.0, 0.0], reduction="none")
        array([0.125, 2.5  ])
    """
    expect_setting("huber_loss: delta", "a positive number", delta, delta > 0)
    w = 1 if weight is None else weight
    error = y_hat - y
    clipped = np.clip(error, -delta, delta)
    losses = w * (clipped * (error - clipped / 2))
    loss, scale = reduced("huber_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dy_hat = (w * (scale * dloss)) * clipped
        return dy_hat, -dy_hat, None

    return loss, vjp


@primitive
def smooth_l1_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    beta: float = 1.0,
    reduction: str = "mean",
) -> Rule:
    r"""Huber's loss divided by its threshold: far from zero it is the absolute error less a constant.

    With the error $e_i = \hat y_i - y_i$,
    $$\ell_i = \begin{cases} e_i^2 / (2 \beta) & |e_i| < \beta \\ |e_i| - \beta / 2 & \text{else,} \end{cases}
    \qquad \frac{\partial \ell_i}{\partial \hat y_i}
    = \max\Bigl(-1, \min\Bigl(\frac{e_i}{\beta},\, 1\Bigr)\Bigr).$$
    For $\beta = 0$ it is `l1_loss`, and where a prediction is exact zero is taken as its slope.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape.
        beta: $\beta$, where the square ends, in the units of `y`.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in the units of `y`.

    Raises:
        ValueError: If the shapes differ, `beta` is negative, the reduction is unknown, or there is nothing to
            average.

    Source:
        R. Girshick, *Fast R-CNN*, ICCV 2015.

    Examples:
        >>> smooth_l1_loss([0.5, -3.0], [0.0, 0.0], beta=2.0, reduction="none")
        array([0.0625, 2.    ])
    """
    expect_setting("smooth_l1_loss: beta", "zero or more", beta, beta >= 0)
    error = y_hat - y
    size = np.abs(error)
    near = size < beta
    losses = np.where(near, error * error / (2 * beta or 1), size - beta / 2)
    loss, scale = reduced("smooth_l1_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array]:
        dy_hat = (scale * dloss) * np.where(near, error / (beta or 1), np.sign(error))
        return dy_hat, -dy_hat

    return loss, vjp
