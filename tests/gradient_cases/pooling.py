"""Pooling and interpolation."""

from __future__ import annotations

from typing import Any

from dlbook import ops
from tests.gradient_cases.case import Case, normal


def _pooling() -> list[Case]:
    grid: list[tuple[tuple[int, ...], dict[str, Any]]] = [
        ((1, 1), {"kernel_size": 1}),
        ((4, 6), {"kernel_size": 2}),
        ((2, 3, 7, 5), {"kernel_size": 2}),
        ((2, 3, 7, 5), {"kernel_size": 2, "ceil_mode": True}),
        ((3, 7, 8), {"kernel_size": 3, "stride": 2, "padding": 1}),
        ((3, 7, 8), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
        ((1, 2, 6, 7), {"kernel_size": 3, "stride": 1}),
        ((1, 2, 6, 7), {"kernel_size": 2, "stride": 3}),
        ((2, 5, 9), {"kernel_size": (1, 4), "stride": (2, 3), "padding": (0, 2)}),
        ((2, 5, 6), {"kernel_size": (5, 6)}),
    ]
    cases = []
    for shape, settings in grid:
        cases += [Case(ops.max_pool2d, (normal(*shape),), settings)]
        for counted in (True, False):
            options = settings | {"count_include_pad": counted}
            cases += [Case(ops.avg_pool2d, (normal(*shape),), options)]
    dilated: dict[str, Any]
    for dilated in (
        {"kernel_size": 2, "stride": 1, "dilation": 2},
        {"kernel_size": 3, "padding": 1, "dilation": (1, 3)},
        {"kernel_size": 2, "stride": 4, "padding": 1, "dilation": 3},
    ):
        cases += [Case(ops.max_pool2d, (normal(2, 9, 8),), dilated)]
    for pool in (ops.adaptive_avg_pool2d, ops.adaptive_max_pool2d):
        for shape, size in (
            ((1, 1), 1),
            ((1, 2), 3),
            ((2, 3, 7, 5), 1),
            ((2, 3, 6, 8), (3, 2)),
            ((3, 7, 5), (3, 4)),
            ((3, 7, 5), (None, 2)),
        ):
            cases += [Case(pool, (normal(*shape),), {"output_size": size})]
    return cases


def _interpolation() -> list[Case]:
    cases = []
    modes: list[dict[str, Any]] = [
        {},
        {"mode": "bilinear"},
        {"mode": "bilinear", "align_corners": True},
    ]
    for mode in modes:
        for shape, size in (
            ((1, 1), {"size": 1}),
            ((1, 2), {"size": (3, 1)}),
            ((2, 3, 5, 4), {"size": (7, 9)}),
            ((2, 5, 7), {"size": 3}),
            ((2, 5, 7), {"scale_factor": 2.0}),
            ((2, 5, 7), {"scale_factor": (0.5, 1.7)}),
        ):
            cases += [Case(ops.interpolate, (normal(*shape),), mode | size)]
    return cases


CASES = _pooling() + _interpolation()
