"""A number that is not finite stops the run before the step, and its layer is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Tensor, primitive
from dlbook.nn import RNN, Linear, Module, Sequential
from dlbook.ops import mse_loss, relu
from dlbook.optim import Adam
from dlbook.train import fit
from tests.train.parts import X, Y, network, train


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


class Spoiled(Module):
    """Passes its input on; from its n-th training pass on with a NaN, or with an infinite gradient."""

    def __init__(self, n: int, *, backward: bool = False) -> None:
        self.n = n
        self.backward = backward
        self.calls = 0

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        self.calls += rng is not None
        spoiled = self.calls >= self.n
        if self.backward:
            return steep(x) if spoiled else x
        return x * np.nan if spoiled else x


@primitive
def steep(x: Any, /) -> Any:
    """The same value, with a slope that overflows."""
    return x * 1, lambda dy: dy * np.inf


class Block(Module):
    def __init__(self, spoiled: Module) -> None:
        rng = np.random.default_rng(0)
        self.inner = Sequential(Linear(4, 4, rng=rng), spoiled)

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        return self.inner(x, rng=rng)


def deep(spoiled: Module) -> Sequential:
    rng = np.random.default_rng(0)
    return Sequential(
        Linear(3, 4, rng=rng), relu, Block(spoiled), Linear(4, 1, rng=rng)
    )


def stopped(model: Any, message: str, **settings: Any) -> None:
    """The run stops with this message, and the parameters are those before the step."""
    optimizer = Adam(model.parameters(), 0.01)
    seen: list[Any] = []
    step = optimizer.step

    def watched(gradients: Any) -> None:
        seen.append([p.value for p in optimizer.parameters])
        step(gradients)
        seen.append([p.value for p in optimizer.parameters])

    optimizer.step = watched  # type: ignore[method-assign]
    start = [p.value for p in optimizer.parameters]
    with pytest.raises(FloatingPointError, match=message):
        train(model, optimizer=optimizer, validation=None, **settings)
    now = [p.value for p in optimizer.parameters]
    assert all(a is b for a, b in zip(now, seen[-1] if seen else start, strict=True))
    assert all(np.isfinite(p).all() for p in now)
    for _, module in model.named_modules():
        assert "forward" not in vars(module)


def test_the_layer_of_a_loss_that_is_not_finite_is_named() -> None:
    stopped(
        deep(Spoiled(8)),
        r"^fit: loss: expected a finite number, got nan in epoch 2, step 8; not finite is first the output of "
        r"2.inner.1 \(Spoiled\); is the learning rate too large\?$",
    )


def test_the_parameter_on_the_way_back_from_which_a_gradient_is_not_finite_is_named() -> (
    None
):
    stopped(
        deep(Spoiled(8, backward=True)),
        r"^fit: gradient: expected finite numbers, got others in epoch 2, step 8; on the way back the first is that "
        r"of 2.inner.0.b; the parameters were left as they are$",
    )
    stopped(
        deep(Spoiled(3, backward=True)),
        "gradient: .* epoch 1, step 3; .* 2.inner.0.b",
        clip_norm=1.0,
    )


def test_a_model_of_one_layer_is_called_by_its_class() -> None:
    layer = Linear(3, 1, rng=np.random.default_rng(0))
    layer.w.value = np.full_like(layer.w.value, 3e38)
    x = np.full((23, 3), 100, np.float32)
    with pytest.raises(
        FloatingPointError, match=r"not finite is first the output of Linear;"
    ):
        fit(layer, x, Y, loss=mse_loss, optimizer=Adam(layer.parameters()), epochs=1, rng=None,
            progress=False)  # fmt: skip


def test_examples_targets_and_parameters_are_named_too() -> None:
    model = network()
    for x, y, message in (
        (np.where(X > 1, np.nan, X), Y, "first the examples"),
        (X, np.where(Y > 1, np.nan, Y), "first the loss, of finite outputs"),
    ):
        with pytest.raises(FloatingPointError, match=message):
            fit(model, x, y, loss=mse_loss, optimizer=Adam(model.parameters()), epochs=1,
                rng=np.random.default_rng(0), progress=False)  # fmt: skip
    model[0].w.value = model[0].w.value * np.nan  # type: ignore[attr-defined]
    with pytest.raises(FloatingPointError, match=r"first 0\.w;"):
        train(model)


class Unlucky(Module):
    """Gives NaN for one draw among many: found again only from the same state of the generator."""

    @property
    def differs_in_training(self) -> bool:
        return True

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        return x * np.nan if rng is not None and rng.integers(25) == 7 else x


class Named(Module):
    """Hands its layer a setting by name."""

    def __init__(self, layer: Module) -> None:
        self.layer = layer
        self.last = Linear(4, 1, rng=np.random.default_rng(0))

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        lengths = np.full(len(x), 1)
        _, h = self.layer(x.reshape(len(x), 1, 3), lengths=lengths, rng=rng)
        return self.last(h[-1] * np.nan, rng=rng)


def test_settings_by_name_are_handed_on() -> None:
    layer = RNN(3, 4, rng=np.random.default_rng(0))
    stopped(Named(layer), r"not finite is first the output of last \(Linear\)")


@pytest.mark.parametrize("seed", range(5))
def test_what_was_drawn_is_drawn_again(seed: int) -> None:
    stopped(
        deep(Unlucky()),
        r"the output of 2.inner.1 \(Unlucky\)",
        rng=np.random.default_rng(seed),
        epochs=200,
    )


def test_several_outputs_are_looked_at() -> None:
    class Two(Module):
        def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
            return x, [x * np.inf, np.arange(3)]

    class Taking(Module):
        def __init__(self) -> None:
            self.layer = Linear(3, 1, rng=np.random.default_rng(0))
            self.two = Two()

        def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
            _, (bad, _) = self.two(self.layer(x, rng=rng), rng=rng)
            return bad

    stopped(Taking(), r"the output of two \(Two\)")


def test_a_function_has_no_layers_to_name() -> None:
    layer = Linear(3, 1, rng=np.random.default_rng(0))

    def loss(output: Tensor, y: Any) -> Tensor:
        return output.sum() * np.nan

    with pytest.raises(FloatingPointError, match="first the model or the loss;"):
        fit(lambda x, rng: layer(x), X, Y, loss=loss, optimizer=Adam(layer.parameters()), epochs=1, rng=None,
            progress=False)  # fmt: skip


def test_an_optimizer_s_own_trouble_is_left_as_it_is() -> None:
    class Broken(Adam):
        def rule(self, *_: Any) -> None:
            raise FloatingPointError("mine")

    model = network()
    with pytest.raises(FloatingPointError, match=r"^mine$"):
        train(model, optimizer=Broken(model.parameters()))
