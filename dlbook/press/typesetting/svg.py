"""Figures: a matplotlib figure as inline SVG that reads on light and on dark paper."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from dlbook import plot
from dlbook.plot.style import CRISP
from dlbook.press.typesetting.outlines import relative

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
# A letter has the same outline in all figures; a page holds it once (`fill.py`).
GLYPH = "glyph-"
_FACES = r"(?:SourceSans3|Cm|DejaVu|STIX)[\w-]*-[0-9a-f]+\""
_PT_TO_PX = 96 / 72
_NAMED = re.compile(f"{CRISP}-|play-")  # ids by which a figure's parts are found
_PLACES = re.compile(r' (?:x|y|points)="[^"]*"|translate\([^)]*\)|matrix\([^)]*\)')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GROUP = re.compile(r"<g(?: [^>]*[^/>])?>|</g>")
_ALIKE = re.compile(r'<use [^>]*( style="[^"]*")/>(?:\s*<use [^>]*\1/>)+')


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
    body = _lighter(body)
    body = re.sub(rf'(id="|href="#)(?={_FACES})', rf"\g<1>{GLYPH}", body)
    body = re.sub(rf'(id="|url\(#|href="#)(?!{GLYPH})', rf"\g<1>{name}-", body)
    for color, variable in VARIABLES.items():
        body = re.sub(color, f"var({variable}, {color})", body, flags=re.IGNORECASE)
    width, height = size["viewBox"].split()[2:]
    style = f"--figure-width: {float(size['width']) * _PT_TO_PX:.0f}px; aspect-ratio: {width} / {height}"
    return (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{size["viewBox"]}" style="{style}" role="img" '
        f'aria-label="{html.escape(alt)}">' + re.sub(r"\n\s*", "\n", body)
    )


def _lighter(body: str) -> str:
    """The same picture in fewer bytes: no ids that nobody refers to, and hundredths of a point are enough."""
    wanted = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', body))
    body = re.sub(
        r' id="([^"]*)"',
        lambda found: found[0] if found[1] in wanted or _NAMED.match(found[1]) else "",
        body,
    )
    body = re.sub(
        r"<defs>\s*(?:<style.*?</style>\s*)?</defs>", "", body, flags=re.DOTALL
    )
    body = _without_bare_groups(body.replace("<g/>", ""))
    body = _ALIKE.sub(_together, body)
    body = _PLACES.sub(lambda found: _NUMBER.sub(_rounded, found[0]), body)
    body = re.sub(r' d="([^"]*)"', lambda found: f' d="{relative(found[1])}"', body)
    return re.sub(r"\s*\n\s*", "\n", body)


def _without_bare_groups(body: str) -> str:
    """The groups that say nothing of what they hold are taken away, and what they hold is left."""
    said: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[0] != "</g>":
            said.append(tag[0] != "<g>")
            return tag[0] if said[-1] else ""
        return tag[0] if said.pop() else ""

    return _GROUP.sub(kept, body)


def _together(marks: re.Match[str]) -> str:
    """Marks of one look, which is said of all of them at once."""
    return f"<g{marks[1]}>\n{marks[0].replace(marks[1], '')}\n</g>"


def _rounded(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
