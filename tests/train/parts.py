"""Networks, data and callbacks that several tests of the training loop use."""

from __future__ import annotations

import signal
from typing import Any

import numpy as np

from dlbook.nn import Linear, Module, Sequential
from dlbook.ops import mse_loss, relu
from dlbook.optim import SGD, Adam
from dlbook.train import Callback, History, Run, fit

X = np.random.default_rng(1).normal(size=(23, 3)).astype(np.float32)
Y = X[:, :1] * X[:, 1:2]
OPTIMIZERS: dict[str, Any] = {
    "SGD": lambda parameters: SGD(parameters, 0.02, momentum=0.9, nesterov=True),
    "Adam": lambda parameters: Adam(parameters, 0.01),
}


class Noise(Module):
    """Draws in training, and keeps a running mean: dropout and batch normalization in one."""

    @property
    def differs_in_training(self) -> bool:
        return True

    def __init__(self) -> None:
        self.mean = np.zeros(4, np.float32)

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        if rng is None or self.is_frozen:
            return x - self.mean
        self.mean = 0.9 * self.mean + 0.1 * x.value.mean(axis=0)
        return x * (2 * rng.integers(2, size=x.shape)).astype(np.float32)


class Stop(Callback):
    """Presses Ctrl-C in a step, or raises an error."""

    def __init__(self, step: int, error: Exception | None = None) -> None:
        self.step = step
        self.error = error

    def on_step(self, run: Run) -> None:
        if run.step == self.step:
            if self.error:
                raise self.error
            signal.raise_signal(signal.SIGINT)


def network(seed: int = 0, hidden: int = 4) -> Sequential:
    rng = np.random.default_rng(seed)
    first, last = Linear(3, hidden, rng=rng), Linear(hidden, 1, rng=rng)
    return Sequential(first, relu, Noise(), last)


def train(
    model: Any, *, optimizer: Any = "Adam", bits: Any = np.random.PCG64, **settings: Any
) -> History:
    """Five steps an epoch, shuffled, with validation."""
    if isinstance(optimizer, str):
        optimizer = OPTIMIZERS[optimizer](model.parameters())
    defaults: dict[str, Any] = {
        "loss": mse_loss,
        "epochs": 10,
        "batch_size": 5,
        "rng": np.random.Generator(bits(3)),
        "validation": (X[:7], Y[:7]),
        "progress": False,
    }
    return fit(model, X, Y, optimizer=optimizer, **(defaults | settings))


def numbers(history: History) -> dict[str, Any]:
    """The history without the time it took."""
    return {k: v for k, v in history.as_dict().items() if k != "seconds"}
