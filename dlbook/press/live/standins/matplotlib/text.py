"""Words: mathematics between dollars as Unicode, its scripts raised and lowered, its letters in italics."""

from __future__ import annotations

import html
import re
from html.entities import html5

_PART = re.compile(r"\$([^$]*)\$")
_TOKEN = re.compile(
    r"\\mathrm\{([^{}]*)\}|\\text\{([^{}]*)\}|\\([A-Za-z]+)|\\(.)|([_^])(\{[^{}]*\}|\\[A-Za-z]+|.)|([A-Za-z])|(.)",
    re.DOTALL,
)
_SIGNS = {
    "cdot": "·", "ldots": "…", "dots": "…", "top": "⊤", "to": "→", "infty": "∞", "sqrt": "√", "ln": "ln", "log": "log",
    "exp": "exp", "max": "max", "min": "min", "quad": " ", "left": "", "right": "", "hat": "", "bar": "", "eta": "η",
    "epsilon": "ϵ", "varepsilon": "ε", "phi": "ϕ", "varphi": "φ", "le": "≤", "ge": "≥", "ne": "≠", "in": "∈",
}  # fmt: skip
_NARROW, _WIDE = set("iljtfrI.,:;|!()[]/' "), set("mwMW@%—")


def spans(text: str) -> str:
    """One line as the content of an SVG text."""
    made, at = [], 0
    for found in _PART.finditer(text):
        made.append(html.escape(text[at : found.start()]))
        made.append(_formula(found[1]))
        at = found.end()
    return "".join([*made, html.escape(text[at:])])


def plain(text: str) -> str:
    """A line as it reads, without its marks."""
    return html.unescape(re.sub(r"<[^>]*>", "", spans(text)))


def width(text: str, size: float) -> float:
    """About how wide a line is, in points."""
    em = sum(
        0.27 if letter in _NARROW else 0.82 if letter in _WIDE else 0.54
        for letter in plain(text)
    )
    return em * size


def _formula(tex: str) -> str:
    tex = re.sub(r"\\mathdefault\{([^{}]*)\}", r"\1", tex)
    made = []
    for roman, words, name, sign, script, content, letter, other in _TOKEN.findall(tex):
        if roman or words:
            made.append(html.escape(roman or words))
        elif name:
            found = _SIGNS.get(name, html5.get(f"{name};", name))
            made.append(
                f'<tspan font-style="italic">{found}</tspan>'
                if len(found) == 1 and found.isalpha()
                else found
            )
        elif sign:
            made.append(
                " " if sign in ",;: " else "" if sign == "!" else html.escape(sign)
            )
        elif script:
            shift = "-0.4em" if script == "^" else "0.25em"
            back = "0.28em" if script == "^" else "-0.175em"
            inner = _formula(content.strip("{}"))
            made.append(
                f'<tspan dy="{shift}" font-size="70%">{inner}</tspan><tspan dy="{back}">\u200b</tspan>'
            )
        elif letter:
            made.append(f'<tspan font-style="italic">{letter}</tspan>')
        elif other not in "{}":
            made.append({"-": "−"}.get(other, html.escape(other)))
    return "".join(made)
