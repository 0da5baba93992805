"""Calibration: cases worked out by hand, scikit-learn's curve, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import calibration_curve as their_curve

from dlbook.metrics import calibration_curve, expected_calibration_error

BOTH = pytest.mark.parametrize(
    "measure", [calibration_curve, expected_calibration_error]
)
STATED = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=60)


def test_three_bins_by_hand() -> None:
    # (0, 1/3]: 0.1, 0.3, none true; (1/3, 2/3]: 0.5, true; (2/3, 1]: 0.8 twice and 0.9, two of three true
    p, t = [0.1, 0.3, 0.5, 0.8, 0.8, 0.9], [0, 0, 1, 1, 0, 1]
    curve = calibration_curve(t, p, n_bins=3)
    assert_allclose(curve.confidence, [0.2, 0.5, 2.5 / 3], rtol=1e-12)
    assert_allclose(curve.accuracy, [0, 1, 2 / 3], rtol=1e-12)
    assert_array_equal(curve.counts, [2, 1, 3])
    by_hand = (2 * 0.2 + 1 * 0.5 + 3 * (2.5 - 2) / 3) / 6
    assert expected_calibration_error(t, p, n_bins=3) == pytest.approx(by_hand)


def test_of_several_classes_the_most_probable_is_asked_about() -> None:
    p = [[0.7, 0.2, 0.1], [0.7, 0.1, 0.2], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]]
    curve = calibration_curve([0, 1, 1, 2], p, n_bins=10)
    assert_allclose(curve.confidence, [0.6, 0.7], rtol=1e-12)
    assert_allclose(curve.accuracy, [1, 0.5])
    error = expected_calibration_error([0, 1, 1, 2], p, n_bins=10)
    assert error == pytest.approx((2 * 0.4 + 2 * 0.2) / 4)


def test_of_equal_probabilities_the_first_class_is_the_answer() -> None:
    assert calibration_curve([0, 1], [[0.5, 0.5]] * 2).accuracy == [0.5]


def test_an_end_belongs_to_the_bin_on_its_left_and_zero_to_the_first() -> None:
    curve = calibration_curve([0, 0, 0, 1, 1], [0.0, 0.25, 0.5, 0.75, 1.0], n_bins=4)
    assert_array_equal(curve.counts, [2, 1, 1, 1])


def test_an_average_of_gaps_is_not_the_gap_of_averages() -> None:
    # half of the answers too sure, half not sure enough: right on average, and badly calibrated
    t, p = [0, 1, 1, 1], [0.9, 0.9, 0.6, 0.6]
    assert np.mean(p) == np.mean(t)
    assert expected_calibration_error(t, p) == pytest.approx(0.4)


def test_with_one_bin_only_the_averages_count() -> None:
    assert expected_calibration_error(
        [0, 1, 1, 1], [0.9, 0.9, 0.6, 0.6], n_bins=1
    ) == pytest.approx(0)


def test_certainty_that_comes_true_has_no_error_and_one_that_does_not_has_all() -> None:
    p = np.eye(3)
    assert expected_calibration_error([0, 1, 2], p) == 0
    assert expected_calibration_error([1, 2, 0], p) == 1


def test_probabilities_that_are_drawn_from_are_nearly_calibrated() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), size=50_000)
    t = (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1)
    assert expected_calibration_error(t, p) < 0.01
    sharper = p**2 / (p**2).sum(axis=1, keepdims=True)
    assert expected_calibration_error(t, sharper) > 0.1


@given(STATED, st.integers(1, 12))
def test_the_curve_agrees_with_scikit_learn(
    drawn: list[tuple[bool, int]], n_bins: int
) -> None:
    truth, twentieths = zip(*drawn, strict=True)
    t, p = np.array(truth, int), np.array(twentieths) / 20
    ours = calibration_curve(t, p, n_bins=n_bins)
    if 0 < t.sum() < len(t):  # scikit-learn wants both
        accuracy, confidence = their_curve(t, p, n_bins=n_bins)
        assert_allclose(ours.accuracy, accuracy, rtol=1e-12)
        assert_allclose(ours.confidence, confidence, rtol=1e-12)
    assert ours.counts.sum() == len(t)


def test_single_precision_is_taken_and_small_integers_do_not_overflow() -> None:
    p = np.full((300, 3), 1 / 3, np.float32)
    curve = calibration_curve(np.zeros(300, np.uint8), p)
    assert (curve.counts.tolist(), curve.accuracy.tolist()) == ([300], [1.0])


@BOTH
@pytest.mark.parametrize(
    ("t", "p", "n_bins", "message"),
    [
        ([], [], 5, "t: expected shape (n,) with at least one example, got (0,)"),
        (
            [[0]],
            [0.5],
            5,
            "t: expected shape (n,) with at least one example, got (1, 1)",
        ),
        (
            [0, 1],
            [0.5],
            5,
            "p: expected shape (2,) or (2, k), one row per label, got (1,)",
        ),
        (
            [0, 1],
            np.ones((2, 0)),
            5,
            "p: expected shape (2,) or (2, k), one row per label, got (2, 0)",
        ),
        (
            [0, 1],
            [0.5, 1.5],
            5,
            "p: expected probabilities from 0 to 1, got values from 0.5 to 1.5",
        ),
        (
            [0, 1],
            [0.5, np.nan],
            5,
            "p: expected probabilities from 0 to 1, got values from nan to nan",
        ),
        ([0, 2], [0.5, 0.5], 5, "t: expected labels from 0 to 1, got 0 to 2"),
        ([-1, 2], np.eye(3)[:2], 5, "t: expected labels from 0 to 2, got -1 to 2"),
        (
            [0, 1],
            [[0.5, 0.5], [0.9, 0.9]],
            5,
            "p: expected rows that add up to 1, got 1.8 in row 1",
        ),
        ([0, 1], [0.5, 0.5], 0, "n_bins: expected at least 1, got 0"),
    ],
)
def test_what_does_not_fit_is_named(
    measure: Any, t: Any, p: Any, n_bins: int, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        measure(t, p, n_bins=n_bins)
    assert str(error.value) == f"{measure.__name__}: {message}"


@BOTH
def test_labels_must_be_whole_numbers(measure: Any) -> None:
    with pytest.raises(TypeError, match=f"{measure.__name__}: t: expected labels"):
        measure([0.0, 1.0], [0.5, 0.5])
