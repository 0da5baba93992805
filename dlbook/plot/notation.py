"""How values and names are written in a graph: short numbers, names as mathematics, calls as formulas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_INFIX = {
    "add": "+",
    "subtract": "-",
    "multiply": r"\times",
    "divide": r"\div",
    "matmul": r"\,\mathdefault{@}\,",
}
_SYMBOLS = {
    "add": "+",
    "subtract": "−",
    "multiply": "×",
    "divide": "÷",
    "matmul": "@",
    "power": "^",
    "negative": "−",
    "sigmoid": "σ",
    "sum": "Σ",
    "getitem": "[ ]",
}
_LINE = 13  # letters in a line of a primitive's long name
_BLANK = r"\cdot"


def number(value: Any, digits: int = 4) -> str:
    r"""A number in at most so many significant digits, without needless zeros.

    Examples:
        >>> print(number(33.0), number(0.7310585), number(-1.5e-7), number(123456.0))
        33 0.7311 −1.5×10$^{\mathdefault{-7}}$ 123456
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    value = float(value)
    if value == round(value) and abs(value) < 1e6:
        text = str(round(value))
    elif np.isfinite(value) and not 1e-4 <= abs(value) < 1e6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}×10$^{{\\mathdefault{{{int(exponent)}}}}}$"
    else:
        text = f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def value_text(value: Any) -> str:
    """A number as such, an array by its shape.

    Examples:
        >>> value_text(np.float64(0.5)), value_text(np.zeros((3, 4)))
        ('0.5', '(3, 4)')
    """
    return number(value) if np.ndim(value) == 0 else str(np.shape(value))


def symbol(name: str) -> str:
    r"""A name as the inside of a formula: letters with their subscripts, hats; longer words upright.

    Examples:
        >>> print(symbol("w1"), symbol("u = bc"), symbol("y_hat"), symbol("loss"), symbol(r"$\mu$"))
        w_{1} u = bc \hat{y} \mathdefault{loss} \mu
    """
    if "$" in name:
        return name.strip("$")
    name = re.sub(r"\b([A-Za-z])_hat\b", r"\\hat{\1}", name.replace("*", r" \times "))
    name = re.sub(r"(?<![A-Za-z\\{])([A-Za-z])_?(\d+)", r"\1_{\2}", name)
    return re.sub(r"(?<![\\A-Za-z])([A-Za-z]{3,})", r"\\mathdefault{\1}", name)


def operation(made_by: str, constants: Sequence[Any | None]) -> str:
    """What a call without a name does, as text: its symbol or words, with the numbers that go into it.

    Args:
        made_by: The primitive.
        constants: For each input its number, or None where something else comes in.

    Examples:
        >>> operation("multiply", [None, None]), operation("divide", [1.0, None])
        ('×', '1 ÷ ·')
        >>> print(operation("binary_cross_entropy", [None, None]))
        binary cross
        entropy
    """
    sign = _SYMBOLS.get(made_by)
    if (
        sign is not None
        and len(constants) == 2
        and any(c is not None for c in constants)
    ):
        left, right = ("·" if c is None else number(c) for c in constants)
        if made_by == "power":
            return (
                f"$({_BLANK})^{{{right}}}$"
                if constants[0] is None
                else f"${left}^{{({_BLANK})}}$"
            )
        return f"{left} {sign} {right}"
    if sign is not None:
        return sign
    lines = [""]
    for word in made_by.strip("_").split("_"):
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def formula(name: str, made_by: str, operands: Sequence[str | None]) -> str:
    r"""A named call as text: `$u = b \times c$`; a name that has an equals sign already stands as it is.

    Args:
        name: What the result is called.
        made_by: The primitive.
        operands: Each input's symbol or number; None where it has neither.

    Examples:
        >>> print(formula("u", "multiply", ["b", "c"]), formula("p", "sigmoid", [None]))
        $u = b \times c$ $p = σ(\cdot)$
    """
    if "=" in name or "$" in name:
        return f"${symbol(name)}$"
    inputs = [_BLANK if operand is None else operand for operand in operands]
    if made_by in _INFIX and len(inputs) == 2:
        right = f" {_INFIX[made_by]} ".join(inputs)
    elif made_by == "power":
        right = f"{inputs[0]}^{{{inputs[1]}}}"
    elif made_by == "negative":
        right = f"-{inputs[0]}"
    else:
        words = made_by.strip("_").replace("_", r"\,")
        function = (
            _SYMBOLS["sigmoid"] if made_by == "sigmoid" else rf"\mathdefault{{{words}}}"
        )
        right = f"{function}({', '.join(inputs)})"
    return f"${symbol(name)} = {right}$"
