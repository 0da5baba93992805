"""Every rule of the book against central differences, on every case of the grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.gradcheck import check_vjp
from tests.gradient_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_agrees(case: Case, rng: np.random.Generator) -> None:
    def rule(*variables: Any) -> Any:
        inputs = list(case.inputs)
        for i, x in zip(case.variables, variables, strict=True):
            inputs[i] = x
        value, vjp = case.primitive.rule(*inputs, **case.settings)

        def vjp_of_the_variables(dy: Any) -> tuple[Any, ...]:
            dxs = vjp(np.asarray(dy))
            dxs = dxs if isinstance(dxs, tuple) else (dxs,)
            return tuple(dxs[i] for i in case.variables)

        return value, vjp_of_the_variables

    assert (
        check_vjp(
            rule, *(case.inputs[i] for i in case.variables), rng=rng, directions=2
        )
        <= 1e-7
    )
