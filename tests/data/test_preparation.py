"""Images as rows, and features on one scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.preprocessing import StandardScaler

from dlbook.autograd import Tensor
from dlbook.data import Standardizer, flatten_images, load_digits


def test_a_row_holds_channel_after_channel_line_after_line() -> None:
    images = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    rows = flatten_images(images)
    assert_array_equal(rows, [np.arange(60), np.arange(60, 120)])
    assert rows[1, 1 * 20 + 2 * 5 + 3] == images[1, 1, 2, 3]


@pytest.mark.parametrize("shape", [(4, 5), (5,), (), (1, 2, 3, 4, 5)])
def test_flattening_asks_for_a_batch_of_images(shape: tuple[int, ...]) -> None:
    with pytest.raises(
        ValueError,
        match=r"flatten_images: images: expected shape \(n, c, h, w\) or \(n, h, w\), got",
    ):
        flatten_images(np.zeros(shape))


def test_flattening_one_image_says_how_to_make_a_batch_of_it() -> None:
    with pytest.raises(ValueError, match=r"image\[np\.newaxis\]"):
        flatten_images(np.zeros((8, 8)))


def test_no_images_are_no_rows_of_full_length() -> None:
    assert flatten_images(np.zeros((0, 1, 8, 8))).shape == (0, 64)


def test_flattening_keeps_the_dtype() -> None:
    assert flatten_images(load_digits().images).dtype == np.uint8


def test_standardizing_agrees_with_scikit_learn(rng: np.random.Generator) -> None:
    x = rng.normal(3.0, 10.0, size=(50, 6))
    new = rng.normal(size=(20, 6))
    theirs, ours = StandardScaler().fit(x), Standardizer().fit(x)
    assert_allclose(ours.mean, theirs.mean_, rtol=1e-12)
    assert_allclose(ours.scale, theirs.scale_, rtol=1e-12)
    assert_allclose(ours.transform(new), theirs.transform(new), rtol=1e-12)
    assert_allclose(
        ours.inverse_transform(new), theirs.inverse_transform(new), rtol=1e-12
    )


def test_the_digits_agree_with_scikit_learn_too() -> None:
    x = flatten_images(load_digits().images)  # uint8, with pixels that are never inked
    ours = Standardizer().fit_transform(x)
    assert ours.dtype == np.float64
    assert_allclose(
        ours, StandardScaler().fit_transform(x.astype(np.float64)), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("constant", [0.0, 7.0, 0.1, 1e12, -1e-9])
def test_a_constant_feature_becomes_zero(constant: float) -> None:
    x = np.column_stack([np.full(1001, constant), np.arange(1001.0)])
    standardizer = Standardizer()
    assert_allclose(standardizer.fit_transform(x)[:, 0], 0, atol=1e-12)
    assert standardizer.scale[0] == 1


def test_a_small_spread_is_not_mistaken_for_a_constant() -> None:
    x = 1.0 + 1e-9 * np.array([[-1.0], [1.0]])
    assert_allclose(Standardizer().fit_transform(x), [[-1], [1]], rtol=1e-6)


def test_one_example_standardizes_to_zeros() -> None:
    assert_array_equal(Standardizer().fit_transform([[3.0, -4.0]]), [[0, 0]])


def test_test_data_are_transformed_with_the_training_statistics() -> None:
    standardizer = Standardizer().fit([[0.0], [2.0]])
    assert_array_equal(standardizer.transform([[5.0]]), [[4.0]])


def test_the_inverse_undoes_the_transform(rng: np.random.Generator) -> None:
    x = rng.normal(5.0, 2.0, size=(30, 4))
    x[:, 2] = 8.0
    standardizer = Standardizer().fit(x)
    assert_allclose(
        standardizer.inverse_transform(standardizer.transform(x)), x, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.uint8, np.float64)],
)
def test_floats_keep_their_dtype_and_whole_numbers_become_float64(
    given: Any, kept: Any
) -> None:
    x = np.array([[0, 1], [2, 5]], given)
    standardizer = Standardizer().fit(x)
    assert standardizer.mean.dtype == np.float64
    assert standardizer.transform(x).dtype == kept
    assert standardizer.inverse_transform(x).dtype == kept


def test_the_statistics_of_float32_are_summed_in_float64(
    rng: np.random.Generator,
) -> None:
    x = rng.normal(100.0, 0.1, size=(10_000, 3)).astype(np.float32)
    expected = x.astype(np.float64)
    standardizer = Standardizer().fit(x)
    assert_allclose(standardizer.mean, expected.mean(axis=0), rtol=1e-12)
    assert_allclose(standardizer.scale, expected.std(axis=0), rtol=1e-9)


def test_the_data_are_not_written_to(rng: np.random.Generator) -> None:
    x = rng.normal(size=(5, 2))
    before = x.copy()
    standardizer = Standardizer().fit(x)
    for result in (standardizer.transform(x), standardizer.inverse_transform(x)):
        assert not np.shares_memory(result, x)
    assert_array_equal(x, before)


def test_a_standardizer_must_be_fitted_first() -> None:
    with pytest.raises(
        RuntimeError,
        match=r"Standardizer\.transform: expected fit\(x\) to be called first",
    ):
        Standardizer().transform([[1.0]])
    with pytest.raises(
        RuntimeError, match=r"Standardizer\.inverse_transform: expected fit"
    ):
        Standardizer().inverse_transform([[1.0]])


def test_another_number_of_features_is_refused() -> None:
    standardizer = Standardizer().fit([[1.0, 2.0]])
    with pytest.raises(
        ValueError, match=r"Standardizer\.transform: x: expected 2 features, got 1"
    ):
        standardizer.transform([[1.0]])


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (
            np.zeros((0, 3)),
            ValueError,
            r"expected at least one example, got shape \(0, 3\)",
        ),
        (np.zeros(3), ValueError, r"expected shape \(n, d\), got \(3,\)"),
        (np.zeros((2, 1, 8, 8)), ValueError, r"flatten_images makes rows"),
        (
            [[1.0, 2.0], [3.0, np.nan]],
            ValueError,
            r"expected finite numbers, got nan in example 1, feature 1",
        ),
        ([[np.inf]], ValueError, r"got inf in example 0, feature 0"),
        ([["a"]], TypeError, r"expected numbers, got <U1"),
        ([[1j]], TypeError, r"expected numbers, got complex128"),
    ],
)
def test_fitting_refuses_what_has_no_mean(
    x: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=rf"Standardizer\.fit: x: .*{message}"):
        Standardizer().fit(x)


def test_a_tensor_is_refused_before_its_graph_is_lost() -> None:
    with pytest.raises(TypeError, match=r"use tensor\.value"):
        Standardizer().fit(Tensor([[1.0]]))
