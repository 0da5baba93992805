"""One axis: its range, its scale, its ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matplotlib import refuse
from matplotlib.ticker import LogFormatter, MaxNLocator, ScalarFormatter

MARGIN = 0.05  # of the data's range, on either side, as matplotlib leaves it


@dataclass
class Axis:
    """What is known of one direction."""

    label: str = ""
    scale: str = "linear"
    low: float | None = None
    high: float | None = None
    ticks: list[float] | None = None
    labels: list[str] | None = None
    inverted: bool = False
    tight: bool = False
    shown: bool = True
    locator: Any = field(default_factory=MaxNLocator)
    formatter: Any = None

    def set_major_formatter(self, formatter: Any) -> None:
        """Write the ticks in another way."""
        self.formatter = formatter

    def set_major_locator(self, locator: Any) -> None:
        """Put the ticks elsewhere."""
        self.locator = locator

    def set_visible(self, shown: bool) -> None:
        """Show its ticks, or not."""
        self.shown = shown

    def set_scale(self, scale: str) -> None:
        """Make it linear or logarithmic."""
        if scale not in ("linear", "log"):
            refuse(f"a {scale} scale")
        self.scale = scale

    def range(self, values: list[Any]) -> tuple[float, float]:
        """From where to where it goes, given all that stands on it."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        known = np.concatenate(
            [np.ravel(np.asarray(v, float)) for v in values] or [np.zeros(0)]
        )
        known = known[np.isfinite(known) & ((known > 0) | (self.scale != "log"))]
        low, high = (
            (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
        )
        if self.scale == "log":
            a, b = math.log10(low), math.log10(high)
            gap = 0.0 if self.tight else MARGIN * ((b - a) or 1.0)
            low, high = 10 ** (a - gap), 10 ** (b + gap)
        else:
            if low == high:
                low, high = low - 0.05 * (abs(low) or 1), high + 0.05 * (abs(high) or 1)
            gap = 0.0 if self.tight else MARGIN * (high - low)
            low, high = low - gap, high + gap
        return (
            low if self.low is None else self.low,
            high if self.high is None else self.high,
        )

    def marks(
        self, low: float, high: float, length: float
    ) -> tuple[list[float], list[str]]:
        """The ticks that lie in a range, and what is written at them.

        Args:
            low: Where it begins.
            high: Where it ends.
            length: How long it is, in points.
        """
        first, last = min(low, high), max(low, high)
        if not self.shown:
            return [], []
        if self.ticks is not None:
            ticks = self.ticks
        elif self.scale == "log":
            exponents = range(
                math.ceil(math.log10(first) - 1e-9),
                math.floor(math.log10(last) + 1e-9) + 1,
            )
            every = max(1, math.ceil(len(exponents) / max(1, length / 28)))
            ticks = [10.0**k for k in exponents if k % every == 0]
        else:
            ticks = self.locator.tick_values(
                first, last, max(1, min(9, int(length / 26)))
            )
        slack = 1e-9 * (last - first)
        seen = [
            i for i, tick in enumerate(ticks) if first - slack <= tick <= last + slack
        ]
        if self.labels is not None:
            texts = self.labels
        else:
            plain = LogFormatter() if self.scale == "log" else ScalarFormatter()
            texts = (self.formatter or plain).format([ticks[i] for i in seen])
            return [ticks[i] for i in seen], texts
        return [ticks[i] for i in seen], [texts[i] for i in seen if i < len(texts)]
