"""Networks of dense layers."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import models, ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def mlp(choice: Choice) -> Comparison:
    """A network of dense layers, with PyTorch's weights transposed."""
    sizes = [choice.integer(1, 4) for _ in range(choice.integer(2, 4))]
    name = choice.among(["tanh", "sigmoid"])
    x = choice.normal(choice.integer(1, 4), sizes[0])
    parameters = [
        array
        for n_in, n_out in itertools.pairwise(sizes)
        for array in (choice.normal(n_in, n_out), choice.normal(n_out))
    ]

    def ours(x: Any, *parameters: Any) -> Any:
        model = models.MLP(
            sizes,
            activation=getattr(ops, name),
            rng=np.random.default_rng(0),
            dtype=np.float64,
        )
        layers: list[Any] = [*model][::2]
        for i, layer in enumerate(layers):
            layer.w, layer.b = parameters[2 * i : 2 * i + 2]
        return model(x)

    def theirs(torch: Any, x: Any, *parameters: Any) -> Any:
        layers: list[Any] = []
        for n_in, n_out in itertools.pairwise(sizes):
            activation = torch.nn.Tanh() if name == "tanh" else torch.nn.Sigmoid()
            layers += [torch.nn.Linear(n_in, n_out, dtype=torch.float64), activation]
        model = torch.nn.Sequential(*layers[:-1])
        values = {
            f"{2 * (i // 2)}.{'bias' if i % 2 else 'weight'}": p if i % 2 else p.T
            for i, p in enumerate(parameters)
        }
        return torch.func.functional_call(model, values, x)

    return of_function(choice, [x, *parameters], ours, theirs)


CASES = [mlp]
