"""Losses of one class among several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.softmax import log_softmax
from dlbook.ops.loss.checks import (
    expect_label_each,
    expect_labels,
    expect_probabilities,
)
from dlbook.ops.loss.reduction import reduced

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
    axis, rows = _by_position(z)
    positions, k = rows.shape[:-1], rows.shape[-1]
    if k == 0:
        raise ValueError(
            f"cross_entropy: z: expected at least one class, got {z.shape}"
        )
    labeled = t.dtype.kind != "f"
    if labeled:
        expect_label_each("cross_entropy", t, positions)
    else:
        if t.shape != z.shape:
            raise ValueError(
                f"cross_entropy: t: expected distributions of shape {z.shape}, got {t.shape}"
            )
        if ignore_index >= 0:
            raise ValueError(
                "cross_entropy: ignore_index: expected labels to go with it, got distributions"
            )
        expect_probabilities("cross_entropy: t", t)

    scores = rows.reshape(-1, k)
    w = np.ones(k, z.dtype) if weight is None else weight
    if labeled:
        i, t, w_t = _counted("cross_entropy", t.reshape(-1), k, w, ignore_index)
        total = w_t.sum()
    else:
        total = len(scores)
    if labeled and not label_smoothing:
        losses, to_scores = _of_labels(scores, i, t, w_t)
    else:
        log_p = log_softmax.rule(scores)[0]
        if labeled:
            y = np.zeros_like(log_p)
            y[i] = w * (label_smoothing / k)
            y[i, t] += w[t] * (1 - label_smoothing)
        else:
            y = np.moveaxis(t, axis, -1).reshape(-1, k)
            y = w * ((1 - label_smoothing) * y + label_smoothing / k)
        losses, to_scores = _of_distributions(log_p, y)
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


@primitive
def nll_loss(
    log_p: Float[Array, "n k *dims"] | Float[Array, " k"],
    t: Int[Array, "..."],
    weight: Float[Array, " k"] | None = None,
    /,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Rule:
    r"""The negative log-likelihood of labels, from log-probabilities.

    $$\ell_i = -w_{t_i} \log p_{i t_i}, \qquad
    \frac{\partial \ell_i}{\partial \log p_{ij}} = -w_{t_i} [j = t_i], \qquad
    L = \frac{\sum_i \ell_i}{\sum_i w_{t_i}} .$$
    After `log_softmax` this is `cross_entropy`, in two steps. Use it where the log-probabilities come from
    elsewhere, such as the mean of several models' probabilities.

    Args:
        log_p: Log-probabilities, none positive: `(n, k)`; `(n, k, *dims)` for a prediction at each position;
            `(k,)` for one example.
        t: Labels from 0 to $k - 1$, integers of the shape of `log_p` without its class axis.
        weight: How much each class counts, `(k,)`.
        ignore_index: The label of positions that are left out, of the loss and of the mean.
        reduction: `"mean"`, `"sum"` or `"none"` (one loss per position).

    Returns:
        The loss, in nats.

    Raises:
        ValueError: If the shapes do not fit, a label is no class (a negative one never counts from the end), a
            log-probability is positive (by more than rounding), `reduction` is none of the three, or there is
            nothing to average.

    Source:
        The principle: R. A. Fisher, *On the mathematical foundations of theoretical statistics* (1922).

    Examples:
        >>> p = np.array([[0.7, 0.2, 0.1], [0.5, 0.25, 0.25]])
        >>> nll_loss(np.log(p), [0, 2], reduction="none").round(4)
        array([0.3567, 1.3863])
    """
    axis, rows = _by_position(log_p)
    positions, k = rows.shape[:-1], rows.shape[-1]
    expect_label_each("nll_loss", t, positions)
    if (log_p > np.finfo(log_p.dtype).resolution).any():
        raise ValueError(
            f"nll_loss: log_p: expected log-probabilities of at most 0, got values up to {log_p.max():g}; "
            "scores belong to cross_entropy"
        )
    w = np.ones(k, log_p.dtype) if weight is None else weight
    i, t, w_t = _counted("nll_loss", t.reshape(-1), k, w, ignore_index)
    losses = np.zeros(len(w_t), log_p.dtype)
    losses[i] = -w_t[i] * rows.reshape(-1, k)[i, t]
    loss, scale = reduced("nll_loss", losses.reshape(positions), reduction, w_t.sum())

    def vjp(dloss: Array) -> tuple[Array, None, None]:
        dlosses = np.broadcast_to(dloss * scale, positions).reshape(-1)
        dlog_p = np.zeros((len(w_t), k), log_p.dtype)
        dlog_p[i, t] = -(w_t * dlosses)[i]
        return np.moveaxis(dlog_p.reshape(rows.shape), -1, axis), None, None

    return loss, vjp


def _by_position(z: Array) -> tuple[int, Array]:
    """The axis of the classes, and the array with that axis last."""
    axis = min(1, z.ndim - 1)
    return axis, np.moveaxis(z, axis, -1)


def _counted(
    name: str, t: Array, k: int, w: Array, ignore_index: int
) -> tuple[Array, Array, Array]:
    """The rows that count, their labels, and the weight of every row: zero for one that does not count."""
    i = np.flatnonzero(t != ignore_index)
    w_t = np.zeros(len(t), w.dtype)
    t = t[i]
    expect_labels(name, t, k)
    w_t[i] = w[t]
    return i, t, w_t


def _of_labels(
    z: Array, i: Array, t: Array, w_t: Array
) -> tuple[Array, Callable[[Array], Array]]:
    """A loss per row, and the vjp to the rows of scores: both from the exponentials, which are taken once."""
    e = z - z.max(axis=1, keepdims=True)
    losses = np.zeros(len(z), z.dtype)
    losses[i] = -e[i, t]
    np.exp(e, out=e)
    total = e @ np.ones(z.shape[1], z.dtype)  # a product adds faster than a sum
    losses[i] += np.log(total[i])
    losses *= w_t

    def vjp(dlosses: Array) -> Array:
        d = w_t * dlosses[:, 0]
        dz = e * (d / total)[:, None]
        dz[i, t] -= d[i]
        return dz

    return losses, vjp


def _of_distributions(log_p: Array, y: Array) -> tuple[Array, Callable[[Array], Array]]:
    """A loss per row, for weighted distributions `y` as targets, and the vjp to the rows of scores."""

    def vjp(dlosses: Array) -> Array:
        dz = np.exp(log_p)
        dz *= y.sum(axis=1, keepdims=True)
        dz -= y
        dz *= dlosses
        return dz

    return -(y * log_p).sum(axis=1), vjp
