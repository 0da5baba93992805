"""Weighted sums."""

from __future__ import annotations

from dlbook import ops
from tests.gradient_cases.case import Case, normal


def _linear() -> list[Case]:
    cases = []
    for batch in [(), (1,), (5,), (2, 3), (0,)]:
        cases += [
            Case(ops.linear, (normal(*batch, 3), normal(3, 4), normal(4))),
            Case(ops.linear, (normal(*batch, 3), normal(3, 4), None)),
            Case(ops.linear, (normal(*batch, 1), normal(1, 1))),
        ]
    return cases


CASES = _linear()
