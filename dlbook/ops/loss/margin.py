"""Losses of a side: they ask on which side of a border a score lies, and how far from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_values
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def perceptron_loss(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""How far a score lies on the wrong side of zero.

    $$\ell_i = \max(0, -y_i z_i), \qquad
    \frac{\partial \ell_i}{\partial z_i} = -y_i\,[\,y_i z_i \le 0\,].$$
    At $z_i = 0$ there is no derivative; of the subgradients the steepest is taken, so that a score of
    exactly zero, which is on neither side, is corrected as a mistake. Descending the loss of one example
    by a rate of 1 is then the perceptron's update.

    Args:
        z: Scores, of any shape.
        y: The sides, $-1$ or $+1$, of the same shape; constants, without a gradient.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in the units of the score.

    Raises:
        ValueError: If a side is neither $-1$ nor $+1$, the shapes differ, the reduction is unknown, or there
            is nothing to average.

    Source:
        F. Rosenblatt, *The perceptron*, Psychological Review 65 (1958); as a loss: R. O. Duda, P. E. Hart,
        *Pattern Classification and Scene Analysis* (1973), section 5.5.

    Examples:
        >>> perceptron_loss([2.0, -0.5, 3.0], [1, 1, -1], reduction="none")
        array([0. , 0.5, 3. ])
    """
    expect_sides("perceptron_loss: y", y)
    loss, scale = reduced("perceptron_loss", np.maximum(-y * z, 0), reduction, z.size)
    return loss, lambda dloss: (np.where(y * z <= 0, -y, 0) * (scale * dloss), None)


def expect_sides(where: str, y: Array) -> None:
    """Refuse what is neither -1 nor +1, such as labels 0 and 1."""
    expect_values(where, "sides of -1 or +1", y, np.abs(y) == 1)
