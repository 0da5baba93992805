"""What a derivation is evaluated on: its names, once for each seed, for each step of a limit, at each index."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from dlbook.press.derivation import language
from dlbook.press.derivation.agreement import Where
from dlbook.press.derivation.form import Derivation, names

SEEDS = 5
_GIVEN = "<given>"
_TOWARD = {"0": (1e-1, 1e-2, 1e-3, 1e-4), "inf": (1, 10, 100, 1000)}


class FalseLine(Exception):
    """A line of a derivation that does not hold.

    Args:
        line: The line of the file.
        message: What does not hold: formula or expression, both values, the gap, where.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Input:
    """The names on one input, at one value of each free index, and what to call it."""

    where: Where
    names: dict[str, Any]


def inputs(derivation: Derivation, namespace: Mapping[str, Any]) -> list[Input]:
    """All that a derivation's lines are evaluated on.

    Args:
        derivation: As it was read.
        namespace: The page's names; they are left as they are.

    Raises:
        FalseLine: If making the inputs fails.
    """
    return _at_indices(derivation, _drawn(derivation, namespace))


def _drawn(derivation: Derivation, namespace: Mapping[str, Any]) -> list[Input]:
    """One input for each seed and each step toward the limit."""
    code = language.compiled_statements(derivation.given, derivation.given_line, _GIVEN)
    used = names(derivation.given)
    for text in [
        *(step.expression for step in derivation.steps),
        *(where for _, where in derivation.indices),
        *(condition for condition in derivation.conditions if condition),
    ]:
        used |= names(text)
    name, to = derivation.limit or ("", "")
    drawn = []
    for seed in range(SEEDS if derivation.random else 1):
        for value in _TOWARD.get(to, (None,)):
            page = {
                key: _copied(item) if key in used else item
                for key, item in namespace.items()
            }
            own = language.environment(page)
            if value is not None:
                own[name] = value
            if derivation.random:
                own["rng"] = np.random.default_rng(seed)
            _give(derivation, code, own, page)
            _protect(own)
            if derivation.random and _is_fresh(own["rng"], seed):
                told = "given: names rng, but draws nothing from it"
                raise FalseLine(derivation.given_line, told)
            seen = seed if derivation.random else None
            drawn.append(Input(Where(seen, name, value), own))
    return drawn


def _give(
    derivation: Derivation,
    code: CodeType,
    own: dict[str, Any],
    page: Mapping[str, Any],
) -> None:
    """Run the section `given:` in a namespace."""
    line = derivation.given_line
    before = own.get(derivation.limit[0]) if derivation.limit else None
    try:
        exec(code, own)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        places = [frame.lineno for frame in frames if frame.filename == _GIVEN]
        told = f"given: {type(error).__name__}: {error}"
        raise FalseLine((places and places[0]) or line, told) from error
    name = derivation.limit[0] if derivation.limit else ""
    if name and own[name] is not before:
        told = f"given: it makes {name}, which `as:` moves; take it out of given:"
        raise FalseLine(line, told)
    new = {key: value for key, value in own.items() if value is not page.get(key)}
    wrong = language.redefined(new)
    if wrong:
        told = f"given: {wrong} has a formula of its own and cannot be defined anew"
        raise FalseLine(line, told)


def _protect(own: dict[str, Any]) -> None:
    """Make arrays read-only: a function that writes into its argument would change the other lines."""
    for name, value in own.items():
        if isinstance(value, np.ndarray):
            own[name] = value.view()  # whoever else holds the array may still write
            own[name].setflags(write=False)


def _is_fresh(rng: Any, seed: int) -> bool:
    """Whether nothing was drawn."""
    return bool(
        rng.bit_generator.state == np.random.default_rng(seed).bit_generator.state
    )


def _at_indices(derivation: Derivation, drawn: Sequence[Input]) -> list[Input]:
    """Each input at each value of the free indices."""
    points = list(drawn)
    line = derivation.steps[0].line
    conditions = derivation.conditions or ("",) * len(derivation.indices)
    for (name, run), condition in zip(derivation.indices, conditions, strict=True):
        values = language.compiled(run)
        test = language.compiled(condition or "True")
        further = []
        for point in points:
            try:
                for index in eval(values, point.names):
                    own = {**point.names, name: index}
                    if eval(test, own):
                        further.append(Input(point.where.at(name, index), own))
            except Exception as error:
                told = f"for: {name} in {run}: {type(error).__name__}: {error}"
                raise FalseLine(line, told) from error
        points = further
    if not points:
        raise FalseLine(line, "for: expected an index at least, got an empty range")
    return points


def _copied(value: Any) -> Any:
    kind = type(value)
    return copy.deepcopy(value) if kind in (np.ndarray, list, dict, set) else value
