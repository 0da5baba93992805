"""Activations."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook import ops
from tests.gradient_cases.case import Case, apart_from_zero, normal, positive

SMOOTH = [
    ops.sigmoid,
    ops.tanh,
    ops.logsigmoid,
    ops.softsign,
    ops.identity,
    ops.softplus,
    ops.silu,
    ops.mish,
    ops.gelu,
    ops.tanhshrink,
]
KINK_AT_ZERO = [ops.relu, ops.leaky_relu, ops.elu, ops.celu, ops.selu]
KINKS = [ops.hardtanh, ops.relu6, ops.hardsigmoid, ops.hardswish]
KINKS += [ops.softshrink, ops.hardshrink]
SETTINGS: list[tuple[Any, dict[str, Any]]] = [
    (ops.leaky_relu, {"negative_slope": 0.3}),
    (ops.leaky_relu, {"negative_slope": 1.5}),
    (ops.leaky_relu, {"negative_slope": -0.5}),
    (ops.elu, {"alpha": 0.5}),
    (ops.celu, {"alpha": 0.5}),
    (ops.celu, {"alpha": 2.0}),
    (ops.softplus, {"beta": 2.5}),
    (ops.softplus, {"beta": -0.5}),
    (ops.softplus, {"threshold": 0.2}),
    (ops.gelu, {"approximate": "tanh"}),
    (ops.hardtanh, {"min_val": -2.3, "max_val": 0.1}),
    (ops.softshrink, {"lambd": 0.25}),
    (ops.hardshrink, {"lambd": 0.25}),
    (ops.threshold, {"threshold": 0.3, "value": 7.0}),
    (ops.threshold, {"threshold": -0.3, "value": -0.3}),
]
SHAPES: list[tuple[int, ...]] = [(), (1,), (3, 5), (2, 3, 4)]


def between_kinks(*shape: int) -> Any:
    """Numbers from -7.9 to 7.9 whose distance from every whole number and half is at least 0.1."""
    at = np.round(2 * (3 * normal(*shape)).clip(-7, 7)) / 2
    return at + 0.15 + 0.1 * positive(*shape)


def _elementwise() -> list[Case]:
    cases = []
    for shape in SHAPES:
        cases += [Case(op, (3 * normal(*shape),)) for op in SMOOTH]
        cases += [Case(op, (apart_from_zero(*shape),)) for op in KINK_AT_ZERO]
        cases += [Case(op, (between_kinks(*shape),)) for op in KINKS]
    for op, settings in SETTINGS:
        cases += [
            Case(op, (between_kinks(*shape),), settings) for shape in [(1,), (3, 5)]
        ]
    return cases


def _of_two_arrays() -> list[Case]:
    cases = [
        Case(ops.prelu, (apart_from_zero(*shape), positive(*slopes)))
        for shape in SHAPES
        for slopes in [(), (1,)]
    ]
    for shape in [(3, 5), (1, 1), (2, 3, 4), (2, 3, 1, 5)]:
        cases += [Case(ops.prelu, (apart_from_zero(*shape), positive(shape[1])))]
    for shape in SHAPES:
        cases += [
            Case(ops.heaviside, (apart_from_zero(*shape), normal()), constants=(1,))
        ]
    cases += [Case(ops.heaviside, (apart_from_zero(2, 3), normal(3)), constants=(1,))]
    return cases


def _along_an_axis() -> list[Case]:
    cases = []
    for op in (ops.softmax, ops.log_softmax, ops.softmin):
        cases += [
            Case(op, (normal(*shape),)) for shape in [(1,), (4,), (3, 5), (2, 3, 4)]
        ]
        cases += [Case(op, (normal(2, 3, 4),), {"axis": axis}) for axis in (0, 1, -2)]
        cases += [Case(op, (normal(3, 4) + 10,))]
    cases += [Case(ops.glu, (normal(*shape),)) for shape in [(2,), (3, 4), (1, 3, 6)]]
    cases += [Case(ops.glu, (normal(2, 6, 3),), {"axis": axis}) for axis in (0, 1, -2)]
    return cases


CASES = [*_elementwise(), *_of_two_arrays(), *_along_an_axis()]
