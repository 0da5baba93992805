"""Ramps without a kink: the softplus, and scores that open their own gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.normal import standard_normal
from dlbook.ops.activation.squashing import sigmoid
from dlbook.ops.aligned import empty

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule

BLOCK = 2**15  # scores that go through all steps at a time, so that they stay in cache


@primitive
def softplus(
    z: Float[Array, "..."], /, *, beta: float = 1.0, threshold: float = 20.0
) -> Rule:
    r"""A smooth ramp, $a = \ln(1 + e^z)$, whose slope is the sigmoid.

    $$a = \frac{1}{\beta} \ln(1 + e^{\beta z}) = \frac{1}{\beta} \bigl(\max(s, 0) + \ln(1 + e^{-|s|})\bigr), \qquad
    a' = \sigma(s) \quad \text{with } s = \beta z.$$
    The second form does not overflow. Where $s$ is above the threshold, $a = z$ and $a' = 1$ are taken, as in
    PyTorch; beyond 20 the difference is below $e^{-20}$.

    Args:
        z: Scores, of any shape.
        beta: How sharp the bend is, $\beta \ne 0$; for large ones the function nears $\max(z, 0)$.
        threshold: The $s$ above which the function is the ramp itself.

    Returns:
        Positive numbers of the same shape (zero where that is too small for a float).

    Raises:
        ValueError: If `beta` is zero or NaN.

    Source:
        C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia, *Incorporating second-order functional
        knowledge for better option pricing*, NIPS 13 (2001).

    Examples:
        >>> softplus([-1000.0, 0.0, 2.0]).round(3)
        array([0.   , 0.693, 2.127])
    """
    if not abs(beta) > 0:
        raise ValueError(
            f"softplus: beta: expected a number other than 0, got {beta:g}"
        )
    s = beta * z
    e = np.exp(-np.abs(s))
    ramp = s > threshold
    a = np.where(ramp, z, (np.maximum(s, 0) + np.log1p(e)) / beta)
    return a, lambda da: da * np.where(ramp, 1, np.exp(np.minimum(s, 0)) / (1 + e))


@primitive
def silu(z: Float[Array, "..."], /) -> Rule:
    r"""The sigmoid-weighted linear unit, also called swish: a score that is its own gate.

    $$a = z\,\sigma(z), \qquad a' = \sigma(z) + a\,(1 - \sigma(z)).$$

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, none below $-0.279$.

    Source:
        D. Hendrycks, K. Gimpel, *Gaussian error linear units (GELUs)* (2016);
        S. Elfwing, E. Uchibe, K. Doya, Neural Networks 107 (2018).

    Examples:
        >>> silu([-1000.0, -1.0, 0.0, 2.0]).round(3)
        array([-0.   , -0.269,  0.   ,  1.762])
    """
    s, _ = sigmoid.rule(z)
    a = z * s
    return a, lambda da: da * (s + a * (1 - s))


@primitive
def mish(z: Float[Array, "..."], /) -> Rule:
    r"""A score times the hyperbolic tangent of its softplus.

    $$a = z\,t, \qquad t = \tanh \ln(1 + e^z) = \frac{n}{n + 2}, \quad n = e^z (e^z + 2), \qquad
    a' = t + z\,(1 - t^2)\,\sigma(z).$$
    Numerator and denominator are divided by $e^{2z}$ where $z$ is positive, so nothing overflows: with
    $u = e^{\min(z, 0)}$ and $v = e^{-\max(z, 0)}$ there is $n / (n + 2) = u(u + 2v) / \bigl(u(u + 2v) + 2v^2\bigr)$
    and $\sigma(z) = u / (u + v)$.

    Args:
        z: Scores, of any shape.

    Returns:
        Activations of the same shape, none below $-0.309$.

    Source:
        D. Misra, *Mish: a self regularized non-monotonic activation function*, BMVC (2020).

    Examples:
        >>> mish([-1000.0, -1.0, 0.0, 2.0]).round(3)
        array([-0.   , -0.303,  0.   ,  1.944])
    """
    u, v = np.exp(np.minimum(z, 0)), np.exp(-np.maximum(z, 0))
    n = u * (u + 2 * v)
    t = n / (n + 2 * v * v)
    return z * t, lambda da: da * (t + z * (1 - t * t) * (u / (u + v)))


@primitive
def gelu(z: Float[Array, "..."], /, *, approximate: str = "none") -> Rule:
    r"""The Gaussian error linear unit: a score times the chance that a standard normal number is below it.

    $$a = z\,\Phi(z), \qquad a' = \Phi(z) + z\,\varphi(z),$$
    with the distribution function $\Phi$ and the density $\varphi(z) = e^{-z^2/2} / \sqrt{2\pi}$ of the standard
    normal distribution. The approximation is
    $$a = \tfrac12 z\,(1 + \tanh u), \qquad u = \sqrt{2/\pi}\,(z + 0.044715\,z^3), \qquad
    a' = \tfrac12 (1 + \tanh u) + \tfrac12 z\,(1 - \tanh^2 u)\,\frac{du}{dz}.$$
    It is computed together with its slope, which is all that is kept.

    Args:
        z: Scores, of any shape.
        approximate: `"none"` for $\Phi$ to the last digits, or `"tanh"`.

    Returns:
        Activations of the same shape, none below $-0.171$.

    Raises:
        ValueError: If `approximate` is neither of the two.

    Source:
        D. Hendrycks, K. Gimpel, *Gaussian error linear units (GELUs)* (2016).

    Examples:
        >>> gelu([-1000.0, -1.0, 0.0, 2.0]).round(4)
        array([-0.    , -0.1587,  0.    ,  1.9545])
        >>> gelu([-1.0, 2.0], approximate="tanh").round(4)
        array([-0.1588,  1.9546])
    """
    if approximate == "none":
        cdf, density = standard_normal(z)
        return z * cdf, lambda da: da * (cdf + z * density)
    if approximate != "tanh":
        raise ValueError(
            f"gelu: approximate: expected 'none' or 'tanh', got {approximate!r}"
        )
    scores = z.reshape(-1)
    a, slope = empty(scores.shape, z.dtype), empty(scores.shape, z.dtype)
    y, p = empty((2, BLOCK), z.dtype)
    for first in range(0, z.size, BLOCK):
        block = slice(first, min(first + BLOCK, z.size))
        n = block.stop - first
        _gelu_by_tanh(scores[block], a[block], slope[block], y[:n], p[:n])
    slope = slope.reshape(z.shape)
    return a.reshape(z.shape)[()], lambda da: da * slope


def _gelu_by_tanh(z: Array, a: Array, slope: Array, y: Array, p: Array) -> None:
    """Write the approximate activations and their slopes, z p and p + 2 z p (1 - p) du/dz with p = (1 + tanh u) / 2.

    The last two arrays are room to work in.
    """
    c, k = 0.7978845608028654, 0.044715  # the root of 2/pi, and a fitted number
    np.clip(z, -10, 10, out=y)  # beyond, the tangent is 1 to the last digit
    np.multiply(y, y, out=slope)
    slope *= k * c
    np.add(slope, c, out=p)
    p *= y
    np.tanh(p, out=p)
    p *= 0.5
    p += 0.5
    np.multiply(z, p, out=a)
    slope *= 6
    slope += 2 * c  # 2 du/dz
    np.subtract(1, p, out=y)
    y *= a
    slope *= y
    slope += p
