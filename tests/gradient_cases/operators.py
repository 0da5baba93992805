"""Arithmetic, matrix products, shapes and reductions."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook.autograd import operators
from tests.gradient_cases.case import Case, apart_from_zero, normal, positive, truths

PAIRS = [
    ((3, 4), (3, 4)),
    ((), ()),
    ((3, 4), (4,)),
    ((3, 1), (1, 4)),
    ((), (2, 3)),
    ((2, 1, 3), (5, 1)),
    ((1,), (1, 1)),
]
AXES: list[Any] = [None, 0, 1, -1, (0, 2), (-1, 0), (0, 1, 2)]


def _arithmetic() -> list[Case]:
    cases = []
    for p, q in PAIRS:
        cases += [
            Case(operators.add, (normal(*p), normal(*q))),
            Case(operators.subtract, (normal(*p), normal(*q))),
            Case(operators.multiply, (normal(*p), normal(*q))),
            Case(operators.divide, (normal(*p), apart_from_zero(*q))),
            Case(operators.power, (positive(*p), normal(*q))),
            Case(operators.where, (truths(*q), normal(*p), normal(*q))),
        ]
    cases += [
        Case(operators.power, (apart_from_zero(3, 2), np.array(3.0)), constants=(1,)),
        Case(
            operators.power,
            (apart_from_zero(5), np.array([-2.0, 0.0, 1.0, 2.0, 5.0])),
            constants=(1,),
        ),
        Case(operators.where, (np.array(True), normal(2, 3), normal(3))),
    ]
    for shape in [(), (1,), (3, 4)]:
        cases += [
            Case(operators.negative, (normal(*shape),)),
            Case(operators.exp, (normal(*shape),)),
            Case(operators.log, (positive(*shape),)),
        ]
    return cases


def _matmul() -> list[Case]:
    shapes = [
        ((3, 4), (4, 2)),
        ((1, 1), (1, 1)),
        ((3,), (3,)),
        ((3,), (3, 4)),
        ((3, 4), (4,)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((2, 1, 4, 3), (5, 3, 2)),
        ((1, 2, 3), (5, 3, 1)),
        ((3,), (5, 3, 4)),
        ((5, 2, 3), (3,)),
    ]
    return [Case(operators.matmul, (normal(*p), normal(*q))) for p, q in shapes]


def _shapes() -> list[Case]:
    mask = np.array(
        [[True, False, True, True], [False] * 4, [True, True, False, False]]
    )
    indices: list[Any] = [
        0,
        -1,
        slice(None, None, -2),
        (slice(1), 2),
        (..., None, 1),
        (None, slice(1, 3)),
        [0, 0, 2],
        np.array([[2, 2], [0, -1]]),
        (np.array([0, 0, 1]), np.array([3, 3, 1])),
        (slice(None), [1, 1, 1]),
        ([[0], [2]], [1, 3]),
        (0, slice(None), None),
        mask,
        mask.any(axis=1),
        (slice(None), mask[0]),
        np.zeros(4, bool)[:3],
        (),
    ]
    cases = [
        Case(operators.getitem, (normal(3, 4),), {"index": index}) for index in indices
    ]
    cases += [
        Case(operators.reshape, (normal(3, 4),), {"shape": s})
        for s in [12, (2, 6), (2, -1, 3), (1, 3, 1, 4)]
    ]
    cases += [Case(operators.reshape, (normal(1),), {"shape": ()})]
    cases += [
        Case(operators.transpose, (normal(*s),)) for s in [(3,), (3, 4), (2, 1, 3)]
    ]
    cases += [
        Case(operators.transpose, (normal(2, 3, 4),), {"axes": a})
        for a in [(1, 2, 0), (0, 2, 1), (-1, 0, 1)]
    ]
    cases += [
        Case(operators._concatenate, (normal(2, 3), normal(1, 3), normal(4, 3))),
        Case(operators._concatenate, (normal(2, 3), normal(2, 1)), {"axis": -1}),
        Case(operators._concatenate, (normal(2, 0), normal(2, 2)), {"axis": 1}),
        Case(operators._concatenate, (normal(3),)),
        Case(operators._stack, (normal(3), normal(3))),
        Case(operators._stack, (normal(2, 3),) * 3, {"axis": 1}),
        Case(operators._stack, (normal(2, 3), normal(2, 3)), {"axis": -1}),
        Case(operators._stack, (normal(), normal())),
    ]
    return cases


def _reductions() -> list[Case]:
    cases = []
    for keepdims in (False, True):
        for axis in AXES:
            settings = {"axis": axis, "keepdims": keepdims}
            cases += [
                Case(operators.sum, (normal(2, 3, 5),), settings),
                Case(operators.mean, (normal(2, 3, 5),), settings),
            ]
        for some in (None, 0, 1, -1):
            cases += [
                Case(
                    operators.max, (normal(3, 5),), {"axis": some, "keepdims": keepdims}
                )
            ]
    for op in (operators.sum, operators.mean, operators.max):
        cases += [
            Case(op, (normal(),)),
            Case(op, (normal(1),), {"axis": 0}),
            Case(op, (normal(3, 1),), {"axis": 1}),
        ]
    return cases


CASES = [*_arithmetic(), *_matmul(), *_shapes(), *_reductions()]
