"""Formulas without end, no two alike, of the lengths that a chapter's formulas have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

# Each @ becomes a symbol. Short ones are the most frequent, as in the chapters: half have 12 characters at most.
INLINE = (
    *["@"] * 6,
    *[r"@ = @", r"@ \in \mathbb{R}^d", r"\sigma(@)", r"@ > 0", r"@^\top @"] * 2,
    r"@^\top @ + @",
    r"\partial @ / \partial @",
    r"\frac{@}{@}",
    r"\ln(1 + e^{-@})",
    r"\lVert @ \rVert_2 \le 1",
    r"@, \dots, @",
    r"@ - \eta\,\nabla @",
    r"@ = \frac{1}{1 + e^{-@}}",
)
TERMS = (
    r"\sum_{i=1}^{n} @\,@",
    r"\frac{\partial @}{\partial @}",
    r"\frac{@ - @}{\sqrt{@ + \varepsilon}}",
    r"@ \cdot \bigl(1 - @\bigr)",
    r"\ln \frac{@}{1 - @}",
    r"\max(0, @)",
    r"\begin{pmatrix} @ & @ \\ @ & @ \end{pmatrix}",
    r"e^{-@^2 / 2}",
)
LETTERS = [*"abcdfghpqrstuvwxyz", *"ABEHJLMPWXYZ"]
LETTERS += [rf"\{name}" for name in ("alpha", "beta", "gamma", "delta", "theta", "mu")]
BELOW = ["", "i", "j", "k", "n", "0", "1", "2", "ij", "jk", "i+1", "t-1"]
ABOVE = ["", "", "", "(i)", "(t)", "(l)"]


def formulas(rng: Random) -> tuple[Iterator[str], Iterator[str]]:
    """Two endless rows of TeX, for the line and for lines of their own; nothing comes twice."""
    seen: set[str] = set()

    def symbol(_: re.Match[str]) -> str:
        below, above = rng.choice(BELOW), rng.choice(ABOVE)
        below = f"_{{{below}}}" * bool(below)
        return rng.choice(LETTERS) + below + f"^{{{above}}}" * bool(above)

    def line() -> str:
        terms = (rng.choice(TERMS) for _ in range(rng.randint(1, 3)))
        return " + ".join(terms)

    def display() -> str:
        more = [rf"&= {line()}" for _ in range(rng.randint(0, 2))]
        if not more:
            return f"@ = {line()}"
        lines = " \\\\\n".join([f"@ &= {line()}", *more])
        return f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"

    def new(inline: bool) -> Iterator[str]:
        while True:
            template = rng.choice(INLINE) if inline else display()
            # braces around a symbol that is raised to a power: its own superscript stays its own
            template = template.replace("@^", "{@}^")
            tex = re.sub("@", symbol, template)
            if tex not in seen:
                seen.add(tex)
                yield tex

    return new(True), new(False)
