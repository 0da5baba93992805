"""Losses of predicted numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.reduction import weighted

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def mse_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "*shape"] | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The mean squared error of predicted numbers.

    $$L = \frac{\sum_i w_i\,(\hat y_i - y_i)^2}{\sum_i w_i}, \qquad
    \frac{\partial L}{\partial \hat y_i} = \frac{2\, w_i\,(\hat y_i - y_i)}{\sum_i w_i},$$
    with $w_i = 1$ where no weights are given.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape. (`(n, 1)` against `(n,)` would compare every prediction
            with every target, and is refused.)
        weight: How much each element counts, of the same shape.
        reduction: `"mean"`, `"sum"` (of the weighted squares) or `"none"` (one loss per element).

    Returns:
        The loss, in squared units of `y`.

    Raises:
        ValueError: If the shapes differ, the reduction is unknown, or there is nothing to average.

    Source:
        A.-M. Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes* (1805).

    Examples:
        >>> float(mse_loss([1.0, 2.0, 4.0], [1.0, 3.0, 1.0], reduction="sum"))
        10.0
    """
    error = y_hat - y
    loss, scale = weighted("mse_loss", error * error, weight, reduction)

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dy_hat = (2 * scale * dloss) * error
        return dy_hat, -dy_hat, None

    return loss, vjp


@primitive
def l1_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "*shape"] | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The mean absolute error of predicted numbers.

    $$L = \frac{\sum_i w_i\,|\hat y_i - y_i|}{\sum_i w_i}, \qquad
    \frac{\partial L}{\partial \hat y_i} = \frac{w_i \operatorname{sign}(\hat y_i - y_i)}{\sum_i w_i},$$
    with $w_i = 1$ where no weights are given. Where a prediction is exact there is no derivative; of the
    subgradients in $[-1, 1]$ zero is taken.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape.
        weight: How much each element counts, of the same shape.
        reduction: `"mean"`, `"sum"` (of the weighted errors) or `"none"` (one loss per element).

    Returns:
        The loss, in the units of `y`.

    Raises:
        ValueError: If the shapes differ, the reduction is unknown, or there is nothing to average.

    Source:
        P.-S. Laplace, *Mémoire sur la probabilité des causes par les événemens* (1774).

    Examples:
        >>> float(l1_loss([1.0, 2.0, 4.0], [1.0, 3.0, 1.0], reduction="sum"))
        4.0
    """
    error = y_hat - y
    loss, scale = weighted("l1_loss", np.abs(error), weight, reduction)

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dy_hat = (scale * dloss) * np.sign(error)
        return dy_hat, -dy_hat, None

    return loss, vjp
