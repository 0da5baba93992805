"""The log-loss of scores, turned down where the answer is right already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_setting, expect_values
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def sigmoid_focal_loss(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    alpha: float = 0.25,
    gamma: float = 2.0,
    reduction: str = "none",
) -> Rule:
    r"""The log-loss, times how much of the truth was missed to the power $\gamma$.

    Let $s_i = 2 y_i - 1$ be the side of the truth, $q_i = \sigma(-s_i z_i)$ the probability that was *not*
    given to it, and $\alpha_i = \alpha$ for a yes, $1 - \alpha$ for a no. Then
    $$\ell_i = -\alpha_i\, q_i^\gamma \ln(1 - q_i), \qquad
    \frac{\partial \ell_i}{\partial z_i}
    = -s_i\, \alpha_i\, q_i^\gamma \bigl(q_i - \gamma\,(1 - q_i) \ln(1 - q_i)\bigr).$$
    With $\gamma = 0$ and no $\alpha$ it is `binary_cross_entropy_with_logits`.

    Args:
        z: Scores, of any shape.
        y: Labels, 0 or 1, of the same shape; constants, without a gradient.
        alpha: $\alpha$, how much a yes counts, from 0 to 1; $-1$ leaves it out, and everything counts 1.
        gamma: $\gamma$, how fast a right answer is turned down, from zero on.
        reduction: `"none"` (one loss per element, torchvision's default), `"mean"` or `"sum"`.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a label is neither 0 nor 1, a setting is out of its range, the shapes differ, the
            reduction is unknown, or there is nothing to average.

    Source:
        T.-Y. Lin et al., *Focal loss for dense object detection*, ICCV 2017.

    Examples:
        >>> sigmoid_focal_loss([0.0, np.log(9)], [1, 1], alpha=-1).round(4)
        array([0.1733, 0.0011])
    """
    expect_setting(
        "sigmoid_focal_loss: alpha",
        "a number from 0 to 1, or -1",
        alpha,
        0 <= alpha <= 1 or alpha == -1,
    )
    expect_setting("sigmoid_focal_loss: gamma", "zero or more", gamma, gamma >= 0)
    expect_values("sigmoid_focal_loss: y", "labels 0 or 1", y, (y == 0) | (y == 1))
    s = 2 * y - 1
    alphas = 1 if alpha == -1 else alpha * y + (1 - alpha) * (1 - y)
    u = s * z  # how far the score lies on the right side
    e = np.exp(-np.abs(u))
    q = np.exp(-np.maximum(u, 0)) / (1 + e)
    surprise = np.maximum(-u, 0) + np.log1p(e)
    turned_down = alphas * q**gamma
    losses = turned_down * surprise
    loss, scale = reduced("sigmoid_focal_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, None]:
        slope = -s * turned_down * (q + gamma * (1 - q) * surprise)
        return (scale * dloss) * slope, None

    return loss, vjp
