from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.autograd import Tensor, grad
from dlbook.nn import Embedding


def test_the_vectors_are_rows_of_the_table(rng: np.random.Generator) -> None:
    layer = Embedding(5, 3, rng=rng)
    i = [[4, 0], [2, 2]]
    assert_array_equal(layer(i).value, layer.w.value[i])
    assert layer(i).dtype == np.float32
    assert [name for name, _ in layer.named_parameters()] == ["w"]


def test_the_first_vectors_are_standard_normal() -> None:
    w = Embedding(200, 100, rng=np.random.default_rng(1), dtype=np.float64).w.value
    # 20,000 draws: five standard deviations of the mean, of the variance, and of a share
    assert abs(w.mean()) < 5 / np.sqrt(w.size)
    assert abs(w.var() - 1) < 5 * np.sqrt(2 / w.size)
    assert abs((abs(w) < 1).mean() - 0.6827) < 5 * np.sqrt(0.22 / w.size)


def test_the_seed_decides_the_vectors_in_every_dtype() -> None:
    low, high = (
        Embedding(5, 4, rng=np.random.default_rng(3), dtype=dtype)
        for dtype in (np.float32, np.float64)
    )
    assert_array_equal(low.w.value, high.w.value.astype(np.float32))


def test_the_vector_of_the_padding_is_zero_and_stays_so() -> None:
    kept, padded = (
        Embedding(5, 4, padding_idx=padding, rng=np.random.default_rng(3))
        for padding in (None, 2)
    )
    assert_array_equal(padded.w.value[2], 0)
    assert_array_equal(padded.w.value[[0, 1, 3, 4]], kept.w.value[[0, 1, 3, 4]])
    (dw,) = grad(padded([[2, 3]]).sum(), [padded.w])
    assert dw.sum(axis=1).tolist() == [0, 0, 0, 4, 0]


@pytest.mark.parametrize(
    ("n", "d", "padding", "message"),
    [
        (0, 2, None, "num_embeddings: expected at least 1, got 0"),
        (3, -1, None, "embedding_dim: expected at least 1, got -1"),
        (3, 2, 3, "padding_idx: expected an index from 0 to 2, got 3"),
        (3, 2, -1, "padding_idx: expected an index from 0 to 2, got -1"),
    ],
)
def test_settings_that_make_no_table_are_refused(
    n: int, d: int, padding: Any, message: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError) as error:
        Embedding(n, d, padding_idx=padding, rng=rng)
    assert str(error.value) == f"Embedding: {message}"


def test_a_table_of_integers_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match="Embedding: dtype: expected a float type"):
        Embedding(3, 2, rng=rng, dtype=np.int64)


def test_indices_are_integers(rng: np.random.Generator) -> None:
    for i in ([0.0], Tensor([0.0])):
        with pytest.raises(TypeError, match="embedding: i: expected integers, got"):
            Embedding(3, 2, rng=rng)(i)
