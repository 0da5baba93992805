"""Figures: a matplotlib figure as inline SVG that reads on light and on dark paper."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from dlbook import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Each color of the palette and the CSS variable that takes its place.
VARIABLES = {
    plot.DATA: "--dl-data",
    plot.PARAMETER: "--dl-parameter",
    plot.ACTIVATION: "--dl-activation",
    plot.GRADIENT: "--dl-gradient",
    plot.ORANGE: "--dl-orange",
    plot.SKY: "--dl-sky",
    plot.INK: "--dl-ink",
    plot.MUTED: "--dl-muted",
    plot.PAPER: "--dl-paper",
}
_PT_TO_PX = 96 / 72


def figure_svg(figure: Figure, *, name: str, alt: str) -> str:
    """Draw a figure as inline SVG.

    Args:
        figure: The figure.
        name: Sets the figure's ids apart from those of its page's other figures.
        alt: What a reader who cannot see it is told.
    """
    svg = plot.svg(figure)
    opening, body = svg[svg.index("<svg") :].split(">", 1)
    size = dict(re.findall(r'(width|viewBox)="([\d. ]+)', opening))
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", body)
    for color, variable in VARIABLES.items():
        body = re.sub(color, f"var({variable}, {color})", body, flags=re.IGNORECASE)
    width = f"--figure-width: {float(size['width']) * _PT_TO_PX:.0f}px"
    return (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{size["viewBox"]}" style="{width}" role="img" '
        f'aria-label="{html.escape(alt)}">' + re.sub(r"\n\s*", "\n", body)
    )
