"""What an optimizer remembers can be saved, and a run goes on exactly where it stopped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.autograd import Parameter
from dlbook.optim import (
    LAMB,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Muon,
    NAdam,
    RMSprop,
)

KINDS: dict[str, Any] = {
    "SGD": SGD,
    "momentum": lambda p: SGD(p, momentum=0.9, nesterov=True),
    "Adam": Adam,
    "AMSGrad": lambda p: Adam(p, amsgrad=True),
    "AdamW": AdamW,
    "NAdam": NAdam,
    "Adagrad": lambda p: Adagrad(p, lr_decay=0.1, initial_accumulator_value=0.1),
    "Adadelta": Adadelta,
    "RMSprop": lambda p: RMSprop(p, centered=True, momentum=0.9),
    "LAMB": LAMB,
    "Lion": Lion,
    "Muon": Muon,
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_resumed_goes_on_bit_for_bit(
    kind: str, dtype: Any, rng: np.random.Generator
) -> None:
    start = rng.normal(size=(4, 3))
    gradients = rng.normal(size=(20, 4, 3)).astype(dtype)
    through = Parameter(start, dtype)
    optimizer = KINDS[kind]([through])
    optimizer.lr = 0.05
    for i, g in enumerate(gradients):
        if i == 8:
            state, value = optimizer.state_dict(), through.value
        optimizer.step([g])
    resumed = Parameter(value)
    again = KINDS[kind]([resumed])
    again.load_state_dict(state)
    assert (again.steps, again.lr) == (8, 0.05)
    for g in gradients[8:]:
        again.step([g])
    assert_array_equal(resumed.value, through.value)
    assert resumed.dtype == dtype


def test_a_state_is_a_copy() -> None:
    optimizer = Adam([Parameter([1.0])])
    state = optimizer.state_dict()
    optimizer.step([np.ones(1)])
    assert state["steps"] == 0
    assert state["state.0"].item() == 0
    optimizer.load_state_dict(state)
    optimizer.step([np.ones(1)])
    assert state["state.0"].item() == 0


def test_a_state_of_another_kind_is_refused_and_changes_nothing() -> None:
    optimizer = Adam([Parameter([1.0])])
    with pytest.raises(
        KeyError,
        match=r"Adam.load_state_dict: state: expected steps, lr, state.0, state.1, got steps, lr, state.0",
    ):
        optimizer.load_state_dict(SGD([Parameter([1.0])], momentum=0.9).state_dict())
    with pytest.raises(
        ValueError, match=r"state: state.0: expected shape \(1,\), got \(2,\)"
    ):
        optimizer.load_state_dict(Adam([Parameter([1.0, 2.0])], lr=7.0).state_dict())
    assert (optimizer.steps, optimizer.lr) == (0, 1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_and_old_values_are_not_written_to(
    kind: str, rng: np.random.Generator
) -> None:
    p = Parameter(rng.normal(size=(3, 2)))
    old = p.value
    kept = old.copy()
    g = rng.normal(size=(3, 2))
    g.flags.writeable = False
    optimizer = KINDS[kind]([p])
    optimizer.step([g])
    optimizer.step([g])
    assert_array_equal(old, kept)
    assert p.value is not old


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: AdamW(p, weight_decay=-1), "AdamW: weight_decay: expected a number"),
        (lambda p: NAdam(p, betas=(1.0, 0.9)), r"NAdam: betas\[0\]: expected a number"),
        (lambda p: NAdam(p, momentum_decay=-1), "NAdam: momentum_decay: expected"),
        (lambda p: Adagrad(p, lr_decay=-1), "Adagrad: lr_decay: expected"),
        (lambda p: Adagrad(p, initial_accumulator_value=-1), "initial_accumulator_value"),
        (lambda p: RMSprop(p, alpha=1.0), "RMSprop: alpha: expected .* less than 1"),
        (lambda p: RMSprop(p, momentum=-1), "RMSprop: momentum: expected"),
        (lambda p: Adadelta(p, rho=1.5), "Adadelta: rho: expected"),
        (lambda p: Lion(p, betas=(0.9, 1.0)), r"Lion: betas\[1\]: expected"),
        (lambda p: LAMB(p, eps=-1), "LAMB: eps: expected"),
        (lambda p: Muon(p, momentum=1.0), "Muon: momentum: expected"),
    ],
)  # fmt: skip
def test_settings_out_of_range_are_named(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make([Parameter(np.zeros((2, 2)))])


def test_a_centered_spread_that_rounding_makes_negative_is_zero() -> None:
    p = Parameter([1.0], np.float32)
    optimizer = RMSprop([p], centered=True, eps=1e-3)
    for _ in range(3000):
        optimizer.step([np.array([0.1], np.float32)])
    assert np.isfinite(p.value).all()
