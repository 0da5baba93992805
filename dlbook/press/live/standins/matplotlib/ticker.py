"""Where ticks stand, and what is written at them."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STEPS = (1, 2, 2.5, 5, 10)


class MaxNLocator:
    """Ticks at round numbers, so many intervals at most."""

    def __init__(
        self,
        nbins: int = 9,
        *,
        integer: bool = False,
        steps: Sequence[float] = STEPS,
        **_: Any,
    ) -> None:
        self.nbins, self.integer, self.steps = nbins, integer, steps

    def tick_values(self, low: float, high: float, most: int = 9) -> list[float]:
        """Multiples of the smallest round step that leaves few enough intervals."""
        span = (high - low) or 1.0
        raw = span / max(1, min(self.nbins, most))
        scale = 10.0 ** math.floor(math.log10(raw))
        rounds = [s * scale * k for k in (0.1, 1, 10) for s in self.steps[:-1]]
        if self.integer:
            rounds = [s for s in rounds if s >= 1 and s == round(s)] or [1.0]
        step = next((s for s in sorted(rounds) if s >= raw * (1 - 1e-10)), rounds[-1])
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [k * step for k in range(first, last + 1)]


AutoLocator = MaxNLocator


class FuncFormatter:
    """What a function writes at a tick."""

    def __init__(self, function: Callable[[float, int], str]) -> None:
        self.function = function

    def format(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        return [self.function(tick, place) for place, tick in enumerate(ticks)]


class ScalarFormatter:
    """Numbers, all with as many decimals as tell them apart."""

    def format(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        if not ticks:
            return []
        gaps = [b - a for a, b in itertools.pairwise(ticks)] or [abs(ticks[0]) or 1]
        size = max(map(abs, ticks))
        if size >= 1e5 or 0 < size < 1e-3:
            return [f"{tick:.3g}".replace("-", "−") for tick in ticks]
        decimals = 0
        while decimals < 6 and any(
            abs(g * 10**decimals - round(g * 10**decimals)) > 1e-6 for g in gaps
        ):
            decimals += 1
        return [f"{tick + 0.0:.{decimals}f}".replace("-", "−") for tick in ticks]


class LogFormatter:
    """Powers of ten."""

    def format(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        return [f"$10^{{{round(math.log10(tick))}}}$" for tick in ticks]
