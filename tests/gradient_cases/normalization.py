"""Normalizations."""

from __future__ import annotations

from dlbook import ops
from tests.gradient_cases.case import Case, normal, positive

ROWS: list[tuple[int, ...]] = [(1,), (5,), (1, 1), (3, 4), (1, 7), (2, 1, 3), (0, 3)]
BATCHES: list[tuple[int, ...]] = [
    (5, 3),
    (2, 1),
    (4, 3, 2),
    (1, 2, 3),
    (2, 3, 1, 1),
    (2, 4, 3, 5),
    (1, 1, 2, 2),
    (1, 1),
]
LONG = (2, 2, 4500)  # positions from which scales are no longer written out
MANY = (4100, 2)  # examples that are taken in three parts


def _with_and_without(c: int) -> list[tuple[object, ...]]:
    return [
        (normal(c), normal(c)),
        (normal(c),),
        (None, normal(c)),
        (),
    ]


def _within() -> list[Case]:
    cases = []
    for shape in ROWS:
        for rest in _with_and_without(shape[-1]):
            cases += [Case(ops.layer_norm, (normal(*shape), *rest), {"eps": 0.1})]
        for rest in _with_and_without(shape[-1])[1::2]:
            cases += [Case(ops.rms_norm, (normal(*shape), *rest), {"eps": 0.1})]
    cases += [
        Case(ops.layer_norm, (normal(3, 5), normal(5), normal(5))),
        Case(ops.rms_norm, (apart(3, 5), normal(5))),
        Case(ops.layer_norm, (normal(*MANY), normal(2), normal(2)), {"eps": 0.1}),
        Case(ops.rms_norm, (normal(*MANY), normal(2)), {"eps": 0.1}),
    ]
    for shape in [*BATCHES, LONG, (0, 4, 3)]:
        c = shape[1]
        for rest in _with_and_without(c):
            for groups in {1, c, 2 if c % 2 == 0 else 1}:
                settings = {"num_groups": groups, "eps": 0.1}
                cases += [Case(ops.group_norm, (normal(*shape), *rest), settings)]
            if len(shape) > 2 and shape[2:] != (1, 1):
                cases += [
                    Case(ops.instance_norm, (normal(*shape), *rest), {"eps": 0.1})
                ]
    return cases


def _batch() -> list[Case]:
    cases = []
    for shape in [*BATCHES, LONG, MANY]:
        c = shape[1]
        for rest in _with_and_without(c):
            cases += [Case(ops.batch_norm, (normal(*shape), *rest), {"eps": 0.1})]
    for shape in [*BATCHES, LONG, MANY, (0, 3), (1, 2, 1)]:
        c = shape[1]
        for gamma, beta in [(normal(c), normal(c)), (None, None)]:
            given = (normal(*shape), gamma, beta, normal(c), positive(c))
            cases += [Case(ops.batch_norm, given)]
    return cases


def apart(*shape: int) -> object:
    """Rows that are not near zero."""
    return normal(*shape) + 3


CASES = [
    case
    for case in _within() + _batch()
    if any(case.inputs[i].size for i in case.variables)
]
