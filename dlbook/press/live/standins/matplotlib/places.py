"""Where things lie in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Transform:
    """From an axes' data to the picture, in points from its lower left corner."""

    def __init__(self, figure: Figure, axes: Axes) -> None:
        self._figure, self._axes = figure, axes

    def transform(self, point: Any) -> Any:
        """A point, or one a row."""
        self._figure.lay_out()
        x, y = np.asarray(point, float).T
        px, py = self._figure.place(self._axes)(x, y)
        return np.stack([px, self._figure.height - py], axis=-1)


def parts(whole: float, count: int, shares: Any) -> list[float]:
    """A length in parts."""
    weights = [1.0] * count if shares is None else [float(s) for s in shares]
    return [whole * weight / sum(weights) for weight in weights]


def stretched(place: Any, box: tuple[float, float, float, float], which: str) -> Any:
    """What reaches across the axes: the coordinate that is no number goes from edge to edge."""
    left, top, wide, high = box

    def across(x: Any, y: Any) -> tuple[Any, Any]:
        px, py = place(x, y)
        steps = (
            np.linspace(0, 1, len(px)) if len(px) == 2 else np.array([0.0, 0, 1, 1, 0])
        )
        if which == "y":
            ends = steps if len(px) == 2 else np.array([0.0, 1, 1, 0, 0])
            return left + wide * ends, py
        return px, top + high * steps

    return across
