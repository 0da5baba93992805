"""Losses of pairs and triplets: they ask what lies near to what, or which is ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.softmax import log_softmax
from dlbook.ops.loss.checks import expect_setting
from dlbook.ops.loss.margin import expect_sides
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def margin_ranking_loss(
    x1: Float[Array, "*shape"],
    x2: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    margin: float = 0.0,
    reduction: str = "mean",
) -> Rule:
    r"""How much the one that should be ahead lacks of its lead.

    With the margin $m$ and $y_i = 1$ where the first should be ahead, $-1$ where the second should,
    $$\ell_i = \max\bigl(0,\, m - y_i (x_{1i} - x_{2i})\bigr), \qquad
    \frac{\partial \ell_i}{\partial x_{1i}} = -y_i\,[\,y_i (x_{1i} - x_{2i}) \le m\,]
    = -\frac{\partial \ell_i}{\partial x_{2i}}.$$
    Where the lead is exactly the margin the slope is that of a lead that lacks, as in PyTorch.

    Args:
        x1: The first scores, of any shape.
        x2: The second scores, of the same shape.
        y: Which should be larger: $+1$ the first, $-1$ the second; constants, without a gradient.
        margin: $m$, the lead that is wanted, in the units of the scores.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per pair).

    Returns:
        The loss, in the units of the scores.

    Raises:
        ValueError: If `y` holds anything but $-1$ and $+1$, the shapes differ, the reduction is unknown, or
            there is nothing to average.

    Source:
        R. Herbrich, T. Graepel, K. Obermayer, *Large margin rank boundaries for ordinal regression* (2000).

    Examples:
        >>> margin_ranking_loss([2.0, 1.0], [1.5, 3.0], [1, 1], margin=1.0, reduction="none")
        array([0.5, 3. ])
    """
    expect_sides("margin_ranking_loss: y", y)
    lack = margin - y * (x1 - x2)
    losses = np.maximum(lack, 0)
    loss, scale = reduced("margin_ranking_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dx1 = (scale * dloss) * np.where(lack >= 0, -y, 0)
        return dx1, -dx1, None

    return loss, vjp


@primitive
def hinge_embedding_loss(
    x: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    /,
    *,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Rule:
    r"""The cost of distances: those of pairs that belong together in full, of others what lacks to a margin.

    $$\ell_i = \begin{cases} x_i & y_i = 1 \\ \max(0,\, m - x_i) & y_i = -1, \end{cases} \qquad
    \frac{\partial \ell_i}{\partial x_i} = \begin{cases} 1 & y_i = 1 \\ -[\,x_i \le m\,] & y_i = -1. \end{cases}$$
    At a distance of exactly $m$ the slope is that of one that lacks, as in PyTorch.

    Args:
        x: Distances, of any shape.
        y: $+1$ for pairs that belong together, $-1$ for others; constants, without a gradient.
        margin: $m$, the distance at which others are far enough.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per pair).

    Returns:
        The loss, in the units of the distances.

    Raises:
        ValueError: If `y` holds anything but $-1$ and $+1$, the shapes differ, the reduction is unknown, or
            there is nothing to average.

    Source:
        R. Hadsell, S. Chopra, Y. LeCun, *Dimensionality reduction by learning an invariant mapping*, CVPR
        2006, who square both.

    Examples:
        >>> hinge_embedding_loss([0.2, 0.2, 3.0], [1, -1, -1], reduction="none")
        array([0.2, 0.8, 0. ])
    """
    expect_sides("hinge_embedding_loss: y", y)
    together = y == 1
    losses = np.where(together, x, np.maximum(margin - x, 0))
    loss, scale = reduced("hinge_embedding_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, None]:
        slope = np.where(together, y, np.where(x <= margin, y, 0))
        return (scale * dloss) * slope, None

    return loss, vjp


@primitive
def cosine_embedding_loss(
    x1: Float[Array, "*n d"],
    x2: Float[Array, "*n d"],
    y: Float[Array, "*n"],
    /,
    *,
    margin: float = 0.0,
    reduction: str = "mean",
) -> Rule:
    r"""The cost of angles: rows that belong together shall point the same way, others not.

    With $c_i = x_{1i} \cdot x_{2i} / (\lVert x_{1i} \rVert \lVert x_{2i} \rVert)$, the cosine of the angle,
    $$\ell_i = \begin{cases} 1 - c_i & y_i = 1 \\ \max(0,\, c_i - m) & y_i = -1, \end{cases} \qquad
    \frac{\partial c_i}{\partial x_{1i}} = \frac{x_{2i}}{\lVert x_{1i} \rVert \lVert x_{2i} \rVert}
    - c_i \frac{x_{1i}}{\lVert x_{1i} \rVert^2}.$$
    The squared lengths have $10^{-12}$ added, so that a row of zeros has a cosine, zero.

    Args:
        x1: Rows of $d$ numbers, `(n, d)`, or `(d,)` for one pair.
        x2: Their partners, of the same shape.
        y: $+1$ for pairs that belong together, $-1$ for others, `(n,)` or one; without a gradient.
        margin: $m$, the cosine up to which others may stay, from $-1$ to 1.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per pair).

    Returns:
        The loss, from 0 to 2 per pair.

    Raises:
        ValueError: If `y` holds anything but $-1$ and $+1$, `margin` is out of its range, the shapes do not
            fit, the reduction is unknown, or there is nothing to average.

    Examples:
        >>> cosine_embedding_loss([[1.0, 0.0], [1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]], [1, -1], reduction="none")
        array([1., 1.])
    """
    expect_setting(
        "cosine_embedding_loss: margin",
        "a number from -1 to 1",
        margin,
        -1 <= margin <= 1,
    )
    expect_sides("cosine_embedding_loss: y", y)
    square1, square2 = ((x * x).sum(axis=-1) + 1e-12 for x in (x1, x2))
    lengths = np.sqrt(square1 * square2)
    c = (x1 * x2).sum(axis=-1) / lengths
    losses = np.where(y == 1, 1 - c, np.maximum(c - margin, 0))
    loss, scale = reduced("cosine_embedding_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dc = (scale * dloss) * np.where((y == 1) | (c >= margin), -y, 0)
        dx1 = (dc / lengths)[..., None] * x2 - (dc * c / square1)[..., None] * x1
        dx2 = (dc / lengths)[..., None] * x1 - (dc * c / square2)[..., None] * x2
        return dx1, dx2, None

    return loss, vjp


@primitive
def triplet_margin_loss(
    anchor: Float[Array, "*n d"],
    positive: Float[Array, "*n d"],
    negative: Float[Array, "*n d"],
    /,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Rule:
    r"""An anchor shall be nearer to its like than to another, by a margin.

    With the distance $D(u, v) = \lVert u - v + \epsilon \rVert_p$ of rows,
    $$\ell_i = \max\bigl(0,\, m + D(a_i, b_i) - D(a_i, c_i)\bigr),$$
    for anchor $a$, positive $b$ and negative $c$. With `swap`, the last distance is the smaller of
    $D(a_i, c_i)$ and $D(b_i, c_i)$. For $p = 2$ the slope of a distance is the unit vector,
    $\partial D / \partial u = (u - v + \epsilon) / D$; in general its elements are
    $\operatorname{sign}(\delta)\, (|\delta| / D)^{p - 1}$ for the differences $\delta$, and zero where
    $D = 0$. Where the lead is exactly the margin the slope is that of a lead that lacks, as in PyTorch.

    Args:
        anchor: Rows of $d$ numbers, `(n, d)`, or `(d,)` for one triplet.
        positive: What belongs to them, of the same shape.
        negative: What does not, of the same shape.
        margin: $m$, how much farther the negative shall be.
        p: The norm's power, from 1 on.
        eps: $\epsilon$, added to each difference, so that equal rows have a slope.
        swap: Whether the negative's distance to the positive counts where it is smaller; where the two are
            equal, each gets half of the slope.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per triplet).

    Returns:
        The loss, in the units of the rows.

    Raises:
        ValueError: If a setting is out of its range, the shapes differ, the reduction is unknown, or there is
            nothing to average.

    Source:
        F. Schroff, D. Kalenichenko, J. Philbin, *FaceNet*, CVPR 2015 (with squared distances); the swap:
        V. Balntas et al., *Learning local feature descriptors with triplets*, BMVC 2016.

    Examples:
        >>> a, b, c = [[0.0, 0.0]], [[0.6, 0.8]], [[0.0, 1.5]]
        >>> float(triplet_margin_loss(a, b, c).round(3))
        0.5
    """
    expect_setting(
        "triplet_margin_loss: margin", "a positive number", margin, margin > 0
    )
    expect_setting(
        "triplet_margin_loss: p",
        "a finite number from 1 on",
        p,
        bool(1 <= p < np.inf),
    )
    expect_setting("triplet_margin_loss: eps", "zero or more", eps, eps >= 0)
    near, from_near = _distance(anchor, positive, p, eps)
    far, from_far = _distance(anchor, negative, p, eps)
    if swap:
        other, from_other = _distance(positive, negative, p, eps)
        own = np.heaviside(other - far, np.asarray(0.5, far.dtype))
        far = np.minimum(far, other)
    lack = margin + near - far
    losses = np.maximum(lack, 0)
    loss, scale = reduced("triplet_margin_loss", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array, Array]:
        dlack = (scale * dloss) * (lack >= 0)
        dnear = from_near(dlack)
        if not swap:
            dfar = from_far(dlack)
            return dnear - dfar, -dnear, dfar
        dfar, dother = from_far(dlack * own), from_other(dlack * (1 - own))
        return dnear - dfar, -dnear - dother, dfar + dother

    return loss, vjp


def _distance(
    u: Array, v: Array, p: float, eps: float
) -> tuple[Array, Callable[[Array], Array]]:
    """The distances of rows, and the vjp to the first of them (the second's is its negative)."""
    delta = u - v + eps
    size = np.abs(delta)
    distance = (size**p).sum(axis=-1) ** (1 / p)

    def vjp(ddistance: Array) -> Array:
        part = size / np.where(distance > 0, distance, 1)[..., None]
        slope = np.sign(delta) * part ** (p - 1)
        return ddistance[..., None] * slope

    return distance, vjp


@primitive
def info_nce(
    queries: Float[Array, "n d"],
    keys: Float[Array, "n d"],
    /,
    *,
    temperature: float = 0.1,
    reduction: str = "mean",
) -> Rule:
    r"""Which key belongs to a query? A cross-entropy over the batch, whose classes are the keys.

    With unit rows $\hat q_i = q_i / \lVert q_i \rVert$, $\hat k_j = k_j / \lVert k_j \rVert$ and scores
    $s_{ij} = \hat q_i \cdot \hat k_j / \tau$,
    $$\ell_i = -\ln \frac{e^{s_{ii}}}{\sum_j e^{s_{ij}}}, \qquad
    \frac{\partial \ell_i}{\partial s_{ij}} = p_{ij} - [j = i], \qquad
    dq_i = \frac{d\hat q_i - \hat q_i\,(\hat q_i \cdot d\hat q_i)}{\lVert q_i \rVert},$$
    with $p_i$ the softmax of row $i$. Row $i$ of the keys belongs to row $i$ of the queries; the other keys
    of the batch are its negatives. A length is never taken to be less than $10^{-12}$.

    Args:
        queries: Rows of $d$ numbers, `(n, d)`.
        keys: Their partners, row by row, `(n, d)`.
        temperature: $\tau$: the smaller, the more the nearest negatives count.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per query).

    Returns:
        The loss, in nats; $\ln n$ where all keys look the same.

    Raises:
        ValueError: If the shapes differ, `temperature` is not positive, the reduction is unknown, or there
            are no rows.

    Source:
        A. van den Oord, Y. Li, O. Vinyals, *Representation learning with contrastive predictive coding*
        (2018); with cosines and a temperature: T. Chen et al., *A simple framework for contrastive learning
        of visual representations*, ICML 2020.

    Examples:
        >>> x = np.eye(3)
        >>> float(info_nce(x, x, temperature=1.0).round(4))  # ln((e + 2) / e)
        0.5514
    """
    expect_setting(
        "info_nce: temperature", "a positive number", temperature, temperature > 0
    )
    if not len(queries):
        raise ValueError("info_nce: queries: expected a row at least, got none")
    q, to_queries = _unit_rows(queries)
    k, to_keys = _unit_rows(keys)
    log_p = log_softmax.rule(q @ k.T / temperature)[0]
    losses = -np.diagonal(log_p)
    loss, scale = reduced("info_nce", losses, reduction, losses.size)

    def vjp(dloss: Array) -> tuple[Array, Array]:
        dscores = np.exp(log_p)
        np.fill_diagonal(dscores, dscores.diagonal() - 1)
        dscores *= np.reshape(scale * dloss / temperature, (-1, 1))
        return to_queries(dscores @ k), to_keys(dscores.T @ q)

    return loss, vjp


def _unit_rows(x: Array) -> tuple[Array, Callable[[Array], Array]]:
    """The rows divided by their lengths, and the vjp."""
    length = np.sqrt((x * x).sum(axis=1, keepdims=True))
    bounded = np.maximum(length, np.asarray(1e-12, x.dtype))
    unit = x / bounded

    def vjp(dunit: Array) -> Array:
        along = np.where(
            length >= bounded, (unit * dunit).sum(axis=1, keepdims=True), 0
        )
        return (dunit - unit * along) / bounded

    return unit, vjp
