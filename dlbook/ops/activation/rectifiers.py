"""Rectifiers: ramps with a kink, one slope on either side of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def relu(z: Float[Array, "..."], /) -> Rule:
    r"""The rectified linear unit: a score if it is positive, else zero.

    $$\operatorname{relu}(z) = \max(z, 0), \qquad \operatorname{relu}'(z) = [z > 0].$$
    At $z = 0$ there is no derivative; of the subgradients in $[0, 1]$ zero is taken.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, none negative.

    Source:
        K. Fukushima, *IEEE Transactions on Systems Science and Cybernetics* 5 (1969);
        V. Nair, G. Hinton, *Rectified linear units improve restricted Boltzmann machines* (2010).

    Examples:
        >>> relu([-1.0, 0.0, 2.0])
        array([0., 0., 2.])
    """
    return np.maximum(z, 0), lambda da: da * (z > 0)


@primitive
def leaky_relu(z: Float[Array, "..."], /, *, negative_slope: float = 0.01) -> Rule:
    r"""A rectifier that leaks: a small slope $\alpha$ on the negative side.

    $$a = \begin{cases} z & \text{if } z > 0 \\ \alpha z & \text{if } z \le 0 \end{cases}
    \qquad a' = \begin{cases} 1 \\ \alpha. \end{cases}$$
    For $\alpha \le 1$ this is the larger of $z$ and $\alpha z$, for $\alpha > 1$ the smaller. At $z = 0$ the slope
    from the left is taken.

    Args:
        z: Scores, of any shape.
        negative_slope: The slope $\alpha$ of the negative side.

    Returns:
        Activations of the same shape.

    Source:
        A. L. Maas, A. Y. Hannun, A. Y. Ng, *Rectifier nonlinearities improve neural network acoustic
        models* (2013).

    Examples:
        >>> leaky_relu([-2.0, 0.0, 2.0])
        array([-0.02,  0.  ,  2.  ])
    """
    of_two = np.maximum if negative_slope <= 1 else np.minimum
    a = of_two(z, negative_slope * z)
    s = z.dtype.type(negative_slope)
    # np.where is slow where neighbors differ in sign
    return a, lambda da: da * ((z > 0) + s * (z <= 0))


@primitive
def prelu(
    z: Float[Array, "..."],
    weight: Float[Array, " c"] | Float[Array, ""],
    /,
) -> Rule:
    r"""A leaky rectifier whose negative slope $w$ is learned.

    $$a = \max(z, 0) + w \min(z, 0), \qquad dz = da \begin{cases} 1 & \text{if } z > 0 \\
    w & \text{if } z \le 0 \end{cases} \qquad dw = \sum da \min(z, 0).$$
    The sum is over all elements that share the slope. At $z = 0$ the slope from the left is taken.

    Args:
        z: Scores, of any shape; with a slope per channel, `(n, c, ...)`.
        weight: The slope: one number, or one for each channel, `(c,)`.

    Returns:
        Activations of the shape of `z`.

    Raises:
        ValueError: If the number of slopes is neither one nor that of the channels.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV (2015).

    Examples:
        >>> prelu([[-2.0, -2.0], [1.0, -4.0]], [0.5, 0.25])
        array([[-1. , -0.5],
               [ 1. , -1. ]])
    """
    shared = weight.size == 1
    if not shared and (z.ndim < 2 or z.shape[1] != weight.size):
        raise ValueError(
            f"prelu: weight: expected one slope, or one for each channel of {z.shape}, got {weight.shape}"
        )
    # the slopes, along the second axis of z
    w = weight.reshape(()) if shared else weight.reshape(-1, *[1] * (z.ndim - 2))
    down = np.minimum(z, 0)

    def vjp(
        da: Array, needs: tuple[bool, ...] = (True, True)
    ) -> tuple[Array | None, Array | None]:
        dz = da * ((z > 0) + w * (z <= 0)) if needs[0] else None
        dw = None
        if needs[1]:
            axes = tuple(i for i in range(z.ndim) if shared or i != 1)
            dw = np.asarray((da * down).sum(axis=axes)).reshape(weight.shape)
        return dz, dw

    return np.maximum(z, 0) + w * down, vjp
