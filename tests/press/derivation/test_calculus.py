"""Derivatives by differences agree with the true ones to nine digits and more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlbook.autograd.operators import exp
from dlbook.ops import binary_cross_entropy, sigmoid, softmax
from dlbook.press.derivation.calculus import d

Function = Callable[[Any], Any]
Draw = Callable[[np.random.Generator], Any]

W = np.arange(6.0).reshape(3, 2) / 5


def logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def logistic_slope(z: Any) -> Any:
    return logistic(z) * (1 - logistic(z))


def jacobian_of_softmax(z: Any) -> Any:
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


SCALARS: dict[str, tuple[Function, Function, Draw]] = {
    "sigmoid": (logistic, logistic_slope, lambda rng: rng.normal(scale=3)),
    "second derivative": (
        lambda z: d(logistic, z),
        lambda z: logistic_slope(z) * (1 - 2 * logistic(z)),
        lambda rng: rng.normal(scale=2),
    ),
    "log": (np.log, lambda a: 1 / a, lambda rng: rng.uniform(0.01, 3)),
    "log of the rest": (
        lambda a: np.log(1 - a),
        lambda a: -1 / (1 - a),
        lambda rng: rng.uniform(0.01, 0.99),
    ),
    "exp": (np.exp, np.exp, lambda rng: rng.normal(scale=3)),
    "sin": (np.sin, np.cos, lambda rng: rng.normal(scale=10)),
    "cubic": (
        lambda x: x**3 - x,
        lambda x: 3 * x**2 - 1,
        lambda rng: rng.normal(scale=5),
    ),
    "square root": (
        np.sqrt,
        lambda x: 0.5 / np.sqrt(x),
        lambda rng: rng.uniform(0.01, 9),
    ),
    "reciprocal": (
        lambda x: 1 / x,
        lambda x: -1 / x**2,
        lambda rng: rng.uniform(0.1, 9),
    ),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda rng: rng.normal(scale=3)),
    "fast wave": (
        lambda x: np.sin(30 * x),
        lambda x: 30 * np.cos(30 * x),
        lambda rng: rng.normal(),
    ),
    "large values": (
        lambda z: 1e3 * np.tanh(z),
        lambda z: 1e3 * (1 - np.tanh(z) ** 2),
        lambda rng: rng.normal(scale=3),
    ),
    "ramp beside its kink": (
        lambda x: max(x, 0.0),
        lambda x: float(x > 0),
        lambda rng: rng.choice([-1, 1]) * rng.uniform(1e-3, 1),
    ),
    "loss that refuses what is no probability": (
        lambda a: binary_cross_entropy(np.array([a]), np.array([1.0])),
        lambda a: -1 / a,
        lambda rng: rng.uniform(0.05, 0.95),
    ),
}

ARRAYS: dict[str, tuple[Function, Function, Draw]] = {
    "square": (
        lambda x: (x**2).sum(),
        lambda x: 2 * x,
        lambda rng: rng.normal(size=5),
    ),
    "softmax": (softmax, jacobian_of_softmax, lambda rng: rng.normal(size=5)),
    "norm": (
        np.linalg.norm,
        lambda x: x / np.linalg.norm(x),
        lambda rng: rng.normal(size=4),
    ),
    "matrix": (
        lambda X: np.sin(X @ W).sum(),
        lambda X: np.cos(X @ W) @ W.T,
        lambda rng: rng.normal(size=(4, 3)),
    ),
    "matrix to matrix": (
        lambda X: X @ W,
        lambda X: np.einsum("ir,jl->ilrj", np.eye(2), W),
        lambda rng: rng.normal(size=(2, 3)),
    ),
    "number to vector": (
        lambda t: np.array([np.sin(t), t**2]),
        lambda t: np.array([np.cos(t), 2 * t]),
        lambda rng: rng.normal(),
    ),
    "product": (np.prod, lambda x: np.prod(x) / x, lambda rng: rng.uniform(1, 2, 6)),
}


@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_the_derivative_is_the_true_one_to_ten_digits(name: str) -> None:
    f, slope, draw = (SCALARS | ARRAYS)[name]
    for seed in range(40):
        x = draw(np.random.default_rng(seed))
        found, expected = d(f, x), np.asarray(slope(x))
        assert np.shape(found) == np.shape(f(x)) + np.shape(x)
        gap = np.abs(found - expected) / np.maximum(1, np.abs(expected))
        assert gap.max() < 1e-10


def test_the_derivative_of_a_number_is_a_number() -> None:
    assert isinstance(d(np.sin, 1), float)


def test_the_point_is_not_written_to() -> None:
    x = np.array([1.0, 2.0])
    d(lambda v: v.sum(), x)
    assert x.tolist() == [1.0, 2.0]


def test_functions_of_the_library_and_their_tensors_are_differentiated_too() -> None:
    assert abs(d(sigmoid, 0.5) - logistic_slope(0.5)) < 1e-11
    assert abs(d(exp, np.array([0.5]))[0, 0] - np.exp(0.5)) < 1e-11


@pytest.mark.parametrize(
    "f, x",
    [(abs, 0.0), (np.sign, 0.0), (np.sqrt, 0.0), (lambda x: float("nan"), 1.0)],
)
def test_a_kink_is_no_derivative(f: Function, x: float) -> None:
    with pytest.raises(ValueError, match="d: f: expected a function that is smooth at"):
        d(f, x)


def test_what_the_function_raises_at_the_point_itself_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        d(lambda x: 1 / x, 0.0)
