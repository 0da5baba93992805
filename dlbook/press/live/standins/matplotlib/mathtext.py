r"""Words as runs of letters: what stands between dollars is mathematics, set in Unicode.

Letters of a formula are slanted, scripts are raised or lowered, `\sigma` is σ; fractions and roots stand in a line.
"""

from __future__ import annotations

import re
import unicodedata
from html.entities import html5
from typing import NamedTuple

from matplotlib import refuse
from matplotlib.metrics import ORDINARY, WIDTHS
from matplotlib.svg import number, tag

_TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|(\S)")
_FACES = {"mathrm": "main", "operatorname": "main", "mathit": "math", "mathbf": "bold"}
_FACES |= dict.fromkeys(("mathdefault", "mathregular", "mathsf", "text"), "sans")
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_ACCENTS |= {"widehat": "\u0302", "overline": "\u0305", "vec": "\u20d7"}
_FUNCTIONS = set(
    [
        "arg",
        "cos",
        "cosh",
        "det",
        "dim",
        "exp",
        "inf",
        "lim",
        "ln",
        "log",
        "max",
        "min",
        "Pr",
        "sin",
        "sinh",
        "sup",
        "tan",
        "tanh",
    ]
)
_SIGNS = {
    "cdot": "⋅", "cdots": "⋯", "circ": "∘", "dots": "…", "infty": "∞", "ldots": "…", "land": "∧", "lor": "∨",
    "neq": "≠", "partial": "∂", "phi": "ϕ", "quad": " ", "qquad": "  ", "star": "⋆", "to": "→", "varphi": "φ",
    "epsilon": "ϵ", "varepsilon": "ε", "odot": "⊙", "otimes": "⊗", "top": "⊤", "Vert": "∥", "ast": "∗",
    "vert": "|", "mid": "|",
}  # fmt: skip
_NOT_SO = {"acute", "breve", "dashv", "grave", "not", "deg", "gcd", "hom", "ker"}
_BETWEEN = set("=<>≤≥≠≈∼∈→←⇒∝+−×÷±⋅·∗∘⊙⊗∧∨|∥↦")
_SMALLER, _RAISED, _LOWERED = 0.7, 0.36, -0.16


class Run(NamedTuple):
    """Letters of one face at one height; lengths are shares of the text's size."""

    text: str
    face: str = "sans"
    size: float = 1.0
    rise: float = 0.0
    back: float = 0.0  # how far it is moved to the left

    @property
    def width(self) -> float:
        """How far it leads to the right."""
        face = "main" if self.face == "bold" else self.face
        table = WIDTHS[face]
        letters = [c for c in self.text if not unicodedata.combining(c)]
        plain = (table.get(c) or WIDTHS["sans"].get(c, ORDINARY) for c in letters)
        return self.size * sum(plain) / 1000 - self.back


def runs(line: str) -> list[Run]:
    """A line in runs."""
    parts = re.split(r"(?<!\\)\$", line)
    if len(parts) % 2 == 0:  # a dollar without its partner is a dollar
        return [Run(line)]
    found: list[Run] = []
    for place, part in enumerate(parts):
        if place % 2:
            found += _Formula(part).read(1.0, 0.0, "")
        elif part:
            found.append(Run(part.replace(r"\$", "$")))
    return found


def width(line: str, size: float) -> float:
    """How wide a line is, in points."""
    return size * sum(run.width for run in runs(line))


def spans(line: str, size: float) -> str:
    """A line as the content of an SVG text."""
    families = {"main": "KaTeX_Main, var(--dl-serif, serif)"}
    families |= {
        "math": "KaTeX_Math, var(--dl-serif, serif)",
        "bold": families["main"],
    }
    made, rise = [], 0.0
    joined: list[Run] = []
    for run in runs(line):
        if joined and joined[-1][1:4] == run[1:4] and not run.back:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    for run in joined:
        # spaces that neither SVG nor the press takes out
        text = unicodedata.normalize("NFC", run.text).replace(" ", "\u00a0")
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        shift = (rise - run.rise) * size
        rise = run.rise
        style = {
            "font_family": families.get(run.face),
            "font_style": "italic" if run.face == "math" else None,
            "font_weight": "700" if run.face == "bold" else None,
            "font_size": number(run.size * size) if run.size != 1 else None,
            "dy": number(shift) if abs(shift) > 1e-9 else None,
            "dx": number(-run.back * size) if run.back else None,
        }
        made.append(tag("tspan", text, **style) if any(style.values()) else text)
    return "".join(made)


