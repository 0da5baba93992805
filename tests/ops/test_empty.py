"""Axes of length 0, on every case of the grid: an answer with gradients of the right shapes, or a clear refusal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.gradient_cases import CASES, Case

Place = tuple[int, int]


def same_axes(case: Case) -> list[list[Place]]:
    """For each name of an axis where it stands: the number of the input, and the axis counted from behind."""
    case.primitive.signature.check(list(case.inputs), case.settings)
    found: dict[str, list[Place]] = {}
    arguments = case.primitive.signature._matched(
        case.primitive.signature._read(), list(case.inputs), case.settings
    )
    for i, (argument, x) in enumerate(zip(arguments, case.inputs, strict=False)):
        for form in argument.forms[:1] if x is not None else []:
            single, star = len(form.single), form.star
            names = list(form.axes)
            if star is not None:
                name = form.axes[star]
                stretch = [f"{name}{j}" for j in range(x.ndim - single, 0, -1)]
                names[star : star + 1] = stretch
            if len(names) != x.ndim:
                continue
            for j, name in enumerate(names):
                if not name.isdigit() and name != "_":
                    found.setdefault(name, []).append((i, j - x.ndim))
    return list(found.values())


def emptied(case: Case, places: list[Place]) -> list[Any]:
    inputs = list(case.inputs)
    for i, axis in places:
        inputs[i] = np.take(inputs[i], [], axis=axis)
    return inputs


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_empty_axis_is_answered_or_refused_by_name(case: Case) -> None:
    for places in same_axes(case):
        inputs = emptied(case, places)
        name = case.primitive.rule.__name__.lstrip("_")
        try:
            checked = case.primitive.signature.check(list(inputs), case.settings)
            value, vjp = case.primitive.rule(*checked, **case.settings)
        except ValueError as error:
            assert str(error).startswith(f"{name}: "), error
            continue
        assert np.isfinite(value).all(), places
        dxs = vjp(np.ones_like(value))
        dxs = dxs if isinstance(dxs, tuple) else (dxs,)
        for i in case.variables:
            assert np.shape(dxs[i]) == inputs[i].shape, (places, i)
