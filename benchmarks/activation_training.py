"""The same networks on the digits with one activation after the other: accuracy on digits held out.

A shallow network has two hidden layers of 64 units, a deep one has eight. All else is equal: the first weights
of `Linear`, Adam at its default rate of 0.001, 20 epochs in batches of 32, ink divided by 16; the shallow one is
trained at a rate of 0.01, too. For each of the seeds 0 to 4 a quarter of the digits is held out, the same number of
each; the split and the first weights of a seed are the same for all. Nearest neighbor and a support vector machine
read the same digits.

Run `python -m benchmarks.activation_training`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.svm import SVC

from benchmarks._store import store
from dlbook import metrics, train
from dlbook.data import flatten_images, load_digits, train_test_split
from dlbook.nn import Linear, PReLU, Sequential
from dlbook.ops import (
    cross_entropy,
    elu,
    gelu,
    hardswish,
    heaviside,
    identity,
    leaky_relu,
    mish,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from dlbook.optim import Adam

SEEDS = range(5)
WIDTH = 64
SETTINGS = {  # hidden layers, learning rate
    "shallow": (2, 0.001),
    "shallow, faster": (2, 0.01),
    "deep": (8, 0.001),
}


def step(z: Any) -> Any:
    return heaviside(z, 1.0)


def every(f: Any) -> Callable[[], Any]:
    """A function without parameters is the same in every layer."""
    return lambda: f


ACTIVATIONS: dict[str, Callable[[], Any]] = {
    "identity": every(identity),
    "step": every(step),
    "sigmoid": every(sigmoid),
    "tanh": every(tanh),
    "ReLU": every(relu),
    "leaky ReLU": every(leaky_relu),
    "PReLU": PReLU,
    "ELU": every(elu),
    "SELU": every(selu),
    "softplus": every(softplus),
    "SiLU": every(silu),
    "GELU": every(gelu),
    "Mish": every(mish),
    "hard swish": every(hardswish),
}


def network(depth: int, activation: Callable[[], Any], rng: Any) -> Sequential:
    layers: list[Any] = []
    for d in [64] + [WIDTH] * (depth - 1):
        layers += [Linear(d, WIDTH, rng=rng), activation()]
    return Sequential(*layers, Linear(WIDTH, 10, rng=rng))


def split(seed: int) -> tuple[Any, ...]:
    """Features and labels to learn from and to be read, three quarters and one."""
    images, labels = load_digits()
    x = flatten_images(images) / 16
    x, x_test, t, t_test = train_test_split(
        x, labels, rng=np.random.default_rng(seed), stratify=labels
    )
    return x, t, x_test, t_test


def accuracy(depth: int, lr: float, activation: Callable[[], Any], seed: int) -> float:
    """Of one network on one split."""
    x, t, x_test, t_test = split(seed)
    rng = np.random.default_rng(seed)
    model = network(depth, activation, rng)
    train.fit(
        model,
        x,
        t,
        loss=cross_entropy,
        optimizer=Adam(model.parameters(), lr=lr),
        epochs=20,
        batch_size=32,
        rng=rng,
        progress=False,
    )
    return metrics.accuracy(t_test, train.predict(model, x_test).argmax(axis=1))


def nearest_neighbor(seed: int) -> float:
    x, t, x_test, t_test = split(seed)
    squares = (x**2).sum(axis=1) - 2 * x_test @ x.T
    return metrics.accuracy(t_test, t[squares.argmin(axis=1)])


def support_vectors(seed: int) -> float:
    x, t, x_test, t_test = split(seed)
    return metrics.accuracy(t_test, SVC(C=10).fit(x, t).predict(x_test))


def summary(seeds: list[float]) -> dict[str, Any]:
    return {
        "mean": float(np.mean(seeds)),
        "sd": float(np.std(seeds, ddof=1)),
        "seeds": seeds,
    }


def main() -> None:
    results = {
        name: {
            which: summary([accuracy(depth, lr, activation, seed) for seed in SEEDS])
            for which, (depth, lr) in SETTINGS.items()
        }
        for name, activation in ACTIVATIONS.items()
    }
    store(
        __file__,
        {
            "settings": SETTINGS,
            "width": WIDTH,
            "networks": results,
            "nearest neighbor": summary([nearest_neighbor(seed) for seed in SEEDS]),
            "RBF SVM": summary([support_vectors(seed) for seed in SEEDS]),
        },
    )


if __name__ == "__main__":
    main()
