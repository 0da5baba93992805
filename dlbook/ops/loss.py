"""Losses: how wrong a prediction is, as one number to be made small.

Each takes predictions, targets and optional weights, and is PyTorch's function of the same name, option by
option. Weights are constants: they get no gradient. With `reduction="mean"` an empty batch is an error,
since the mean of nothing is not a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation import log_softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array, Rule


def _reduced(name: str, losses: Array, reduction: str, total: Any) -> tuple[Array, Any]:
    """The losses reduced, and the factor by which the reduction scales each one's gradient."""
    if reduction == "none":
        return losses, 1
    if reduction == "sum":
        return losses.sum(), 1
    if reduction != "mean":
        raise ValueError(
            f"{name}: reduction: expected 'mean', 'sum' or 'none', got {reduction!r}"
        )
    if total == 0:
        raise ValueError(
            f"{name}: reduction: expected something to take the mean of, got none"
        )
    return losses.sum() / total, 1 / total


def _expect_probabilities(where: str, p: Array) -> None:
    if p.size and not (p.min() >= 0 and p.max() <= 1):  # a NaN fails too
        raise ValueError(
            f"{where}: expected probabilities from 0 to 1, got values from {p.min():g} to {p.max():g}"
        )


def _stretched(where: str, weight: Array | None, like: Array) -> Any:
    """The weights as they meet the losses; they may be stretched, the losses may not."""
    if weight is None:
        return 1
    try:
        return np.broadcast_to(weight, like.shape)
    except ValueError:
        raise ValueError(
            f"{where}: expected a shape that broadcasts to {like.shape}, got {weight.shape}"
        ) from None


