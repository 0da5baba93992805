"""Every case against the PyTorch that is installed, over shapes and options that Hypothesis draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.oracle.cases import CASES, Comparison
from tests.oracle.cases.comparison import assert_agreement
from tests.oracle.choice import Choice

torch.set_num_threads(1)


class Drawn(Choice):
    """Choices by Hypothesis."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def integer(self, low: int, high: int) -> int:
        return self._data.draw(st.integers(low, high))

    def numbers(self, low: float, high: float, shape: tuple[int, ...]) -> Any:
        thousandths = st.integers(int(low * 1000) + 1, int(high * 1000) - 1)
        return self._data.draw(arrays("int64", shape, elements=thousandths)) / 1000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@given(data=st.data())
@settings(max_examples=100)
def test_values_and_gradients_are_pytorchs(
    case: Callable[[Choice], Comparison], data: st.DataObject
) -> None:
    comparison = case(Drawn(data))
    assert_agreement(comparison.ours(), comparison.theirs(torch))
