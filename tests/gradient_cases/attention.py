"""Attention: masks of every kind and shape, causal and not, more queries than keys and fewer, sizes of one and zero."""

from __future__ import annotations

from typing import Any

from dlbook import ops
from tests.gradient_cases.case import Case, normal, truths


def _masks(*scores: int) -> list[Any]:
    """Masks for scores of this shape: truth values and floats, whole and stretched, with a row that sees nothing."""
    some = truths(*scores)
    some[..., -1, :] = False
    return [None, some, truths(scores[-1]), truths(*scores[-2:-1], 1), normal(*scores)]


# The shapes of queries and keys, and the number of a value's features.
SHAPES: list[tuple[tuple[int, ...], tuple[int, ...], int]] = [
    ((1, 1), (1, 1), 1),
    ((3, 2), (4, 2), 3),
    ((5, 3), (2, 3), 1),
    ((2, 3, 2), (2, 3, 2), 2),
    ((2, 1, 3, 2), (2, 1, 5, 2), 2),
    ((2, 3, 4, 1), (2, 3, 4, 1), 3),
    ((70, 2), (70, 2), 2),
    ((3, 2), (0, 2), 2),
]


def _scaled_dot_product() -> list[Case]:
    cases = []
    for q, k, features in SHAPES:
        scores = (*q[:-1], k[-2])
        masks = _masks(*scores) if 0 not in scores else [None]
        for mask in masks:
            for is_causal in (False, True):
                arrays = normal(*q), normal(*k), normal(*k[:-1], features)
                settings: dict[str, Any] = {"is_causal": is_causal}
                if mask is None and is_causal:
                    settings["scale"] = -0.7
                inputs = (*arrays, mask)
                cases += [Case(ops.scaled_dot_product_attention, inputs, settings)]
    return cases


def _masked_softmax() -> list[Case]:
    return [
        Case(ops.masked_softmax, (normal(*shape), mask), {"is_causal": is_causal})
        for shape in [(1, 1), (3, 4), (5, 2), (2, 3, 4, 3)]
        for mask in _masks(*shape)
        for is_causal in (False, True)
    ]


def _additive() -> list[Case]:
    return [
        Case(
            ops.additive_scores, (normal(*batch, t, a), normal(*batch, s, a), normal(a))
        )
        for batch in [(), (1,), (2, 3)]
        for t, s, a in [(1, 1, 1), (3, 2, 4), (1, 5, 2)]
    ]


def _rotary() -> list[Case]:
    return [
        Case(ops.rotary_embedding, (normal(*x), positions), settings, (1,))
        for x, positions in [
            ((1, 2), None),
            ((3, 6), None),
            ((2, 3, 4, 2), None),
            ((3, 4), [5, 0, 2]),
            ((2, 3, 4), [[7], [-3]]),
            ((2, 3, 4), 0.5),
        ]
        for settings in ({}, {"interleaved": False, "base": 10.0})
    ]


CASES = [*_scaled_dot_product(), *_masked_softmax(), *_additive(), *_rotary()]
