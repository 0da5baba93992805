"""When callbacks are called, and what they see."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook import nn
from dlbook.autograd import Parameter, grad
from dlbook.nn import Linear, Module
from dlbook.ops import mse_loss
from dlbook.optim import SGD, StepLR, clip_grad_norm
from dlbook.train import Callback, EarlyStopping, Run, fit
from tests.train.parts import Noise, X, Y, network, train


class Told(Callback):
    """Remembers when it was called."""

    def __init__(self, log: list[Any], name: str = "") -> None:
        self.log = log
        self.name = name

    def on_start(self, run: Run) -> None:
        self.log.append(f"{self.name}start")

    def on_step(self, run: Run) -> None:
        self.log.append(f"{self.name}step {run.step}")

    def on_epoch(self, run: Run) -> None:
        self.log.append(f"{self.name}epoch {run.epoch} of {len(run.history.loss)}")

    def on_end(self, run: Run, error: BaseException | None) -> None:
        self.log.append(f"{self.name}end {error!r}")


def test_callbacks_are_called_in_their_order() -> None:
    log: list[Any] = []
    train(
        network(), epochs=2, batch_size=15, callbacks=[Told(log, "a "), Told(log, "b ")]
    )
    moments = [
        "start", "step 1", "step 2", "epoch 1 of 1", "step 3", "step 4", "epoch 2 of 2", "end None",
    ]  # fmt: skip
    assert log == [f"{name} {moment}" for moment in moments for name in ("a", "b")]


def test_an_error_reaches_the_callbacks() -> None:
    log: list[Any] = []

    class Fails(Callback):
        def on_step(self, run: Run) -> None:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        train(network(), callbacks=[Told(log), Fails()])
    assert log == ["start", "step 1", "end RuntimeError('no')"]


def test_a_callback_ends_the_run_after_the_epoch() -> None:
    class Over(Callback):
        def on_step(self, run: Run) -> None:
            run.is_stopping |= run.step == 12

    history = train(network(), callbacks=[Over()])
    assert (len(history.loss), history.steps) == (3, 15)


def test_callbacks_change_nothing_by_being_there() -> None:
    alone, watched = network(), network()
    train(alone)
    train(watched, callbacks=[Told([]), EarlyStopping(99, restore_best=False)])
    np.testing.assert_equal(watched.state_dict(), alone.state_dict())


@pytest.mark.parametrize("given", [EarlyStopping, print, None])
def test_what_is_no_callback_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="fit: callbacks: expected Callbacks, got"):
        train(network(), callbacks=[given])


def test_a_schedule_sets_the_rate_before_each_step() -> None:
    rates: list[float] = []

    class Rates(Callback):
        def on_step(self, run: Run) -> None:
            rates.append(run.optimizer.lr)

    model = network()
    optimizer = SGD(model.parameters(), 77.0)
    schedule = StepLR(0.1, step_size=2, gamma=0.5)
    train(model, optimizer=optimizer, epochs=1, schedule=schedule, callbacks=[Rates()])
    assert rates == [0.1, 0.1, 0.05, 0.05, 0.025]
    # The optimizer's steps count, also those of a run before.
    train(model, optimizer=optimizer, epochs=1, schedule=schedule, callbacks=[Rates()])
    assert rates[5:] == [0.025, 0.0125, 0.0125, 0.00625, 0.00625]


def test_long_gradients_are_clipped_and_short_ones_are_not() -> None:
    for bound in (1e-3, 1e3):
        model, other = (Linear(3, 1, rng=np.random.default_rng(0)) for _ in range(2))
        settings: dict[str, Any] = {"optimizer": SGD(model.parameters(), 0.1)}
        train(model, epochs=1, batch_size=None, clip_norm=bound, **settings)
        gradients = grad(mse_loss(other(X), Y), other.parameters())
        clipped, norm = clip_grad_norm(gradients, bound)
        assert 1e-3 < norm < 1e3
        for p, g in zip(other.parameters(), clipped, strict=True):
            p.value = p.value - np.float32(0.1) * g
        assert_array_equal(model.w.value, other.w.value)


def test_a_bound_for_gradients_must_be_one() -> None:
    with pytest.raises(ValueError, match="clip_grad_norm: max_norm: expected"):
        train(network(), clip_norm=-1)


def test_a_layer_that_trains_otherwise_asks_for_a_generator() -> None:
    model = network()
    with pytest.raises(
        ValueError,
        match=r"fit: rng: expected np.random.default_rng\(seed\), since 2 \(Noise\) computes something else in",
    ):
        train(model, rng=None)
    with pytest.raises(ValueError, match=r"since the model \(Noise\) computes"):
        train(Noise(), optimizer=SGD(network().parameters()), rng=None)
    model[2].freeze()  # type: ignore[attr-defined]
    before = model[2].mean  # type: ignore[attr-defined]
    train(model, rng=None, epochs=1)
    assert model[2].mean is before  # type: ignore[attr-defined]
    train(Linear(3, 1, rng=np.random.default_rng(0)), rng=None, epochs=1)


def test_every_layer_that_guards_its_evaluation_says_that_it_differs() -> None:
    found = []
    for name in nn.__all__:
        kind = getattr(nn, name)
        if isinstance(kind, type) and issubclass(kind, Module):
            guards = any(
                "evaluated(" in inspect.getsource(c) for c in kind.__mro__[:-2]
            )
            says = any("differs_in_training" in vars(c) for c in kind.__mro__[:-2])
            assert says == guards, name
            found += [name] if guards else []
    assert {"Dropout", "BatchNorm1d", "BatchNorm2d"} <= set(found)


def test_a_module_says_that_its_training_is_no_different_unless_told() -> None:
    assert not Linear(3, 1, rng=np.random.default_rng(0)).differs_in_training


def test_dropout_of_nothing_trains_as_it_evaluates() -> None:
    layer = nn.Dropout(0.0)
    x, rng = Parameter(X), np.random.default_rng(0)
    assert not layer.differs_in_training
    assert nn.Dropout(0.1).differs_in_training
    dx = grad(layer(x).sum(), [x])[0]
    assert_array_equal(dx, np.ones_like(X))
    before = rng.bit_generator.state
    layer(x, rng=rng)
    assert rng.bit_generator.state == before


def test_a_function_can_be_trained_as_well() -> None:
    layer = Linear(3, 1, rng=np.random.default_rng(0))
    history = fit(
        lambda x, rng=None: layer(x), X, Y, loss=mse_loss, optimizer=SGD(layer.parameters(), 0.1), epochs=5, rng=None,
        progress=False,
    )  # fmt: skip
    assert history.loss[-1] < history.loss[0]
