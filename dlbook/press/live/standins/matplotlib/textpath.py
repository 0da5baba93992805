"""How wide words are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.mathtext import width
from matplotlib.metrics import ASCENT, DESCENT

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties


class _Measure:
    def get_text_width_height_descent(
        self, text: str, font: FontProperties, ismath: bool
    ) -> tuple[float, float, float]:
        """The room that words take, in points; dollars mean mathematics wherever they stand."""
        size = font.get_size()
        return width(text, size), (ASCENT + DESCENT) * size, DESCENT * size


text_to_path = _Measure()
