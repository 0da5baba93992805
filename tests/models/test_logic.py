"""The truth tables against Python's own operators."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, or_, xor
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.models import logic_table


@pytest.mark.parametrize("inputs", [2, 3, 5])
@pytest.mark.parametrize(
    ("gate", "opposite", "operator"),
    [("AND", "NAND", and_), ("OR", "NOR", or_), ("XOR", "XNOR", xor)],
)
def test_a_gate_joins_its_inputs_and_its_opposite_denies_it(
    inputs: int, gate: str, opposite: str, operator: Callable[[int, int], int]
) -> None:
    x, y = logic_table(gate, inputs=inputs)
    assert_array_equal(y, [reduce(operator, map(int, row)) for row in x])
    assert_array_equal(logic_table(opposite, inputs=inputs).y, 1 - y)


def test_the_inputs_count_upward() -> None:
    x, y = logic_table("OR", inputs=4)
    assert_array_equal(x @ [8, 4, 2, 1], np.arange(16))
    assert x.dtype == y.dtype == np.int64


def test_not_turns_one_input_around() -> None:
    x, y = logic_table("NOT")
    assert_array_equal(y, 1 - x[:, 0])


def test_wrong_answers_are_marked() -> None:
    told = logic_table("XOR").beside(np.array([0, 1, 1, 1])).splitlines()
    assert [line.endswith("wrong") for line in told] == [False] * 4 + [True]
    assert told[0].split() == ["x1", "x2", "y", "answer"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: logic_table("and"),
            "gate: expected one of NOT, AND, .*, got 'and'",
        ),
        (
            lambda: logic_table("NOT", inputs=2),
            "inputs: expected 1 for NOT, got 2",
        ),
        (
            lambda: logic_table("AND", inputs=1),
            "inputs: expected 2 to 16 for AND, got 1",
        ),
        (lambda: logic_table("AND", inputs=17), "got 17"),
        (
            lambda: logic_table("AND").beside([1, 0]),
            r"beside: answers: expected shape \(4,\), got \(2,\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
