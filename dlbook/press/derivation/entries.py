"""The symbol table may choose how a thing is written, but not what it is.

A template that can be read without its own entry has a meaning already, and must then have its pattern's value:
`f(x, y): x + y` is refused where f is a difference. What cannot be read is notation, and free.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlbook.press.derivation import language
from dlbook.press.derivation.calculus import Array, number
from dlbook.press.derivation.differentials import is_derivative
from dlbook.press.derivation.form import Derivation
from dlbook.press.derivation.inputs import FalseLine, Input
from dlbook.press.derivation.notation import FormulaError, Notation
from dlbook.press.derivation.readback import readback

_ANYTHING = 1.37  # a wildcard without a value
_POINTS = 8


def hold(derivation: Derivation, notation: Notation, points: Sequence[Input]) -> None:
    """See that no entry's template says something else than its pattern.

    Args:
        derivation: As it was read.
        notation: How its lines count.
        points: What its lines are evaluated on.

    Raises:
        FalseLine: If a template can be read, and all that it may be read as has other values.
    """
    some = points[:: max(1, len(points) // _POINTS)]
    for (pattern, template), entry in zip(
        derivation.symbols, notation.patterns, strict=True
    ):
        known = dict.fromkeys(entry.wildcards, _ANYTHING)
        spaces = [{**known, **point.names} for point in some]
        told = ""
        rest = tuple(one for one in derivation.symbols if one[0] != pattern)
        for others in ((), rest):
            try:
                alone = replace(derivation, symbols=others)
                read = readback(template, alone, notation, spaces[0])
            except FormulaError:
                continue
            if _agree(pattern, read, spaces) or _is_quantity(pattern, read, spaces):
                break
            told = told or f"show: `{pattern}: {template}` is read as `{read}`"
        else:
            if told:
                line = derivation.steps[0].line
                raise FalseLine(line, f"{told}, which is not `{pattern}`")


def _agree(pattern: str, read: str, spaces: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two expressions have the same values; a pattern without a value agrees with all."""
    for space in spaces:
        mine = _value(pattern, space)
        if mine is None:
            return True
        other = _value(read, space)
        if other is None or mine.shape != other.shape:
            return False
        if not np.allclose(mine, other, 1e-9, 1e-9, equal_nan=True):
            return False
    return True


def _is_quantity(pattern: str, read: str, spaces: Sequence[Mapping[str, Any]]) -> bool:
    r"""Whether two derivatives are of one quantity, seen as a function of this and of that.

    In $\frac{\partial L}{\partial a}$ the letter L is a quantity: it may be written for a function of a that
    has the value of L at another name of the derivation, as z is.
    """
    mine, other = (ast.parse(text, mode="eval").body for text in (pattern, read))
    if not (is_derivative(mine) and is_derivative(other)):
        return False
    assert isinstance(mine, ast.Call) and isinstance(other, ast.Call)
    (f, x), (g, y) = map(ast.unparse, mine.args), map(ast.unparse, other.args)
    if x != y or f == g:
        return False
    calls = (
        f"{g}({name})" for name in spaces[0] if name != x and _is_number(name, spaces)
    )
    return _value(f"{f}({x})", spaces[0]) is not None and any(
        _agree(f"{f}({x})", call, spaces) for call in calls
    )


def _is_number(name: str, spaces: Sequence[Mapping[str, Any]]) -> bool:
    value = spaces[0][name]
    return isinstance(getattr(value, "value", value), int | float | np.ndarray)


def _value(expression: str, space: Mapping[str, Any]) -> Array | None:
    try:
        return number(eval(language.compiled(expression), dict(space)))
    except Exception:  # it has none here
        return None
