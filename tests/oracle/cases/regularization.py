"""Dropout, for what is left out, and penalties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def dropout(choice: Choice) -> Comparison:
    """Dropout: what is left out differs, so PyTorch is given what was left out here."""
    shape, p = choice.shape(), choice.among([0.0, 0.2, 0.5, 0.9, 1.0])
    seed = choice.integer(0, 100)
    kept = ops.dropout(np.ones(shape), p=p, rng=np.random.default_rng(seed)) > 0

    def theirs(torch: Any, x: Any) -> Any:
        if p in {0, 1}:  # nothing is left to chance
            return torch.nn.functional.dropout(x, p, training=True)
        return x * torch.tensor(kept) / (1 - p)

    return of_function(
        choice,
        [choice.normal(*shape)],
        lambda x: ops.dropout(x, p=p, rng=np.random.default_rng(seed)),
        theirs,
    )


def penalty(choice: Choice) -> Comparison:
    """The sizes or squares of one or several arrays, zeros among them."""
    f = choice.among([ops.l1, ops.l2])
    ws = [choice.normal(*choice.shape()) for _ in range(choice.integer(1, 3))]
    ws = [np.where(abs(w) < 0.5, 0.0, w) for w in ws]

    def theirs(torch: Any, *ws: Any) -> Any:
        return sum(w.abs().sum() if f is ops.l1 else (w * w).sum() for w in ws)

    return of_function(choice, ws, f, theirs)


CASES = [dropout, penalty]
