"""Colors, as SVG knows them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from matplotlib import rcParams, refuse

_LETTERS = {"k": "black", "w": "white", "r": "#ff0000", "g": "#008000", "b": "#0000ff"}
_LETTERS |= {"c": "#00bfbf", "m": "#bf00bf", "y": "#bfbf00"}
_NAMES = set(
    [
        "black",
        "white",
        "red",
        "green",
        "blue",
        "gray",
        "grey",
        "orange",
        "purple",
        "brown",
        "pink",
        "olive",
        "cyan",
        "magenta",
        "yellow",
    ]
)


def to_hex(color: Any) -> str:
    """A color as `#rrggbb` or by its name in CSS; `none` for none.

    Args:
        color: One of matplotlib's colors: six hexadecimal digits, a name, a letter, a shade such as `"0.5"`, a place
            in the cycle such as `"C1"`, or three numbers from 0 to 1.
    """
    if isinstance(color, str):
        if color.lower() == "none" or color in _NAMES:
            return color.lower()
        if color in _LETTERS or re.fullmatch("#[0-9a-fA-F]{6}", color):
            return _LETTERS.get(color, color)
        if re.fullmatch(r"C\d+", color):
            cycle = rcParams["axes.prop_cycle"]
            return to_hex(cycle[int(color[1:]) % len(cycle)]["color"])
        if re.fullmatch(r"[01]?\.\d+|[01]", color):
            return to_hex([float(color)] * 3)
    elif np.shape(color) in {(3,), (4,)} and not isinstance(color[0], str):
        if len(color) == 4 and color[3] != 1:
            refuse("a color with a transparency of its own")
        parts = (round(255 * float(part)) for part in color[:3])
        return "#{:02x}{:02x}{:02x}".format(*parts)
    return refuse(f"the color {color!r}")


def gray(values: Any, cmap: Any, vmin: Any, vmax: Any) -> list[str]:
    """The shades of an array's numbers, row by row, in one of the three gray colormaps."""
    if cmap not in ("gray", "gray_r", "binary"):
        refuse(f"the colormap {cmap}")
    numbers = np.ravel(np.asarray(values, float))
    low = np.nanmin(numbers) if vmin is None else vmin
    high = np.nanmax(numbers) if vmax is None else vmax
    share = (numbers - low) / ((high - low) or 1.0)
    steps = np.clip((share * 256).astype(int), 0, 255) / 255  # of matplotlib's 256
    return [to_hex([s if cmap == "gray" else 1 - s] * 3) for s in steps.tolist()]
