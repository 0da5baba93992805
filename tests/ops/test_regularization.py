"""Dropout and penalties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_share_that_is_left_out_is_p_and_the_mean_stays(
    p: float, rng: np.random.Generator
) -> None:
    n = 200_000
    y = ops.dropout(np.ones(n), p=p, rng=rng)
    assert_array_equal(np.unique(y), [0, 1 / (1 - p)])
    # to five standard deviations
    assert_allclose((y == 0).mean(), p, atol=5 * np.sqrt(p * (1 - p) / n))
    assert_allclose(y.mean(), 1, atol=5 * np.sqrt(p / (1 - p) / n))


def test_what_is_left_out_does_not_depend_on_its_neighbors(
    rng: np.random.Generator,
) -> None:
    kept = ops.dropout(np.ones((1000, 200)), rng=rng) > 0
    pairs = (kept[:, 1:] & kept[:, :-1]).mean(), (kept[1:] & kept[:-1]).mean()
    assert_allclose(pairs, 0.25, atol=0.01)


def test_the_gradient_takes_the_same_way(rng: np.random.Generator) -> None:
    x = Tensor(np.ones(50))
    y = ops.dropout(x, p=0.3, rng=rng)
    (dx,) = grad((3 * y).sum(), [x])
    assert_allclose(dx, 3 * y.value, rtol=1e-15)


@pytest.mark.parametrize("p", [0, 0.0, np.float64(0)])
def test_with_p_zero_all_stay(p: Any, rng: np.random.Generator) -> None:
    x = rng.normal(size=100).astype(np.float32)
    y = ops.dropout(x, p=p, rng=rng)
    assert_array_equal(y, x)
    assert y.dtype == np.float32


def test_with_p_one_all_are_left_out(rng: np.random.Generator) -> None:
    y, vjp = ops.dropout.rule(np.ones((3, 4)), p=1, rng=rng)
    assert_array_equal(y, np.zeros((3, 4)))
    assert_array_equal(vjp(np.ones((3, 4))), np.zeros((3, 4)))


def test_the_seed_decides_in_every_dtype() -> None:
    low, high, other = (
        ops.dropout(np.ones(1000, dtype), rng=np.random.default_rng(seed))
        for dtype, seed in [(np.float32, 1), (np.float64, 1), (np.float64, 2)]
    )
    assert low.dtype == np.float32
    assert_array_equal(low, high)
    assert (high != other).any()


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(p: float, rng: np.random.Generator) -> None:
    with pytest.raises(
        ValueError, match=f"dropout: p: expected a number from 0 to 1, got {p}"
    ):
        ops.dropout(np.ones(3), p=p, rng=rng)


def test_nothing_is_drawn_from_a_hidden_source() -> None:
    with pytest.raises(TypeError, match="rng"):
        ops.dropout(np.ones(3))
    with pytest.raises(
        TypeError, match=r"dropout: rng: expected np.random.default_rng\(seed\), got 3"
    ):
        ops.dropout(np.ones(3), rng=3)


def test_no_activations_are_left_as_they_are(rng: np.random.Generator) -> None:
    assert ops.dropout(np.zeros((0, 3)), rng=rng).shape == (0, 3)


def test_penalties_add_up_over_arrays(rng: np.random.Generator) -> None:
    ws = [rng.normal(size=shape) for shape in [(3, 4), (5,), (2, 1, 3), ()]]
    assert_allclose(ops.l1(*ws), sum(abs(w).sum() for w in ws), rtol=1e-14)
    assert_allclose(ops.l2(*ws), sum((w * w).sum() for w in ws), rtol=1e-14)


def test_at_zero_the_size_has_no_slope() -> None:
    w = Tensor([-2.0, -0.0, 0.0, 3.0])
    assert grad(ops.l1(w), [w])[0].tolist() == [-1, 0, 0, 1]


def test_a_step_on_the_squares_is_weight_decay(rng: np.random.Generator) -> None:
    w, lr, lambda_ = Tensor(rng.normal(size=5)), 0.1, 0.3
    (dw,) = grad(lambda_ * ops.l2(w), [w])
    assert_allclose(w.value - lr * dw, (1 - 2 * lr * lambda_) * w.value, rtol=1e-14)


def test_a_constant_among_the_weights_counts_and_gets_no_gradient() -> None:
    w = Tensor([1.0, 2.0])
    penalty = ops.l2(w, np.array([3.0]))
    assert penalty.item() == 14
    assert grad(penalty, [w])[0].tolist() == [2, 4]


@pytest.mark.parametrize("penalty", [ops.l1, ops.l2])
def test_sums_of_many_weights_are_exact_in_float32(
    penalty: Any, rng: np.random.Generator
) -> None:
    w = rng.random((2000, 2000)).astype(np.float32)
    for view in (w, w.T, w[::2, ::3]):
        found = penalty(view)
        assert found.dtype == np.float32
        assert_allclose(found, penalty(view.astype(float)), rtol=1e-5)


@pytest.mark.parametrize("penalty", [ops.l1, ops.l2])
def test_no_weights_are_refused(penalty: Any) -> None:
    with pytest.raises(TypeError, match="ws: expected at least one array, got none"):
        penalty()
