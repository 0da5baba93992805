"""Convolutions, transposed ones, and padding."""

from __future__ import annotations

from typing import Any

from dlbook import ops
from tests.gradient_cases.case import Case, normal

# The shapes of images and kernel, and the settings.
IMAGES: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    ((2, 3, 5, 4), (4, 3, 3, 2), {}),
    ((2, 3, 5, 4), (4, 3, 1, 3), {}),
    ((2, 3, 5, 4), (2, 3, 5, 4), {}),
    ((0, 2, 4, 4), (3, 2, 3, 3), {}),
    ((2, 2, 9, 8), (3, 2, 8, 8), {}),  # one tap of many rows
    ((1, 2, 8, 8), (3, 2, 1, 1), {}),  # mixes the channels of pixels
    ((2, 4, 8, 9), (6, 2, 1, 1), {"groups": 2}),
    ((0, 2, 8, 8), (3, 2, 1, 1), {}),
    ((2, 2, 3, 3), (3, 2, 1, 1), {"padding": 1}),
    ((2, 2, 9, 9), (3, 2, 1, 1), {"stride": 2}),
    ((1, 2, 7, 7), (3, 2, 3, 3), {"stride": 2, "padding": 1}),
    ((1, 2, 7, 8), (3, 2, 3, 2), {"stride": (3, 2)}),  # rows that no window reads
    ((1, 2, 7, 8), (3, 2, 2, 2), {"stride": (3, 4), "padding": (0, 1)}),
    ((1, 2, 7, 7), (3, 2, 3, 3), {"dilation": 2}),
    ((1, 2, 14, 5), (2, 2, 3, 2), {"dilation": (2, 1)}),
    ((1, 2, 9, 8), (1, 2, 2, 3), {"dilation": (3, 2), "padding": (1, 3)}),
    ((2, 2, 9, 8), (3, 2, 2, 3), {"dilation": (3, 2), "stride": (2, 3), "padding": 2}),
    ((2, 2, 3, 3), (3, 2, 2, 2), {"padding": (4, 5)}),  # windows of nothing but zeros
    ((2, 2, 5, 6), (3, 2, 3, 3), {"padding": "same"}),
    ((2, 2, 5, 6), (3, 2, 2, 4), {"padding": "same", "dilation": (1, 3)}),
    ((2, 2, 5, 6), (3, 2, 2, 4), {"padding": "valid"}),
    ((2, 4, 6, 5), (6, 2, 3, 3), {"groups": 2, "padding": 1}),
    ((2, 3, 6, 5), (3, 1, 3, 3), {"groups": 3, "padding": 1}),
    ((2, 3, 8, 5), (6, 1, 2, 3), {"groups": 3, "stride": 2}),
    ((2, 2, 6, 6), (8, 2, 2, 2), {"padding": 1}),
    # so wide that rows share what their windows read
    ((2, 2, 5, 130), (3, 2, 3, 3), {"padding": 1}),
    ((2, 4, 4, 130), (2, 2, 2, 3), {"groups": 2}),
    ((2, 2, 4, 130), (3, 2, 2, 3), {"padding": (3, 1)}),
    ((2, 1, 9, 257), (2, 1, 5, 3), {"stride": 2, "padding": (2, 1)}),
    ((2, 2, 8, 130), (2, 1, 5, 3), {"stride": (2, 1), "groups": 2}),
]
SIGNALS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((1, 1, 1), (1, 1, 1), {}),
    ((2, 3, 7), (4, 3, 3), {}),
    ((0, 3, 7), (4, 3, 3), {}),
    ((2, 3, 9), (4, 3, 3), {"stride": 2, "padding": (2,), "dilation": 2}),
    ((2, 3, 9), (2, 3, 4), {"padding": "same"}),
    ((2, 4, 9), (2, 2, 4), {"groups": 2}),
    ((2, 3, 80), (2, 3, 1), {}),
]
MAPS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((1, 1, 1, 1), (1, 1, 1, 1), {}),
    ((2, 3, 4, 5), (3, 2, 3, 2), {}),
    ((0, 3, 4, 5), (3, 2, 3, 2), {}),
    ((1, 2, 8, 8), (2, 3, 1, 1), {}),
    ((2, 3, 4, 5), (3, 2, 3, 2), {"stride": 2, "padding": 1, "output_padding": 1}),
    ((2, 3, 4, 5), (3, 2, 2, 2), {"stride": (3, 2), "output_padding": (2, 0)}),
    ((1, 2, 4, 3), (2, 2, 3, 3), {"dilation": (3, 2), "output_padding": (2, 1)}),
    ((2, 4, 4, 3), (4, 3, 3, 3), {"groups": 2, "stride": 2, "padding": (0, 1)}),
    ((2, 3, 4, 3), (3, 1, 2, 3), {"groups": 3, "stride": 2}),
    ((1, 2, 6, 6), (2, 1, 3, 3), {"padding": 2}),
]


def _convolutions() -> list[Case]:
    cases = []
    for primitive, grid in (
        (ops.conv2d, IMAGES),
        (ops.conv1d, SIGNALS),
        (ops.conv_transpose2d, MAPS),
    ):
        for x, w, settings in grid:
            k = w[0]
            if primitive is ops.conv_transpose2d:
                k = w[1] * settings.get("groups", 1)
            cases += [
                Case(primitive, (normal(*x), normal(*w), normal(k)), settings),
                Case(primitive, (normal(*x), normal(*w), None), settings),
            ]
    return cases


PADDED: list[tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]] = [
    ((), (), ("constant",)),
    ((1,), (2, 3), ("constant", "replicate")),
    ((1,), (1, 1), ("circular",)),
    ((5,), (2, 3), ("constant", "reflect", "replicate", "circular")),
    ((5,), (4, 4), ("reflect",)),
    ((5,), (0, 4), ("reflect",)),
    ((5,), (5, 5), ("circular",)),
    ((2, 4), (0, 0), ("constant", "reflect", "replicate", "circular")),
    ((2, 3, 4), (2, 1), ("constant", "reflect", "replicate", "circular")),
    ((2, 3, 3, 4), (1, 3, 2, 0), ("constant", "reflect", "replicate", "circular")),
    (
        (2, 3, 4, 4),
        (1, 2, 3, 0, 1, 2),
        ("constant", "reflect", "replicate", "circular"),
    ),
    ((2, 5, 6), (-2, 3, 1, -3), ("constant",)),
]
PADDING = [
    Case(ops.pad, (normal(*shape),), {"pad": pad, "mode": mode})
    for shape, pad, modes in PADDED
    for mode in modes
]
PADDING += [Case(ops.pad, (normal(2, 3),), {"pad": (1, 2), "value": 7.0})]

CASES = [*_convolutions(), *PADDING]
