"""Where ticks stand, and what is written at them: matplotlib's rules, so that both draw the same ticks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib import rcParams, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


class _Of:
    """What belongs to an axis, once that has taken it."""

    axis: Any = None


class MaxNLocator(_Of):
    """Ticks at round numbers, so many intervals at most.

    Args:
        nbins: The most intervals; `auto` for as many as there is room for, up to 9.
        integer: Whether ticks are whole numbers, if enough of these are seen.
        steps: What a step may be, from 1 to 10, times a power of ten.
        min_n_ticks: The fewest ticks.
    """

    def __init__(
        self,
        nbins: int | str = 10,
        *,
        integer: bool = False,
        steps: Sequence[float] | None = None,
        min_n_ticks: int = 2,
    ) -> None:
        self._nbins, self._integer, self._least = nbins, integer, max(1, min_n_ticks)
        self._steps = np.array(
            sorted({1.0, 10.0, *map(float, _STEPS if steps is None else steps)})
        )

    def tick_values(self, low: float, high: float) -> Any:
        """The ticks of a range, and one beyond each of its ends."""
        low, high = nonsingular(low, high, expander=1e-13, tiny=1e-14)
        nbins = self._nbins
        if nbins == "auto":
            room = self.axis.tick_space() if self.axis is not None else 9
            nbins = min(max(room, self._least - 1, 1), 9)
        span, middle = high - low, (high + low) / 2
        offset = 0.0
        if abs(middle) / span >= 100:
            offset = math.copysign(10 ** (math.log10(abs(middle)) // 1), middle)
        scale = 10 ** (math.log10(span / nbins) // 1)
        low, high = low - offset, high - offset
        known = [0.1 * self._steps[:-1], self._steps, [10 * self._steps[1]]]
        steps = np.concatenate(known) * scale
        if self._integer:
            steps = steps[(steps < 1) | (np.abs(steps - np.round(steps)) < 0.001)]
        enough = np.flatnonzero(steps >= span / nbins)
        last = int(enough[0]) if len(enough) else len(steps) - 1
        whole = math.floor(high) - math.ceil(low) >= self._least - 1
        for step in steps[: last + 1][::-1].tolist():
            size = max(1, step) if self._integer and whole else step
            start = (low // size) * size
            first, end = (
                _multiple(edge - start, size, offset, up)
                for edge, up in ((low, False), (high, True))
            )
            ticks = np.arange(first, end + 1) * size + start
            if ((ticks <= high) & (ticks >= low)).sum() >= self._least:
                break
        return ticks + offset


class AutoLocator(MaxNLocator):
    """As many round ticks as there is room for."""

    def __init__(self) -> None:
        super().__init__("auto", steps=[1, 2, 2.5, 5, 10])


def _multiple(value: float, step: float, offset: float, up: bool) -> float:
    """The last multiple of the step up to a value, or the first from it on, forgiving what is lost in rounding."""
    slack = 1e-10
    if offset:
        slack = min(0.4999, max(slack, 10 ** (math.log10(abs(offset) / step) - 12)))
    whole, rest = divmod(value, step)
    if up:
        return whole if abs(rest / step) < slack else whole + 1
    return whole + 1 if abs(rest / step - 1) < slack else whole


def nonsingular(
    low: float, high: float, expander: float, tiny: float = 1e-15
) -> tuple[float, float]:
    """A range that is not empty."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return -expander, expander
    size = max(abs(low), abs(high))
    if size < 1e6 / tiny * np.finfo(float).tiny:
        return -expander, expander
    if high - low <= size * tiny:
        return low - expander * abs(low), high + expander * abs(high)
    return low, high


class FixedLocator(_Of):
    """Ticks where they are told to be."""

    def __init__(self, places: Any) -> None:
        self.places = np.asarray(places, float)

    def tick_values(self, low: float, high: float) -> Any:
        """The ticks."""
        return self.places


class NullLocator(FixedLocator):
    """No ticks."""

    def __init__(self) -> None:
        super().__init__([])


