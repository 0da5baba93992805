"""Values that are kept come back as they were; what cannot be kept is named."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from dlbook.press.live.packing import pack, unpack


@pytest.mark.parametrize(
    "value",
    [
        3,
        2.5,
        float("inf"),
        "words",
        None,
        True,
        [1, (2, "x"), {"k": [None]}],
        {1: "a", (0, 1): "b"},
        np.arange(6.0).reshape(2, 3),
        np.array(["a", "bc"]),
        np.float32(0.1),
        np.zeros((0, 3), np.int8),
    ],
)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    packed, refused = pack({"value": value})
    assert refused == []
    back = unpack(json.loads(json.dumps(packed)))["value"]
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray | np.generic):
        assert back.dtype == value.dtype


def test_a_generator_goes_on_where_it_was() -> None:
    rng = np.random.default_rng(0)
    rng.normal(size=5)
    packed, _ = pack({"rng": rng})
    back = unpack(json.loads(json.dumps(packed)))["rng"]
    assert back.normal() == rng.normal()


def test_what_cannot_be_kept_is_named() -> None:
    values = {"f": len, "x": 1, "objects": np.array([{}]), "deep": [object()]}
    packed, refused = pack(values)
    assert packed == {"x": 1}
    assert refused == ["f", "objects", "deep"]
