"""When values agree, are ordered, or tend to one another."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SMALL = 2e-2  # what h = 1e-4 leaves of an error like the root of h


class Disagreement(Exception):
    """Two lines whose values are not as their relation says."""


@dataclass(frozen=True)
class Where:
    """What an input is called.

    Args:
        seed: Of its random numbers, if it has any.
        name: What tends somewhere.
        value: How far it has come.
        indices: The free indices and their values.
    """

    seed: int | None
    name: str = ""
    value: float | None = None
    indices: tuple[tuple[str, Any], ...] = ()

    def at(self, name: str, index: Any) -> Where:
        """The same input at one value of an index."""
        return replace(self, indices=(*self.indices, (name, index)))

    @property
    def without_limit(self) -> Where:
        """The same input, wherever the limit's variable stands."""
        return replace(self, value=None)

    def __str__(self) -> str:
        parts = [f"{name} = {index}" for name, index in self.indices]
        parts += [f"{self.name} = {self.value:g}"] if self.value is not None else []
        parts += [f"seed {self.seed}"] if self.seed is not None else []
        return ", ".join(parts) or "the given input"


@dataclass(frozen=True)
class Values:
    """One line's value on each input and at each index.

    Args:
        found: The values, all finite.
        constant: Whether the line is a mere number, which may be compared with an array.
    """

    found: list[tuple[Where, Array]]
    constant: bool = False

    @property
    def unmoved(self) -> bool:
        """Whether it is the same for all seeds."""
        firsts: dict[Where, Array] = {}
        return all(
            np.array_equal(value, firsts.setdefault(replace(where, seed=None), value))
            for where, value in self.found
        )

    @property
    def largest(self) -> float:
        """The largest magnitude."""
        return max(float(np.abs(value).max()) for _, value in self.found)


@dataclass(frozen=True)
class Compare:
    """Compares lines.

    Args:
        within: The gap that is allowed, relative to values above 1.
        name: From a line's position to what to call it.
    """

    within: float
    name: Callable[[int], str]

    def equal(self, before: Values, here: Values, k: int) -> float:
        """The largest gap between two lines that must be equal.

        Raises:
            Disagreement: If it is too large.
        """
        worst = 0.0
        for where, one, other in self._pairs(before, here, k):
            gaps = np.abs(other - one) / np.maximum(1.0, np.abs(one))
            worst = max(worst, float(gaps.max()))
            if worst > self.within:
                self._refuse(where, one, other, gaps, k)
        return worst

    def ordered(self, before: Values, here: Values, k: int, relation: str) -> float:
        """Hold two lines against `<`, `<=`, `>` or `>=`; the gap is the largest one on the wrong side.

        Raises:
            Disagreement: If they are ordered otherwise, or equal throughout where that is excluded.
        """
        worst, apart = 0.0, 0.0
        sign = 1.0 if relation.startswith("<") else -1.0
        strict = len(relation) == 1
        for where, one, other in self._pairs(before, here, k):
            lead = sign * (other - one) / np.maximum(1.0, np.abs(one))
            worst = max(worst, float((-lead).max()))
            apart = max(apart, float(lead.max()))
            if worst > self.within or (strict and (lead <= 0).any()):
                self._refuse(where, one, other, -lead, k)
        if strict and apart <= self.within:
            raise Disagreement(f"it equals {self.name(k)} on all inputs")
        return max(worst, 0.0)

    def tends(self, before: Values, here: Values, k: int) -> float:
        """Whether the line before tends to this one; the gap is the last one.

        Raises:
            Disagreement: If the gaps do not fall steadily to something small, or this line is still moving.
        """
        ways: dict[Where, list[tuple[Where, Array, Array]]] = {}
        for where, one, other in self._pairs(before, here, k):
            ways.setdefault(where.without_limit, []).append((where, one, other))
        last = 0.0
        for way in ways.values():
            limit = way[0][2]
            gaps = []
            for where, one, other in way:
                moved = np.abs(other - limit) / np.maximum(1.0, np.abs(limit))
                if moved.max() > self.within:
                    told = f"a limit does not depend on {where.name}, but this is {_shown(limit, moved)}"
                    raise Disagreement(f"{told}, then {_shown(other, moved)}")
                scale = np.maximum(1.0, np.abs(limit))
                gaps.append(float((np.abs(one - other) / scale).max()))
            falls = all(
                later <= max(earlier / 2, self.within)
                for earlier, later in itertools.pairwise(gaps[1:])
            )
            if not falls or gaps[-1] > _SMALL:
                course = ", ".join(f"{gap:.1e}" for gap in gaps)
                where, one, other = way[-1]
                gap = np.abs(one - other)
                told = f"{_shown(one, gap)} of {self.name(k)} does not tend to {_shown(other, gap)}"
                raise Disagreement(f"{told}: the gaps are {course}, at {where}")
            last = max(last, gaps[-1])
        return last

    def _pairs(
        self, before: Values, here: Values, k: int
    ) -> list[tuple[Where, Array, Array]]:
        pairs = []
        for (where, one), (_, other) in zip(before.found, here.found, strict=True):
            if one.shape != other.shape and not (before.constant or here.constant):
                told = (
                    f"the shape is {other.shape}, that of {self.name(k)} is {one.shape}"
                )
                raise Disagreement(f"{told}, at {where}")
            same = np.broadcast_arrays(one, other)
            pairs.append((where, same[0], same[1]))
        return pairs

    def _refuse(
        self, where: Where, one: Array, other: Array, gaps: Array, k: int
    ) -> None:
        values = f"{_shown(one, gaps)} in {self.name(k)}, {_shown(other, gaps)} here"
        worst = float(gaps.max())
        element = f", element {_worst(gaps)}" if gaps.ndim else ""
        told = f"{values}; gap {worst:.1e}, allowed {self.within:.0e}, at {where}"
        raise Disagreement(told + element)


def _worst(gaps: Array) -> list[int]:
    return [int(i) for i in np.unravel_index(int(gaps.argmax()), gaps.shape)]


def _shown(values: Array, gaps: Array) -> str:
    return f"{float(values[tuple(_worst(gaps))]):.12g}"
