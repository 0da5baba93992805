"""Optimizers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import optim
from dlbook.autograd import Parameter
from tests.oracle.cases.comparison import Comparison

if TYPE_CHECKING:
    from tests.oracle.cases.comparison import Arrays
    from tests.oracle.choice import Choice


STEPS = 200


def steps(choice: Choice, name: str, settings: dict[str, Any]) -> Comparison:
    """Two parameters after 200 steps of an optimizer along the same waves of gradients.

    The gradients are given, and none vanishes for long: near a minimum Adam divides one rounding error by
    another, and two true runs of it part ways.
    """
    starts = [choice.normal(3, 2), choice.normal(2)]
    waves = [
        (choice.positive(*w.shape), choice.positive(*w.shape), choice.normal(*w.shape))
        for w in starts
    ]
    gradients = [
        [a * np.cos(frequency * i + phase) for a, frequency, phase in waves]
        for i in range(200)
    ]

    def by_us() -> Arrays:
        parameters = [Parameter(w) for w in starts]
        optimizer = getattr(optim, name)(parameters, **settings)
        for dws in gradients:
            optimizer.step(dws)
        return {f"parameter {i}": p.value for i, p in enumerate(parameters)}

    def by_them(torch: Any) -> Arrays:
        parameters = [torch.tensor(w, requires_grad=True) for w in starts]
        optimizer = getattr(torch.optim, name)(parameters, **settings)
        for dws in gradients:
            for p, dw in zip(parameters, dws, strict=True):
                p.grad = torch.tensor(dw)
            optimizer.step()
        return {f"parameter {i}": p.detach().numpy() for i, p in enumerate(parameters)}

    return Comparison(by_us, by_them)


def sgd(choice: Choice) -> Comparison:
    """Gradient descent with momentum, Nesterov, dampening and weight decay."""
    settings: dict[str, Any] = {
        "lr": choice.among([0.01, 0.3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    kind = choice.among(["plain", "momentum", "dampening", "nesterov"])
    if kind != "plain":
        settings["momentum"] = 0.9
    if kind == "dampening":
        settings["dampening"] = 0.5
    if kind == "nesterov":
        settings["nesterov"] = True
    return steps(choice, "SGD", settings)


def adam(choice: Choice) -> Comparison:
    """Adam, with its settings."""
    settings = {
        "lr": choice.among([1e-3, 0.1]),
        "betas": choice.among([(0.9, 0.999), (0.5, 0.9), (0.0, 0.99)]),
        "eps": choice.among([1e-8, 1e-3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    return steps(choice, "Adam", settings)


CASES = [
    sgd,
    adam,
]
