"""Activation functions: what a unit makes of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def sigmoid(z: Float[Array, "..."], /) -> Rule:
    r"""The logistic function, from a score to a probability.

    $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}, \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z)).$$
    Of the two forms the one whose exponent is negative is computed, so nothing overflows and small
    probabilities keep their digits. Large ones do not: from $z = 53 \ln 2 \approx 36.7$ on (16.6 in float32) the
    value is 1 and the slope 0. The slope is at most 0.25, at $z = 0$.

    Args:
        z: Scores (log-odds, in nats), of any shape.

    Returns:
        Probabilities of the same shape: in $(0, 1)$ in exact arithmetic, in $[0, 1]$ in floating point.

    Source:
        P.-F. Verhulst, *Correspondance mathématique et physique* 10 (1838).

    Examples:
        >>> sigmoid([-1.0, 0.0, 1.0])
        array([0.26894142, 0.5       , 0.73105858])
    """
    # each sign's form in one expression: np.where between the two is slower
    a = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    return a, lambda da: da * a * (1 - a)


@primitive
def tanh(z: Float[Array, "..."], /) -> Rule:
    r"""The hyperbolic tangent: a sigmoid centered on zero, $\tanh z = 2\sigma(2z) - 1$.

    $$\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}, \qquad \tanh'(z) = 1 - \tanh^2 z.$$
    The slope is at most 1, at $z = 0$.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape: in $(-1, 1)$ in exact arithmetic, in $[-1, 1]$ in floating point.

    Source:
        As an activation: Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp* (1998).

    Examples:
        >>> tanh([-1.0, 0.0, 1.0])
        array([-0.76159416,  0.        ,  0.76159416])
    """
    a = np.tanh(z)
    return a, lambda da: da * (1 - a * a)


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
def softmax(z: Float[Array, "_ ..."], /, *, axis: int = -1) -> Rule:
    r"""Scores to a distribution along one axis.

    $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}, \qquad dz = p \odot \bigl(dp - \langle dp, p \rangle\bigr).$$
    The largest score is subtracted first; this changes nothing but the size of the numbers.

    Args:
        z: Scores, of any shape with at least one axis.
        axis: The axis whose elements compete.

    Returns:
        Probabilities of the same shape; along `axis` they add up to one.

    Source:
        J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990).

    Examples:
        >>> softmax([1.0, 2.0, 3.0]).round(3)
        array([0.09 , 0.245, 0.665])
    """
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

    Source:
        The shift by the largest score: P. Blanchard, D. Higham, N. Higham, *Accurately computing the
        log-sum-exp and softmax functions*, IMA Journal of Numerical Analysis 41 (2021).

    Examples:
        >>> log_softmax([0.0, 1000.0])
        array([-1000.,     0.])
    """
    log_p = z - z.max(axis=axis, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=axis, keepdims=True))
    return (
        log_p,
        lambda dlog_p: dlog_p - np.exp(log_p) * dlog_p.sum(axis=axis, keepdims=True),
    )
