"""A formula that was set by hand, read back as Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dlbook.press.derivation.form import Derivation
from dlbook.press.derivation.language import FUNCTIONS
from dlbook.press.derivation.notation import FormulaError, Notation


def readback(
    tex: str, derivation: Derivation, notation: Notation, known: Mapping[str, Any]
) -> str:
    """The Python of a formula.

    Args:
        tex: The formula.
        derivation: Its symbol table and indices help to read it.
        notation: How its other lines count.
        known: The names that it may mention, with values.

    Raises:
        FormulaError: If it cannot be read for sure.
    """
    from dlbook.press.derivation.reader import (  # noqa: PLC0415  most derivations have no such formula
        UnreadableError,
        to_python,
    )

    names = {
        name: value
        for name, value in known.items()
        if not name.startswith("__") and value is not FUNCTIONS.get(name)
    }
    try:
        return to_python(
            tex,
            [symbol for symbol in derivation.symbols if not _is_prime(*symbol)],
            names,
            ranges=dict(derivation.indices),
            start=notation.start,
            counts=notation.counts,
        )
    except UnreadableError as error:
        raise FormulaError(str(error)) from None


def _is_prime(pattern: str, template: str) -> bool:
    """Whether a symbol is `d(f, x): f'(x)`, which the reader knows by itself."""
    found = re.fullmatch(r"d\((\w+), ?(\w+)\)", pattern)
    return found is not None and template == f"{found[1]}'({found[2]})"
