r"""From an expression to its formula, as a mathematician would typeset it.

`sum(w[j] * x[j] for j in range(n)) / m` becomes $\frac{1}{m} \sum_{j=1}^{n} w_j x_j$. Brackets stand where they
are needed, and where the author wrote some that Python does not need; they are as tall as what they hold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dlbook.press.derivation import calls, conditions, differentials, sums, tex
from dlbook.press.derivation.notation import (
    FormulaError,
    Notation,
    name_tex,
    offset,
)
from dlbook.press.derivation.symbols import Pattern, subscripts
from dlbook.press.derivation.tex import Tex

Dimensions = Callable[[ast.expr, list[ast.comprehension]], int | None]


def to_tex(
    expression: str, notation: Notation, dimensions: Dimensions | None = None
) -> str:
    """The formula of an expression.

    Args:
        expression: Python.
        notation: How the derivation writes names and counts.
        dimensions: Tells how many axes the value of an expression has, inside of given sums; without it,
            nothing is known to be an array.

    Raises:
        FormulaError: If there is no formula for it.
    """
    tree = ast.parse(expression, mode="eval").body
    return Printer(notation, dimensions or (lambda node, loops: None)).tex(tree).text


@dataclass
class Printer:
    """Prints expressions.

    Args:
        notation: How names are written and where indices start.
        dimensions: How many axes a value has, if that is known.
        loops: The sums around what is being printed.
        small: How many scripts it stands in; there, fractions are written on one line.
    """

    notation: Notation
    dimensions: Dimensions
    loops: list[ast.comprehension] = field(default_factory=list)
    small: int = 0

    def ndim(self, node: ast.expr) -> int | None:
        """How many axes a value has."""
        return self.dimensions(node, self.loops)

    @property
    def bound(self) -> frozenset[str]:
        """The indices of the sums around."""
        targets = [loop.target for loop in self.loops]
        return frozenset(node.id for node in targets if isinstance(node, ast.Name))

    def tex(self, node: ast.expr) -> Tex:
        """The formula of any expression."""
        found = self.notation.symbol(node, self.bound)
        if found:
            return self._symbol(*found)
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            raise self.unknown(node)
        formula: Tex = method(node)
        return formula

    def scripted(self, node: ast.expr) -> Tex:
        """The formula of what stands in a script."""
        self.small += 1
        formula = self.tex(node)
        self.small -= 1
        return replace(formula, size=0)

    def unknown(self, node: ast.expr, why: str = "") -> FormulaError:
        """What to say of an expression that has no formula."""
        told = f"no formula is known for `{ast.unparse(node)}`{why}"
        help_ = "write it otherwise, give it a symbol under show:, or a formula by tex:"
        return FormulaError(f"{told}; {help_}")

    def _symbol(self, pattern: Pattern, parts: dict[str, ast.expr]) -> Tex:
        text, size, depth = "", 0, 0
        for piece in pattern.pieces:
            if isinstance(piece, str):
                text = tex.spaced(text, piece) if piece[:1].isalpha() else text + piece
                continue
            node = parts[piece.name]
            if piece.name in pattern.arguments:
                shown = self._argument(node)
            elif piece.script:
                shown = Tex(self.index(node))
            else:
                shown = self.tex(node)
                if piece.closed:
                    size = max(size, shown.size)
                else:
                    shown = tex.at_least(tex.ended(shown), tex.ATOM)
                depth = max(depth, shown.depth)
            inner = tex.script(shown.text) if piece.bare else shown.text
            if not piece.bare and not piece.closed and (shown.sup or shown.sub):
                inner = f"{{{inner}}}"
            text = tex.spaced(text, inner)
        formula = tex.custom(text)
        if size and r"\big" not in text.lower():
            formula = _grown(formula, size)
        return replace(formula, depth=max(formula.depth, depth))

    def _argument(self, node: ast.expr) -> Tex:
        """An argument that stands in a script: a position only if an index runs there, else a number."""
        if self.notation.is_place(node, self.bound):
            return Tex(self.index(node))
        return self.scripted(node)

    def _Name(self, node: ast.Name) -> Tex:
        return tex.custom(name_tex(node.id))

    def _Constant(self, node: ast.Constant) -> Tex:
        if isinstance(node.value, bool):
            return Tex(str(int(node.value)), first="number", last="number")
        if not isinstance(node.value, int | float):
            raise self.unknown(node)
        return number(node.value)

    def _UnaryOp(self, node: ast.UnaryOp) -> Tex:
        inner = self.tex(node.operand)
        if isinstance(node.op, ast.USub):
            return tex.negative(inner)
        if isinstance(node.op, ast.UAdd):
            return inner
        if isinstance(node.op, ast.Not):
            return conditions.truth(rf"\lnot {tex.at_least(inner, tex.ATOM).text}")
        raise self.unknown(node)

    def _BinOp(self, node: ast.BinOp) -> Tex:
        own = {
            ast.Mult: self._product,
            ast.MatMult: self._matrix_product,
            ast.Div: self._quotient,
        }
        if type(node.op) in own:
            return own[type(node.op)](node)
        if isinstance(node.op, ast.Pow):
            return tex.power(self.tex(node.left), self.scripted(node.right))
        left, right = self.tex(node.left), self.tex(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            sign = "+" if isinstance(node.op, ast.Add) else "-"
            return tex.total(left, sign, right)
        if isinstance(node.op, ast.Mod):
            return tex.product(left, tex.at_least(right, tex.APPLIED), sign=r"\bmod")
        if isinstance(node.op, ast.FloorDiv):
            divide = tex.inline_fraction if self.small else tex.fraction
            return tex.bracketed(divide(left, right), "floor")
        power = isinstance(node.op, ast.BitXor)
        raise self.unknown(node, ": Python writes a power as **" if power else "")

    def _product(self, node: ast.BinOp) -> Tex:
        left, right = self.tex(node.left), self.tex(node.right)
        if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult):
            right = tex.grouped(right)
        elementwise = bool(self.ndim(node.left)) and bool(self.ndim(node.right))
        return tex.product(left, right, sign=r"\odot" if elementwise else "")

    def _matrix_product(self, node: ast.BinOp) -> Tex:
        left, right = self.tex(node.left), self.tex(node.right)
        if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.MatMult):
            right = tex.grouped(right)
        if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult):
            left = left if self.ndim(node.left.left) == 0 else tex.grouped(left)
        left = tex.grouped(left) if left.dot else left
        if right.dot or right.first == "number":
            right = tex.grouped(right)
        row = self.ndim(node.left) == 1
        if row and not left.row:
            left = tex.power(left, Tex(r"\top"))
        joined = tex.product(left, right, sign=" ")
        return replace(joined, row=row and self.ndim(node.right) != 1)

    def _quotient(self, node: ast.BinOp) -> Tex:
        if self.small:
            return tex.inline_fraction(self.tex(node.left), self.tex(node.right))
        above, below = self.tex(node.left), self.tex(node.right)
        if sums.is_sum(node.left):
            one = Tex("1", first="number", last="number")
            return tex.product(tex.fraction(one, below), above)
        return tex.fraction(above, below)

    def _Attribute(self, node: ast.Attribute) -> Tex:
        if node.attr == "T":
            base = self.tex(node.value)
            return replace(
                tex.power(base, Tex(r"\top")), level=tex.ATOM, size=base.size
            )
        if calls.library(node):
            return self._Name(ast.Name(node.attr))
        raise self.unknown(node)

    def _Subscript(self, node: ast.Subscript) -> Tex:
        indices = subscripts(node)
        base = node.value
        while isinstance(base, ast.Subscript) and not self.notation.symbol(
            base, self.bound
        ):
            indices = [*subscripts(base), *indices]
            base = base.value
        if differentials.is_derivative(base):
            return differentials.derivative(self, base, indices)
        return tex.subscript(self.tex(base), self.indices(indices))

    def indices(self, nodes: list[ast.expr]) -> str:
        """Indices side by side; with commas where one is more than a letter or a digit."""
        shown = [self.index(node) for node in nodes]
        simple = all(
            offset(n) and isinstance(n, ast.Name | ast.Constant) for n in nodes
        )
        short = simple and all(len(tex) == 1 or tex[0] == "\\" for tex in shown)
        if not short:
            return ",".join(shown)
        text = ""
        for one in shown:
            text = tex.spaced(text, one) if one[0].isalpha() else text + one
        return text

    def index(self, node: ast.expr) -> str:
        """One index, counted as the derivation counts."""
        if isinstance(node, ast.Slice):
            return self._slice(node)
        found = offset(node)
        if found is None:
            return self.scripted(node).text
        name, number = found
        if not name and number < 0:
            raise self.unknown(node, ": an index from the end has no formula")
        if not name or name in self.notation.counts:
            number += self.notation.start
        if not name:
            return str(number)
        shown = self.tex(ast.Name(name)).text
        return f"{shown}{number:+d}" if number else shown

    def _slice(self, node: ast.Slice) -> str:
        if node.step:
            raise self.unknown(node)
        start = self.notation.start
        first = sums.moved(self, node.lower, start) if node.lower else ""
        last = sums.moved(self, node.upper, start - 1) if node.upper else ""
        return f"{first or (start if last else '')}:{last}"

    def _Compare(self, node: ast.Compare) -> Tex:
        return conditions.truth(conditions.comparison(self, node))

    def _BoolOp(self, node: ast.BoolOp) -> Tex:
        return conditions.combination(self, node)

    def _IfExp(self, node: ast.IfExp) -> Tex:
        return conditions.cases(self, node)

    def _Call(self, node: ast.Call) -> Tex:
        return calls.call(self, node)


def number(value: float) -> Tex:
    """A number, large and small ones as a power of ten."""
    text = repr(value).removesuffix(".0")
    mantissa, e, exponent = text.partition("e")
    if not e:
        return Tex(text, first="number", last="number")
    ten = Tex(f"10^{{{int(exponent)}}}", tex.POWER, 1, 0, "number", "script", sup=True)
    if mantissa == "1":
        return ten
    return tex.product(Tex(mantissa, first="number", last="number"), ten)


def _grown(formula: Tex, size: int) -> Tex:
    """A formula of the symbol table whose argument is tall: its outermost brackets grow."""
    text = formula.text
    start, end = text.find("("), text.rfind(")")
    if start < 0 or end < start or text[:start].count("{") != text[:start].count("}"):
        return replace(formula, size=max(formula.size, size))
    inner = tex.bracketed(Tex(text[start + 1 : end], size=size))
    grown = text[:start] + inner.text + text[end + 1 :]
    return replace(formula, text=grown, size=min(size + 1, 4))
