"""Gates: one half of the scores decides how much of the other passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.squashing import sigmoid

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def glu(z: Float[Array, "_ ..."], /, *, axis: int = -1) -> Rule:
    r"""The gated linear unit: the first half of an axis, each element times a sigmoid from the second.

    $$a = x\,\sigma(g) \quad \text{with } z = [x, g], \qquad dx = da\,\sigma(g), \qquad
    dg = da\,x\,\sigma(g)\,(1 - \sigma(g)).$$

    Args:
        z: Scores, of any shape with at least one axis.
        axis: The axis that is halved; its length must be even.

    Returns:
        Activations; `axis` is half as long.

    Raises:
        ValueError: If the length of the axis is odd, or there is no such axis.

    Source:
        Y. N. Dauphin, A. Fan, M. Auli, D. Grangier, *Language modeling with gated convolutional networks*,
        ICML (2017).

    Examples:
        >>> glu([[1.0, 2.0, 0.0, 1000.0]])
        array([[0.5, 2. ]])
    """
    if not -z.ndim <= axis < z.ndim:
        raise ValueError(
            f"glu: axis: expected one from {-z.ndim} to {z.ndim - 1}, got {axis}"
        )
    if z.shape[axis] % 2:
        raise ValueError(
            f"glu: z: expected an even length along axis {axis}, got shape {z.shape}"
        )
    x, g = np.split(z, 2, axis=axis)
    s, _ = sigmoid.rule(g)
    a = x * s
    return a, lambda da: np.concatenate([da * s, da * a * (1 - s)], axis=axis)
