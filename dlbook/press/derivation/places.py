"""Indices of sums, and subscripts as sums of them and of numbers."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


@dataclass(eq=False)
class Index:
    """The index of a sum.

    Args:
        name: Its letter.
        run: What it runs through.
        base: What the formula's index is more than Python's; None if it is one of the values themselves.
        first: Its first value in Python, if that is written as a number.
        certain: Whether it may stand in a subscript.
        used: As what it was used: `number`, `position`.
    """

    name: str
    run: ast.expr
    base: int | None
    first: int | None = None
    certain: bool = True
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Linear:
    """A sum of multiples of names and of a number, such as $i + 1$."""

    terms: tuple[tuple[str, int], ...]
    constant: int

    @property
    def single(self) -> str | None:
        """The one name, if it is one, not multiplied."""
        one = len(self.terms) == 1 and self.terms[0][1] == 1
        return self.terms[0][0] if one else None


def moved(node: ast.expr, by: int) -> ast.expr:
    """A number plus a few: `n - 1` plus 1 is `n`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + by)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        last = node.right
        if isinstance(last, ast.Constant) and isinstance(last.value, int):
            add = isinstance(node.op, ast.Add)
            return moved(node.left, (last.value if add else -last.value) + by)
    if by == 0:
        return node
    sign = ast.Add() if by > 0 else ast.Sub()
    return ast.BinOp(node, sign, ast.Constant(abs(by)))
