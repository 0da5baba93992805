"""Softmax and its logarithm: scores that compete along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def softmax(z: Float[Array, "_ ..."], /, *, axis: int = -1) -> Rule:
    r"""Scores to a distribution along one axis.

    $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}, \qquad dz = p \odot \bigl(dp - \langle dp, p \rangle\bigr).$$
    The largest score is subtracted first; this changes nothing but the size of the numbers.

    Args:
        z: Scores, of any shape with at least one axis.
        axis: The axis whose elements compete.

    Returns:
        Probabilities of the same shape; along `axis` they add up to one.

    Raises:
        ValueError: If there is no score along the axis: nothing adds up to one.

    Source:
        J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990).

    Examples:
        >>> softmax([1.0, 2.0, 3.0]).round(3)
        array([0.09 , 0.245, 0.665])
    """
    _expect_scores("softmax", z, axis)
    p = np.exp(z - z.max(axis=axis, keepdims=True))
    p /= p.sum(axis=axis, keepdims=True)
    return p, lambda dp: p * (dp - (dp * p).sum(axis=axis, keepdims=True))


@primitive
def log_softmax(z: Float[Array, "_ ..."], /, *, axis: int = -1) -> Rule:
    r"""The logarithm of the softmax, computed without taking the logarithm of a probability.

    $$\log p_i = z_i - \log \sum_j e^{z_j}, \qquad dz = d\ell - p \sum_j d\ell_j
    \quad \text{with } \ell = \log p.$$
    A probability too small for a float, $e^{-1000}$, still has its logarithm, $-1000$.

    Args:
        z: Scores, of any shape with at least one axis.
        axis: The axis whose elements compete.

    Returns:
        Log-probabilities of the same shape, in nats, none positive.

    Raises:
        ValueError: If there is no score along the axis.

    Source:
        The shift by the largest score: P. Blanchard, D. Higham, N. Higham, *Accurately computing the
        log-sum-exp and softmax functions*, IMA Journal of Numerical Analysis 41 (2021).

    Examples:
        >>> log_softmax([0.0, 1000.0])
        array([-1000.,     0.])
    """
    _expect_scores("log_softmax", z, axis)
    log_p = z - z.max(axis=axis, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=axis, keepdims=True))
    return (
        log_p,
        lambda dlog_p: dlog_p - np.exp(log_p) * dlog_p.sum(axis=axis, keepdims=True),
    )


@primitive
def softmin(z: Float[Array, "_ ..."], /, *, axis: int = -1) -> Rule:
    r"""The softmax of the scores with their signs turned: the smallest has the largest share.

    $$p_i = \frac{e^{-z_i}}{\sum_j e^{-z_j}}, \qquad dz = -p \odot \bigl(dp - \langle dp, p \rangle\bigr).$$

    Args:
        z: Scores, of any shape with at least one axis.
        axis: The axis whose elements compete.

    Returns:
        Probabilities of the same shape; along `axis` they add up to one.

    Raises:
        ValueError: If there is no score along the axis.

    Source:
        J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990), for the
        softmax.

    Examples:
        >>> softmin([1.0, 2.0, 3.0]).round(3)
        array([0.665, 0.245, 0.09 ])
    """
    _expect_scores("softmin", z, axis)
    p, vjp = softmax.rule(-z, axis=axis)
    return p, lambda dp: -vjp(dp)


def _expect_scores(name: str, z: Array, axis: int) -> None:
    if not z.size and z.shape[axis] == 0:
        raise ValueError(
            f"{name}: z: expected at least one score along axis {axis}, got shape {z.shape}"
        )
