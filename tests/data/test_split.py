"""Splits and folds: what is promised about their sizes, their classes and their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.model_selection import train_test_split as their_split

from dlbook.data import k_fold, load_digits, train_test_split


def labels_of(counts: list[int], seed: int) -> np.ndarray[Any, Any]:
    """Shuffled labels with the given number of each class."""
    return np.random.default_rng(seed).permutation(
        np.repeat(np.arange(len(counts)), counts)
    )


def test_every_example_is_on_exactly_one_side(rng: np.random.Generator) -> None:
    train, test = train_test_split(np.arange(103), rng=rng)
    assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(103))


def test_several_arrays_are_split_alike(rng: np.random.Generator) -> None:
    x = np.arange(40).reshape(20, 2)
    x_train, x_test, y_train, y_test = train_test_split(x, 10 * x[:, 0], rng=rng)
    assert_array_equal(y_train, 10 * x_train[:, 0])
    assert_array_equal(y_test, 10 * x_test[:, 0])
    assert (len(x_train), len(x_test)) == (15, 5)


def test_the_examples_are_shuffled_and_the_seed_decides() -> None:
    first = train_test_split(np.arange(100), rng=np.random.default_rng(1))
    again = train_test_split(np.arange(100), rng=np.random.default_rng(1))
    other = train_test_split(np.arange(100), rng=np.random.default_rng(2))
    assert_array_equal(first[0], again[0])
    assert (first[0] != other[0]).any()
    assert (np.sort(first[0]) != first[0]).any()


@pytest.mark.parametrize("test_size", [0.25, 0.1, 0.5, 1 / 3, 0.99, 1, 7, 102])
@pytest.mark.parametrize("n", [103, 120])
def test_the_sizes_are_those_of_scikit_learn(
    n: int, test_size: float, rng: np.random.Generator
) -> None:
    ours = train_test_split(np.arange(n), test_size=test_size, rng=rng)
    theirs = their_split(np.arange(n), test_size=test_size, random_state=0)
    assert [len(part) for part in ours] == [len(part) for part in theirs]


def test_a_fraction_is_not_rounded_up_for_the_sake_of_its_last_bit(
    rng: np.random.Generator,
) -> None:
    assert 0.07 * 100 > 7
    assert len(train_test_split(np.arange(100), test_size=0.07, rng=rng)[1]) == 7


@given(
    st.lists(st.integers(2, 30), min_size=1, max_size=6),
    st.floats(0.05, 0.95),
    st.integers(0, 99),
)
def test_each_class_comes_within_one_example_of_its_quota(
    counts: list[int], fraction: float, seed: int
) -> None:
    n, k = sum(counts), len(counts)
    m = int(np.clip(round(fraction * n), k, n - k))
    y = labels_of(counts, seed)
    train, test = train_test_split(
        np.arange(n), test_size=m, rng=np.random.default_rng(seed), stratify=y
    )
    assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))
    assert len(test) == m
    quota = m * np.array(counts) / n
    assert (abs(np.bincount(y[test], minlength=k) - quota) < 1).all()


def test_ties_between_classes_are_drawn() -> None:
    y = np.repeat([0, 1], 5)
    favored = [
        np.bincount(
            train_test_split(
                y, test_size=5, rng=np.random.default_rng(seed), stratify=y
            )[1]
        )[0]
        for seed in range(40)
    ]
    assert set(favored) == {2, 3}


def test_stratifying_shuffles_too(rng: np.random.Generator) -> None:
    y = np.repeat([0, 1], 50)
    train, test = train_test_split(np.arange(100), rng=rng, stratify=y)
    for part in (train, test):
        assert (np.diff(part) < 0).any()
        assert (
            0 < y[part][: len(part) // 2].sum() < len(part) // 2
        )  # and not class after class


def test_labels_may_be_words(rng: np.random.Generator) -> None:
    y = np.array(["cat", "dog"] * 8)
    _, test = train_test_split(y, rng=rng, stratify=y)
    assert sorted(test) == ["cat", "cat", "dog", "dog"]


@pytest.mark.parametrize(
    ("arrays", "settings", "error", "message"),
    [
        ([], {}, TypeError, "arrays: expected at least one array"),
        (
            [np.zeros(4), np.zeros(5)],
            {},
            ValueError,
            "arrays: expected 4 examples in each, got 5 in number 1",
        ),
        (
            [np.float64(3)],
            {},
            ValueError,
            "arrays: expected an axis of examples, got a single number as number 0",
        ),
        (
            [np.zeros(4)],
            {"test_size": 0.0},
            ValueError,
            "test_size: expected a fraction between 0 and 1",
        ),
        (
            [np.zeros(4)],
            {"test_size": 1.0},
            ValueError,
            "test_size: expected a fraction between 0 and 1",
        ),
        (
            [np.zeros(4)],
            {"test_size": float("nan")},
            ValueError,
            "test_size: expected a fraction",
        ),
        (
            [np.zeros(4)],
            {"test_size": 4},
            ValueError,
            "test_size: expected examples in both parts, got 4 of 4",
        ),
        (
            [np.zeros(4)],
            {"test_size": 0},
            ValueError,
            "test_size: expected examples in both parts, got 0 of 4",
        ),
        (
            [np.zeros(1)],
            {},
            ValueError,
            "test_size: expected examples in both parts, got 1 of 1",
        ),
        (
            [np.zeros(0)],
            {},
            ValueError,
            "test_size: expected examples in both parts, got 0 of 0",
        ),
        (
            [np.zeros(4)],
            {"stratify": [0, 1]},
            ValueError,
            r"stratify: expected shape \(4,\)",
        ),
        (
            [np.zeros(4)],
            {"stratify": [0.5, 1, 0, 0]},
            ValueError,
            "stratify: expected labels, got fractions",
        ),
        (
            [np.zeros(4)],
            {"stratify": [0, 0, 0, 1]},
            ValueError,
            "at least 2 examples of each class, got 1 of",
        ),
        (
            [np.zeros(4)],
            {"stratify": [0, 0, 1, 1]},
            ValueError,
            "room for 2 classes in both parts, got 3 \\+ 1",
        ),
        (
            [np.zeros(4)],
            {"rng": 0},
            TypeError,
            r"rng: expected np\.random\.default_rng\(seed\), got 0",
        ),
    ],
)
def test_a_split_that_cannot_be_made_says_why(
    arrays: list[Any],
    settings: dict[str, Any],
    error: type[Exception],
    message: str,
    rng: np.random.Generator,
) -> None:
    with pytest.raises(error, match=f"train_test_split: .*{message}"):
        train_test_split(*arrays, **{"rng": rng, **settings})


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 5), (14, 5), (5, 5), (1797, 10)])
def test_contiguous_folds_are_those_of_scikit_learn(n: int, k: int) -> None:
    for ours, theirs in zip(k_fold(n, k=k), KFold(k).split(np.zeros(n)), strict=True):
        assert_array_equal(ours[0], theirs[0])
        assert_array_equal(ours[1], theirs[1])


def test_stratified_folds_in_order_are_those_of_scikit_learn() -> None:
    y = load_digits().labels
    folds = zip(
        k_fold(len(y), stratify=y),
        StratifiedKFold(5).split(np.zeros(len(y)), y),
        strict=True,
    )
    for ours, theirs in folds:
        assert_array_equal(ours[0], theirs[0])
        assert_array_equal(ours[1], theirs[1])


@given(st.integers(2, 60), st.integers(2, 12), st.integers(0, 99))
def test_shuffled_folds_test_every_example_once(n: int, k: int, seed: int) -> None:
    k = min(k, n)
    folds = list(k_fold(n, k=k, rng=np.random.default_rng(seed)))
    assert_array_equal(
        np.sort(np.concatenate([test for _, test in folds])), np.arange(n)
    )
    assert (
        max(len(test) for _, test in folds) - min(len(test) for _, test in folds) <= 1
    )
    for train, test in folds:
        assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))
        assert (np.diff(test) > 0).all() and (np.diff(train) > 0).all()


@given(
    st.lists(st.integers(4, 25), min_size=1, max_size=6),
    st.integers(2, 4),
    st.booleans(),
    st.integers(0, 99),
)
def test_stratified_folds_have_even_classes_and_even_sizes(
    counts: list[int], k: int, shuffled: bool, seed: int
) -> None:
    y = labels_of(counts, seed)
    folds = list(
        k_fold(
            len(y),
            k=k,
            rng=np.random.default_rng(seed) if shuffled else None,
            stratify=y,
        )
    )
    assert_array_equal(
        np.sort(np.concatenate([test for _, test in folds])), np.arange(len(y))
    )
    sizes = [len(test) for _, test in folds]
    assert max(sizes) - min(sizes) <= 1
    of_class = np.array(
        [np.bincount(y[test], minlength=len(counts)) for _, test in folds]
    )
    assert (np.ptp(of_class, axis=0) <= 1).all()


@pytest.mark.parametrize("stratify", [None, np.tile([0, 1], 50)])
def test_another_seed_gives_other_folds(stratify: Any) -> None:
    first, again, other = (
        next(k_fold(100, rng=np.random.default_rng(seed), stratify=stratify))[1]
        for seed in (1, 1, 2)
    )
    assert_array_equal(first, again)
    assert set(first) != set(other)
    assert (np.diff(first) > 1).any()


@pytest.mark.parametrize(
    ("n", "settings", "error", "message"),
    [
        (4, {}, ValueError, "k: expected at least 2 and at most n = 4 folds, got 5"),
        (
            4,
            {"k": 1},
            ValueError,
            "k: expected at least 2 and at most n = 4 folds, got 1",
        ),
        (0, {}, ValueError, "at most n = 0 folds"),
        (
            6,
            {"stratify": [0, 1]},
            ValueError,
            r"stratify: expected shape \(6,\), one label per example, got \(2,\)",
        ),
        (
            6,
            {"k": 3, "stratify": [0, 0, 0, 0, 1, 1]},
            ValueError,
            "at least k = 3 of each class, got 2 of",
        ),
        (6, {"rng": 7}, TypeError, "rng: expected"),
    ],
)
def test_folds_that_cannot_be_cut_are_refused_at_the_call(
    n: int, settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"k_fold: .*{message}"):
        k_fold(n, **settings)
