"""Numerals in a text: what they are worth, however they are written, and what code says about them.

`1,797` and `1797`, `10⁻⁹` and `10^-9` and `1e-9`, `8×8` and `8 × 8`, `97 %` and `97%` are the same numeral.
Numbers inside of words and names (`float64`, `LeNet-5`, `64-bit`, `2nd`) are none.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LARGEST_POWER = 9999
_ROUNDING = Decimal("1e-12")  # of the arithmetic in code: 1/3 has no end
LARGEST_SMALL = 12  # up to here a whole number counts things; it is not measured

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_SPACE = re.compile("[\u00a0\u2009\u202f]")
_DIGITS = r"(?:(?>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d++)?|\.\d++)"
_POWER = r"(?:\^[-−]?\d++|⁻?[⁰¹²³⁴-⁹]++)"
_ONE = rf"{_DIGITS}(?:e[-+]?\d++|[ ]?[·×][ ]?10{_POWER}|{_POWER})?"
_PARTS = re.compile(
    rf"(?P<plain>{_DIGITS})(?:e(?P<e>[-+]?\d++)|[ ]?[·×][ ]?10(?P<ten>{_POWER})|(?P<power>{_POWER}))?"
)
_NUMERAL = re.compile(
    rf"""
    (?<![\w.^])(?<!\w[-−/])
    (?P<body>[-−+]?{_ONE}(?:(?:[ ]?×[ ]?|[-/]|(?=\.\d)){_ONE})*+)
    (?P<unit>[kMG]\b
      | [ ]?(?:[%‰°]|×(?![ ]?\d))
      | [ ]?(?:percent|times|seconds?|minutes?|hours?|days?|x|s|ms|µs|ns|h|[kMGT]i?B|bytes|[kMG]?Hz|px)\b
    )?+
    (?!\w|-bit\b)
    """,
    re.VERBOSE,
)
_UNITS = {"x": "×", "times": "×", "percent": "%"}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_TEX = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"\{,\}", ","),
        (r"(?<=\d)[ \t]*(?=[A-Za-z])", "\u2062"),  # an invisible times: 2 h is no time
        (r"\\(?:text|mathrm|textrm)\{([^{}]*)\}", r" \1 "),
        (r"\\[dt]?frac\s*\{?(\d+)\}?\s*\{?(\d+)\}?", r"\1/\2"),
        (r"\\[,;:! ]|~", ""),
        (r"\\%", "%"),
        (r"[ \t]*\\cdot[ \t]*", "·"),
        (r"[ \t]*\\times[ \t]*", "×"),
        (r"\\(?:approx|simeq|sim)(?![a-z])", "≈"),
        (r"\\leq?(?![a-z])", "≤"),
        (r"\\geq?(?![a-z])", "≥"),
        (r"\\pm(?![a-z])", "±"),
        (r"\^\{([^{}]*)\}", r"^\1"),
        (r"(?<!\\)[{}]", ""),
    ]
]


@dataclass(frozen=True)
class Numeral:
    """A number as it stands in a text.

    Args:
        text: As typed.
        start: Where in the text.
        values: What it is worth; more than one for `28×28` or `1/16`.
        unit: `%`, `×`, `ms`, …, or nothing.
        joint: What its parts are joined by.
    """

    text: str
    start: int
    values: tuple[Decimal, ...]
    unit: str
    joint: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for all ways of writing it."""
        return (self.values, self.unit, self.joint)

    @property
    def small(self) -> bool:
        """Whether it only counts: whole numbers up to twelve, without a unit."""
        whole = all(abs(v) <= LARGEST_SMALL and v == int(v) for v in self.values)
        return whole and not self.unit and "." not in self.text

    def is_among(self, known: Iterable[Decimal]) -> bool:
        """Whether each of its values is known; one with decimals may be a known value rounded to these."""
        known = [abs(value) for value in known]
        for value in self.values:
            exponent = int(value.as_tuple().exponent)
            slack = Decimal(1).scaleb(exponent) / 2 if "." in self.text else Decimal(0)
            per_cent = (1, 100) if self.unit == "%" else (1,)
            if not any(
                abs(each * factor - abs(value)) <= slack + _ROUNDING * abs(value)
                for each in known
                for factor in per_cent
            ):
                return False
        return True


def numerals(text: str) -> Iterator[Numeral]:
    """The numerals of a text without formulas, in their order."""
    for match in _NUMERAL.finditer(_SPACE.sub(" ", text)):
        body, unit = match["body"], (match["unit"] or "").strip()
        values = [_value(one) for one in _PARTS.finditer(body)]
        if body[0] in "-−":
            values[0] = -values[0]
        joint = _PARTS.sub("", body.lstrip("-−+")).replace(" ", "")
        yield Numeral(
            text[match.start() : match.end()],
            match.start(),
            tuple(values),
            _UNITS.get(unit, unit),
            joint,
        )


def _value(one: re.Match[str]) -> Decimal:
    value = Decimal(one["plain"].replace(",", ""))
    if one["e"]:
        return value.scaleb(_raised(one["e"]))
    if one["ten"]:
        return value.scaleb(_raised(one["ten"]))
    return value ** _raised(one["power"]) if one["power"] and value else value


def _raised(power: str) -> int:
    exponent = int(power.lstrip("^").translate(_RAISED))
    return max(-LARGEST_POWER, min(exponent, LARGEST_POWER))


def whole(text: object) -> Numeral | None:
    """The numeral that a text (or a number) consists of, or None if it is anything else."""
    told = str(text).strip()
    if told.startswith("$"):
        told = plain(told.strip("$"))
    found = list(numerals(told))
    return found[0] if len(found) == 1 and found[0].text == told else None


def plain(tex: str) -> str:
    """A formula as plain text: its numbers as one writes them outside of formulas."""
    for pattern, replacement in _TEX:
        tex = pattern.sub(replacement, tex)
    return tex


@functools.cache
def literals(code: str, *, asserted: bool = False) -> frozenset[Decimal]:
    """The numbers written in Python code, and what arithmetic on them alone comes to.

    Args:
        code: The code; one that does not parse has none.
        asserted: Take only those in `assert` statements.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return frozenset()
    tops: list[ast.AST] = [tree]
    if asserted:
        tops = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    nodes = (node for top in tops for node in ast.walk(top))
    values = (_constant(node) for node in nodes)
    return frozenset(Decimal(repr(value)) for value in values if value is not None)


def _constant(node: ast.AST) -> float | None:
    """What an expression of numbers alone comes to, or None if it is anything else."""
    value: object = None
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = _constant(node.operand)
        value = None if operand is None else -operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _constant(node.left), _constant(node.right)
        if left is not None and right is not None:
            with contextlib.suppress(ArithmeticError):
                value = _OPERATORS[type(node.op)](left, right)
    try:
        number = float(value) if isinstance(value, int | float) else nan
    except OverflowError:
        number = nan
    return number if isfinite(number) else None
