"""A grid of calls for every primitive: where its derivative is held against differences.

The grid has what breaks rules in practice: axes of length 1, odd sizes, stretched axes, negative and several
axes, every kind of index, every reduction with and without weights. Points where a function has a kink (ties,
zero under a relu) are not here, since differences say nothing there; they have tests of their own.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import dlbook
from dlbook import ops
from dlbook.autograd import Primitive, operators
from dlbook.gradcheck import check_vjp

_rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Case:
    """One call: the primitive, its arrays and settings; `constants` are float inputs that get no gradient."""

    primitive: Primitive
    inputs: tuple[Any, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    constants: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        arrays = (None if x is None else np.asarray(x) for x in self.inputs)
        object.__setattr__(self, "inputs", tuple(arrays))

    @property
    def variables(self) -> list[int]:
        """The places of the inputs that a gradient is due to."""
        return [
            i
            for i, x in enumerate(self.inputs)
            if x is not None and x.dtype.kind == "f" and i not in self.constants
        ]

    def gap(self, rng: np.random.Generator) -> float:
        """The rule's largest gap to central differences, along two directions of each variable."""

        def rule(*variables: Any) -> Any:
            inputs = list(self.inputs)
            for i, x in zip(self.variables, variables, strict=True):
                inputs[i] = x
            value, vjp = self.primitive.rule(*inputs, **self.settings)

            def vjp_of_the_variables(dy: Any) -> tuple[Any, ...]:
                dxs = vjp(np.asarray(dy))
                dxs = dxs if isinstance(dxs, tuple) else (dxs,)
                return tuple(dxs[i] for i in self.variables)

            return value, vjp_of_the_variables

        variables = (self.inputs[i] for i in self.variables)
        return check_vjp(rule, *variables, rng=rng, directions=2)

    def __str__(self) -> str:
        shapes = [
            "None" if x is None else f"{x.dtype.kind}{list(x.shape)}"
            for x in self.inputs
        ]
        settings = [
            f"{key}={np.shape(value) if isinstance(value, np.ndarray) else value}"
            for key, value in self.settings.items()
        ]
        return (
            f"{self.primitive.rule.__name__}({', '.join(shapes + settings)})".replace(
                " ", ""
            )
        )


def primitives() -> dict[str, Primitive]:
    """Every primitive of the package, by the name of its module and its own."""
    found = {}
    for module in pkgutil.walk_packages(dlbook.__path__, "dlbook."):
        if not module.name.startswith(("dlbook.plot", "dlbook.press")):
            for name, value in vars(importlib.import_module(module.name)).items():
                if (
                    isinstance(value, Primitive)
                    and value.rule.__module__ == module.name
                ):
                    found[f"{module.name}.{name}"] = value
    return found


def normal(*shape: int) -> Any:
    """Standard normal numbers, as an array even where the shape is ()."""
    return np.asarray(_rng.normal(size=shape))


def positive(*shape: int) -> Any:
    """Numbers from 0.5 to 2."""
    return np.asarray(_rng.uniform(0.5, 2, size=shape))


def apart_from_zero(*shape: int) -> Any:
    """Numbers of either sign whose size is between 0.5 and 2."""
    return positive(*shape) * _rng.choice([-1.0, 1.0], size=shape)


def probabilities(*shape: int) -> Any:
    """Numbers from 0.2 to 0.8."""
    return np.asarray(_rng.uniform(0.2, 0.8, size=shape))


def labels(k: int, *shape: int) -> Any:
    """Labels from 0 to k - 1."""
    return np.asarray(_rng.integers(k, size=shape))


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
            Case(operators.where, (_rng.random(q) < 0.5, normal(*p), normal(*q))),
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


def _linear() -> list[Case]:
    cases = []
    for batch in [(), (1,), (5,), (2, 3), (0,)]:
        cases += [
            Case(ops.linear, (normal(*batch, 3), normal(3, 4), normal(4))),
            Case(ops.linear, (normal(*batch, 3), normal(3, 4), None)),
            Case(ops.linear, (normal(*batch, 1), normal(1, 1))),
        ]
    return cases


def _losses() -> list[Case]:
    cases = []
    for reduction in ("mean", "sum", "none"):
        for shape in [(), (1,), (5,), (3, 4)]:
            settings: dict[str, Any] = {"reduction": reduction}
            cases += [
                Case(ops.mse_loss, (normal(*shape), normal(*shape)), settings),
                Case(
                    ops.mse_loss,
                    (normal(*shape), normal(*shape), positive(*shape)),
                    settings,
                    (2,),
                ),
                Case(
                    ops.binary_cross_entropy,
                    (probabilities(*shape), probabilities(*shape)),
                    settings,
                ),
                Case(
                    ops.binary_cross_entropy,
                    (probabilities(*shape), labels(2, *shape)),
                    settings,
                ),
                Case(
                    ops.binary_cross_entropy_with_logits,
                    (normal(*shape), probabilities(*shape)),
                    settings,
                ),
                Case(
                    ops.binary_cross_entropy_with_logits,
                    (normal(*shape), labels(2, *shape) > 0),
                    settings,
                ),
            ]
        for weight in [(), (4,), (3, 1), (3, 4)]:
            cases += [
                Case(
                    ops.binary_cross_entropy,
                    (probabilities(3, 4), probabilities(3, 4), positive(*weight)),
                    settings,
                    (2,),
                ),
                Case(
                    ops.binary_cross_entropy_with_logits,
                    (normal(3, 4), probabilities(3, 4), positive(*weight)),
                    settings | {"pos_weight": positive(4)},
                    (2,),
                ),
            ]
        cases += [
            Case(
                ops.binary_cross_entropy_with_logits,
                (normal(5), labels(2, 5)),
                settings | {"pos_weight": 3.0},
            )
        ]
        cases += _cross_entropy(settings)
    return cases


def _cross_entropy(settings: dict[str, Any]) -> list[Case]:
    cases = []
    scores: list[tuple[int, ...]] = [
        (4,),
        (1, 1),
        (1, 3),
        (5, 4),
        (2, 4, 3),
        (2, 3, 1, 2),
    ]
    for shape in scores:
        axis = min(1, len(shape) - 1)
        k, positions = shape[axis], shape[:axis] + shape[axis + 1 :]
        for smoothing in (0.0, 0.3, 1.0):
            for weight, constants in ((None, ()), (positive(k), (2,))):
                options = settings | {"label_smoothing": smoothing}
                t = labels(k, *positions)
                cases += [
                    Case(
                        ops.cross_entropy,
                        (normal(*shape), t, weight),
                        options,
                        constants,
                    ),
                    Case(
                        ops.cross_entropy,
                        (normal(*shape), probabilities(*shape), weight),
                        options,
                        constants,
                    ),
                ]
                if t.size > 1:
                    t = t.copy()
                    t.flat[0] = -100
                    cases += [
                        Case(
                            ops.cross_entropy,
                            (normal(*shape), t, weight),
                            options,
                            constants,
                        )
                    ]
                    t = labels(k - 1, *positions)
                    t.flat[-1] = k - 1
                    skipping = options | {"ignore_index": k - 1}
                    cases += [
                        Case(
                            ops.cross_entropy,
                            (normal(*shape), t, weight),
                            skipping,
                            constants,
                        )
                    ]
    return cases


CASES = [
    *_arithmetic(),
    *_matmul(),
    *_shapes(),
    *_reductions(),
    *_activations(),
    *_linear(),
    *_losses(),
]
