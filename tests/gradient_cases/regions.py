"""Features of regions."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook import ops
from tests.gradient_cases.case import Case, normal

REGIONS = [
    [0, 1, 1, 5, 4],  # within the map
    [1, 0, 0, 7, 6],  # all of it
    [1, 2.3, 1.7, 2.6, 1.9],  # less than a pixel
    [0, 3, 2, 3, 2],  # no area
    [1, -3, -2, 3, 2],  # partly outside
    [0, 5, 4, 12, 9],
    [0, 20, 20, 30, 25],  # all outside
]


def _regions() -> list[Case]:
    cases = []
    grid: list[dict[str, Any]] = [
        {"output_size": 1},
        {"output_size": 2},
        {"output_size": (3, 2), "spatial_scale": 0.5},
        {"output_size": (1, 4), "spatial_scale": 1.3},
    ]
    for settings in grid:
        for rois in (REGIONS, REGIONS[:1]):
            inputs = (normal(2, 3, 6, 7), np.array(rois, float))
            cases += [Case(ops.roi_pool, inputs, settings, (1,))]
            for sampling in (-1, 1, 2):
                for aligned in (False, True):
                    options = settings | {
                        "sampling_ratio": sampling,
                        "aligned": aligned,
                    }
                    cases += [Case(ops.roi_align, inputs, options, (1,))]
        one = (normal(1, 1, 1, 1), np.array([[0, 0, 0, 1, 1.0]]))
        cases += [
            Case(ops.roi_pool, one, settings, (1,)),
            Case(ops.roi_align, one, settings, (1,)),
        ]
    return cases


CASES = _regions()
