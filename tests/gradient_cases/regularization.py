"""Dropout and penalties."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook import ops
from tests.gradient_cases.case import Case, apart_from_zero, normal


class Again(np.random.Generator):
    """Draws the same numbers each time, so that a function of them can be differentiated."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self._seed = seed

    def random(self, *args: Any, **kwargs: Any) -> Any:
        return np.random.default_rng(self._seed).random(*args, **kwargs)


SHAPES: list[tuple[int, ...]] = [(), (1,), (5,), (3, 4), (2, 3, 1, 2)]

CASES = [
    *[
        Case(ops.dropout, (normal(*shape),), {"p": p, "rng": Again(seed)})
        for shape in SHAPES
        for seed, p in enumerate([0.0, 0.1, 0.5, 0.9, 1.0])
    ],
    *[Case(ops.l1, (apart_from_zero(*shape),)) for shape in SHAPES],
    *[Case(ops.l2, (normal(*shape),)) for shape in SHAPES],
    Case(ops.l1, (apart_from_zero(3, 4), apart_from_zero(5), apart_from_zero())),
    Case(ops.l2, (normal(3, 4), normal(5), normal())),
]
