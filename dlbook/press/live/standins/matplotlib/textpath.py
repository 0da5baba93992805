"""How wide words are, by the widths of common letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.text import width

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties


class _Measure:
    def get_text_width_height_descent(
        self, text: str, font: FontProperties, ismath: bool = False
    ) -> tuple[float, float, float]:
        """About how much room words take, in points."""
        return width(text, font.size), font.size, 0.2 * font.size


text_to_path = _Measure()
