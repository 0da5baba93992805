"""Outlines, by the names of matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib.artists import Shape
from matplotlib.path import Path


def _style(given: dict[str, Any]) -> dict[str, Any]:
    """The settings of a shape by their full names; what a picture here does not show is left out."""
    short = {"fc": "facecolor", "ec": "edgecolor", "lw": "linewidth", "ls": "linestyle"}
    full = {short.get(name, name): value for name, value in given.items()}
    if "color" in full:
        full["facecolor"] = full["edgecolor"] = full.pop("color")
    if full.pop("fill", True) is False:
        full["facecolor"] = "none"
    return {n: v for n, v in full.items() if n in Shape.__dataclass_fields__}


def PathPatch(path: Path, **style: Any) -> Shape:
    """An outline."""
    return Shape(path, **_style(style))


def Polygon(points: Any, **style: Any) -> Shape:
    """A closed outline through points."""
    corners = np.asarray(points, float)
    return Shape(Path(np.vstack([corners, corners[:1]]), closed=True), **_style(style))


def Rectangle(corner: Any, width: float, height: float, **style: Any) -> Shape:
    """A rectangle."""
    (x, y), w, h = corner, width, height
    return Polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], **style)
