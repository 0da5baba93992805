r"""How a derivation writes names and counts: its symbol table, and whether its indices start at one.

Python counts from zero, formulas from one. $\sum_{i=1}^n a_i$ is `sum(a[i] for i in range(n))`: the printed $i$
is one more than Python's. That is true to the code only as long as no index is used as a number. So a
derivation counts from one if each of its indices stands nowhere but in subscripts, in comparisons with other
indices, and in places of the symbol table that are sub- or superscripts; else it counts from zero throughout.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dlbook.press.derivation.symbols import Pattern, Place, subscripts

GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta"),
    *("theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma"),
    *("tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "ell", "Gamma"),
    *("Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi"),
    "Omega",
}
ACCENTS = {"hat", "bar", "tilde", "dot", "ddot"}


class FormulaError(Exception):
    """An expression for which there is no formula; the message says what to do."""


@dataclass(frozen=True)
class Notation:
    """What the printer has to know beside the expression.

    Args:
        patterns: The symbol table.
        start: What the first index is called: 1 or 0.
        counts: Names that are used as numbers; in a subscript they are counts, not indices.
        free: The derivation's free indices.
    """

    patterns: tuple[Pattern, ...] = ()
    start: int = 1
    counts: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    used: set[Pattern] = field(default_factory=set, compare=False)
    """The entries of the symbol table that were of use."""

    def symbol(
        self, node: ast.expr, bound: frozenset[str]
    ) -> tuple[Pattern, dict[str, ast.expr]] | None:
        """The entry of the symbol table for an expression, the last one that fits."""
        for pattern in reversed(self.patterns):
            found = pattern.match(node, bound)
            if found is not None:
                self.used.add(pattern)
                return pattern, found
        return None

    def is_place(self, node: ast.expr, bound: frozenset[str]) -> bool:
        """Whether an argument is a position: an index of a sum around it or a free one stands in it."""
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return bool(names & (bound | self.free))


def notation(
    symbols: Sequence[tuple[str, str]],
    expressions: Iterable[str],
    indices: Sequence[tuple[str, str]] = (),
    conditions: Sequence[str] = (),
) -> Notation:
    """Find out how a derivation counts.

    Args:
        symbols: The symbol table.
        expressions: All that the derivation prints.
        indices: Its free indices.
        conditions: For each of them, the condition on its values ("" for none).
    """
    patterns = tuple(Pattern.read(*symbol) for symbol in symbols)
    free = frozenset(name for name, _ in indices)
    uses = _Uses(Notation(patterns, free=free))
    loops = [f"for {name} in {where}" for name, where in indices]
    for k, condition in enumerate(conditions):
        loops[k] += f" if {condition}" if condition else ""
    for text in [*expressions, *(f"[0 {loop}]" for loop in loops)]:
        uses.visit(ast.parse(text, mode="eval").body)
    shifted = uses.indices & uses.numbers
    for one, other in uses.compared:
        pair = {one, other}
        shifted |= pair & uses.indices if pair & uses.numbers else set()
    mixed = {pattern for pattern, place in uses.arguments if place} & {
        pattern for pattern, place in uses.arguments if not place
    }
    start = 0 if shifted or mixed else 1
    return Notation(patterns, start, frozenset(uses.numbers), free)


@dataclass
class _Uses(ast.NodeVisitor):
    """Which names are used as numbers, which run through ranges, and which are compared."""

    notation: Notation
    numbers: set[str] = field(default_factory=set)
    indices: set[str] = field(default_factory=set)
    compared: list[tuple[str, str]] = field(default_factory=list)
    bound: list[str] = field(default_factory=list)
    arguments: set[tuple[Pattern, bool]] = field(default_factory=set)
    """Entries whose scripts are arguments, and whether an index stood there."""

    def visit(self, node: ast.AST) -> None:
        found = (
            self.notation.symbol(node, frozenset(self.bound))
            if isinstance(node, ast.expr)
            else None
        )
        if not found or isinstance(node, ast.Name):
            super().visit(node)
            return
        pattern, parts = found
        for name, part in parts.items():
            place = name in pattern.scripts
            if name in pattern.arguments:
                place = self.notation.is_place(part, frozenset(self.bound))
                self.arguments.add((pattern, place))
            (self._index if place else self.visit)(part)

    def visit_Name(self, node: ast.Name) -> None:
        self.numbers.add(node.id)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        for index in subscripts(node):
            self._index(index)

    def _index(self, node: ast.expr) -> None:
        if isinstance(node, ast.Slice):
            for part in (node.lower, node.upper, node.step):
                if part is not None:
                    self.visit(part)
        elif offset(node) is None:
            self.visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, right, sign in zip(sides, sides[1:], node.ops, strict=False):
            one, other = offset(left), offset(right)
            if isinstance(sign, ast.In | ast.NotIn):
                if one is None:
                    self.visit(left)
                self.visit(right)
            elif one and other and one[0] and other[0]:
                self.compared.append((one[0], other[0]))
            else:
                self.visit(left)
                self.visit(right)

    def _loops(self, node: ast.GeneratorExp | ast.ListComp) -> None:
        kept = len(self.bound)
        for loop in node.generators:
            if is_range(loop.iter) and isinstance(loop.target, ast.Name):
                self.indices.add(loop.target.id)
            if isinstance(loop.iter, ast.Call) and is_range(loop.iter):
                for part in loop.iter.args:
                    self.visit(part)
            else:
                self.visit(loop.iter)
            self.bound += [loop.target.id] if isinstance(loop.target, ast.Name) else []
            for condition in loop.ifs:
                self.visit(condition)
        self.visit(node.elt)
        del self.bound[kept:]

    visit_GeneratorExp = _loops
    visit_ListComp = _loops

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)


def is_range(node: ast.expr) -> bool:
    """Whether an expression is `range(…)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "range"
        and len(node.args) in (1, 2)
    )


def offset(node: ast.expr) -> tuple[str, int] | None:
    """An expression as a name plus a number: `("i", 1)` for `i + 1`, `("", 3)` for `3`, else nothing."""
    if isinstance(node, ast.Name):
        return node.id, 0
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return "", node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = offset(node.operand)
        return ("", -inner[1]) if inner and not inner[0] else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        one, other = offset(node.left), offset(node.right)
        if one is None or other is None or other[0]:
            return None
        sign = 1 if isinstance(node.op, ast.Add) else -1
        return one[0], one[1] + sign * other[1]
    return None


def letter(name: str) -> str | None:
    """The TeX of a Greek or single letter."""
    if name in GREEK:
        return f"\\{name}"
    return name if len(name) == 1 else None


def name_tex(name: str) -> str:
    """The TeX of a name without an entry in the symbol table.

    Single and Greek letters are themselves; what follows an underscore or is a digit at the end becomes a
    subscript, `_hat`, `_bar`, `_tilde`, `_dot` an accent; `dz` is written as the book writes gradients.
    """
    if name == "inf":
        return r"\infty"
    head, *parts = name.rstrip("_").split("_")
    digits = re.fullmatch(r"([A-Za-z]+?)(\d+)", head)
    if digits:
        head, parts = digits[1], [digits[2], *parts]
    gradient = re.fullmatch(r"d(.+)", head)
    tex = letter(head)
    if tex is None and gradient and letter(gradient[1]):
        tex = f"d{letter(gradient[1])}".replace("d\\", "d \\")
    tex = tex or rf"\mathrm{{{head}}}"
    accents = [part for part in parts if part in ACCENTS]
    for accent in accents:
        tex = rf"\{accent} {tex}" if len(tex) == 1 else rf"\{accent}{{{tex}}}"
    subs = [part for part in parts if part not in ACCENTS and part]
    if not subs:
        return tex
    shown = [
        sub if sub.isdigit() else letter(sub) or rf"\mathrm{{{sub}}}" for sub in subs
    ]
    return f"{tex}_{braced(','.join(shown))}"


def braced(tex: str) -> str:
    """A script, in braces unless it is one character."""
    return tex if len(tex) == 1 else f"{{{tex}}}"


__all__ = [
    "FormulaError",
    "Notation",
    "Place",
    "braced",
    "is_range",
    "letter",
    "name_tex",
    "notation",
    "offset",
]
