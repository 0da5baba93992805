"""What the tests of the figures share: the colors of a drawing and a classifier's scores."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dlbook.plot import PALETTE, svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCORES = np.array([0.05, 0.2, 0.2, 0.4, 0.55, 0.6, 0.8, 0.95])
LABELS = np.array([0, 0, 1, 0, 1, 0, 1, 1])


def foreign_colors(figure: Figure) -> set[str]:
    """Every color of the SVG that is not one of the palette's, in whatever way SVG writes colors."""
    drawing = svg(figure)
    body = re.sub(
        r'(?:href|id|clip-path)="[^"]*"|url\([^)]*\)|<metadata>.*?</metadata>',
        "",
        drawing,
        flags=re.S,
    )
    body = body[body.index("<svg") :]
    hexes = {color.lower() for color in re.findall(r"#[0-9a-fA-F]{3,8}\b", body)}
    words = set(
        re.findall(r"(?:fill|stroke|color): *(?!none\b|#|currentColor)([a-z]\w*)", body)
    )
    return (hexes | words) - {color.lower() for color in PALETTE}


def texts(figure: Figure) -> list[str]:
    """All that is written in the axes."""
    return [text.get_text() for ax in figure.axes for text in ax.texts]
