"""From where to where an axis goes, if nobody says so."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib.ticker import (
    AutoLocator,
    NullFormatter,
    NullLocator,
    ScalarFormatter,
    nonsingular,
)


class Range:
    """What axes that are shared have in common: limits, scale and ticks."""

    def __init__(self) -> None:
        self.members: list[Any] = []
        self.fixed: tuple[float, float] | None = None
        self.inverted = False
        self.scale = "linear"
        self.locators: list[Any] = [AutoLocator(), NullLocator()]
        self.formatters: list[Any] = [ScalarFormatter(), NullFormatter()]

    def flat(self, values: Any) -> Any:
        """Values as they lie on a line."""
        if self.scale != "log":
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(values)


def chosen(axis: Any) -> tuple[float, float]:
    """Limits around all data, with a margin that does not lead beyond what is sticky."""
    is_log = axis.range.scale == "log"
    found, sticky = [np.zeros(0)], []
    for member in axis.range.members:
        for artist in member.axes.artists:
            points = artist.reach()
            seen = np.isfinite(points[axis.which])
            other = artist.place().kinds[1 - axis.which]
            if other == "data" and artist.place().kinds[axis.which] == "data":
                seen &= np.isfinite(points[1 - axis.which])
            found.append(points[axis.which][seen])
            sticky += getattr(artist.sticky_edges, axis.name)
    values = np.concatenate(found)
    values = values[values > 0] if is_log else values
    artists = [a for member in axis.range.members for a in member.axes.artists]
    if not len(values) or not any(artist.asks for artist in artists):
        return (1.0, 10.0) if is_log else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if not is_log:
        low, high = nonsingular(low, high, 0.05)
    elif low == high:
        low, high = _decades_around(low)
    edges = sorted(edge for edge in sticky if edge > 0 or not is_log)
    slack = 1e-5 * (high - low)
    below = [edge for edge in edges if edge < low + slack]
    above = [edge for edge in edges if edge >= high - slack]
    a, b = axis.range.flat(np.array([low, high]))
    gap = (b - a) * axis.margin
    a, b = a - gap, b + gap
    low, high = (10.0**a, 10.0**b) if is_log else (a, b)
    low = max(low, below[-1]) if below else low
    high = min(high, above[0]) if above else high
    return float(low), float(high)


def _decades_around(value: float) -> tuple[float, float]:
    """The powers of ten next to a number, which is not one of them."""
    power = np.log10(value)
    below, above = np.floor(power), np.ceil(power)
    below, above = below - (below == power), above + (above == power)
    return float(10.0**below), float(10.0**above)
