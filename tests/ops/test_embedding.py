from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Tensor, grad
from dlbook.ops import embedding


@pytest.mark.parametrize("shape", [(), (1,), (40,), (3, 5), (2, 3, 4), (0, 3)])
def test_it_is_the_product_of_one_hot_rows_with_the_table(
    shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    i, w = rng.integers(6, size=shape), Tensor(rng.normal(size=(6, 3)))
    dy = rng.normal(size=(*shape, 3))
    one_hot = np.eye(6)[i]
    fused: Tensor = embedding(i, w)
    plain = Tensor(one_hot) @ w
    assert_array_equal(fused.value, plain.value)
    (dw,) = grad((fused * dy).sum(), [w])
    (expected,) = grad((plain * dy).sum(), [w])
    assert_allclose(dw, expected, rtol=1e-13, atol=1e-14)


def test_a_row_gets_a_gradient_for_each_time_it_is_read() -> None:
    w = Tensor(np.zeros((4, 2)))
    (dw,) = grad(embedding([3, 1, 3, 3], w).sum(), [w])
    assert dw.tolist() == [[0, 0], [1, 1], [0, 0], [3, 3]]


def test_the_padding_is_read_and_gets_no_gradient() -> None:
    w = Tensor([[7.0], [8.0], [9.0]])
    y = embedding([[2, 1, 1]], w, padding_idx=1)
    assert y.value.tolist() == [[[9], [8], [8]]]
    (dw,) = grad(y.sum(), [w])
    assert dw.tolist() == [[0], [0], [1]]


def test_the_rows_are_copies_that_may_be_written_to() -> None:
    w = np.ones((3, 2))
    y = embedding([0, 0], w)
    y[0] = 5
    assert w.tolist() == [[1, 1]] * 3
    assert y.tolist() == [[5, 5], [1, 1]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64])
def test_indices_of_every_integer_type_are_read(dtype: Any) -> None:
    w = Tensor(np.arange(6.0).reshape(3, 2))
    y = embedding(np.array([2, 0, 2], dtype), w)
    assert y.value.tolist() == [[4, 5], [0, 1], [4, 5]]
    assert grad(y.sum(), [w])[0].tolist() == [[1, 1], [0, 0], [2, 2]]


def test_sums_of_thousands_of_float32_gradients_keep_their_digits(
    rng: np.random.Generator,
) -> None:
    i, w = rng.integers(3, size=10_000), rng.normal(size=(3, 4))
    dy = rng.normal(size=(10_000, 4))
    high = embedding.rule(i, w)[1](dy)[1]
    low = embedding.rule(i, w.astype(np.float32))[1](dy.astype(np.float32))[1]
    assert low.dtype == np.float32
    assert_allclose(low, high, atol=1e-4 * np.sqrt(10_000 / 3))


@pytest.mark.parametrize(
    ("i", "padding", "error", "message"),
    [
        ([0, 3], None, ValueError, "i: expected indices from 0 to 2, got 0 to 3"),
        ([-1, 1], None, ValueError, "i: expected indices from 0 to 2, got -1 to 1"),
        ([0.0], None, TypeError, "i: expected integers, got float64"),
        ([True], None, TypeError, "i: expected integers, got bool"),
        ([0], 3, ValueError, "padding_idx: expected an index from 0 to 2, got 3"),
        ([0], -1, ValueError, "padding_idx: expected an index from 0 to 2, got -1"),
    ],
)
def test_what_names_no_row_is_refused(
    i: Any, padding: int | None, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as told:
        embedding(i, np.ones((3, 2)), padding_idx=padding)
    assert str(told.value) == f"embedding: {message}"


def test_a_table_has_two_axes() -> None:
    with pytest.raises(ValueError, match=r"embedding: w: expected shape \(n, d\)"):
        embedding([0], np.ones(3))
