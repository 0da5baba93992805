"""Shrinkage: small scores become zero, or nearly so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def tanhshrink(z: Float[Array, "..."], /) -> Rule:
    r"""What the hyperbolic tangent leaves of a score.

    $$a = z - \tanh z, \qquad a' = \tanh^2 z.$$

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, nearer to zero than the scores by at most 1.

    Source:
        PyTorch, which names it; soft shrinkage, without the kinks.

    Examples:
        >>> tanhshrink([-3.0, 0.0, 0.5]).round(3)
        array([-2.005,  0.   ,  0.038])
    """
    t = np.tanh(z)
    return z - t, lambda da: da * t * t


@primitive
def softshrink(z: Float[Array, "..."], /, *, lambd: float = 0.5) -> Rule:
    r"""Every score moves toward zero by $\lambda$, or to zero if it is nearer than that.

    $$a = \begin{cases} z - \lambda & \text{if } z > \lambda \\
    z + \lambda & \text{if } z < -\lambda \\ 0 & \text{otherwise} \end{cases}
    \qquad a' = [\,|z| > \lambda\,].$$
    At the two kinks the slope is taken to be zero.

    Args:
        z: Scores, of any shape.
        lambd: How far they move, $\lambda \ge 0$.

    Returns:
        Activations of the same shape.

    Raises:
        ValueError: If `lambd` is negative or NaN.

    Source:
        D. L. Donoho, *De-noising by soft-thresholding*, IEEE Transactions on Information Theory 41 (1995).

    Examples:
        >>> softshrink([-2.0, 0.3, 1.0])
        array([-1.5,  0. ,  0.5])
    """
    if not lambd >= 0:
        raise ValueError(
            f"softshrink: lambd: expected a number of at least 0, got {lambd:g}"
        )
    return z - np.clip(z, -lambd, lambd), lambda da: da * (np.abs(z) > lambd)


@primitive
def hardshrink(z: Float[Array, "..."], /, *, lambd: float = 0.5) -> Rule:
    r"""A score, or zero if it is no further from zero than $\lambda$.

    $$a = z\,[\,|z| > \lambda\,], \qquad a' = [\,|z| > \lambda\,].$$
    The function jumps at $\pm\lambda$; the slope there is taken to be zero.

    Args:
        z: Scores, of any shape.
        lambd: How far from zero a score must be to stay, $\lambda$.

    Returns:
        Activations of the same shape.

    Source:
        D. L. Donoho, I. M. Johnstone, *Ideal spatial adaptation by wavelet shrinkage*, Biometrika 81 (1994).

    Examples:
        >>> hardshrink([-2.0, 0.3, 1.0])
        array([-2.,  0.,  1.])
    """
    kept = np.abs(z) > lambd
    return z * kept, lambda da: da * kept
