"""Rows looked up in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import nn, ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def embedding(choice: Choice) -> Comparison:
    """A table, as a function."""
    n, d = choice.integer(1, 5), choice.integer(1, 4)
    i = choice.labels(n, *choice.shape())
    padding = choice.among([None, choice.integer(0, n - 1)])
    return of_function(
        choice,
        [i, choice.normal(n, d)],
        lambda i, w: ops.embedding(i, w, padding_idx=padding),
        lambda torch, i, w: torch.nn.functional.embedding(i, w, padding_idx=padding),
    )


def embedding_module(choice: Choice) -> Comparison:
    """A table, as a module."""
    n, d = choice.integer(1, 5), choice.integer(1, 4)
    i = choice.labels(n, *choice.shape())
    padding = choice.among([None, choice.integer(0, n - 1)])

    def ours(i: Any, w: Any) -> Any:
        layer = nn.Embedding(
            n, d, padding_idx=padding, rng=np.random.default_rng(0), dtype=np.float64
        )
        layer.w = w
        return layer(i)

    def theirs(torch: Any, i: Any, w: Any) -> Any:
        layer = torch.nn.Embedding(n, d, padding_idx=padding, dtype=torch.float64)
        return torch.func.functional_call(layer, {"weight": w}, i)

    return of_function(choice, [i, choice.normal(n, d)], ours, theirs)


CASES = [embedding, embedding_module]