@primitive
def mse_loss(
    y_hat: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "*shape"] | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The mean squared error of predicted numbers.

    $$L = \frac{\sum_i w_i\,(\hat y_i - y_i)^2}{\sum_i w_i}, \qquad
    \frac{\partial L}{\partial \hat y_i} = \frac{2\, w_i\,(\hat y_i - y_i)}{\sum_i w_i},$$
    with $w_i = 1$ where no weights are given.

    Args:
        y_hat: Predictions, of any shape.
        y: Targets, of exactly the same shape. (`(n, 1)` against `(n,)` would compare every prediction
            with every target, and is refused.)
        weight: How much each element counts, of the same shape.
        reduction: `"mean"`, `"sum"` (of the weighted squares) or `"none"` (one loss per element).

    Returns:
        The loss, in squared units of `y`.

    Raises:
        ValueError: If the shapes differ, the reduction is unknown, or there is nothing to average.

    Source:
        A.-M. Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes* (1805).

    Examples:
        >>> float(mse_loss([1.0, 2.0, 4.0], [1.0, 3.0, 1.0], reduction="sum"))
        10.0
    """
    error = y_hat - y
    w = 1 if weight is None else weight
    loss, scale = _reduced(
        "mse_loss",
        w * error * error,
        reduction,
        error.size if weight is None else weight.sum(),
    )

    def vjp(dloss: Array) -> tuple[Array, Array, None]:
        dy_hat = (2 * scale * dloss) * w * error
        return dy_hat, -dy_hat, None

    return loss, vjp


@primitive
def binary_cross_entropy(
    p: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "..."] | None = None,
    /,
    *,
    reduction: str = "mean",
) -> Rule:
    r"""The log-loss of predicted probabilities, for two classes.

    $$\ell_i = -w_i \bigl(y_i \log p_i + (1 - y_i) \log(1 - p_i)\bigr), \qquad
    \frac{\partial \ell_i}{\partial p_i} = w_i\, \frac{p_i - y_i}{p_i\,(1 - p_i)}.$$
    As in PyTorch a logarithm is never taken to be less than $-100$, and the denominator of the slope never
    less than $10^{-12}$: a confident mistake costs 100 nats, not infinitely many. Where there are scores,
    `binary_cross_entropy_with_logits` needs neither.

    Args:
        p: Probabilities of the class 1, of any shape.
        y: Targets from 0 to 1, of the same shape.
        weight: How much each element counts, of a shape that broadcasts to that of `p`.
        reduction: `"mean"` (divides by the number of elements, not by their weights), `"sum"` or `"none"`.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a probability or a target is outside [0, 1] or NaN, the shapes do not fit, the
            reduction is unknown, or there is nothing to average.

    Source:
        D. R. Cox, *The regression analysis of binary sequences*, J. Royal Statistical Society B 20 (1958).

    Examples:
        >>> float(binary_cross_entropy([0.8], [1]).round(4))
        0.2231
        >>> float(binary_cross_entropy([0.0], [1]))
        100.0
    """
    _expect_probabilities("binary_cross_entropy: p", p)
    _expect_probabilities("binary_cross_entropy: y", y)
    w = _stretched("binary_cross_entropy: weight", weight, p)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    losses = -w * (y * log_p + (1 - y) * log_q)
    loss, scale = _reduced("binary_cross_entropy", losses, reduction, p.size)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array | None, None]:
        dlosses = w * (dloss * scale)
        dp = dlosses * (p - y) / np.maximum(p * (1 - p), 1e-12)
        return dp, dlosses * (log_q - log_p) if needs[1] else None, None

    return loss, vjp


@primitive
def binary_cross_entropy_with_logits(
    z: Float[Array, "*shape"],
    y: Float[Array, "*shape"],
    weight: Float[Array, "..."] | None = None,
    /,
    *,
    pos_weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Rule:
    r"""The log-loss of scores: sigmoid and cross-entropy in one, so that no logarithm of zero is taken.

    $$\ell_i = w_i \bigl(c\, y_i\, s(-z_i) + (1 - y_i)\, s(z_i)\bigr), \qquad
    s(z) = \log(1 + e^z) = \max(z, 0) + \log\bigl(1 + e^{-|z|}\bigr),$$
    $$\frac{\partial \ell_i}{\partial z_i} = w_i \bigl((1 + (c - 1)\, y_i)\, \sigma(z_i) - c\, y_i\bigr),$$
    where $c$ is `pos_weight`; for $w_i = c = 1$ the slope is $\sigma(z_i) - y_i$.

    Args:
        z: Scores (log-odds, in nats), of any shape.
        y: Targets from 0 to 1, of the same shape.
        weight: How much each element counts, of a shape that broadcasts to that of `z`.
        pos_weight: How much a positive counts beside a negative; a number, or an array that broadcasts to
            the shape of `z`, such as one number per label.
        reduction: `"mean"` (divides by the number of elements, not by their weights), `"sum"` or `"none"`.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If a target is outside [0, 1] or NaN, the shapes do not fit, the reduction is unknown, or
            there is nothing to average.

    Source:
        D. R. Cox, *The regression analysis of binary sequences*, J. Royal Statistical Society B 20 (1958).

    Examples:
        >>> binary_cross_entropy_with_logits([0.0, 1000.0], [1, 0], reduction="none")
        array([6.93147181e-01, 1.00000000e+03])
    """
    _expect_probabilities("binary_cross_entropy_with_logits: y", y)
    w = _stretched("binary_cross_entropy_with_logits: weight", weight, z)
    c, cy, both = 1, y, 1
    if pos_weight is not None:
        c = _stretched(
            "binary_cross_entropy_with_logits: pos_weight",
            np.asarray(pos_weight, z.dtype),
            z,
        )
        cy = c * y
        both = cy + (1 - y)
    e = np.exp(-np.abs(z))
    losses = both * np.maximum(z, 0) - cy * z + both * np.log1p(e)
    loss, scale = _reduced(
        "binary_cross_entropy_with_logits", w * losses, reduction, z.size
    )

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array | None, None]:
        dlosses = w * (dloss * scale)
        a = np.exp(np.minimum(z, 0)) / (1 + e)
        dz = dlosses * (both * a - cy)
        dy = (
            dlosses * ((c - 1) * (np.maximum(z, 0) + np.log1p(e)) - c * z)
            if needs[1]
            else None
        )
        return dz, dy, None

    return loss, vjp


@primitive
def cross_entropy(
    z: Float[Array, "n k *dims"] | Float[Array, " k"],
    t: Int[Array, "..."] | Float[Array, "_ ..."],
    weight: Float[Array, " k"] | None = None,
    /,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Rule:
    r"""The cross-entropy of scores for $k$ classes: softmax and log-loss in one.

    With $p = \operatorname{softmax}(z_i)$ and the target a label $t_i$,
    $$\ell_i = -w_{t_i} \log p_{t_i}, \qquad
    \frac{\partial \ell_i}{\partial z_{ij}} = w_{t_i} \bigl(p_j - [j = t_i]\bigr), \qquad
    L = \frac{\sum_i \ell_i}{\sum_i w_{t_i}} .$$
    With the target a distribution $y_i$ over the classes,
    $$\ell_i = -\sum_j w_j\, y_{ij} \log p_j, \qquad
    \frac{\partial \ell_i}{\partial z_{ij}} = p_j \sum_m w_m\, y_{im} - w_j\, y_{ij}, \qquad
    L = \frac1n \sum_i \ell_i .$$
    Smoothing by $\varepsilon$ takes a target to $(1 - \varepsilon)\, y + \varepsilon / k$ first. The mean over
    labels divides by their weights, that over distributions by their number: PyTorch's convention.

    Args:
        z: Scores: `(n, k)`; `(n, k, *dims)` for a prediction at each position; `(k,)` for one example.
        t: Labels from 0 to $k - 1$, integers of the shape of `z` without its class axis; or distributions,
            floats of the shape of `z`.
        weight: How much each class counts, `(k,)`.
        ignore_index: The label of positions that are left out, of the loss and of the mean.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per position).
        label_smoothing: $\varepsilon$, from 0 to 1.

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If the shapes do not fit, a label is no class (a negative one never counts from the end),
            a target probability is outside [0, 1] or NaN, a setting is out of its range, or there is nothing
            to average.

    Source:
        J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990);
        smoothing: C. Szegedy et al., *Rethinking the Inception architecture* (2016).

    Examples:
        >>> float(cross_entropy([[2.0, 1.0, 0.0]], [0]).round(4))
        0.4076
        >>> float(cross_entropy([[2.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]).round(4))
        0.4076
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            f"cross_entropy: label_smoothing: expected a number from 0 to 1, got {label_smoothing}"
        )
    axis = min(1, z.ndim - 1)
    positions, k = z.shape[:axis] + z.shape[axis + 1 :], z.shape[axis]
    labeled = t.dtype.kind != "f"
    if t.shape != (positions if labeled else z.shape):
        wanted = (
            f"labels of shape {positions}"
            if labeled
            else f"distributions of shape {z.shape}"
        )
        raise ValueError(f"cross_entropy: t: expected {wanted}, got {t.shape}")
    if not labeled:
        if ignore_index >= 0:
            raise ValueError(
                "cross_entropy: ignore_index: expected labels to go with it, got distributions"
            )
        _expect_probabilities("cross_entropy: t", t)

    rows = np.moveaxis(z, axis, -1)
    log_p = log_softmax.rule(rows.reshape(-1, k))[0]
    w = np.ones(k, z.dtype) if weight is None else weight
    if labeled:
        losses, to_scores, total = _of_labels(
            log_p, t.reshape(-1), w, ignore_index, label_smoothing
        )
    else:
        y = np.moveaxis(t, axis, -1).reshape(-1, k)
        losses, to_scores = _of_distributions(
            log_p, w * ((1 - label_smoothing) * y + label_smoothing / k)
        )
        total = len(y)
    loss, scale = _reduced("cross_entropy", losses.reshape(positions), reduction, total)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array, Array | None, None]:
        dlosses = np.reshape(
            dloss * scale, (-1, 1)
        )  # one for each row, or the same one for all
        dz = np.moveaxis(to_scores(dlosses).reshape(rows.shape), -1, axis)
        if labeled or not needs[1]:
            return dz, None, None
        dt = (label_smoothing - 1) * w * log_p * dlosses
        return dz, np.moveaxis(dt.reshape(rows.shape), -1, axis), None

    return loss, vjp


