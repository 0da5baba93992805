"""Weighted sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import nn, ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def linear(choice: Choice) -> Comparison:
    """A layer of weighted sums, as a function."""
    batch, d, k = choice.shape(), choice.integer(1, 4), choice.integer(1, 4)
    inputs = [
        choice.normal(*batch, d),
        choice.normal(d, k),
        choice.normal(k) if choice.integer(0, 1) else None,
    ]
    return of_function(
        choice,
        inputs,
        ops.linear,
        lambda torch, x, w, b: torch.nn.functional.linear(x, w.T, b),
    )


def linear_module(choice: Choice) -> Comparison:
    """A layer of weighted sums, as a module, with PyTorch's weights transposed."""
    batch, d, k, bias = (
        choice.shape(),
        choice.integer(1, 4),
        choice.integer(1, 4),
        bool(choice.integer(0, 1)),
    )
    x, w, b = choice.normal(*batch, d), choice.normal(d, k), choice.normal(k)

    def ours(x: Any, w: Any, b: Any) -> Any:
        layer = nn.Linear(
            d, k, bias=bias, rng=np.random.default_rng(0), dtype=np.float64
        )
        layer.w, layer.b = w, b
        return layer(x)

    def theirs(torch: Any, x: Any, w: Any, b: Any) -> Any:
        layer = torch.nn.Linear(d, k, bias=bias, dtype=torch.float64)
        parameters = {"weight": w.T} | ({"bias": b} if bias else {})
        return torch.func.functional_call(layer, parameters, x)

    return of_function(choice, [x, w, b if bias else None], ours, theirs)


CASES = [
    linear,
    linear_module,
]
