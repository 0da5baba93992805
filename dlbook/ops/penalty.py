"""Penalties: what large weights cost, to be added to a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def l1(*ws: Float[Array, "..."]) -> Rule:
    r"""The sum of the sizes of all weights: the lasso's penalty.

    $$R = \sum_i |w_i|, \qquad dw_i = dR\, \operatorname{sgn}(w_i),$$
    with 0 as the slope at 0, as in PyTorch. The pull to zero is as strong for a small weight as for a large one,
    so that many weights end at zero.

    Args:
        ws: The weights, one or several arrays of any shape. Biases are usually left out: a shift of the output
            is no complexity.

    Returns:
        A number; times $\lambda$ it is added to the loss.

    Raises:
        TypeError: If there are no weights.

    Source:
        R. Tibshirani, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical
        Society B 58 (1996).

    Examples:
        >>> float(l1([[1.0, -2.0]], [3.0]))
        6.0
    """
    _expect_weights("l1", ws)
    penalty = np.sum([np.abs(w).sum() for w in ws])
    return penalty, lambda dpenalty: tuple(np.sign(w) * dpenalty for w in ws)


@primitive
def l2(*ws: Float[Array, "..."]) -> Rule:
    r"""The sum of the squares of all weights: the ridge penalty.

    $$R = \sum_i w_i^2, \qquad dw_i = 2\, w_i\, dR .$$
    The pull to zero is as strong as the weight is large: weights become small, and hardly ever zero. A step of
    plain gradient descent on $L + \lambda R$ shrinks each weight by the factor $1 - 2 \eta \lambda$ besides, which
    is weight decay.

    Args:
        ws: The weights, one or several arrays of any shape. Biases are usually left out: a shift of the output
            is no complexity.

    Returns:
        A number; times $\lambda$ (or $\lambda / 2$, with which the slope is $\lambda w$) it is added to the loss.

    Raises:
        TypeError: If there are no weights.

    Source:
        A. E. Hoerl, R. W. Kennard, *Ridge regression: biased estimation for nonorthogonal problems*,
        Technometrics 12 (1970).

    Examples:
        >>> float(l2([[1.0, -2.0]], [3.0]))
        14.0
    """
    _expect_weights("l2", ws)
    penalty = np.sum([np.vecdot(w.ravel(), w.ravel()) for w in ws])
    return penalty, lambda dpenalty: tuple(w * (2 * dpenalty) for w in ws)


def _expect_weights(name: str, ws: tuple[Array, ...]) -> None:
    if not ws:
        raise TypeError(f"{name}: ws: expected at least one array, got none")
