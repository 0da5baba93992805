r"""A formula becomes Python: the TeX that mathematicians write, read as they read it, or refused.

    side      = [ "-" ] product { ( "+" | "-" ) product }
    product   = run { ( "\cdot" | "\times" | "\odot" ) run } [ "/" factor ]
    run       = factor { factor }                         a number may only be the first
    factor    = ( \sum | \prod | \max | \min )_… product  takes all up to the next + or -
              | ( \ln | \exp | \sin | … ) factor          one factor, and only a function behind it
              | \frac{d}{dx} product                      one factor of which depends on x
              | atom [ subscript ] [ superscript ]
    atom      = number | name | function bracket | bracket | \frac | \sqrt | \begin{cases} | symbol of the table

What decides: an instance of the symbol table comes first. A letter is a name that is known, `w_j` an element
unless a name `w_j` is known, letters side by side are a product, `f(x)` is a call if f is a function. `-x^2` is
`-(x**2)`, both `x_i^2` and `x^2_i` are `x[i]**2`, `e^{z}` is `exp(z)` unless a name e is known. What things side
by side mean is decided by their values (`algebra`), how indices count by `scope`.

Refused is what two readers may read in two ways: `a/bc`, `a/b/c`, `a/\sum_i b_i`, `\sin x y`, `\ln(x)^2`,
`f^2(x)`, a number behind a factor, a product or maximum over i whose last factor has no i, an index outside of
its sum, a power of a vector, `x^{(i)}` that is not in the table; and whatever is not known.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dlbook.press.derivation import atoms as single
from dlbook.press.derivation import operators, subscripts
from dlbook.press.derivation.algebra import Algebra, Value
from dlbook.press.derivation.scope import Scope
from dlbook.press.derivation.templates import Symbol, walk
from dlbook.press.derivation.tokens import Atom, UnreadableError
from dlbook.press.derivation.tree import tree

__all__ = ["UnreadableError", "to_python"]


def to_python(
    tex: str,
    symbols: Sequence[tuple[str, str]],
    names: Mapping[str, Any],
    *,
    ranges: Mapping[str, str] | None = None,
    start: int | None = None,
    counts: Collection[str] = (),
) -> str:
    r"""The Python expression that a formula says.

    Args:
        tex: One side of a relation, without dollar signs.
        symbols: The symbol table, pairs of pattern and template.
        names: The names that it may mention, with their values: they tell functions from numbers and matrices
            from vectors. Parts of the formula are evaluated to find that out.
        ranges: What free indices run through, as Python: $\sum_i$ without bounds is a sum over that.
        start: What the first position is called in the formula, 1 or 0; if it is not known, 1 unless a sum
            starts at 0, and formulas that hang on it are refused.
        counts: Names of integers that are numbers in subscripts, too: $a_n$ is then `a[n - 1]`.

    Returns:
        The expression.

    Raises:
        UnreadableError: If it cannot be read for sure; names the place, what was expected and what was met.
    """
    table = [Symbol.read(*symbol) for symbol in symbols]
    atoms = tree(tex)
    for symbol in table:
        if symbol.is_open and symbol.looks_like(atoms):
            told = f"expected a template that shows where its parts end, got {symbol.template!r}"
            raise UnreadableError(f"{told}, in {tex!r}")
    zero = any(
        a.kind == "large" and a.sub[-1:] == (Atom("number", "0"),) for a in walk(atoms)
    )
    starts = [start] if start is not None else [1, 0] if zero else [1]
    refused: UnreadableError | None = None
    for number in starts:
        scope = Scope(
            tex, names, ranges or {}, counts, start=number, told=start is not None
        )
        try:
            node = Reader(scope, table).side(atoms)
            scope.finish()
            return ast.unparse(ast.fix_missing_locations(node))
        except UnreadableError as error:
            refused = refused or error
    assert refused is not None
    raise refused


class Line:
    """Atoms that are read from left to right.

    Args:
        atoms: All of them.
    """

    def __init__(self, atoms: tuple[Atom, ...]) -> None:
        self.atoms = atoms
        self.at = 0

    def peek(self) -> Atom | None:
        """The next one, if there is one."""
        return self.atoms[self.at] if self.at < len(self.atoms) else None

    def next(self) -> Atom:
        """The next one, which must be there."""
        self.at += 1
        return self.atoms[self.at - 1]

    def take(self, sign: str) -> bool:
        """Pass over a sign if it is the next."""
        atom = self.peek()
        found = atom is not None and atom.is_sign(sign)
        self.at += found
        return found


class Reader:
    """Reads lines of atoms.

    Args:
        scope: What letters stand for.
        table: The symbol table.
    """

    def __init__(self, scope: Scope, table: Sequence[Symbol]) -> None:
        self.scope = scope
        self.table = table
        self.algebra = Algebra(scope)

    def side(self, atoms: tuple[Atom, ...]) -> ast.expr:
        """The Python of a whole line."""
        return self.whole(atoms).node

    def whole(self, atoms: tuple[Atom, ...]) -> Value:
        """Products with plus and minus between them, to the end of the line."""
        line = Line(atoms)
        value = self.signed(line)
        while (at := line.peek()) is not None:
            if not at.is_sign("+-"):
                raise self.scope.refusal(at, "expected + or - or the end")
            line.next()
            right = self.product(line)
            if value.row != right.row:
                raise self.scope.refusal(at, "a row plus what is none")
            sign = ast.Add() if at.text == "+" else ast.Sub()
            value = Value(ast.BinOp(value.node, sign, right.node), row=value.row)
        return value

    def signed(self, line: Line) -> Value:
        """A product, perhaps with a minus before it."""
        negative = line.take("-")
        value = self.product(line)
        if not negative:
            return value
        return replace(value, node=ast.UnaryOp(ast.USub(), value.node), literal=False)

    def product(self, line: Line) -> Value:
        """Factors up to the next plus or minus, a comma or the end."""
        value = self.run(line)
        signs: set[str] = set()
        while (at := line.peek()) and at.is_sign("·×⊙"):
            line.next()
            self.refuse_behind(value, at)
            right = self.run(line)
            axes = self.algebra.ndim(value, at), self.algebra.ndim(right, at)
            if ("dot" in signs and axes[1]) or ("⊙" in signs and at.text != "⊙"):
                told = "products of several kinds: expected brackets"
                raise self.scope.refusal(at, told)
            signs |= {"dot"} if at.text == "·" and all(axes) else set()
            signs |= {"⊙"} if at.text == "⊙" and any(axes) else set()
            value = self.algebra.times(value, at.text, right, at)
        slash = line.peek()
        if slash and line.take("/"):
            self.refuse_behind(value, slash)
            large = line.peek()
            if large and large.kind == "large" and large.sub:
                raise self.scope.refusal(large, "a sum behind /: expected brackets")
            right = self.operand(line)
            behind = line.peek()
            if behind and not behind.is_sign("+-"):
                raise self.scope.refusal(behind, "behind a/b: expected +, - or the end")
            if len(value.parts) > 1 and self.algebra.ndim(right, slash):
                raise self.scope.refusal(slash, "a product over an array")
            value = self.algebra.over(value, right, slash)
        return value

    def run(self, line: Line) -> Value:
        """Factors side by side."""
        value = self.operand(line)
        while (at := line.peek()) and at.kind != "sign":
            if at.kind == "number":
                raise self.scope.refusal(at, "expected no number behind a factor")
            if at.kind != "function" or not value.tight:
                self.refuse_behind(value, at)
            right = self.operand(line)
            if value.literal and right.literal:
                raise self.scope.refusal(at, "two numbers side by side")
            value = self.algebra.times(value, "", right, at)
        return value

    def refuse_behind(self, value: Value, at: Atom) -> None:
        """What has its argument without brackets must be the last factor."""
        if value.tight:
            told = "does it belong to the argument before? expected brackets"
            raise self.scope.refusal(at, told)

    def operand(self, line: Line) -> Value:
        """A factor that has a value."""
        at = line.peek()
        value = self.factor(line)
        if value.callable:
            raise self.scope.refusal(
                at, "a function: expected its argument in brackets"
            )
        return value

    def factor(self, line: Line) -> Value:
        """What a product is made of, or a function without its argument."""
        at = line.peek()
        if at is None:
            raise self.scope.refusal(at, "expected a number, a name or a bracket")
        found = subscripts.instance(self, line)
        if found:
            return subscripts.postfix(self, line, *found)
        if at.kind == "large" and (at.sub or at.text in ("sum", "prod")):
            return operators.over_indices(self, line)
        if at.kind in ("function", "large"):
            return single.applied(self, line)
        if at.kind == "fraction":
            slope = operators.derivative(self, line)
            if slope:
                return slope
        if at.kind in ("letter", "word"):
            return subscripts.postfix(self, line, *subscripts.name(self, line))
        line.next()
        return subscripts.postfix(self, line, single.atom(self, at), at)
