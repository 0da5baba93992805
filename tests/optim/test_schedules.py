"""Learning rates as functions of the step."""

from __future__ import annotations

from typing import Any

import pytest

from dlbook.optim import (
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    SequentialLR,
    StepLR,
)


def test_a_cosine_stays_at_its_end() -> None:
    schedule = CosineAnnealingLR(1.0, T_max=10, eta_min=0.1)
    assert schedule(0) == 1
    assert schedule(10) == pytest.approx(0.1)
    assert schedule(15) == schedule(10)


def test_one_cycle_starts_rises_and_ends_where_it_says() -> None:
    schedule = OneCycleLR(2.0, total_steps=100, pct_start=0.3)
    rates = [schedule(k) for k in range(100)]
    assert rates[0] == pytest.approx(2 / 25)
    assert max(rates) == rates[29] == 2
    assert rates[99] == pytest.approx(2 / 25 / 1e4)
    assert rates[:30] == sorted(rates[:30])
    assert rates[29:] == sorted(rates[29:], reverse=True)


@pytest.mark.parametrize("share", [0.0, 1.0, 0.01])
def test_one_cycle_may_have_no_rise_or_no_fall(share: float) -> None:
    schedule = OneCycleLR(2.0, total_steps=10, pct_start=share)
    assert all(0 < schedule(k) <= 2 for k in range(10))


def test_a_sequence_counts_from_each_milestone() -> None:
    schedule = SequentialLR([StepLR(1.0, 2), StepLR(3.0, 2)], milestones=[3])
    assert [round(schedule(k), 9) for k in range(6)] == [1, 1, 0.1, 3, 3, 0.3]


def test_schedules_are_values() -> None:
    assert ExponentialLR(1.0, gamma=0.5) == ExponentialLR(1.0, gamma=0.5)
    assert repr(StepLR(0.1, 5)) == "StepLR(lr=0.1, step_size=5, gamma=0.1)"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StepLR(0.1, 0), "StepLR: step_size: expected at least 1, got 0"),
        (lambda: StepLR(-1, 1), "StepLR: lr: expected at least 0, got -1"),
        (lambda: ExponentialLR(1.0, float("nan")), "ExponentialLR: gamma: expected"),
        (lambda: MultiStepLR(1.0, [3, 2]), "MultiStepLR: milestones: expected steps in rising order"),
        (lambda: LinearLR(1.0, total_iters=0), "LinearLR: total_iters: expected"),
        (lambda: CosineAnnealingLR(1.0, T_max=0), "CosineAnnealingLR: T_max: expected"),
        (lambda: OneCycleLR(1.0, total_steps=1), "OneCycleLR: total_steps: expected at least 2"),
        (lambda: OneCycleLR(1.0, 10, pct_start=1.5), "OneCycleLR: pct_start: expected a share"),
        (lambda: SequentialLR([StepLR(1.0, 2)], [3]), "SequentialLR: schedules: expected 2"),
        (lambda: SequentialLR([StepLR(1.0, 2)] * 2, [-3]), "SequentialLR: milestones"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
