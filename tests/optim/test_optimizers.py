"""The update rules against their papers' equations, written out number by number in plain Python."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Parameter, grad
from dlbook.optim import SGD, Adam
from dlbook.optim.optimizer import _BLOCK

# Two parameters, the second one a single number; twelve gradients of very different sizes.
START: list[list[float]] = [[1.0, -2.0, 0.5], [3.0]]
GRADIENTS = [
    [[10.0 ** (i % 5 - 2) * (j + 1) * (-1) ** (i + j) for j in range(3)], [0.1 * i]] for i in range(12)
]  # fmt: skip


def sgd_by_hand(
    *,
    lr: float,
    momentum: float = 0,
    dampening: float = 0,
    weight_decay: float = 0,
    nesterov: bool = False,
) -> list[list[float]]:
    ws = [list(w) for w in START]
    velocities: list[list[float | None]] = [[None for _ in w] for w in START]
    for gradients in GRADIENTS:
        for w, v, gs in zip(ws, velocities, gradients, strict=True):
            for j, gradient in enumerate(gs):
                g = gradient + weight_decay * w[j]
                step = g
                if momentum:
                    old = v[j]
                    velocity = (
                        g if old is None else momentum * old + (1 - dampening) * g
                    )
                    v[j] = velocity
                    step = g + momentum * velocity if nesterov else velocity
                w[j] = w[j] - lr * step
    return ws


def adam_by_hand(
    *,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
) -> list[list[float]]:
    ws = [list(w) for w in START]
    ms = [[0.0 for _ in w] for w in START]
    vs = [[0.0 for _ in w] for w in START]
    for k, gradients in enumerate(GRADIENTS, 1):
        for w, m, v, gs in zip(ws, ms, vs, gradients, strict=True):
            for j, gradient in enumerate(gs):
                g = gradient + weight_decay * w[j]
                m[j] = betas[0] * m[j] + (1 - betas[0]) * g
                v[j] = betas[1] * v[j] + (1 - betas[1]) * g * g
                m_hat, v_hat = m[j] / (1 - betas[0] ** k), v[j] / (1 - betas[1] ** k)
                w[j] = w[j] - lr * m_hat / (sqrt(v_hat) + eps)
    return ws


def run(optimizer: type[SGD] | type[Adam], **settings: Any) -> list[Any]:
    parameters = [Parameter(START[0]), Parameter(START[1][0])]
    stepper = optimizer(parameters, **settings)
    for first, (second,) in GRADIENTS:
        stepper.step([np.array(first), np.array(second)])
    return [parameters[0].value.tolist(), [parameters[1].value.item()]]


def assert_same(ours: list[Any], by_hand: list[list[float]]) -> None:
    for a, b in zip(ours, by_hand, strict=True):
        assert_allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0.1},
        {"lr": 0.0},
        {"lr": 0.1, "weight_decay": 0.3},
        {"lr": 0.01, "momentum": 0.9},
        {"lr": 0.01, "momentum": 0.9, "dampening": 0.4},
        {"lr": 0.01, "momentum": 0.9, "nesterov": True},
        {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.2, "nesterov": True},
        {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.2, "dampening": 0.1},
    ],
)
def test_sgd_is_its_equations(settings: dict[str, Any]) -> None:
    assert_same(run(SGD, **settings), sgd_by_hand(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0.1},
        {"lr": 0.1, "betas": (0.5, 0.9)},
        {"lr": 0.1, "betas": (0.0, 0.0)},
        {"lr": 0.1, "eps": 1.0},
        {"lr": 0.1, "weight_decay": 0.3},
    ],
)
def test_adam_is_its_equations(settings: dict[str, Any]) -> None:
    assert_same(run(Adam, **settings), adam_by_hand(**settings))


def test_the_first_step_of_adam_has_the_length_of_the_learning_rate() -> None:
    w = Parameter([0.0, 0.0, 0.0])
    Adam([w], lr=0.1).step([np.array([1e3, -1e-3, 5.0])])
    assert_allclose(w.value, [-0.1, 0.1, -0.1], rtol=2e-5)


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (SGD, {"momentum": 0, "dampening": 0, "weight_decay": 0, "nesterov": False}),
        (Adam, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}),
    ],
)
def test_the_defaults_are_those_of_pytorch(
    optimizer: Any, expected: dict[str, Any]
) -> None:
    made = optimizer([Parameter([1.0])])
    assert made.lr == 1e-3
    assert {name: getattr(made, name) for name in expected} == expected


@pytest.mark.parametrize(
    "optimizer", [lambda p: SGD(p, lr=0.1, momentum=0.9), lambda p: Adam(p, lr=0.1)]
)
def test_many_blocks_are_stepped_like_one(
    optimizer: Any, rng: np.random.Generator
) -> None:
    n = 2 * _BLOCK + 5
    value, gradients = rng.normal(size=n), rng.normal(size=(3, n))
    whole = Parameter(value)
    parts = [Parameter(part) for part in np.split(value, [7, _BLOCK + 1])]
    a, b = optimizer([whole]), optimizer(parts)
    for g in gradients:
        a.step([g])
        b.step(np.split(g, [7, _BLOCK + 1]))
    assert_array_equal(whole.value, np.concatenate([p.value for p in parts]))
    assert (whole.value != value).all()


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_a_quadratic_is_descended_to_its_minimum(optimizer: Any) -> None:
    w = Parameter([5.0, -3.0])
    stepper = optimizer([w], lr=0.1)
    for _ in range(400):
        stepper.step(grad((w * w).sum(), [w]))
    assert_allclose(w.value, 0, atol=1e-6)
