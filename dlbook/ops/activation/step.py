"""Steps: nothing is done to a score, or all is decided at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def identity(z: Float[Array, "..."], /) -> Rule:
    r"""The score itself, for a unit that needs no activation.

    $$a = z, \qquad dz = da.$$

    Args:
        z: Scores, of any shape.

    Returns:
        The same scores.

    Source:
        The linear unit of B. Widrow, M. E. Hoff, *Adaptive switching circuits* (1960).

    Examples:
        >>> identity([-1.0, 2.0])
        array([-1.,  2.])
    """
    return z, lambda da: da


@primitive
def heaviside(
    z: Float[Array, "..."],
    values: Float[Array, "..."],
    /,
) -> Rule:
    r"""The step: zero below zero, one above it, and `values` at zero.

    $$a = [z > 0] + v\,[z = 0], \qquad dz = 0.$$
    The slope is zero wherever there is one, so zero is what it is taken to be at the jump as well. Nothing
    is learned through a step.

    Args:
        z: Scores, of any shape.
        values: What stands at $z = 0$, of a shape that broadcasts to that of `z`; constants, without a gradient.

    Returns:
        Zeros and ones of the same shape.

    Raises:
        ValueError: If the values do not broadcast to the scores.

    Source:
        As a unit: W. S. McCulloch, W. Pitts, *A logical calculus of the ideas immanent in nervous activity*,
        Bulletin of Mathematical Biophysics 5 (1943).

    Examples:
        >>> heaviside([-1.5, 0.0, 2.0], 0.5)
        array([0. , 0.5, 1. ])
    """
    try:
        v = np.broadcast_to(values, z.shape)
    except ValueError:
        raise ValueError(
            f"heaviside: values: expected a shape that broadcasts to {z.shape}, got {values.shape}"
        ) from None
    return np.heaviside(z, v), lambda da: (np.zeros_like(da), None)


@primitive
def threshold(z: Float[Array, "..."], /, *, threshold: float, value: float) -> Rule:
    r"""A score if it is above the threshold $\theta$, else a fixed value $v$.

    $$a = \begin{cases} z & \text{if } z > \theta \\ v & \text{if } z \le \theta \end{cases}
    \qquad a' = [z > \theta].$$
    Unless $v = \theta$ the function jumps at the threshold; the slope there is taken to be zero.

    Args:
        z: Scores, of any shape.
        threshold: The score $\theta$ above which a score is let through.
        value: What the others become, $v$.

    Returns:
        Activations of the same shape.

    Source:
        With $v = 0$: K. Konda, R. Memisevic, D. Krueger, *Zero-bias autoencoders and the benefits of
        co-adapting features*, ICLR (2015).

    Examples:
        >>> threshold([-1.0, 0.5, 2.0], threshold=1.0, value=0.0)
        array([0., 0., 2.])
    """
    shut = z <= threshold  # a NaN is let through, and seen
    return np.where(shut, value, z), lambda da: da * ~shut
