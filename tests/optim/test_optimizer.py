"""What holds for every optimizer: old values stay, bad input is named, settings are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.autograd import Parameter, Tensor, grad
from dlbook.nn import Linear
from dlbook.optim import SGD, Adam
from dlbook.optim.optimizer import _BLOCK


@pytest.fixture(
    params=[lambda p: SGD(p, lr=0.1), lambda p: SGD(p, lr=0.1, momentum=0.9), Adam]
)
def optimizer(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_graph_from_before_the_step_keeps_its_values(optimizer: Any) -> None:
    w = Parameter([2.0, 3.0])
    before = w.value
    stepper = optimizer([w])
    for _ in range(3):
        value = w.value
        snapshot = value.copy()
        y = (w * w).sum()
        (gradient,) = grad(y, [w])
        stepper.step([gradient])
        assert w.value is not value
        assert_array_equal(value, snapshot)
        # The old graph still answers for the old values: the rule kept them.
        assert_array_equal(y.inputs[0].vjp(np.ones(2))[0], snapshot)
    assert_array_equal(before, [2, 3])


def test_a_gradient_is_not_written_to(optimizer: Any) -> None:
    w = Parameter([2.0, 3.0])
    g = np.array([1.0, -1.0])
    g.flags.writeable = False
    stepper = optimizer([w])
    stepper.step([g])
    stepper.step([g])
    assert_array_equal(g, [1, -1])


def test_the_parameter_stays_the_same_object_of_the_same_shape(
    optimizer: Any, rng: np.random.Generator
) -> None:
    layer = Linear(3, 2, rng=rng)
    parameters = layer.parameters()
    optimizer(parameters).step([np.ones((3, 2)), np.ones(2)])
    assert layer.parameters() == parameters
    assert [p.shape for p in parameters] == [(3, 2), (2,)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(dtype: Any, optimizer: Any) -> None:
    w = Parameter([1.0, 2.0], dtype)
    stepper = optimizer([w])
    stepper.step([np.array([1.0, 2.0])])
    stepper.lr = np.float64(0.5)
    stepper.step([np.array([1, 2])])
    assert w.dtype == dtype


def test_values_assigned_between_steps_are_the_ones_that_are_stepped() -> None:
    w, b = Parameter([1.0]), Parameter([1.0])
    stepper = SGD([w, b], lr=1.0)
    stepper.step([np.ones(1), np.ones(1)])
    w.value = np.array([10.0])
    stepper.step([np.ones(1), np.ones(1)])
    assert (w.value.item(), b.value.item()) == (9, -1)


def test_a_value_loaded_before_the_first_step_is_stepped_from() -> None:
    w = Parameter([1.0])
    stepper = SGD([w], lr=1.0)
    w.value[:] = 7.0
    stepper.step([np.ones(1)])
    assert w.value.item() == 6


def test_two_optimizers_may_share_a_model() -> None:
    w, b = Parameter([1.0]), Parameter([1.0])
    fast, slow = SGD([w, b], lr=1.0), SGD([b], lr=0.1)
    for _ in range(2):
        fast.step([np.ones(1), np.ones(1)])
        slow.step([np.ones(1)])
    assert w.value.item() == -1
    assert b.value.item() == pytest.approx(-1.2, rel=1e-12)


def test_the_learning_rate_may_be_changed() -> None:
    w = Parameter([1.0])
    stepper = SGD([w], lr=1.0)
    stepper.lr = 0.25
    stepper.step([np.ones(1)])
    assert w.value.item() == 0.75
    with pytest.raises(
        ValueError, match="SGD: lr: expected a number of at least 0, got -1"
    ):
        stepper.lr = -1
    assert stepper.lr == 0.25


def test_steps_are_counted() -> None:
    stepper = SGD([Parameter([1.0])])
    stepper.step([np.ones(1)])
    stepper.step([np.ones(1)])
    assert stepper.steps == 2


@pytest.mark.parametrize(
    ("optimizer", "settings", "message"),
    [
        (SGD, {"lr": -0.1}, "lr: expected a number of at least 0, got -0.1"),
        (SGD, {"lr": float("nan")}, "lr: expected a number of at least 0, got nan"),
        (SGD, {"lr": float("inf")}, "lr: expected a number of at least 0, got inf"),
        (SGD, {"momentum": -0.1}, "momentum: expected a number of at least 0"),
        (SGD, {"dampening": -1}, "dampening: expected a number of at least 0"),
        (SGD, {"weight_decay": -1}, "weight_decay: expected a number of at least 0"),
        (
            SGD,
            {"nesterov": True},
            "nesterov: expected momentum above 0 and no dampening",
        ),
        (
            SGD,
            {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
            "nesterov: expected momentum above 0",
        ),
        (Adam, {"lr": -1}, "lr: expected a number of at least 0"),
        (
            Adam,
            {"betas": (1.0, 0.9)},
            r"betas\[0\]: expected a number of at least 0 and less than 1, got 1\.0",
        ),
        (
            Adam,
            {"betas": (0.9, -0.1)},
            r"betas\[1\]: expected a number of at least 0 and less than 1, got -0\.1",
        ),
        (Adam, {"eps": -1e-8}, "eps: expected a number of at least 0"),
        (Adam, {"weight_decay": -1}, "weight_decay: expected a number of at least 0"),
    ],
)
def test_a_setting_out_of_range_is_named(
    optimizer: Any, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"{optimizer.__name__}: {message}"):
        optimizer([Parameter([1.0])], **settings)


W = Parameter([1.0])


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ([], ValueError, "expected at least one, got none"),
        (W, TypeError, r"expected a sequence, got one Parameter; write \[w\]"),
        ([W, Tensor([1.0])], TypeError, "expected Parameters, got Tensor as number 1"),
        ([W, np.zeros(2)], TypeError, "expected Parameters, got ndarray as number 1"),
        (
            [W, Parameter([2.0]), W],
            ValueError,
            "expected each once, got number 0 again as number 2",
        ),
        (
            [W, Parameter([1.0], np.float32)],
            TypeError,
            "expected float64 for all, got float32 as number 1",
        ),
        (
            [Parameter([1])],
            TypeError,
            "expected a float type for all, got int64 as number 0",
        ),
    ],
)
def test_what_cannot_be_trained_is_refused(
    parameters: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"SGD: parameters: {message}"):
        SGD(parameters)


@pytest.mark.parametrize(
    ("gradients", "error", "message"),
    [
        ([np.zeros(2)], ValueError, "expected 2, one per parameter, got 1"),
        (
            [np.zeros(2), np.zeros(3), np.zeros(1)],
            ValueError,
            "expected 2, one per parameter, got 3",
        ),
        (
            [np.zeros(2), np.zeros(2)],
            ValueError,
            r"expected shape \(3,\) as number 1, got \(2,\)",
        ),
        (
            [np.zeros(2), np.zeros((3, 1))],
            ValueError,
            r"expected shape \(3,\) as number 1, got \(3, 1\)",
        ),
        ([np.zeros(2), None], TypeError, "expected numbers, got object as number 1"),
        (
            [np.zeros(2), np.array([0, np.nan, 0])],
            FloatingPointError,
            r"number 1, of shape \(3,\)",
        ),
        (
            [np.array([np.inf, 0]), np.zeros(3)],
            FloatingPointError,
            r"number 0, of shape \(2,\)",
        ),
    ],
)
def test_a_gradient_that_does_not_fit_is_named_and_nothing_moves(
    gradients: list[Any], error: type[Exception], message: str, optimizer: Any
) -> None:
    parameters = [Parameter([1.0, 2.0]), Parameter([1.0, 2.0, 3.0])]
    values = [p.value for p in parameters]
    stepper = optimizer(parameters)
    with pytest.raises(error, match=rf"\.step: gradients: .*{message}"):
        stepper.step(gradients)
    assert all(p.value is v for p, v in zip(parameters, values, strict=True))
    assert stepper.steps == 0


def test_a_model_converted_after_the_optimizer_was_made_is_refused(
    rng: np.random.Generator,
) -> None:
    layer = Linear(2, 1, rng=rng)
    stepper = SGD(layer.parameters())
    layer.to(np.float64)
    with pytest.raises(
        TypeError,
        match=r"parameter 0: expected float32 .* got float64 .*make it after model\.to",
    ):
        stepper.step([np.zeros((2, 1)), np.zeros(1)])


@pytest.mark.parametrize(
    "make", [lambda p: Adam(p, 0.1), lambda p: SGD(p, 0.1, momentum=0.9)]
)
def test_a_number_beyond_the_first_block_is_stepped_as_if_it_were_alone(
    make: Any,
) -> None:
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=_BLOCK + 7), rng.normal(size=(3, _BLOCK + 7))
    whole, tail = Parameter(start), Parameter(start[_BLOCK:])
    of_whole, of_tail = make([whole]), make([tail])
    for g in gradients:
        of_whole.step([g])
        of_tail.step([g[_BLOCK:]])
    assert np.array_equal(whole.value[_BLOCK:], tail.value)
