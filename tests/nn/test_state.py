"""What a module has learned, taken out and put back; and what is left as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Parameter, Tensor, grad
from dlbook.nn import Linear, Module, Sequential
from dlbook.nn.evaluation import evaluated


class Centered(Module):
    """Remembers a mean, which it takes away; in training the batch's own."""

    def __init__(self, d: int) -> None:
        self.mean = np.zeros(d, np.float32)
        self.shift = Parameter(np.zeros(d), np.float32)

    @property
    def differs_in_training(self) -> bool:
        return True

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        if rng is None or self.is_frozen:
            return evaluated(self, x - self.mean + self.shift)
        return x - x.mean(axis=0) + self.shift


class Hoard(Module):
    """Keeps an array where it cannot be replaced."""

    def __init__(self) -> None:
        self.arrays = [np.zeros(2)]


@pytest.fixture
def model(rng: np.random.Generator) -> Sequential:
    return Sequential(
        Linear(3, 2, rng=rng), Centered(2), Linear(2, 1, bias=False, rng=rng)
    )


NAMES = ["0.w", "0.b", "1.mean", "1.shift", "2.w"]


def test_the_state_has_parameters_and_arrays_in_the_order_of_assignment(
    model: Sequential,
) -> None:
    assert list(model.state_dict()) == NAMES


def test_a_state_is_a_copy(model: Sequential) -> None:
    state = model.state_dict()
    for array in state.values():
        np.add(array, 1, out=array)
    now = model.state_dict()
    assert all((now[name] != state[name]).all() for name in NAMES)


def test_a_state_goes_into_a_module_of_the_same_make(model: Sequential) -> None:
    state = {name: array + 1.0 for name, array in model.state_dict().items()}
    assert model.load_state_dict(state) is model
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, state[name], strict=False)
        assert array.dtype == np.float32
    state["0.w"] += 1  # the module's arrays are its own
    assert (model.state_dict()["0.w"] != state["0.w"]).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"0.w": None}, KeyError, "one that lacks 0.w"),
        ({"2.b": np.zeros(1)}, KeyError, "one that has the unknown 2.b"),
        ({"1.mean": np.zeros(3)}, ValueError, r"1.mean: expected shape \(2,\), got \(3,\)"),
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(
    model: Sequential, change: Any, error: type[Exception], message: str
) -> None:
    before = model.state_dict()
    state: Any = {name: array + 1 for name, array in before.items()} | change
    state = {name: array for name, array in state.items() if array is not None}
    with pytest.raises(error, match=message):
        model.load_state_dict(state)
    for name, array in model.state_dict().items():
        assert (array == before[name]).all()


def test_an_array_that_cannot_be_replaced_is_no_state() -> None:
    with pytest.raises(
        TypeError,
        match=r"Hoard: arrays.0: expected a plain array as an attribute of its own",
    ):
        Hoard().state_dict()


def test_another_dtype_is_that_of_the_arrays_too(model: Sequential) -> None:
    model.to(np.float64)
    assert {array.dtype for array in model.state_dict().values()} == {
        np.dtype(np.float64)
    }


def test_what_is_frozen_is_not_trained_and_still_saved(model: Sequential) -> None:
    assert model[0].freeze() is model[0]  # type: ignore[attr-defined]
    assert [name for name, _ in model.named_parameters()] == ["1.shift", "2.w"]
    assert list(model.state_dict()) == NAMES
    model.freeze()
    assert model.parameters() == []
    model.unfreeze()
    assert [name for name, _ in model.named_parameters()] == [
        "0.w",
        "0.b",
        "1.shift",
        "2.w",
    ]


def test_weights_that_a_frozen_module_shares_are_frozen(
    rng: np.random.Generator,
) -> None:
    a, b = Linear(2, 2, rng=rng), Linear(2, 2, rng=rng)
    b.w = a.w
    model = Sequential(b, a)
    a.freeze()
    assert [name for name, _ in model.named_parameters()] == ["0.b"]


def test_a_gradient_through_an_evaluation_is_refused(
    model: Sequential, rng: np.random.Generator
) -> None:
    x = rng.normal(size=(5, 3))
    grad(model(x, rng=rng).sum(), model.parameters())
    with pytest.raises(
        RuntimeError, match=r"Centered: expected a training pass, model\(x, rng=rng\)"
    ):
        grad(model(x).sum(), model.parameters())
    assert model(x).shape == (5, 1)


def test_a_gradient_through_what_is_frozen_is_meant(
    model: Sequential, rng: np.random.Generator
) -> None:
    model.freeze()
    x = Tensor(rng.normal(size=(5, 3)).astype(np.float32))
    (dx,) = grad(model(x, rng=rng).sum(), [x])
    assert dx.shape == (5, 3)
