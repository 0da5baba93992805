"""When it no longer gets better, the run ends and goes back to its best."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.autograd import Parameter
from dlbook.nn import Module
from dlbook.ops import mse_loss
from dlbook.optim import SGD
from dlbook.train import Callback, EarlyStopping, Run, fit
from tests.train.parts import network, numbers, train


class Scripted(Module):
    """Has the validation losses that it is told: its weight is the number of epochs, its output follows a list."""

    def __init__(self, losses: list[float]) -> None:
        self.w = Parameter(0.0)
        self.losses = losses

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        if rng is None:
            epoch = int(self.w.value) - 1
            return np.full(len(x), np.sqrt(self.losses[epoch]))
        return (
            x * 0 - self.w
        )  # a gradient of -1, with the loss below: one step is one epoch


def run(losses: list[float], **settings: Any) -> tuple[Scripted, EarlyStopping, int]:
    model, stopping = Scripted(losses), EarlyStopping(**settings)

    def loss(output: Any, y: Any) -> Any:
        if np.ndim(output.value) and y[0] == 1:
            return output.mean()
        return mse_loss(output, y)

    history = fit(
        model, np.ones(1), np.ones(1), loss=loss, optimizer=SGD([model.w], 1.0), epochs=len(losses),
        rng=np.random.default_rng(0), validation=(np.zeros(1), np.zeros(1)), callbacks=[stopping], progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(history.validation_loss, losses[: len(history.loss)])
    return model, stopping, len(history.loss)


@pytest.mark.parametrize(
    ("losses", "settings", "epochs", "best"),
    [
        ([5, 4, 3, 3.5, 3.2, 3.1, 1], {"patience": 3}, 6, 3),
        ([5, 4, 3, 3.5, 3.2, 2.9, 3, 3, 3, 3], {"patience": 3}, 9, 6),
        ([5, 5, 5], {"patience": 1}, 2, 1),
        ([5, 4.5, 4, 3.5, 3], {"patience": 2, "min_delta": 0.6}, 5, 5),
        ([5, 4.5, 4.45, 4.41, 3], {"patience": 3, "min_delta": 0.6}, 4, 1),
        ([5, 4, 4 - 1e-9, 4, 4], {"patience": 2}, 5, 3),
        ([3, 4, 5], {"patience": 9}, 3, 1),
    ],
)
def test_patience_counts_epochs_that_are_not_better_than_the_best(
    losses: list[float], settings: dict[str, Any], epochs: int, best: int
) -> None:
    model, stopping, ran = run(losses, **settings)
    assert ran == epochs
    assert stopping.best_epoch == best
    assert stopping.best == pytest.approx(losses[best - 1], rel=1e-12)
    assert model.w.value == best  # the parameters of that epoch


def test_the_last_parameters_are_kept_if_that_is_wanted() -> None:
    model, stopping, epochs = run([5, 4, 3, 4, 4], patience=2, restore_best=False)
    assert (epochs, stopping.best_epoch, model.w.value.item()) == (5, 3, 5)


def test_running_statistics_go_back_with_the_parameters() -> None:
    states: list[Any] = []

    class Kept(Callback):
        def on_epoch(self, run: Run) -> None:
            states.append(run.model.state_dict())

    model, stopping = network(), EarlyStopping(4)
    history = train(model, epochs=60, optimizer="SGD", callbacks=[stopping, Kept()])
    assert len(history.loss) == stopping.best_epoch + 4 < 60
    np.testing.assert_equal(model.state_dict(), states[stopping.best_epoch - 1])
    assert history.validation_loss[stopping.best_epoch - 1] == stopping.best
    assert stopping.best == min(history.validation_loss)


def test_what_is_stopped_by_an_error_is_left_as_it_is() -> None:
    class Fails(Callback):
        def on_epoch(self, run: Run) -> None:
            if run.epoch == 30:
                raise RuntimeError("no")

    model, states = network(), []

    class Kept(Callback):
        def on_epoch(self, run: Run) -> None:
            states.append(run.model.state_dict())

    with pytest.raises(RuntimeError, match="no"):
        train(model, epochs=60, callbacks=[EarlyStopping(50), Kept(), Fails()])
    assert_array_equal(model.state_dict()["0.w"], states[-1]["0.w"])


def test_used_again_it_begins_anew() -> None:
    stopping = EarlyStopping(2)
    first = train(network(), optimizer="SGD", epochs=40, callbacks=[stopping])
    second = train(network(), optimizer="SGD", epochs=40, callbacks=[stopping])
    assert numbers(first) == numbers(second)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EarlyStopping(0), "EarlyStopping: patience: expected at least 1, got 0"),
        (lambda: EarlyStopping(1, min_delta=-1), "EarlyStopping: min_delta: expected at least 0, got -1"),
        (lambda: EarlyStopping(1, min_delta=np.nan), "min_delta: expected at least 0, got nan"),
        (lambda: train(network(), validation=None, callbacks=[EarlyStopping(1)]),
         "fit: EarlyStopping: expected validation examples, got validation=None"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
