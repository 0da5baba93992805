"""Negative log-likelihoods of numbers: counts, and numbers whose spread is predicted, too."""

from __future__ import annotations

from math import log, pi
from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.autograd.operators import unbroadcast
from dlbook.ops.loss.checks import expect_setting, expect_values
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def poisson_nll_loss(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Rule:
    r"""How surprising counts are, if they come at a predicted rate: the Poisson's negative log-likelihood.

    The rate is $\lambda_i = e^{z_i}$, so that every score is a rate, and without what does not depend on it
    $$\ell_i = e^{z_i} - y_i z_i, \qquad \frac{\partial \ell_i}{\partial z_i} = e^{z_i} - y_i .$$
    With `log_input=False` the input is the rate, and
    $\ell_i = \lambda_i - y_i \ln(\lambda_i + \epsilon)$, with slope $1 - y_i / (\lambda_i + \epsilon)$.

    Args:
        z: Logarithms of the rates (or the rates, see `log_input`), of any shape.
        y: Counts, of the same shape; any number from zero on is taken.
        log_input: Whether `z` is the rate's logarithm.
        full: Whether to add Stirling's $y \ln y - y + \tfrac12 \ln(2 \pi y)$ for $\ln y!$, where $y > 1$.
        eps: $\epsilon$, kept between a rate and zero.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in nats. A rate too large for a float costs infinity.

    Raises:
        ValueError: If a count is negative or NaN, a rate is, `eps` is not positive, the shapes differ, the
            reduction is unknown, or there is nothing to average.

    Source:
        J. A. Nelder, R. W. M. Wedderburn, *Generalized linear models*, J. Royal Statistical Society A 135
        (1972).

    Examples:
        >>> poisson_nll_loss([0.0, np.log(3)], [2, 3], reduction="none").round(3)
        array([ 1.   , -0.296])
    """
    expect_setting("poisson_nll_loss: eps", "a positive number", eps, eps > 0)
    expect_values("poisson_nll_loss: y", "counts of zero or more", y, y >= 0)
    if log_input:
        with np.errstate(over="ignore"):
            rate = np.exp(z)
        log_rate, slope = z, rate - y
    else:
        expect_values("poisson_nll_loss: z", "rates of zero or more", z, z >= 0)
        rate, log_rate, slope = z, np.log(z + eps), 1 - y / (z + eps)
    losses = rate - y * log_rate
    if full:
        many = np.maximum(y, 1)
        stirling = many * np.log(many) - many + np.log(2 * pi * many) / 2
        losses = losses + np.where(y > 1, stirling, 0)
    loss, scale = reduced("poisson_nll_loss", losses, reduction, losses.size)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True)
    ) -> tuple[Array, Array | None]:
        dlosses = scale * dloss
        dy = None
        if needs[1]:
            dy = -log_rate
            if full:
                dy = dy + np.where(y > 1, np.log(many) + 1 / (2 * many), 0)
            dy = dlosses * dy
        return dlosses * slope, dy

    return loss, vjp


@primitive
def gaussian_nll_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    var: Float[Array, "..."],
    /,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Rule:
    r"""How surprising numbers are, if each is normal about its prediction, with a variance of its own.

    With the error $e_i = \hat y_i - y_i$ and the variance $v_i$, never taken to be less than $\epsilon$,
    $$\ell_i = \frac12 \Bigl(\ln v_i + \frac{e_i^2}{v_i}\Bigr), \qquad
    \frac{\partial \ell_i}{\partial \hat y_i} = \frac{e_i}{v_i}, \qquad
    \frac{\partial \ell_i}{\partial v_i} = \frac{v_i - e_i^2}{2 v_i^2} .$$
    As in PyTorch the bound does not stop the slope: a variance below $\epsilon$ is still told to grow.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape.
        var: Variances, in squared units of `y`: of the same shape; with one axis of length 1, or without the
            last axis, where elements share one; or one number.
        full: Whether to add the constant $\tfrac12 \ln 2 \pi$.
        eps: $\epsilon$, the least variance.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a variance is negative or NaN, the shapes do not fit, `eps` is not positive, the
            reduction is unknown, or there is nothing to average.

    Source:
        D. A. Nix, A. S. Weigend, *Estimating the mean and variance of the target probability distribution*,
        IEEE International Conference on Neural Networks (1994).

    Examples:
        >>> gaussian_nll_loss([1.0, 1.0], [3.0, 3.0], [1.0, 4.0], reduction="none").round(3)
        array([2.   , 1.193])
    """
    expect_setting("gaussian_nll_loss: eps", "a positive number", eps, eps > 0)
    expect_values("gaussian_nll_loss: var", "variances of zero or more", var, var >= 0)
    shape = y_hat.shape
    per_row = shape[:-1] == var.shape and y_hat.ndim > 0
    v = var[..., None] if per_row else var
    shared = [n for n, m in zip(v.shape, shape, strict=False) if n != m]
    if v.ndim and (v.ndim != len(shape) or shared not in ([], [1])):
        raise ValueError(
            f"gaussian_nll_loss: var: expected shape {shape}, one axis of it of length 1 or the last left "
            f"out, got {var.shape}"
        )
    v = np.maximum(v, np.asarray(eps, v.dtype))
    error = y_hat - y
    losses = (np.log(v) + error * error / v) / 2
    if full:
        losses = losses + log(2 * pi) / 2
    loss, scale = reduced("gaussian_nll_loss", losses, reduction, losses.size)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array, Array | None]:
        dlosses = scale * dloss
        dy_hat = dlosses * error / v
        dv = None
        if needs[2]:
            dv = dlosses * (1 - error * error / v) / (2 * v)
            dv = unbroadcast(np.asarray(dv), v).reshape(var.shape)
        return dy_hat, -dy_hat, dv

    return loss, vjp
