r"""Statements: as numbers, $[i = j]$, as cases, and as conditions under a sum."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.derivation import tex
from dlbook.press.derivation.notation import offset
from dlbook.press.derivation.tex import Tex

if TYPE_CHECKING:
    from dlbook.press.derivation.printer import Printer

RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: r"\ne",
    ast.Lt: "<",
    ast.LtE: r"\le",
    ast.Gt: ">",
    ast.GtE: r"\ge",
    ast.In: r"\in",
    ast.NotIn: r"\notin",
}


def comparison(printer: Printer, node: ast.Compare) -> str:
    """A comparison without the brackets that make a number of it."""
    sides = [node.left, *node.comparators]
    both = [offset(side) for side in sides]
    text = ""
    names = {found[0] for found in both if found}
    plain = all(found and found[0] for found in both) and bool(
        names & (printer.bound | printer.notation.free)
    )  # numbers are compared as they are, positions as they are counted
    for i, side in enumerate(sides):
        shown = printer.index(side) if plain else printer.tex(side).text
        text += f" {RELATIONS[type(node.ops[i - 1])]} " if i else ""
        text += shown
    return text


def combination(printer: Printer, node: ast.BoolOp) -> Tex:
    """Statements joined by and, or."""
    sign = r" \land " if isinstance(node.op, ast.And) else r" \lor "
    parts = [
        comparison(printer, value)
        if isinstance(value, ast.Compare)
        else printer.tex(value).text
        for value in node.values
    ]
    return truth(sign.join(parts))


def condition(printer: Printer, node: ast.expr) -> str:
    """A condition as it stands under a sum or beside a case."""
    if isinstance(node, ast.Compare):
        return comparison(printer, node)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return r",\ ".join(condition(printer, value) for value in node.values)
    return printer.tex(node).text


def cases(printer: Printer, node: ast.IfExp) -> Tex:
    """A value that depends on conditions."""
    rows, rest = [], node
    while True:
        rows.append(
            rf"{printer.tex(rest.body).text} & \text{{if }} {condition(printer, rest.test)}"
        )
        if not isinstance(rest.orelse, ast.IfExp):
            break
        rest = rest.orelse
    rows.append(rf"{printer.tex(rest.orelse).text} & \text{{otherwise}}")
    lines = r" \\ ".join(rows)
    text = rf"\begin{{cases}} {lines} \end{{cases}}"
    return Tex(text, tex.RELATION, 4, 1)


def truth(text: str) -> Tex:
    """A statement as the number 1 or 0."""
    return replace(tex.bracketed(Tex(text), "["), depth=1)
