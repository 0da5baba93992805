"""Initial weights, held against PyTorch's by their law: both draw, and the spread of each is its own draw's unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import init
from tests.oracle.cases.comparison import Comparison

if TYPE_CHECKING:
    from tests.oracle.cases.comparison import Arrays
    from tests.oracle.choice import Choice


def spread(
    choice: Choice, name: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Comparison:
    """The unit in which the weights are drawn, from a seed that draws the same numbers without a unit."""
    axes = choice.among([2, 4])
    shape = tuple(choice.integer(1, 6) for _ in range(axes))
    kind = name.rpartition("_")[2]

    def by_us() -> Arrays:
        drawn = getattr(init, name)(
            shape, **ours, rng=np.random.default_rng(0), dtype=np.float64
        )
        rng = np.random.default_rng(0)
        plain = (
            rng.uniform(-1, 1, shape) if kind == "uniform" else rng.normal(size=shape)
        )
        return {"unit": drawn / plain}

    def by_them(torch: Any) -> Arrays:
        # a dense layer's weights are the transpose there
        turned = shape[::-1] if axes == 2 else shape
        drawn, plain = (torch.empty(turned, dtype=torch.float64) for _ in range(2))
        fill = getattr(torch.nn.init, f"{name}_")
        fill(drawn, **theirs, generator=torch.Generator().manual_seed(0))
        generator = torch.Generator().manual_seed(0)
        if kind == "uniform":
            plain.uniform_(-1, 1, generator=generator)
        else:
            plain.normal_(0, 1, generator=generator)
        unit = (drawn / plain).numpy()
        return {"unit": unit.T if axes == 2 else unit}

    return Comparison(by_us, by_them)


def xavier(choice: Choice) -> Comparison:
    """Glorot's, both."""
    name = choice.among(["xavier_uniform", "xavier_normal"])
    settings = {"gain": choice.among([1.0, 5 / 3])}
    return spread(choice, name, settings, settings)


def kaiming(choice: Choice) -> Comparison:
    """He's, both, for several activations."""
    name = choice.among(["kaiming_uniform", "kaiming_normal"])
    nonlinearity = choice.among(["relu", "leaky_relu", "tanh", "linear"])
    mode, slope = choice.among(["fan_in", "fan_out"]), choice.among([0.01, 0.2])
    # what a dense layer takes in stands first here, second there
    return spread(
        choice,
        name,
        {"nonlinearity": nonlinearity, "mode": mode, "param": slope},
        {"nonlinearity": nonlinearity, "mode": mode, "a": slope},
    )


def gains(choice: Choice) -> Comparison:
    """The gain of an activation."""
    name = choice.among(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"])
    slope = choice.among([0.01, 0.3])
    param = slope if name == "leaky_relu" else 0.01
    return Comparison(
        lambda: {"gain": np.array(init.calculate_gain(name, param))},
        lambda torch: {"gain": np.array(torch.nn.init.calculate_gain(name, param))},
    )


CASES = [
    xavier,
    kaiming,
    gains,
]