class _Formula:
    """What stands between two dollars, read token by token."""

    def __init__(self, tex: str) -> None:
        self._tokens = [
            f"\\{name or sign}" if name or sign else other
            for name, sign, other in _TOKEN.findall(tex)
        ]

    def read(self, size: float, rise: float, face: str) -> list[Run]:
        """Runs up to the end, or to the brace that closes a group."""
        found: list[Run] = []
        before = 0.0  # the width of the script that was set last, if another may stand above or below it
        while self._tokens and self._tokens[0] != "}":
            token = self._tokens.pop(0)
            if token in ("_", "^"):
                step = _RAISED if token == "^" else _LOWERED
                script = self._argument(_SMALLER * size, rise + step * size, face)
                if before and script:
                    script[0] = script[0]._replace(back=before)
                before = 0.0 if before else sum(run.width for run in script)
                found += script
                continue
            before = 0.0
            if token in _BETWEEN or _sign(token) in _BETWEEN or token in "-*":
                found += self._operator(token, size, rise, face, found)
            else:
                self._tokens.insert(0, token)
                found += self._argument(size, rise, face)
        return found

    def _operator(
        self, token: str, size: float, rise: float, face: str, before: list[Run]
    ) -> list[Run]:
        """A sign between two things, with room on both sides; one that has nothing before it stands close."""
        sign = {"-": "−", "*": "∗"}.get(token) or _sign(token) or token
        last = before[-1].text.rstrip()[-1:] if before else ""
        closing = not self._tokens or self._tokens[0] in ("}", ")", "]", ",")
        is_between = last not in {"", "(", "[", ",", *_BETWEEN} and not closing
        spaced = f" {sign} " if is_between and size == 1 else sign
        return [Run(spaced, face or "main", size, rise)]

    def _argument(self, size: float, rise: float, face: str) -> list[Run]:
        """A letter, a sign, a group in braces or a command with its arguments."""
        if not self._tokens:
            return []
        token = self._tokens.pop(0)
        if token == "{":
            inside = self.read(size, rise, face)
            if self._tokens:
                self._tokens.pop(0)
            return inside
        if token[0] == "\\" and len(token) > 1:
            return self._command(token[1:], size, rise, face)
        slanted = "math" if token.isalpha() else "main"
        text = {"'": "′", ",": ", " if size == 1 else ",", "~": " "}.get(token, token)
        return [Run(text, face or slanted, size, rise)]

    def _command(self, name: str, size: float, rise: float, face: str) -> list[Run]:
        if name in _FACES:
            return self._argument(size, rise, _FACES[name])
        if name in ("left", "right", "displaystyle", "limits", "!"):
            return []
        if name in _ACCENTS:
            first, *others = self._argument(size, rise, face)
            if others or len(first.text) != 1:
                refuse(f"\\{name} over more than a letter")
            return [first._replace(text=first.text + _ACCENTS[name])]
        if name in ("frac", "dfrac", "tfrac", "sqrt"):
            parts = [
                self._closed(size, rise, face) for _ in range(1 + (name != "sqrt"))
            ]
            sign = [Run("√" if name == "sqrt" else "/", face or "main", size, rise)]
            return sign + parts[0] if name == "sqrt" else parts[0] + sign + parts[1]
        if name in _FUNCTIONS:
            apart = self._tokens and self._tokens[0] not in ("(", "_", "^", "}", "[")
            return [Run(name + " " * bool(apart), face or "main", size, rise)]
        sign = " " if name in (",", ";", ":", " ") else _sign(f"\\{name}")
        slanted = "math" if sign.isalpha() and sign.islower() else "main"
        return [Run(sign, face or slanted, size, rise)]

    def _closed(self, size: float, rise: float, face: str) -> list[Run]:
        """An argument, in parentheses if it is more than one letter or number."""
        inside = self._argument(size, rise, face)
        text = "".join(run.text for run in inside)
        if len(inside) <= 1 or re.fullmatch(r"[\d.]+", text):
            return inside
        left, right = (Run(p, face or "main", size, rise) for p in "()")
        return [left, *inside, right]


def _sign(token: str) -> str:
    r"""The sign of a command such as `\sigma`, nothing for another token."""
    if token[0] != "\\" or len(token) == 1:
        return ""
    name = token[1:]
    if not name.isalpha():
        return "∥" if name == "|" else name
    if name in _FACES or name in _ACCENTS or name in _FUNCTIONS:
        return ""
    if name in ("frac", "dfrac", "tfrac", "sqrt", "left", "right", "displaystyle"):
        return ""
    if name in _SIGNS:
        return _SIGNS[name]
    if f"{name};" not in html5 or name in _NOT_SO:
        refuse(f"\\{name}")
    return html5[f"{name};"]
