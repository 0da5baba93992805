"""Losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook import ops
from tests.gradient_cases.case import (
    Case,
    apart_from_zero,
    labels,
    normal,
    positive,
    probabilities,
)


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
                    ops.l1_loss,
                    (apart_from_zero(*shape), 0.1 * normal(*shape)),
                    settings,
                ),
                Case(
                    ops.l1_loss,
                    (apart_from_zero(*shape), np.zeros(shape), positive(*shape)),
                    settings,
                    (2,),
                ),
                Case(
                    ops.perceptron_loss,
                    (apart_from_zero(*shape), 2.0 * labels(2, *shape) - 1),
                    settings,
                    (1,),
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
        cases += _nll_loss(settings)
    return cases


SCORES: list[tuple[int, ...]] = [
    (4,),
    (1, 1),
    (1, 3),
    (5, 4),
    (2, 4, 3),
    (2, 3, 1, 2),
]


def _cross_entropy(settings: dict[str, Any]) -> list[Case]:
    cases = []
    for shape in SCORES:
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


def _nll_loss(settings: dict[str, Any]) -> list[Case]:
    cases = []
    for shape in SCORES:
        axis = min(1, len(shape) - 1)
        k, positions = shape[axis], shape[:axis] + shape[axis + 1 :]
        for weight, constants in ((None, ()), (positive(k), (2,))):
            for ignored in (None, -100, k - 1):
                t = labels(k, *positions)
                if ignored is not None:
                    if t.size == 1:  # left out, there is no mean
                        continue
                    t = labels(max(k - 1, 1), *positions)
                    t.flat[-1] = ignored
                cases += [
                    Case(
                        ops.nll_loss,
                        (np.log(probabilities(*shape)), t, weight),
                        settings
                        | ({} if ignored is None else {"ignore_index": ignored}),
                        constants,
                    )
                ]
    return cases


CASES = _losses()
