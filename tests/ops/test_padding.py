"""Padding, beside NumPy's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook import ops
from tests.gradient_cases.convolution import PADDED

NUMPY = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize(
    ("shape", "pad", "mode"),
    [(shape, pad, mode) for shape, pad, modes in PADDED for mode in modes],
)
def test_the_last_axis_comes_first(
    shape: Any, pad: Any, mode: str, rng: np.random.Generator
) -> None:
    x = rng.normal(size=shape)
    pairs = [*zip(pad[::2], pad[1::2], strict=True)]
    sides = [(0, 0)] * (len(shape) - len(pairs)) + pairs[::-1]
    kept = tuple(
        slice(max(-p, 0), n - max(-q, 0))
        for n, (p, q) in zip(shape, sides, strict=True)
    )
    added = [(max(p, 0), max(q, 0)) for p, q in sides]
    kind: Any = NUMPY.get(mode, "constant")
    expected = np.pad(x[kept], added, mode=kind) if shape else x
    assert_array_equal(ops.pad(x, pad=pad, mode=mode), expected)


def test_the_constant_takes_the_dtype_of_the_array() -> None:
    y = ops.pad(np.ones(2, np.float32), pad=(1, 0), value=0.5)
    assert y.dtype == np.float32
    assert y.tolist() == [0.5, 1, 1]


def test_an_empty_array_can_get_a_border_of_constants() -> None:
    y, vjp = ops.pad.rule(np.zeros((2, 0, 3)), pad=(1, 1, 2, 0), value=5.0)
    assert_array_equal(y, np.full((2, 2, 5), 5.0))
    assert vjp(y).shape == (2, 0, 3)
    for mode in NUMPY:
        assert ops.pad(np.zeros((0, 3)), pad=(1, 1), mode=mode).shape == (0, 5)


def test_what_was_copied_twice_gathers_both_gradients() -> None:
    for mode, expected in (
        ("reflect", [3 + 7, 2 + 4 + 6, 1 + 5]),
        ("replicate", [1 + 2 + 3, 4, 5 + 6 + 7]),
        ("circular", [3 + 6, 1 + 4 + 7, 2 + 5]),
        ("constant", [3, 4, 5]),
    ):
        vjp = ops.pad.rule(np.zeros(3), pad=(2, 2), mode=mode)[1]
        dx = vjp(np.arange(1.0, 8))
        assert dx.tolist() == expected


@pytest.mark.parametrize(
    ("shape", "settings", "message"),
    [
        (
            (3,),
            {"pad": (1,)},
            "pad: pad: expected a pair for each of at most 1 axes, got (1,)",
        ),
        (
            (3,),
            {"pad": (1, 1, 1, 1)},
            "pad: pad: expected a pair for each of at most 1 axes",
        ),
        (
            (3,),
            {"pad": (1, 1), "mode": "mirror"},
            "pad: mode: expected one of constant, reflect",
        ),
        (
            (3,),
            {"pad": (3, 0), "mode": "reflect"},
            "what reflect finds in an axis of length 3, got (3, 0)",
        ),
        (
            (3,),
            {"pad": (0, 4), "mode": "circular"},
            "what circular finds in an axis of length 3, got (0, 4)",
        ),
        ((3,), {"pad": (0, -1), "mode": "replicate"}, "expected numbers from 0"),
        (
            (0,),
            {"pad": (0, 1), "mode": "replicate"},
            "what replicate finds in an axis of length 0",
        ),
        (
            (0,),
            {"pad": (1, 0), "mode": "reflect"},
            "what reflect finds in an axis of length 0",
        ),
        (
            (3,),
            {"pad": (-2, -1)},
            "pad: pad: expected to leave something of an axis of length 3, got (-2, -1)",
        ),
        (
            (3,),
            {"pad": (-4, 5)},
            "pad: pad: expected to leave something of an axis of length 3, got (-4, 5)",
        ),
    ],
)
def test_what_cannot_be_padded_is_refused(
    shape: Any, settings: Any, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        ops.pad(np.zeros(shape), **settings)
    assert message in str(error.value)


@pytest.mark.parametrize("pad", [1, (1.0, 2), "ab", None])
def test_a_padding_of_something_else_than_numbers_is_refused(pad: Any) -> None:
    with pytest.raises(TypeError, match="pad: pad: expected whole numbers in a tuple"):
        ops.pad(np.zeros(3), pad=pad)
