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
