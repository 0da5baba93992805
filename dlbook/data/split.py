"""Which examples train and which test: one split, or k folds in turn."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.data.batch import examples_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def train_test_split(
    *arrays: ArrayLike,
    test_size: float = 0.25,
    rng: np.random.Generator,
    stratify: ArrayLike | None = None,
) -> tuple[Array, ...]:
    r"""Deal shuffled examples to a training part and a test part; several arrays are split alike.

    With `stratify`, each class is split in the same proportion: of a class with $n_c$ of the $n$ examples,
    the test part of $m$ examples gets $m\,n_c/n$, rounded up or down so that the total is $m$. The classes
    that lose most by rounding down are rounded up; ties are drawn.

    Args:
        arrays: Arrays with one entry per example on their first axis.
        test_size: A fraction between 0 and 1 (the number of examples is rounded up), or a number of examples.
        rng: Shuffles the examples.
        stratify: One label per example.

    Returns:
        For `train_test_split(x, y, …)` the tuple `x_train, x_test, y_train, y_test`; all are copies.

    Raises:
        TypeError: If no array is given, or `rng` is not a generator.
        ValueError: If the lengths differ, a part would be empty, a class has a single example, or a part
            has fewer examples than there are classes.

    Examples:
        >>> x, y = np.arange(8), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> parts = train_test_split(x, y, test_size=0.5, rng=np.random.default_rng(0), stratify=y)
        >>> [len(part) for part in parts], parts[3].sum()
        ([4, 4, 4, 4], np.int64(2))
    """
    _check_rng("train_test_split", rng)
    kept = examples_of("train_test_split", arrays)
    n = len(kept[0])
    m = _test_count(n, test_size)
    if stratify is None:
        order = rng.permutation(n)
        test, train = order[:m], order[m:]
    else:
        test, train = _stratified(_labels("train_test_split", stratify, n), m, rng)
    return tuple(array[index] for array in kept for index in (train, test))


def k_fold(
    n: int,
    *,
    k: int = 5,
    rng: np.random.Generator | None = None,
    stratify: ArrayLike | None = None,
) -> Iterator[tuple[Int[Array, " train"], Int[Array, " test"]]]:
    """Cross-validation: cut the examples into k folds, and let each fold be the test part once.

    The sizes of the folds differ by at most one; with `stratify`, so do the numbers of each class in them.

    Args:
        n: The number of examples.
        k: The number of folds.
        rng: Shuffles the examples first. Without it the folds are contiguous, in the order of the data
            (with `stratify`: each class is cut in its order).
        stratify: One label per example.

    Returns:
        An iterator over k pairs of index arrays, training part and test part, each in ascending order.

    Raises:
        TypeError: If `rng` is neither a generator nor None.
        ValueError: If k is less than 2 or more than n, the number of labels is not n, or a class has fewer
            than k examples.

    Source:
        M. Stone, *Cross-validatory choice and assessment of statistical predictions*, Journal of the Royal
        Statistical Society B 36 (1974).

    Examples:
        >>> for train, test in k_fold(5, k=2):
        ...     print(train, test)
        [3 4] [0 1 2]
        [0 1 2] [3 4]
    """
    if rng is not None:
        _check_rng("k_fold", rng)
    if not 2 <= k <= n:
        raise ValueError(
            f"k_fold: k: expected at least 2 and at most n = {n} folds, got {k}"
        )
    if stratify is None:
        fold = np.sort(np.arange(n) % k)
        if rng is not None:
            rng.shuffle(fold)
    else:
        fold = _stratified_folds(_labels("k_fold", stratify, n), k, rng)
    return ((np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k))


def _stratified(labels: Array, m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    n = len(labels)
    classes, of, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if counts.min() < 2:
        lonely = classes[counts.argmin()]
        raise ValueError(
            f"train_test_split: stratify: expected at least 2 examples of each class, got 1 of {lonely!r}"
        )
    if min(m, n - m) < len(classes):
        raise ValueError(
            f"train_test_split: test_size: expected room for {len(classes)} classes in both parts, got {n - m} + {m}"
        )
    taken, remainder = np.divmod(m * counts, n)
    short = m - taken.sum()
    # Classes with the largest remainders are rounded up; a random order decides between equal ones.
    shuffled = rng.permutation(len(classes))
    taken[shuffled[np.argsort(-remainder[shuffled], kind="stable")][:short]] += 1
    order = rng.permutation(n)
    members = [order[of[order] == c] for c in range(len(classes))]
    test = np.concatenate(
        [some[:some_m] for some, some_m in zip(members, taken, strict=True)]
    )
    train = np.concatenate(
        [some[some_m:] for some, some_m in zip(members, taken, strict=True)]
    )
    return rng.permutation(test), rng.permutation(train)


def _stratified_folds(labels: Array, k: int, rng: np.random.Generator | None) -> Array:
    classes, of, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if counts.min() < k:
        rare = classes[counts.argmin()]
        raise ValueError(
            f"k_fold: stratify: expected at least k = {k} of each class, got {counts.min()} of {rare!r}"
        )
    # Folds are dealt like cards over the examples sorted by class: any run of them, so every class, is even.
    dealt = np.arange(len(labels)) % k
    fold = np.empty_like(dealt)
    for c, end in enumerate(np.cumsum(counts)):
        share = np.sort(dealt[end - counts[c] : end])
        if rng is not None:
            rng.shuffle(share)
        fold[of == c] = share
    return fold


def _test_count(n: int, test_size: float) -> int:
    whole = isinstance(test_size, (int, np.integer))
    if not whole and not 0 < test_size < 1:  # a NaN fails too
        raise ValueError(
            f"train_test_split: test_size: expected a fraction between 0 and 1 or a whole number, got {test_size}"
        )
    m = (
        int(test_size) if whole else ceil(round(test_size * n, 9))
    )  # 0.07 · 100 is a little more than 7
    if not 0 < m < n:
        raise ValueError(
            f"train_test_split: test_size: expected examples in both parts, got {m} of {n} for testing"
        )
    return m


def _labels(name: str, stratify: ArrayLike, n: int) -> Array:
    labels = np.asarray(stratify)
    if labels.shape != (n,):
        raise ValueError(
            f"{name}: stratify: expected shape ({n},), one label per example, got {labels.shape}"
        )
    if labels.dtype.kind == "f" and not np.array_equal(
        labels, np.floor(labels)
    ):  # a NaN fails too
        raise ValueError(f"{name}: stratify: expected labels, got fractions or NaN")
    return labels


def _check_rng(name: str, rng: Any) -> None:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{name}: rng: expected np.random.default_rng(seed), got {rng!r}"
        )
