"""Rectifiers whose negative side is an exponential that levels off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def elu(z: Float[Array, "..."], /, *, alpha: float = 1.0) -> Rule:
    r"""The exponential linear unit: a ramp that levels off at $-\alpha$ on the negative side.

    $$\operatorname{elu}(z) = \begin{cases} z & \text{if } z > 0 \\ \alpha\,(e^z - 1) & \text{if } z \le 0 \end{cases}
    \qquad \operatorname{elu}'(z) = \begin{cases} 1 \\ \alpha\,e^z. \end{cases}$$
    For $\alpha = 1$ the slopes meet. Otherwise there is a kink at zero, where the slope from the left, $\alpha$, is
    taken. The exponential is only taken of scores that are not positive.

    Args:
        z: Scores, of any shape.
        alpha: How far the negative side goes down, $\alpha$.

    Returns:
        Activations of the same shape, above $-\alpha$ in exact arithmetic.

    Source:
        D.-A. Clevert, T. Unterthiner, S. Hochreiter, *Fast and accurate deep network learning by exponential
        linear units (ELUs)*, ICLR (2016).

    Examples:
        >>> elu([-1000.0, -1.0, 0.0, 2.0]).round(3)
        array([-1.   , -0.632,  0.   ,  2.   ])
    """
    down = np.minimum(z, 0)
    a = np.maximum(z, 0) + alpha * np.expm1(down)
    rest = z.dtype.type(1 - alpha)  # what is missing to a slope of one, where z > 0
    return a, lambda da: da * (alpha * np.exp(down) + rest * (z > 0))


@primitive
def celu(z: Float[Array, "..."], /, *, alpha: float = 1.0) -> Rule:
    r"""The exponential linear unit without a kink, whatever $\alpha$ is.

    $$\operatorname{celu}(z) = \begin{cases} z & \text{if } z > 0 \\
    \alpha\,(e^{z/\alpha} - 1) & \text{if } z \le 0 \end{cases}
    \qquad \operatorname{celu}'(z) = \begin{cases} 1 \\ e^{z/\alpha}. \end{cases}$$

    Args:
        z: Scores, of any shape.
        alpha: How far the negative side goes down, $\alpha > 0$.

    Returns:
        Activations of the same shape, above $-\alpha$ in exact arithmetic.

    Raises:
        ValueError: If `alpha` is not positive.

    Source:
        J. T. Barron, *Continuously differentiable exponential linear units* (2017).

    Examples:
        >>> celu([-1000.0, -1.0, 0.0, 2.0], alpha=0.5).round(3)
        array([-0.5  , -0.432,  0.   ,  2.   ])
    """
    if not alpha > 0:
        raise ValueError(f"celu: alpha: expected a positive number, got {alpha:g}")
    down = np.minimum(z, 0) / alpha
    a = np.maximum(z, 0) + alpha * np.expm1(down)
    return a, lambda da: da * np.exp(down)


@primitive
def selu(z: Float[Array, "..."], /) -> Rule:
    r"""The scaled exponential linear unit, whose constants keep mean 0 and variance 1.

    $$\operatorname{selu}(z) = \lambda \begin{cases} z & \text{if } z > 0 \\
    \alpha\,(e^z - 1) & \text{if } z \le 0 \end{cases}
    \qquad \operatorname{selu}'(z) = \lambda \begin{cases} 1 \\ \alpha\,e^z \end{cases}$$
    with $\lambda \approx 1.0507$ and $\alpha \approx 1.6733$. If $z$ is standard normal, $\operatorname{selu}(z)$
    has mean 0 and variance 1, and these two conditions fix both constants. At zero there is a kink, where the
    slope from the left, $\lambda\alpha$, is taken.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, above $-\lambda\alpha$ in exact arithmetic.

    Source:
        G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, *Self-normalizing neural networks*, NIPS (2017).

    Examples:
        >>> selu([-1000.0, 0.0, 1.0]).round(4)
        array([-1.7581,  0.    ,  1.0507])
    """
    scale, alpha = 1.0507009873554804934, 1.6732632423543772848
    down = np.minimum(z, 0)
    a = scale * np.maximum(z, 0) + scale * alpha * np.expm1(down)
    rest = z.dtype.type(scale - scale * alpha)
    return a, lambda da: da * (scale * alpha * np.exp(down) + rest * (z > 0))
