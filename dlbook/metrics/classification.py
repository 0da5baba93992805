r"""How good are the predictions? Counts and ratios of counts, named as in scikit-learn.

Truth comes first, predictions second. In the functions for two classes, 1 (or True) is the positive class,
and the counts have these names:

| | predicted 1 | predicted 0 |
|---|---|---|
| **is 1** | true positives, TP | false negatives, FN |
| **is 0** | false positives, FP | true negatives, TN |

Some ratios have no value for some data: without a positive prediction, precision is 0/0. Such a call raises,
unless `zero_division` says which number is to stand for it. (Scikit-learn warns and returns 0.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def accuracy(y: ArrayLike, y_hat: ArrayLike, /) -> float:
    r"""The share of predictions that are right, $\frac1n \sum_i [\hat y_i = y_i]$.

    Args:
        y: The true labels, in the shape (n,).
        y_hat: The predicted labels, in the shape (n,); not probabilities or scores.

    Raises:
        TypeError: If the predictions are not labels.
        ValueError: If there are no examples, or the shapes differ.

    Examples:
        >>> accuracy([3, 8, 8, 1], [3, 8, 3, 1])
        0.75
    """
    y, y_hat = _labels("accuracy", y, y_hat)
    return float(np.mean(y == y_hat))


def confusion_matrix(y: ArrayLike, y_hat: ArrayLike, /) -> Int[Array, "k k"]:
    """Who is taken for whom: row i, column j counts the examples of class i that were predicted as class j.

    Args:
        y: The true labels, whole numbers from 0, in the shape (n,).
        y_hat: The predicted labels, in the shape (n,).

    Returns:
        Counts in the shape (k, k), where k - 1 is the largest label that occurs.

    Raises:
        TypeError: If there is anything but whole numbers.
        ValueError: If there are no examples, a label is negative, or the shapes differ.

    Examples:
        >>> confusion_matrix([0, 0, 1, 1, 2], [0, 1, 1, 1, 0])
        array([[1, 1, 0],
               [0, 2, 0],
               [1, 0, 0]])
    """
    y, y_hat = (
        labels.astype(np.intp) for labels in _labels("confusion_matrix", y, y_hat)
    )
    if min(y.min(), y_hat.min()) < 0:
        raise ValueError(
            f"confusion_matrix: expected labels of at least 0, got {min(y.min(), y_hat.min())}"
        )
    k = int(max(y.max(), y_hat.max())) + 1
    return np.bincount(y * k + y_hat, minlength=k * k).reshape(k, k)


def precision(
    y: ArrayLike, y_hat: ArrayLike, /, *, zero_division: float | None = None
) -> float:
    r"""Of what was called positive, the share that is: $\frac{TP}{TP + FP}$.

    Args:
        y: The true labels, 0 or 1, in the shape (n,).
        y_hat: The predicted labels, in the shape (n,).
        zero_division: The value if nothing was called positive; without it that is an error.

    Raises:
        TypeError: If there is anything but whole numbers or truth values.
        ValueError: If a label is neither 0 nor 1, nothing was called positive, or the shapes differ.

    Examples:
        >>> precision([1, 0, 1, 1, 0], [1, 1, 1, 0, 0]).__round__(3)
        0.667
    """
    tp, fp, _ = _counts("precision", y, y_hat)
    return _ratio("precision", tp, tp + fp, "a positive prediction", zero_division)


def recall(
    y: ArrayLike, y_hat: ArrayLike, /, *, zero_division: float | None = None
) -> float:
    r"""Of what is positive, the share that was found: $\frac{TP}{TP + FN}$.

    Args:
        y: The true labels, 0 or 1, in the shape (n,).
        y_hat: The predicted labels, in the shape (n,).
        zero_division: The value if nothing is positive; without it that is an error.

    Raises:
        TypeError: If there is anything but whole numbers or truth values.
        ValueError: If a label is neither 0 nor 1, nothing is positive, or the shapes differ.

    Examples:
        >>> recall([1, 0, 1, 1, 0, 1], [1, 1, 1, 0, 0, 1])
        0.75
    """
    tp, _, fn = _counts("recall", y, y_hat)
    return _ratio("recall", tp, tp + fn, "a positive example", zero_division)


def f1_score(
    y: ArrayLike, y_hat: ArrayLike, /, *, zero_division: float | None = None
) -> float:
    r"""The harmonic mean of precision and recall, $\frac{2\,TP}{2\,TP + FP + FN}$.

    Args:
        y: The true labels, 0 or 1, in the shape (n,).
        y_hat: The predicted labels, in the shape (n,).
        zero_division: The value if nothing is positive and nothing was called so; without it that is an error.

    Raises:
        TypeError: If there is anything but whole numbers or truth values.
        ValueError: If a label is neither 0 nor 1, there is no positive on either side, or the shapes differ.

    Source:
        C. J. van Rijsbergen, *Information Retrieval*, 2nd ed. (1979), chapter 7.

    Examples:
        >>> f1_score([1, 0, 1, 1, 0, 1], [1, 1, 1, 0, 0, 1])
        0.75
    """
    tp, fp, fn = _counts("f1_score", y, y_hat)
    return _ratio(
        "f1_score",
        2 * tp,
        2 * tp + fp + fn,
        "a positive example or prediction",
        zero_division,
    )


class RocCurve(NamedTuple):
    """The trade between false and true alarms, one point for each threshold.

    Attributes:
        fpr: The false positive rate, FP / (FP + TN), rising from 0 to 1.
        tpr: The true positive rate (recall), TP / (TP + FN), rising from 0 to 1.
        thresholds: An example counts as positive if its score is at least this; falling from infinity.

    Examples:
        >>> curve = roc_curve([0, 1], [0.2, 0.7])
        >>> curve.tpr
        array([0., 1., 1.])
    """

    fpr: Float[Array, " m"]
    tpr: Float[Array, " m"]
    thresholds: Float[Array, " m"]


def roc_curve(y: ArrayLike, score: ArrayLike, /) -> RocCurve:
    """What every possible threshold would give: one point for each score that occurs, and the start (0, 0).

    Args:
        y: The true labels, 0 or 1, in the shape (n,).
        score: The larger, the more likely positive (probabilities or scores), in the shape (n,).

    Raises:
        TypeError: If a label is not a whole number or truth value.
        ValueError: If a label is neither 0 nor 1, a class is missing, a score is NaN, or the shapes differ.

    Source:
        T. Fawcett, *An introduction to ROC analysis*, Pattern Recognition Letters 27 (2006).

    Examples:
        >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> fpr, tpr
        (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
        >>> thresholds
        array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """
    score = np.asarray(score, np.float64)
    y = _binary("roc_curve", "y", np.asarray(y))
    if score.shape != y.shape:
        raise ValueError(
            f"roc_curve: score: expected shape {y.shape}, one per label, got {score.shape}"
        )
    if np.isnan(score).any():
        raise ValueError(
            f"roc_curve: score: expected numbers, got NaN as number {np.isnan(score).argmax()}"
        )
    if y.all() or not y.any():
        raise ValueError(
            f"roc_curve: y: expected examples of both classes, got {len(y)} of one"
        )
    order = np.argsort(-score, kind="stable")
    score, y = score[order], y[order]
    last = np.append(
        np.flatnonzero(score[1:] != score[:-1]), len(y) - 1
    )  # examples with equal scores pass together
    tpr, fpr = np.cumsum(y)[last] / y.sum(), np.cumsum(~y)[last] / (~y).sum()
    return RocCurve(
        np.append(0.0, fpr), np.append(0.0, tpr), np.append(np.inf, score[last])
    )


def roc_auc(y: ArrayLike, score: ArrayLike, /) -> float:
    """The area under the ROC curve: how often a positive example has a higher score than a negative one.

    Pairs with equal scores count half. 1 is a perfect order, 0.5 is no order at all.

    Args:
        y: The true labels, 0 or 1, in the shape (n,).
        score: The larger, the more likely positive, in the shape (n,).

    Raises:
        TypeError: As `roc_curve` does.
        ValueError: As `roc_curve` does.

    Source:
        J. A. Hanley and B. J. McNeil, *The meaning and use of the area under a receiver operating
        characteristic (ROC) curve*, Radiology 143 (1982).

    Examples:
        >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    """
    fpr, tpr, _ = roc_curve(y, score)
    return float(np.trapezoid(tpr, fpr))


def _labels(name: str, y: ArrayLike, y_hat: ArrayLike) -> tuple[Array, Array]:
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    for argument, labels in (("y", y), ("y_hat", y_hat)):
        if labels.dtype.kind not in "iub" and labels.size:
            hint = (
                "; take the argmax or compare with a threshold"
                if labels.dtype.kind == "f"
                else ""
            )
            raise TypeError(
                f"{name}: {argument}: expected labels (whole numbers), got {labels.dtype}{hint}"
            )
    if y.ndim != 1 or len(y) == 0:
        raise ValueError(
            f"{name}: y: expected shape (n,) with at least one example, got {y.shape}"
        )
    if y_hat.shape != y.shape:
        raise ValueError(
            f"{name}: y_hat: expected shape {y.shape}, one per label, got {y_hat.shape}"
        )
    return y, y_hat


def _binary(name: str, argument: str, labels: Array) -> Array:
    labels, _ = _labels(name, labels, labels)
    strange = (labels != 0) & (labels != 1)
    if strange.any():
        raise ValueError(
            f"{name}: {argument}: expected labels 0 and 1, got {labels[strange.argmax()]}"
        )
    return labels == 1


def _counts(name: str, y: ArrayLike, y_hat: ArrayLike) -> tuple[int, int, int]:
    """True positives, false positives, false negatives."""
    y, y_hat = _labels(name, y, y_hat)
    y, y_hat = _binary(name, "y", y), _binary(name, "y_hat", y_hat)
    return int((y & y_hat).sum()), int((~y & y_hat).sum()), int((y & ~y_hat).sum())


def _ratio(
    name: str, part: int, whole: int, wanted: str, zero_division: float | None
) -> float:
    if whole:
        return part / whole
    if zero_division is None:
        raise ValueError(
            f"{name}: expected {wanted}, got none, so the ratio is 0/0; see zero_division"
        )
    return float(zero_division)
