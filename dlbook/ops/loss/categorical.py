"""Losses of one class among several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.softmax import log_softmax
from dlbook.ops.loss.reduction import expect_probabilities, reduced

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


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
        expect_probabilities("cross_entropy: t", t)

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
    loss, scale = reduced("cross_entropy", losses.reshape(positions), reduction, total)

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
