r"""Do the probabilities mean what they say? Of the answers given with 70 %, 70 % should be right.

What is asked about is always an event with a stated probability: that class 1 is the truth, where a model states
one probability per example, or that its answer, the most probable class, is the truth, where it states one for
each class. Examples whose probabilities are alike are put into one bin, and in each bin the mean probability is
held against the share of events that came true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


class CalibrationCurve(NamedTuple):
    """What was stated and what came true, in each bin that holds an example.

    Attributes:
        confidence: The mean of the stated probabilities.
        accuracy: The share of the events that came true.
        counts: The number of examples.

    Examples:
        >>> curve = calibration_curve([0, 1, 1], [0.4, 0.6, 0.8], n_bins=2)
        >>> curve.counts
        array([1, 2])
    """

    confidence: Float[Array, " b"]
    accuracy: Float[Array, " b"]
    counts: Int[Array, " b"]


def calibration_curve(
    t: ArrayLike, p: ArrayLike, /, *, n_bins: int = 15
) -> CalibrationCurve:
    r"""Stated probabilities beside what came true, in bins of equal width.

    Bin $b$ of $M$ holds the probabilities in $\bigl(\frac{b-1}{M}, \frac{b}{M}\bigr]$, the first also 0. Bins
    without an example are left out.

    Args:
        t: The true labels, whole numbers: 0 or 1 for probabilities of class 1, else 0 to $k - 1$, in the shape (n,).
        p: The stated probabilities: those of class 1, in the shape (n,), or those of every class, in the shape
            (n, k). Of the latter only the largest of each row counts, and its event is that this class is the truth;
            of equal ones the first.
        n_bins: The number of bins, $M$.

    Raises:
        TypeError: If the labels are not whole numbers.
        ValueError: If there are no examples, the shapes differ, a label is no class, a probability is outside [0, 1] or
            NaN, those of a row do not add up to one, or there is no bin.

    Source:
        C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, *On calibration of modern neural networks* (2017).

    Examples:
        >>> t, p = [0, 1, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]]
        >>> confidence, accuracy, counts = calibration_curve(t, p, n_bins=4)
        >>> confidence.round(2), accuracy.round(2), counts
        (array([0.65, 0.85]), array([0.5, 1. ]), array([2, 2]))
    """
    stated, came_true = _events("calibration_curve", t, p)
    return _curve("calibration_curve", stated, came_true, n_bins)


def expected_calibration_error(
    t: ArrayLike, p: ArrayLike, /, *, n_bins: int = 15
) -> float:
    r"""By how much the stated probabilities are off, on average over the examples.

    $$\text{ECE} = \sum_{b} \frac{n_b}{n}\, \lvert \text{accuracy}_b - \text{confidence}_b \rvert$$
    over the bins of `calibration_curve`. It depends on their number, and in bins with few examples chance alone
    makes it positive: compare only what was measured with the same bins on the same examples.

    Args:
        t: The true labels, as `calibration_curve` takes them.
        p: The stated probabilities, as `calibration_curve` takes them.
        n_bins: The number of bins.

    Raises:
        TypeError: As `calibration_curve` does.
        ValueError: As `calibration_curve` does.

    Source:
        M. P. Naeini, G. F. Cooper, M. Hauskrecht, *Obtaining well calibrated probabilities using Bayesian binning*
        (2015), for two classes; for the most probable of several, and with these bins, C. Guo et al., *On calibration
        of modern neural networks* (2017).

    Examples:
        >>> t, p = [0, 1, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]]
        >>> round(expected_calibration_error(t, p, n_bins=4), 3)
        0.15
    """
    stated, came_true = _events("expected_calibration_error", t, p)
    curve = _curve("expected_calibration_error", stated, came_true, n_bins)
    gaps = np.abs(curve.accuracy - curve.confidence)
    return float((curve.counts * gaps).sum() / curve.counts.sum())


def _events(name: str, t: ArrayLike, p: ArrayLike) -> tuple[Array, Array]:
    """The stated probability of each example's event, and whether it came true."""
    t, p = np.asarray(t), np.asarray(p, np.float64)
    if t.dtype.kind not in "iub" and t.size:
        raise TypeError(f"{name}: t: expected labels (whole numbers), got {t.dtype}")
    if t.ndim != 1 or len(t) == 0:
        raise ValueError(
            f"{name}: t: expected shape (n,) with at least one example, got {t.shape}"
        )
    if p.shape != t.shape and (p.ndim != 2 or len(p) != len(t) or p.shape[1] == 0):
        raise ValueError(
            f"{name}: p: expected shape ({len(t)},) or ({len(t)}, k), one row per label, got {p.shape}"
        )
    if not (p.min() >= 0 and p.max() <= 1):  # a NaN fails too
        raise ValueError(
            f"{name}: p: expected probabilities from 0 to 1, got values from {p.min():g} to {p.max():g}"
        )
    k = 2 if p.ndim == 1 else p.shape[1]
    if t.min() < 0 or t.max() >= k:
        raise ValueError(
            f"{name}: t: expected labels from 0 to {k - 1}, got {t.min()} to {t.max()}"
        )
    if p.ndim == 1:
        return p, t == 1
    off = np.abs(p.sum(axis=1) - 1)
    if off.max() > 1e-3:  # half precision rounds by as much
        raise ValueError(
            f"{name}: p: expected rows that add up to 1, got {p[off.argmax()].sum():g} in row {off.argmax()}"
        )
    answer = p.argmax(axis=1)
    return p[np.arange(len(p)), answer], answer == t


def _curve(name: str, stated: Array, came_true: Array, n_bins: int) -> CalibrationCurve:
    if n_bins < 1:
        raise ValueError(f"{name}: n_bins: expected at least 1, got {n_bins}")
    ends = np.linspace(0, 1, n_bins + 1)
    bins = np.searchsorted(ends[1:-1], stated)  # an end belongs to the bin on its left
    count = np.bincount(bins, minlength=n_bins)
    held = count > 0
    confidence, accuracy = (
        np.bincount(bins, weights=values, minlength=n_bins)[held] / count[held]
        for values in (stated, came_true)
    )
    return CalibrationCurve(confidence, accuracy, count[held])
