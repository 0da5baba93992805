"""Every rule of the book against central differences, on every case of the grid."""

from __future__ import annotations

import numpy as np
import pytest

from tests.gradient_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_agrees(case: Case, rng: np.random.Generator) -> None:
    assert case.gap(rng) <= 1e-7
