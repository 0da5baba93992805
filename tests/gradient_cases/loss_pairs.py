"""Losses of margins, pairs and triplets."""

from __future__ import annotations

from typing import Any

from dlbook import ops
from tests.gradient_cases.case import Case, apart_from_zero, labels, normal, positive


def sides(*shape: int) -> Any:
    """-1 or +1."""
    return 2.0 * labels(2, *shape) - 1


def _sides() -> list[Case]:
    """What lacks or exceeds a margin of 2.5 or 0.1 does so by more than a step of the differences."""
    cases = []
    for reduction in ("mean", "sum", "none"):
        settings: dict[str, Any] = {"reduction": reduction}
        for shape in [(), (1,), (5,), (3, 4)]:
            y = sides(*shape)
            for gap in (apart_from_zero(*shape), 5 * apart_from_zero(*shape)):
                z = y * (1 + gap)
                cases += [
                    Case(ops.hinge_loss, (z, y), settings, (1,)),
                    Case(ops.hinge_loss, (z, y), settings | {"squared": True}, (1,)),
                    Case(ops.soft_margin_loss, (z, y), settings, (1,)),
                    Case(
                        ops.margin_ranking_loss,
                        (z, 0.1 * normal(*shape), y),
                        settings | {"margin": 1.0},
                        (2,),
                    ),
                    Case(
                        ops.hinge_embedding_loss,
                        (1.5 + gap, y),
                        settings | {"margin": 1.5},
                        (1,),
                    ),
                ]
            x1 = apart_from_zero(*shape)
            cases += [Case(ops.margin_ranking_loss, (x1, 0 * x1, y), settings, (2,))]
            for alpha in (-1.0, 0.0, 0.25):
                for gamma in (0.0, 0.5, 1.0, 2.0):
                    options = settings | {"alpha": alpha, "gamma": gamma}
                    cases += [
                        Case(
                            ops.sigmoid_focal_loss,
                            (2 * normal(*shape), labels(2, *shape) > 0),
                            options,
                        )
                    ]
        cases += _multi_margin(settings)
    return cases


def _multi_margin(settings: dict[str, Any]) -> list[Case]:
    cases = []
    for shape in [(3,), (1, 1), (1, 4), (6, 3)]:
        for p in (1, 2):
            for weight, constants in (
                (None, ()),
                (positive(shape[-1]), (2,)),
            ):
                options = settings | {"p": p, "margin": 0.7}
                t = labels(shape[-1], *shape[:-1])
                inputs = (3 * normal(*shape), t, weight)
                cases += [Case(ops.multi_margin_loss, inputs, options, constants)]
    return cases


def _rows() -> list[Case]:
    cases = []
    for reduction in ("mean", "sum", "none"):
        settings: dict[str, Any] = {"reduction": reduction}
        for shape in [(3,), (1, 2), (5, 3), (2, 3, 4)]:
            # no two coordinates meet: an absolute difference, and its power 1.5, has no bound on its bend there
            x1, apart = normal(*shape), apart_from_zero(*shape)
            x2, x3 = x1 + apart, x1 - apart * positive(*shape)
            y = sides(*shape[:-1])
            for margin in (-1.0, 0.0, 1.0):
                cases += [
                    Case(
                        ops.cosine_embedding_loss,
                        (x1, x2, y),
                        settings | {"margin": margin},
                        (2,),
                    )
                ]
            for p in (1.0 if len(shape) > 2 else 1.5, 2.0, 3.0):
                for swap in (False, True):
                    options = settings | {"p": p, "swap": swap, "margin": 1.5}
                    cases += [Case(ops.triplet_margin_loss, (x1, x2, x3), options)]
        for n, d in [(1, 2), (2, 1), (4, 3)]:
            rows = (apart_from_zero(n, d), apart_from_zero(n, d))
            cases += [
                Case(ops.info_nce, rows, settings | {"temperature": temperature})
                for temperature in (0.5, 2.0)
            ]
    return cases


CASES = [*_sides(), *_rows()]
