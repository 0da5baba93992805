"""Activations."""

from __future__ import annotations

from dlbook import ops
from tests.gradient_cases.case import Case, apart_from_zero, normal


def _activations() -> list[Case]:
    cases = []
    for shape in [(), (1,), (3, 5), (2, 3, 4)]:
        cases += [
            Case(ops.sigmoid, (3 * normal(*shape),)),
            Case(ops.tanh, (normal(*shape),)),
            Case(ops.relu, (apart_from_zero(*shape),)),
        ]
    for op in (ops.softmax, ops.log_softmax):
        cases += [
            Case(op, (normal(*shape),)) for shape in [(1,), (4,), (3, 5), (2, 3, 4)]
        ]
        cases += [Case(op, (normal(2, 3, 4),), {"axis": axis}) for axis in (0, 1, -2)]
        cases += [Case(op, (normal(3, 4) + 10,))]
    return cases


CASES = _activations()
