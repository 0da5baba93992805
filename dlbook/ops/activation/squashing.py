"""Squashing functions: any score to a bounded range."""

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
def softsign(z: Float[Array, "..."], /) -> Rule:
    r"""A squashing function without an exponential, which nears its ends slowly.

    $$a = \frac{z}{1 + |z|}, \qquad a' = \frac{1}{(1 + |z|)^2}.$$

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, in $(-1, 1)$ in exact arithmetic.

    Source:
        J. Bergstra, G. Desjardins, P. Lamblin, Y. Bengio, *Quadratic polynomials learn better image
        features*, technical report 1337, Université de Montréal (2009).

    Examples:
        >>> softsign([-3.0, 0.0, 1.0])
        array([-0.75,  0.  ,  0.5 ])
    """
    r = 1 / (1 + np.abs(z))
    return z * r, lambda da: da * r * r


@primitive
def logsigmoid(z: Float[Array, "..."], /) -> Rule:
    r"""The logarithm of the sigmoid, computed without taking the logarithm of a probability.

    $$a = \ln \sigma(z) = \min(z, 0) - \ln(1 + e^{-|z|}), \qquad a' = 1 - \sigma(z) = \sigma(-z).$$
    A probability too small for a float, $e^{-1000}$, still has its logarithm, $-1000$.

    Args:
        z: Scores (log-odds, in nats), of any shape.

    Returns:
        Log-probabilities of the same shape, in nats, none positive.

    Source:
        The function below the logarithm: P.-F. Verhulst, *Correspondance mathématique et physique* 10 (1838). With
        its slope it is, its sign turned, the loss of `binary_cross_entropy_with_logits` for a positive.

    Examples:
        >>> logsigmoid([-1000.0, 0.0, 2.0]).round(3)
        array([-1.00e+03, -6.93e-01, -1.27e-01])
    """
    e = np.exp(-np.abs(z))
    a = np.minimum(z, 0) - np.log1p(e)
    return a, lambda da: da * np.exp(np.minimum(-z, 0)) / (1 + e)
