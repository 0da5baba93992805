"""Counts and ratios against scikit-learn's, and what happens where a ratio has no value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics as theirs

from dlbook import metrics as ours

LABELS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40
)
BINARY = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)
SCORED = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=2, max_size=40)
RATIOS = [
    (ours.precision, theirs.precision_score),
    (ours.recall, theirs.recall_score),
    (ours.f1_score, theirs.f1_score),
]


def columns(pairs: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    first, second = zip(*pairs, strict=True)
    return np.array(first), np.array(second)


@given(LABELS)
def test_accuracy_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    y, y_hat = columns(pairs)
    assert ours.accuracy(y, y_hat) == pytest.approx(
        theirs.accuracy_score(y, y_hat), rel=1e-12
    )


@given(LABELS)
def test_the_confusion_matrix_agrees_with_scikit_learn(
    pairs: list[tuple[int, int]],
) -> None:
    y, y_hat = columns(pairs)
    k = max(y.max(), y_hat.max()) + 1
    assume(k > 1)  # scikit-learn warns of a matrix with one cell
    assert_array_equal(
        ours.confusion_matrix(y, y_hat),
        theirs.confusion_matrix(y, y_hat, labels=np.arange(k)),
    )


def test_the_rows_of_the_confusion_matrix_are_the_truth() -> None:
    assert_array_equal(ours.confusion_matrix([0, 0, 0], [1, 1, 0]), [[1, 2], [0, 0]])


def test_small_integer_types_do_not_overflow() -> None:
    y = np.full(3, 200, np.uint8)
    assert ours.confusion_matrix(y, y)[200, 200] == 3


@pytest.mark.parametrize(("our_ratio", "their_ratio"), RATIOS)
@given(pairs=BINARY)
def test_the_ratios_agree_with_scikit_learn(
    our_ratio: Callable[..., float],
    their_ratio: Callable[..., float],
    pairs: list[tuple[bool, bool]],
) -> None:
    y, y_hat = columns(pairs)
    for zero_division in (0.0, 1.0):
        expected = their_ratio(y, y_hat, zero_division=zero_division)
        assert our_ratio(y, y_hat, zero_division=zero_division) == pytest.approx(
            expected, rel=1e-12
        )
        assert our_ratio(
            y.astype(int), y_hat.astype(np.uint8), zero_division=zero_division
        ) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ratio", "y", "y_hat", "lacking"),
    [
        (ours.precision, [1, 0], [0, 0], "a positive prediction"),
        (ours.recall, [0, 0], [1, 0], "a positive example"),
        (ours.f1_score, [0, 0], [0, 0], "a positive example or prediction"),
    ],
)
def test_zero_by_zero_is_an_error_unless_its_value_is_said(
    ratio: Callable[..., float], y: list[int], y_hat: list[int], lacking: str
) -> None:
    with pytest.raises(
        ValueError,
        match=f"{ratio.__name__}: expected {lacking}, got none, so the ratio is 0/0",
    ):
        ratio(y, y_hat)
    assert ratio(y, y_hat, zero_division=0.0) == 0
    assert np.isnan(ratio(y, y_hat, zero_division=np.nan))


def test_a_ratio_of_zero_that_has_a_value_is_no_error() -> None:
    assert ours.precision([0, 1], [1, 0]) == 0
    assert ours.recall([0, 1], [1, 0]) == 0
    assert ours.f1_score([0, 1], [0, 0]) == 0


@given(SCORED)
def test_the_curve_agrees_with_scikit_learn(pairs: list[tuple[bool, int]]) -> None:
    y, score = columns(pairs)
    assume(y.any() and not y.all())
    for a, b in zip(
        ours.roc_curve(y, score),
        theirs.roc_curve(y, score, drop_intermediate=False),
        strict=True,
    ):
        assert_allclose(a, b, rtol=1e-12)
    assert ours.roc_auc(y, score) == pytest.approx(
        theirs.roc_auc_score(y, score), rel=1e-12
    )


@given(SCORED)
def test_the_area_is_the_share_of_pairs_in_the_right_order(
    pairs: list[tuple[bool, int]],
) -> None:
    y, score = columns(pairs)
    assume(y.any() and not y.all())
    gaps = np.subtract.outer(score[y], score[~y])
    assert ours.roc_auc(y, score) == pytest.approx(
        np.mean((gaps > 0) + 0.5 * (gaps == 0)), rel=1e-9, abs=1e-9
    )


@given(SCORED)
def test_a_point_of_the_curve_is_what_its_threshold_gives(
    pairs: list[tuple[bool, int]],
) -> None:
    y, score = columns(pairs)
    assume(y.any() and not y.all())
    for fpr, tpr, threshold in zip(*ours.roc_curve(y, score), strict=True):
        y_hat = score >= threshold
        assert tpr == pytest.approx(ours.recall(y, y_hat))
        assert fpr == pytest.approx(1 - ours.recall(~y, ~y_hat))


def test_infinite_scores_have_a_place_on_the_curve() -> None:
    fpr, tpr, _ = ours.roc_curve([1, 0, 1, 0], [np.inf, -np.inf, np.inf, -np.inf])
    assert_array_equal(fpr, [0, 0, 1])
    assert_array_equal(tpr, [0, 1, 1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ours.accuracy([0, 1], [0.2, 0.8]),
            TypeError,
            "accuracy: y_hat: expected labels .* take the argmax",
        ),
        (lambda: ours.accuracy(["a"], [0]), TypeError, "accuracy: y: expected labels"),
        (
            lambda: ours.accuracy([], []),
            ValueError,
            r"accuracy: y: .* at least one example, got \(0,\)",
        ),
        (
            lambda: ours.accuracy([0, 1], [0]),
            ValueError,
            r"accuracy: y_hat: expected shape \(2,\)",
        ),
        (
            lambda: ours.accuracy([[0], [1]], [0, 1]),
            ValueError,
            r"accuracy: y: expected shape \(n,\)",
        ),
        (
            lambda: ours.accuracy([0, 1], [[0], [1]]),
            ValueError,
            r"accuracy: y_hat: expected shape \(2,\)",
        ),
        (
            lambda: ours.confusion_matrix([0, -1], [0, 1]),
            ValueError,
            "confusion_matrix: expected labels of at least 0",
        ),
        (
            lambda: ours.precision([0, 2], [0, 1]),
            ValueError,
            "precision: y: expected labels 0 and 1, got 2",
        ),
        (
            lambda: ours.recall([0, 1], [0, -1]),
            ValueError,
            "recall: y_hat: expected labels 0 and 1, got -1",
        ),
        (
            lambda: ours.f1_score([0, 1], [0.5, 1.0]),
            TypeError,
            "f1_score: y_hat: expected labels",
        ),
        (
            lambda: ours.roc_curve([1, 1], [0.1, 0.2]),
            ValueError,
            "roc_curve: y: expected examples of both classes",
        ),
        (
            lambda: ours.roc_curve([0, 1], [0.1, np.nan]),
            ValueError,
            "roc_curve: score: .* got NaN as number 1",
        ),
        (
            lambda: ours.roc_curve([0, 1], [0.1]),
            ValueError,
            r"roc_curve: score: expected shape \(2,\)",
        ),
        (
            lambda: ours.roc_curve([0, 3], [0.1, 0.2]),
            ValueError,
            "roc_curve: y: expected labels 0 and 1, got 3",
        ),
        (
            lambda: ours.roc_auc([0, 0], [0.1, 0.2]),
            ValueError,
            "expected examples of both classes",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


VALUES = st.lists(
    st.tuples(
        st.floats(-1e6, 1e6, allow_subnormal=False),
        st.floats(-1e6, 1e6, allow_subnormal=False),
    ),
    min_size=2,
    max_size=40,
)
ERRORS = [
    (ours.mean_squared_error, theirs.mean_squared_error),
    (ours.mean_absolute_error, theirs.mean_absolute_error),
    (ours.r2_score, theirs.r2_score),
]


@pytest.mark.parametrize(("our_error", "their_error"), ERRORS)
@given(pairs=VALUES)
def test_the_errors_of_a_regression_agree_with_scikit_learn(
    our_error: Callable[..., float],
    their_error: Callable[..., float],
    pairs: list[tuple[float, float]],
) -> None:
    y, y_hat = columns(pairs)
    assume(np.ptp(y) > 1e-3)
    assert our_error(y, y_hat) == pytest.approx(their_error(y, y_hat), rel=1e-9)


@pytest.mark.parametrize(("our_error", "their_error"), ERRORS)
def test_several_outputs_count_alike(
    our_error: Callable[..., float],
    their_error: Callable[..., float],
    rng: np.random.Generator,
) -> None:
    y, y_hat = rng.normal(size=(2, 30, 3)) * [1.0, 10.0, 100.0]
    assert our_error(y, y_hat) == pytest.approx(their_error(y, y_hat), rel=1e-12)


def test_the_mean_explains_nothing_and_what_is_worse_is_negative() -> None:
    y = np.array([1.0, 2.0, 6.0])
    assert ours.r2_score(y, np.full(3, 3.0)) == 0
    assert ours.r2_score(y, y) == 1
    assert ours.r2_score(y, [6.0, 2.0, 1.0]) < 0


def test_whole_numbers_do_not_wrap() -> None:
    y, y_hat = np.array([0, 200], np.uint8), np.array([200, 0], np.uint8)
    assert ours.mean_squared_error(y, y_hat) == 40_000
    assert ours.mean_absolute_error(y, y_hat) == 200


@pytest.mark.parametrize("our_error", [pair[0] for pair in ERRORS])
@pytest.mark.parametrize(
    ("y", "y_hat", "error", "message"),
    [
        ([1.0, 2.0], [[1.0], [2.0]], ValueError, r"y_hat: expected shape \(2,\), that"),
        ([1.0, 2.0], [1.0], ValueError, r"y_hat: expected shape \(2,\)"),
        ([], [], ValueError, r"y: expected shape \(n,\) or \(n, k\) with at least one"),
        (1.0, 1.0, ValueError, r"y: expected shape \(n,\) or"),
        ([1.0, np.nan], [1.0, 2.0], ValueError, "y: expected finite numbers, got nan"),
        ([1.0, 2.0], [1.0, np.inf], ValueError, "y_hat: expected finite numbers, got"),
        (["a"], [1.0], TypeError, "y: expected numbers, got <U1"),
    ],
)
def test_an_error_of_a_regression_refuses_what_does_not_fit(
    our_error: Callable[..., float],
    y: Any,
    y_hat: Any,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"{our_error.__name__}: {message}"):
        our_error(y, y_hat)


@pytest.mark.parametrize("y", [[3.0], [3.0, 3.0], [[1.0, 5.0], [2.0, 5.0]]])
def test_targets_without_variance_have_no_share_of_it(y: Any) -> None:
    with pytest.raises(ValueError, match="r2_score: y: expected targets that differ"):
        ours.r2_score(y, y)
