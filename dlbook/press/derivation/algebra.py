r"""What two things side by side mean: by how many axes their values have, as mathematicians multiply.

A number times anything is `*`. Matrices are multiplied by `@`, with each other and with vectors. Two vectors
have a product as $x^\top y$ and $x \cdot y$ (a number), as $x y^\top$ (a matrix) and as $x \odot y$ (element by
element), and no other. Powers, absolute values and matrix functions of arrays are refused.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dlbook.press.derivation.scope import Scope
from dlbook.press.derivation.tokens import Atom


@dataclass(frozen=True)
class Value:
    """A part of a formula that was read.

    Args:
        node: Its Python.
        row: Whether it is a vector written as a row.
        literal: Whether it is written as a number or a fraction of numbers.
        tight: Why nothing may stand behind it as a further factor: it is an argument without brackets.
        callable: Whether it is a function that waits for its argument.
        own: The indices of that function.
        factors: What it is a product of.
    """

    node: ast.expr
    row: bool = False
    literal: bool = False
    tight: bool = False
    callable: bool = False
    own: tuple[ast.expr, ...] = ()
    factors: tuple[ast.expr, ...] = ()

    @property
    def parts(self) -> tuple[ast.expr, ...]:
        """Its factors, of which it may be the only one."""
        return self.factors or (self.node,)


@dataclass(frozen=True)
class Algebra:
    """The rules of products, quotients and powers.

    Args:
        scope: Knows the values.
    """

    scope: Scope

    def ndim(self, value: Value, at: Atom | None) -> int:
        """How many axes a value has."""
        return 0 if value.literal else len(self.scope.shape(value.node, at))

    def times(self, left: Value, sign: str, right: Value, at: Atom) -> Value:
        """A product, by a sign or by standing side by side."""
        axes = self.ndim(left, at), self.ndim(right, at)
        factors = left.parts + right.parts
        row = left.row or right.row
        node: ast.expr
        if sign == "⊙" or 0 in axes:
            if sign == "⊙" and left.row != right.row:
                raise self.scope.refusal(at, "a row times a column, element by element")
            node = ast.BinOp(left.node, ast.Mult(), right.node)
        elif sign == "×" or (sign == "·" and axes != (1, 1)):
            told = f"{sign} between arrays of {axes[0]} and {axes[1]} axes"
            raise self.scope.refusal(at, f"{told}: side by side, or \\odot?")
        elif axes == (1, 1) and left.row == right.row and not (sign and not row):
            raise self.scope.refusal(
                at, "two vectors: expected x^\\top y, x \\cdot y or \\odot"
            )
        elif axes == (1, 1) and right.row:
            if sign:
                raise self.scope.refusal(at, "expected no sign before a row")
            node = ast.BinOp(
                _stretched(left.node, 0), ast.Mult(), _stretched(right.node, 1)
            )
            row = False
        elif axes == (2, 1) and right.row:
            raise self.scope.refusal(at, "a matrix times a row")
        elif max(axes) > 2:
            raise self.scope.refusal(at, f"a product of {axes[0]} and {axes[1]} axes")
        else:
            node = ast.BinOp(left.node, ast.MatMult(), right.node)
            row = left.row and axes[1] == 2
        return Value(node, row=row, tight=right.tight, factors=factors)

    def over(self, above: Value, below: Value, at: Atom) -> Value:
        """A quotient."""
        axes = self.ndim(above, at), self.ndim(below, at)
        if axes[1] and (above.row or below.row or axes[1] > 1 or axes[0] > 1):
            raise self.scope.refusal(
                at, f"an array of {axes[0]} axes over one of {axes[1]}"
            )
        node = ast.BinOp(above.node, ast.Div(), below.node)
        literal = above.literal and below.literal
        factors = (*above.parts, below.node)
        return Value(node, row=above.row, literal=literal, factors=factors)

    def power(self, base: Value, exponent: Value, at: Atom) -> Value:
        """A number to the power of a number."""
        if self.ndim(base, at) or self.ndim(exponent, at):
            told = "a power of or by an array: expected numbers, or ^{\\odot 2}"
            raise self.scope.refusal(at, told)
        return Value(ast.BinOp(base.node, ast.Pow(), exponent.node))

    def function(self, name: str, value: Value, at: Atom) -> Value:
        """A function of numbers, for vectors element by element; what it is of a matrix is disputed."""
        if name in ("exp", "log", "sqrt") and self.ndim(value, at) > 1:
            raise self.scope.refusal(
                at, f"{name} of a matrix: of it or of its elements?"
            )
        return Value(call(name, value.node), row=value.row)

    def transposed(self, value: Value, at: Atom) -> Value:
        """A matrix or a vector the other way round."""
        axes = self.ndim(value, at)
        if axes not in (1, 2):
            raise self.scope.refusal(at, f"the transpose of an array of {axes} axes")
        row = axes == 1 and not value.row
        return Value(ast.Attribute(value.node, "T"), row=row)


def call(name: str, *arguments: ast.expr) -> ast.expr:
    """A call of a function by its name."""
    return ast.Call(ast.Name(name), list(arguments), [])


def free(node: ast.AST) -> set[str]:
    """The names in an expression that it does not bind itself."""
    if isinstance(node, ast.Name):
        return {node.id}
    found = set().union(*(free(child) for child in ast.iter_child_nodes(node)))
    if isinstance(node, ast.Lambda):
        return found - {argument.arg for argument in node.args.args}
    if isinstance(node, ast.GeneratorExp):
        inner = free(node.elt) - {ast.unparse(g.target) for g in node.generators}
        outer = set().union(*(free(g.iter) for g in node.generators))
        tests = set().union(*(free(t) for g in node.generators for t in g.ifs))
        return (
            inner | outer | (tests - {ast.unparse(g.target) for g in node.generators})
        )
    return found


def _stretched(node: ast.expr, axis: int) -> ast.expr:
    """A vector as a column (axis 0) or a row (1) of a matrix."""
    parts: list[ast.expr] = [ast.Slice(), ast.Slice()]
    parts[1 - axis] = ast.Constant(None)
    return ast.Subscript(node, ast.Tuple(parts, ast.Load()), ast.Load())
