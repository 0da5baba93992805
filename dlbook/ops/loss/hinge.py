"""Losses that ask for a margin: to be on the right side is not enough, a distance from the border is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_label_each, expect_labels, expect_setting
from dlbook.ops.loss.margin import expect_sides
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


@primitive
def hinge_loss(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    squared: bool = False,
    reduction: str = "mean",
) -> Rule:
    r"""How much a score lacks to be on the right side by a margin of one: the support vector machine's loss.

    $$\ell_i = \max(0,\, 1 - y_i z_i), \qquad
    \frac{\partial \ell_i}{\partial z_i} = -y_i\,[\,y_i z_i < 1\,].$$
    Squared, it is $\max(0, 1 - y_i z_i)^2$, with slope $-2\, y_i \max(0, 1 - y_i z_i)$. At the corner
    $y_i z_i = 1$ the slope is taken to be zero: the margin is reached.

    Args:
        z: Scores, of any shape.
        y: The sides, $-1$ or $+1$, of the same shape; constants, without a gradient.
        squared: Whether to square what lacks.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in the units of the score, or their square.

    Raises:
        ValueError: If a side is neither $-1$ nor $+1$, the shapes differ, the reduction is unknown, or there
            is nothing to average.

    Source:
        C. Cortes, V. Vapnik, *Support-vector networks*, Machine Learning 20 (1995).

    Examples:
        >>> hinge_loss([2.0, 0.5, -1.0], [1, 1, 1], reduction="none")
        array([0. , 0.5, 2. ])
    """
    expect_sides("hinge_loss: y", y)
    lack = np.maximum(1 - y * z, 0)
    losses = lack * lack if squared else lack
    loss, scale = reduced("hinge_loss", losses, reduction, z.size)

    def vjp(dloss: Array) -> tuple[Array, None]:
        slope = -2 * y * lack if squared else np.where(lack > 0, -y, 0)
        return (scale * dloss) * slope, None

    return loss, vjp


@primitive
def soft_margin_loss(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The log-loss of scores, with sides for labels: a hinge whose corner is rounded and never quite flat.

    $$\ell_i = \ln\bigl(1 + e^{-y_i z_i}\bigr), \qquad
    \frac{\partial \ell_i}{\partial z_i} = -y_i\, \sigma(-y_i z_i).$$

    Args:
        z: Scores (log-odds, in nats), of any shape.
        y: The sides, $-1$ or $+1$, of the same shape; constants, without a gradient.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per element).

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a side is neither $-1$ nor $+1$, the shapes differ, the reduction is unknown, or there
            is nothing to average.

    Source:
        J. Friedman, T. Hastie, R. Tibshirani, *Additive logistic regression*, Annals of Statistics 28 (2000).

    Examples:
        >>> soft_margin_loss([0.0, 2.0, -2.0], [1, 1, 1], reduction="none").round(3)
        array([0.693, 0.127, 2.127])
    """
    expect_sides("soft_margin_loss: y", y)
    u = y * z
    e = np.exp(-np.abs(u))
    losses = np.maximum(-u, 0) + np.log1p(e)
    loss, scale = reduced("soft_margin_loss", losses, reduction, z.size)

    def vjp(dloss: Array) -> tuple[Array, None]:
        q = np.exp(-np.maximum(u, 0)) / (1 + e)
        return (scale * dloss) * (-y * q), None

    return loss, vjp


@primitive
def multi_margin_loss(
    z: Float[Array, "n k"] | Float[Array, " k"],
    t: Int[Array, "..."],
    weight: Float[Array, " k"] | None = None,
    /,
    *,
    p: int = 1,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Rule:
    r"""The hinge for several classes: the true score shall lead every other by a margin.

    With $h_{ij} = \max(0,\, m - z_{i t_i} + z_{ij})$ for the margin $m$,
    $$\ell_i = \frac{w_{t_i}}{k} \sum_{j \ne t_i} h_{ij}^{\,p}, \qquad
    \frac{\partial \ell_i}{\partial z_{ij}} = \frac{w_{t_i}}{k}\, p\, h_{ij}^{\,p - 1} [\,h_{ij} > 0\,]
    \quad (j \ne t_i),$$
    and the slope in $z_{i t_i}$ is minus the sum of the others. Where a lead is exactly the margin the slope
    is taken to be zero.

    Args:
        z: Scores, `(n, k)`, or `(k,)` for one example.
        t: Labels from 0 to $k - 1$, `(n,)` or a single one.
        weight: How much each class counts, `(k,)`.
        p: 1 or 2, the power of what lacks.
        margin: $m$, the lead that is wanted, in the units of the score.
        reduction: `"mean"` (divides by the number of examples, not by their weights), `"sum"` or `"none"`.

    Returns:
        The loss, in the units of the score, or their square.

    Raises:
        ValueError: If a label is no class, `p` is neither 1 nor 2, the shapes do not fit, the reduction is
            unknown, or there is nothing to average.

    Source:
        K. Crammer, Y. Singer, *On the algorithmic implementation of multiclass kernel-based vector machines*,
        JMLR 2 (2001); summed over the classes as by J. Weston, C. Watkins, *Support vector machines for
        multi-class pattern recognition*, ESANN 1999.

    Examples:
        >>> float(multi_margin_loss([[2.0, 1.5, 0.0, 0.0]], [0]))
        0.125
    """
    expect_setting("multi_margin_loss: p", "1 or 2", p, p in (1, 2))
    k = z.shape[-1]
    expect_label_each("multi_margin_loss", t, z.shape[:-1])
    expect_labels("multi_margin_loss", t, k)
    rows, labels = z.reshape(-1, k), t.reshape(-1)
    i = np.arange(len(rows))
    lack = np.maximum(margin - rows[i, labels][:, None] + rows, 0)
    lack[i, labels] = 0
    share = (np.ones(k, z.dtype) if weight is None else weight)[labels] / k
    losses = share * (lack if p == 1 else lack * lack).sum(axis=1)
    loss, scale = reduced(
        "multi_margin_loss", losses.reshape(t.shape), reduction, t.size
    )

    def vjp(dloss: Array) -> tuple[Array, None, None]:
        dlosses = share * np.reshape(scale * dloss, -1)
        dz = dlosses[:, None] * (lack > 0 if p == 1 else 2 * lack)
        dz[i, labels] = -dz.sum(axis=1)
        return dz.reshape(z.shape), None, None

    return loss, vjp
