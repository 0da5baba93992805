"""The outlines of a drawing, each point told from the one before: the same lines in half the bytes."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}


def relative(outline: str) -> str:
    """An outline in relative steps, to the hundredth.

    Args:
        outline: The `d` of an SVG path, as matplotlib writes it: `M`, `L`, `Q`, `C`, all absolute, and `z`.
    """
    tokens = _TOKEN.findall(outline)
    if not {token for token in tokens if token.isalpha()} <= _NUMBERS.keys():
        return outline
    # Whole hundredths: no error grows along the way.
    here = start = (0, 0)
    command, told, made = "", "", []
    at = 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
        count = _NUMBERS[command]
        numbers = [round(100 * float(token)) for token in tokens[at : at + count]]
        at += count
        steps = "".join(_step(n - here[i % 2]) for i, n in enumerate(numbers))
        letter = command.lower()
        made.append((letter if letter != told or letter in "mz" else "") + steps)
        told = letter
        here = (numbers[-2], numbers[-1]) if numbers else start
        if command == "M":
            start = here
    text = re.sub(r"([a-z]) ", r"\1", "".join(made))
    return "M" + text[1:] if text.startswith("m") else text


def _step(hundredths: int) -> str:
    """A number with what sets it apart from the one before: its sign, or a space."""
    sign = "-" if hundredths < 0 else " "
    whole, part = divmod(abs(hundredths), 100)
    fraction = f".{part:02d}".rstrip("0") if part else ""
    return f"{sign}{whole or ''}{fraction}" if whole or part else " 0"
