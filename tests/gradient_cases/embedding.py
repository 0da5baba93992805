"""Rows looked up in a table."""

from __future__ import annotations

from dlbook import ops
from tests.gradient_cases.case import Case, labels, normal


def _embedding() -> list[Case]:
    cases = []
    for shape in [(), (1,), (7,), (2, 3), (3, 1, 4), (0,), (2, 0)]:
        for n, d in [(1, 1), (5, 3)]:
            cases += [Case(ops.embedding, (labels(n, *shape), normal(n, d)))]
    # many repetitions, the first row and the last, none of the rows between
    cases += [Case(ops.embedding, (4 * labels(2, 20), normal(5, 3)))]
    # padding that occurs gets no gradient, on purpose: differences say nothing there
    for padding in (0, 4):
        i = 1 + labels(3, 2, 3)
        cases += [Case(ops.embedding, (i, normal(5, 3)), {"padding_idx": padding})]
    return cases


CASES = _embedding()