class LogLocator(_Of):
    """Ticks at powers of ten; or the small ones between them."""

    def __init__(self, minor: bool = False) -> None:
        self._minor = minor

    def tick_values(self, low: float, high: float) -> Any:
        """The ticks of a range, and of some beyond its ends."""
        room = self.axis.tick_space() if self.axis is not None else 9
        bottom, top = math.log10(low), math.log10(high)
        first, last = math.ceil(bottom), math.floor(top)
        count, wanted = last - first + 1, min(max(room, 2), 9)
        if self._minor and count >= 10:
            return np.zeros(0)
        stride = count // (wanted + 1) + 1
        wanted = min(math.ceil(count / stride), wanted)
        if wanted == 0:
            powers = [first - 1, last + 1]
            stride = powers[1] - powers[0]
        elif wanted == 1:
            middle = round((bottom + top) / 2)
            stride = max(middle - (first - 1), (last + 1) - middle)
            powers = [middle - stride, middle, middle + stride]
        else:
            stride = (count - 1) // (wanted - 1)
            if stride < count / wanted:
                stride = count // wanted
            least = max(count - stride * wanted, 0)
            most = min(count - stride * (wanted - 1), stride)
            shift = (-first) % stride
            shift = shift if least <= shift < most else least
            powers = [*range(first + shift - stride, last + stride + 1, stride)]
        if not self._minor:
            return 10.0 ** np.array(powers)
        if stride != 1 and count > 1:
            return np.zeros(0)
        decades = [np.arange(2.0, 10) * 10.0**p for p in range(first - 1, last + 1)]
        ticks = np.concatenate(decades)
        seen = len(powers) - 2 + ((low <= ticks) & (ticks <= high)).sum()
        if stride == 1 and seen <= 1:
            return AutoLocator().tick_values(low, high)
        return ticks


class FuncFormatter(_Of):
    """What a function writes at a tick."""

    def __init__(self, function: Callable[[float, int], str]) -> None:
        self._function = function

    def format_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        return [str(self._function(tick, place)) for place, tick in enumerate(ticks)]

    def get_offset(self) -> str:
        """What all of them have in common."""
        return ""


class FixedFormatter(FuncFormatter):
    """Texts one after the other; nothing is written at further ticks."""

    def __init__(self, texts: Sequence[Any]) -> None:
        told = [str(text) for text in texts]
        super().__init__(lambda _, place: told[place] if place < len(told) else "")


class NullFormatter(FixedFormatter):
    """Nothing."""

    def __init__(self) -> None:
        super().__init__([])


class ScalarFormatter(_Of):
    """Numbers, all with as many decimals as tell them apart; a power of ten that is common to all stands aside."""

    def __init__(self) -> None:
        self._power = 0

    def format_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        places = np.asarray(ticks, float)
        if not len(places):
            return []
        low, high = sorted(self.axis.limits())
        seen = places[(low <= places) & (places <= high)]
        if rcParams["axes.formatter.useoffset"] and len(seen) > 1 and _is_far(seen):
            refuse("a number that all ticks leave out")
        largest = float(np.abs(seen).max()) if len(seen) else 0.0
        power = math.floor(math.log10(largest)) if largest else 0
        self._power = power if power <= -5 or power >= 6 else 0
        scaled = places / 10.0**self._power
        ends = np.array([low, high]) / 10.0**self._power
        several = scaled if len(places) > 1 else np.append(scaled, ends)
        span = float(np.ptp(several)) or float(np.abs(several).max()) or 1.0
        size = math.floor(math.log10(span))
        digits, close = max(0, 3 - size), 1e-3 * 10.0**size
        while digits >= 0 and np.abs(scaled - scaled.round(digits)).max() < close:
            digits -= 1
        texts = [f"{value:1.{digits + 1}f}" for value in scaled.tolist()]
        zero = f"{0:1.{digits + 1}f}"
        return [zero if t == f"-{zero}" else t.replace("-", "−") for t in texts]

    def get_offset(self) -> str:
        """The power of ten."""
        return f"1e{self._power}".replace("-", "−") if self._power else ""


def _is_far(ticks: Any) -> bool:
    """Whether ticks are so far from zero that most of their digits are the same."""
    low, high = np.abs(ticks[[0, -1]])
    same = ticks[0] * ticks[-1] > 0
    return bool(same and max(low, high) >= 1e3 * abs(high - low))


class LogFormatter(_Of):
    """Powers of ten; numbers between them if few powers are seen."""

    def __init__(self) -> None:
        self._factors: set[float] = {1}

    def format_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The texts of all ticks."""
        # log(1000, 10) is a little less than 3, and by this matplotlib goes
        low, high = (math.log(end, 10) for end in sorted(self.axis.limits()))
        powers = math.floor(high) - math.floor(math.nextafter(low, -math.inf))
        if powers > 1:
            self._factors = {1}
        elif high - low > 0.4:
            self._factors = {1, 2, 3, 4, 6, 10}
        else:
            self._factors = set(range(1, 11))
        return [self._written(float(tick)) for tick in ticks]

    def _written(self, tick: float) -> str:
        power = math.log10(tick)
        whole = math.isclose(power, round(power))
        base = round(power) if whole else math.floor(power)
        if round(10 ** (power - base)) not in self._factors:
            return ""
        factor = 10 ** (power - base)
        factor = round(factor) if math.isclose(factor, round(factor)) else factor
        ahead = "" if whole else rf"{factor:g}\times"
        return rf"$\mathdefault{{{ahead}10^{{{base}}}}}$"

    def get_offset(self) -> str:
        """Nothing is common to all."""
        return ""
