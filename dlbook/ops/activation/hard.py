"""Hard variants: the squashing functions and the SiLU put together from straight pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def hardtanh(
    z: Float[Array, "..."], /, *, min_val: float = -1.0, max_val: float = 1.0
) -> Rule:
    r"""A score, cut off at both ends.

    $$a = \min(\max(z, l), u), \qquad a' = [l < z < u].$$
    At the two kinks the slope is taken to be zero.

    Args:
        z: Scores, of any shape.
        min_val: The lower end, $l$.
        max_val: The upper end, $u$.

    Returns:
        Activations of the same shape, from $l$ to $u$.

    Raises:
        ValueError: If the lower end is above the upper.

    Source:
        R. Collobert et al., *Natural language processing (almost) from scratch*, Journal of Machine Learning
        Research 12 (2011).

    Examples:
        >>> hardtanh([-3.0, 0.5, 2.0])
        array([-1. ,  0.5,  1. ])
    """
    if min_val > max_val:
        raise ValueError(
            f"hardtanh: min_val: expected at most max_val={max_val:g}, got {min_val:g}"
        )
    a = np.clip(z, min_val, max_val)
    return a, lambda da: da * ((z > min_val) & (z < max_val))


@primitive
def relu6(z: Float[Array, "..."], /) -> Rule:
    r"""A rectifier that stops at 6, so that its values fit a narrow number format.

    $$a = \min(\max(z, 0), 6), \qquad a' = [0 < z < 6].$$
    At the two kinks the slope is taken to be zero.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, from 0 to 6.

    Source:
        A. Krizhevsky, *Convolutional deep belief networks on CIFAR-10*, manuscript (2010).

    Examples:
        >>> relu6([-1.0, 2.0, 8.0])
        array([0., 2., 6.])
    """
    return np.clip(z, 0, 6), lambda da: da * ((z > 0) & (z < 6))


@primitive
def hardsigmoid(z: Float[Array, "..."], /) -> Rule:
    r"""A sigmoid of three straight pieces.

    $$a = \min\bigl(\max(z/6 + 1/2,\ 0),\ 1\bigr), \qquad a' = \tfrac16\,[-3 < z < 3].$$
    At the two kinks the slope is taken to be zero.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, from 0 to 1, both of which are reached.

    Source:
        A. Howard et al., *Searching for MobileNetV3*, ICCV (2019).

    Examples:
        >>> hardsigmoid([-4.0, 0.0, 1.5, 3.0])
        array([0.  , 0.5 , 0.75, 1.  ])
    """
    return np.clip(z / 6 + 0.5, 0, 1), lambda da: da * (np.abs(z) < 3) / 6


@primitive
def hardswish(z: Float[Array, "..."], /) -> Rule:
    r"""The SiLU with the hard sigmoid in the place of the sigmoid.

    $$a = z \min\bigl(\max(z/6 + 1/2,\ 0),\ 1\bigr), \qquad
    a' = \begin{cases} 0 & \text{if } z \le -3 \\
    z/3 + 1/2 & \text{if } -3 < z < 3 \\ 1 & \text{if } z \ge 3. \end{cases}$$
    At the two kinks the slope of the straight side is taken.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, none below $-3/8$.

    Source:
        A. Howard et al., *Searching for MobileNetV3*, ICCV (2019).

    Examples:
        >>> hardswish([-4.0, -1.5, 0.0, 3.0])
        array([-0.   , -0.375,  0.   ,  3.   ])
    """
    a = z * np.clip(z / 6 + 0.5, 0, 1)
    return a, lambda da: da * np.where(np.abs(z) < 3, z / 3 + 0.5, z >= 3)
