"""Gradient descent of a function of an array: its path against closed forms, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Parameter, grad
from dlbook.optim import SGD, gradient_descent


def test_each_step_goes_against_the_gradient_by_the_rate() -> None:
    path = gradient_descent(lambda x: 3 * x**2, [2.0, -1.0], lr=0.1, steps=2)
    first = [2 - 0.1 * 12, -1 - 0.1 * 3]
    second = [first[0] - 0.3 * first[0] ** 2, first[1] - 0.3 * first[1] ** 2]
    assert_allclose(path, [[2.0, -1.0], first, second], rtol=1e-12)


@pytest.mark.parametrize("lr", [0.3, 1.0, 1.99, 2.0, 2.01])
def test_on_a_parabola_each_step_multiplies_by_one_minus_rate_times_curvature(
    lr: float,
) -> None:
    path = gradient_descent(lambda x: x, 1.5, lr=lr, steps=60)
    assert_allclose(path, 1.5 * (1 - lr) ** np.arange(61), rtol=1e-9)


def test_along_each_eigenvector_a_quadratic_shrinks_by_its_own_factor() -> None:
    rng = np.random.default_rng(0)
    A = rng.normal(size=(4, 3))
    H = A.T @ A
    curvatures, Q = np.linalg.eigh(H)
    start, lr = rng.normal(size=3), 1.5 / curvatures[-1]
    path = gradient_descent(lambda x: H @ x, start, lr=lr, steps=25)
    factors = (1 - lr * curvatures) ** np.arange(26)[:, None]
    assert_allclose(path @ Q, (start @ Q) * factors, rtol=1e-9, atol=1e-12)


def test_it_walks_the_path_of_sgd() -> None:
    def f(w: Any) -> Any:
        return (w * w * w * w + w).sum()

    def gradient(x: np.ndarray) -> np.ndarray:
        w = Parameter(x)
        return grad(f(w), [w])[0]

    start = np.array([[0.5], [-0.25]])
    w = Parameter(start)
    optimizer = SGD([w], lr=0.1)
    path = gradient_descent(gradient, start, lr=0.1, steps=5)
    for point in path:
        assert_allclose(w.value, point, rtol=1e-12)
        optimizer.step(grad(f(w), [w]))


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (0,)])
def test_the_path_has_one_point_more_than_steps_in_the_shape_of_the_start(
    shape: tuple[int, ...],
) -> None:
    path = gradient_descent(lambda x: x, np.ones(shape), lr=0.5, steps=4)
    assert path.shape == (5, *shape)
    assert_array_equal(path[-1], np.full(shape, 0.5**4))


def test_no_step_leaves_the_start_alone() -> None:
    assert_array_equal(
        gradient_descent(lambda x: x, [1.0, 2.0], lr=1, steps=0), [[1.0, 2.0]]
    )


def test_the_type_follows_the_start_and_whole_numbers_become_float64() -> None:
    for start, expected in (
        (np.ones(2, np.float32), np.float32),
        (np.ones(2, np.int64), np.float64),
        (3, np.float64),
    ):
        path = gradient_descent(lambda x: x, start, lr=0.1, steps=1)
        assert path.dtype == expected


def test_neither_the_start_nor_the_path_can_be_written_to_by_the_gradient() -> None:
    def rude(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    start = np.ones(2)
    path = gradient_descent(rude, start, lr=0.25, steps=2)
    assert_array_equal(start, [1, 1])
    assert_array_equal(path, [[1, 1], [0.5, 0.5], [0.25, 0.25]])


def test_a_run_that_leaves_the_numbers_names_the_step() -> None:
    with pytest.raises(
        FloatingPointError, match=r"point at step 4: .*learning rate 1e\+100"
    ):
        gradient_descent(lambda x: x, 1.0, lr=1e100, steps=9)
    with pytest.raises(FloatingPointError, match="gradient at step 3"):
        gradient_descent(lambda x: np.where(x < 0, np.nan, 1.0), 1.5, lr=1.0, steps=9)
    with pytest.raises(FloatingPointError, match="gradient at step 1"):
        gradient_descent(lambda x: [1.0, np.inf], [1.0, 1.0], lr=1.0, steps=9)


@pytest.mark.parametrize(
    ("start", "settings", "error", "message"),
    [
        ([1.0], {"lr": 0.0}, ValueError, "lr: expected a finite number above 0, got 0.0"),
        ([1.0], {"lr": -1.0}, ValueError, "lr"),
        ([1.0], {"lr": np.nan}, ValueError, "lr"),
        ([1.0], {"lr": np.inf}, ValueError, "lr"),
        ([1.0], {"lr": "a"}, TypeError, "lr: expected a number, got 'a'"),
        ([1.0], {"lr": np.ones(2)}, TypeError, "lr: expected a number"),
        ([1.0], {"steps": -1}, ValueError, "steps: expected at least 0, got -1"),
        ([1.0], {"steps": 1.5}, TypeError, "steps: expected a whole number"),
        ([1.0], {"steps": True}, TypeError, "steps"),
        ([np.nan], {}, ValueError, "start: expected finite"),
        (["a"], {}, TypeError, "start: expected real numbers"),
        ([1j], {}, TypeError, "start"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(
    start: Any, settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"gradient_descent: .*{message}"):
        gradient_descent(lambda x: x, start, **{"lr": 0.1, "steps": 1} | settings)


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"gradient at step 1: expected shape \(2,\), got \(\)"
    ):
        gradient_descent(lambda x: x.sum(), [1.0, 2.0], lr=0.1, steps=1)


def test_a_gradient_that_is_not_real_is_refused() -> None:
    with pytest.raises(
        TypeError, match="gradient at step 1: expected real numbers, got complex128"
    ):
        gradient_descent(lambda x: x * 1j, [1.0], lr=0.1, steps=3)
