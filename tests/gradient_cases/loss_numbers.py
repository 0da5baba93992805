"""Losses of numbers, counts and distributions."""

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


def _numbers() -> list[Case]:
    cases = []
    for reduction in ("mean", "sum", "none"):
        settings: dict[str, Any] = {"reduction": reduction}
        for shape in [(), (1,), (5,), (3, 4)]:
            error = apart_from_zero(*shape)
            y = normal(*shape)
            for size in (0.1, 1.0, 3.0):
                pair = (y + error, y)
                cases += [
                    Case(ops.huber_loss, pair, settings | {"delta": size}),
                    Case(
                        ops.huber_loss,
                        (*pair, positive(*shape)),
                        settings | {"delta": size},
                        (2,),
                    ),
                    Case(ops.smooth_l1_loss, pair, settings | {"beta": size}),
                ]
            cases += [
                Case(ops.smooth_l1_loss, (y + error, y), settings | {"beta": 0.0}),
                Case(
                    ops.kl_div,
                    (-positive(*shape), probabilities(*shape)),
                    settings,
                ),
                Case(
                    ops.kl_div,
                    (-positive(*shape), -positive(*shape)),
                    settings | {"log_target": True},
                ),
            ]
            for full in (False, True):
                options = settings | {"full": full}
                # on both sides of the count 1, from which on Stirling's terms are added
                counts = 1 + 0.4 * apart_from_zero(*shape)
                cases += [
                    Case(ops.poisson_nll_loss, (normal(*shape), counts), options),
                    Case(
                        ops.poisson_nll_loss,
                        (normal(*shape), labels(4, *shape)),
                        options,
                    ),
                    Case(
                        ops.poisson_nll_loss,
                        (positive(*shape), counts),
                        options | {"log_input": False, "eps": 0.01},
                    ),
                    Case(
                        ops.gaussian_nll_loss,
                        (normal(*shape), normal(*shape), positive(*shape)),
                        options,
                    ),
                ]
        for var in [(), (3,), (3, 1), (1, 4), (3, 4)]:
            cases += [
                Case(
                    ops.gaussian_nll_loss,
                    (normal(3, 4), normal(3, 4), positive(*var)),
                    settings,
                )
            ]
    for shape in [(), (1,), (3, 4), (2, 3, 1)]:
        cases += [
            Case(
                ops.kl_div,
                (np.log(probabilities(*shape)), probabilities(*shape)),
                {"reduction": "batchmean"},
            )
        ]
    return cases


CASES = _numbers()