def _of_labels(
    log_p: Array, t: Array, w: Array, ignore_index: int, label_smoothing: float
) -> tuple[Array, Callable[[Array], Array], Any]:
    """A loss per row, the vjp to the rows of scores, and the weight of all rows that count."""
    n, k = log_p.shape
    i = np.flatnonzero(t != ignore_index)
    t = t[i]
    if t.size and not (t.min() >= 0 and t.max() < k):
        raise ValueError(
            f"cross_entropy: t: expected labels from 0 to {k - 1}, got {t.min()} to {t.max()}"
        )
    w_t = np.zeros(n, w.dtype)
    w_t[i] = w[t]
    if label_smoothing:
        y = np.zeros((n, k), w.dtype)
        y[i] = w * (label_smoothing / k)
        y[i, t] += w[t] * (1 - label_smoothing)
        return *_of_distributions(log_p, y), w_t.sum()

    losses = np.zeros(n, log_p.dtype)
    losses[i] = log_p[i, t]
    losses *= -w_t

    def vjp(dlosses: Array) -> Array:
        dz = np.exp(log_p)
        dz[i, t] -= 1
        dz *= w_t[:, None] * dlosses
        return dz

    return losses, vjp, w_t.sum()


def _of_distributions(log_p: Array, y: Array) -> tuple[Array, Callable[[Array], Array]]:
    """A loss per row, for weighted distributions `y` as targets, and the vjp to the rows of scores."""

    def vjp(dlosses: Array) -> Array:
        dz = np.exp(log_p)
        dz *= y.sum(axis=1, keepdims=True)
        dz -= y
        dz *= dlosses
        return dz

    return -(y * log_p).sum(axis=1), vjp
