r"""The symbol table: `y[i]: y^{(i)}` says that `y[k + 1]` is printed as $y^{(k+1)}$.

In a pattern, names in subscripts and arguments are wildcards if they stand in the template as tokens of their
own; all else is literal. In `d(L, a)[i]: \bar a_i` the `L` is literal, `a` and `i` stand for anything.
"""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[A-Za-z]+|\s+|.", re.DOTALL)
_UPRIGHT = {
    r"\text",
    r"\mathrm",
    r"\operatorname",
    r"\operatorname*",
    r"\htmlClass",
    r"\begin",
    r"\end",
}
_ACCENTS = {
    r"\hat",
    r"\bar",
    r"\tilde",
    r"\dot",
    r"\ddot",
    r"\vec",
    r"\widehat",
    r"\widetilde",
    r"\overline",
    r"\mathbf",
    r"\boldsymbol",
    r"\mathcal",
    r"\mathbb",
    r"\cdata",
    r"\cparam",
    r"\cact",
    r"\cgrad",
}
_OPENING = {"(", "[", "{", ",", ";", "|", r"\mid", r"\lvert", r"\lVert", r"\langle"}
_CLOSING = {")", "]", "}", ",", ";", "|", r"\mid", r"\rvert", r"\rVert", r"\rangle"}
_SIZES = {
    rf"\{size}{side}"
    for size in ("big", "Big", "bigg", "Bigg")
    for side in ("l", "r", "m", "")
} | {r"\left", r"\right", r"\middle"}


class PatternError(Exception):
    """A symbol that is none; the message tells what was expected."""


@dataclass(frozen=True)
class Place:
    """Where a wildcard stands in a template.

    Args:
        name: The wildcard.
        script: Whether it is in a sub- or superscript: then it is an index, which is counted from one.
        closed: Whether brackets or commas enclose it: then anything may stand there as it is.
        bare: Whether it needs braces: behind `_`, `^` or an accent.
    """

    name: str
    script: bool
    closed: bool
    bare: bool


@dataclass(frozen=True)
class Pattern:
    """A pattern, its template cut into text and places.

    Args:
        tree: The pattern as Python.
        wildcards: Its names that stand for anything.
        pieces: The template.
    """

    tree: ast.expr
    wildcards: frozenset[str]
    pieces: tuple[str | Place, ...]

    @staticmethod
    @functools.cache
    def read(pattern: str, template: str) -> Pattern:
        """Read a line of the symbol table.

        Raises:
            PatternError: If the pattern is none, or its template's braces don't match.
        """
        told = f"expected a name, `name[i]` or `name(x)`, got {pattern.strip()!r}"
        try:
            tree = ast.parse(pattern.strip(), mode="eval").body
        except SyntaxError:
            raise PatternError(told) from None
        names = _open_names(tree, told)
        pieces = _pieces(template, names)
        wildcards = frozenset(p.name for p in pieces if isinstance(p, Place))
        return Pattern(tree, wildcards, pieces)

    @property
    def scripts(self) -> frozenset[str]:
        """The wildcards that are indices: they stand in scripts only."""
        places = [p for p in self.pieces if isinstance(p, Place)]
        return frozenset(p.name for p in places) - {
            p.name for p in places if not p.script
        }

    @property
    def arguments(self) -> frozenset[str]:
        """Its scripts that are arguments of a function: numbers, unless an index runs there."""
        inside = [n.slice for n in ast.walk(self.tree) if isinstance(n, ast.Subscript)]
        positions = {
            node.id
            for part in inside
            for node in ast.walk(part)
            if isinstance(node, ast.Name)
        }
        return self.scripts - positions

    def match(
        self, node: ast.expr, bound: frozenset[str]
    ) -> dict[str, ast.expr] | None:
        """What the wildcards stand for, if the expression is an instance of the pattern.

        Args:
            node: The expression.
            bound: The indices of the sums around it; they are never taken for literal names.
        """
        found: dict[str, ast.expr] = {}
        return found if self._fits(self.tree, node, found, bound, top=True) else None

    def _fits(
        self,
        tree: ast.expr,
        node: ast.expr,
        found: dict[str, ast.expr],
        bound: frozenset[str],
        *,
        top: bool = False,
    ) -> bool:
        if isinstance(tree, ast.Name) and tree.id in self.wildcards and not top:
            if isinstance(node, ast.Slice | ast.Starred | ast.Lambda):
                return False
            before = found.setdefault(tree.id, node)
            return ast.dump(before) == ast.dump(node)
        if isinstance(tree, ast.Call) and isinstance(node, ast.Call):
            pairs = list(zip(tree.args, node.args, strict=False))
            return (
                len(tree.args) == len(node.args)
                and not node.keywords
                and self._fits(tree.func, node.func, found, bound, top=True)
                and all(self._fits(t, n, found, bound) for t, n in pairs)
            )
        if isinstance(tree, ast.Subscript) and isinstance(node, ast.Subscript):
            mine, theirs = subscripts(tree), subscripts(node)
            return (
                len(mine) == len(theirs)
                and self._fits(tree.value, node.value, found, bound, top=True)
                and all(
                    self._fits(t, n, found, bound)
                    for t, n in zip(mine, theirs, strict=True)
                )
            )
        literal = isinstance(tree, ast.Name | ast.Constant) and not (
            isinstance(tree, ast.Name) and tree.id in bound
        )
        return literal and ast.dump(tree) == ast.dump(node)


def subscripts(node: ast.Subscript) -> list[ast.expr]:
    """The indices of a subscript, one or several."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _open_names(tree: ast.expr, told: str) -> set[str]:
    """The names of a pattern that may be wildcards; checks its form."""
    if isinstance(tree, ast.Name):
        return set()
    if isinstance(tree, ast.Call) and not tree.keywords:
        inner, head = tree.args, tree.func
    elif isinstance(tree, ast.Subscript):
        inner, head = subscripts(tree), tree.value
    else:
        raise PatternError(told)
    found = _open_names(head, told)
    for node in inner:
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif not isinstance(node, ast.Constant):
            found |= _open_names(node, told)
    return found


def tokens(tex: str) -> list[str]:
    """TeX cut into commands, runs of letters, blanks and single characters."""
    return _TOKEN.findall(tex)


def _pieces(template: str, names: set[str]) -> tuple[str | Place, ...]:
    found: list[str] = []
    for token in tokens(template):
        found += (
            list(token)
            if token.isalpha() and token.isascii() and token not in names
            else [token]
        )
    pieces: list[str | Place] = []
    groups: list[str] = []  # what each open brace is: "script", "upright" or ""
    for i, token in enumerate(found):
        before = _neighbor(found, i, -1)
        if token == "{":
            kind = "script" if before in ("_", "^") else ""
            if before in _UPRIGHT or "upright" in groups:
                kind = "upright"
            groups.append(kind)
        elif token == "}":
            if not groups:
                raise PatternError(f"expected matching braces, got {template!r}")
            groups.pop()
        if token not in names or "upright" in groups:
            pieces.append(token)
            continue
        after = _neighbor(found, i, 1)
        bare = before in ("_", "^") or before in _ACCENTS
        closed = bare or (before in _OPENING and after in _CLOSING)
        script = before in ("_", "^") or "script" in groups
        pieces.append(Place(token, script, closed, bare))
    if groups:
        raise PatternError(f"expected matching braces, got {template!r}")
    return _merged(pieces)


def _neighbor(found: list[str], i: int, step: int) -> str:
    """The next token that is neither blank nor a size of brackets."""
    i += step
    while 0 <= i < len(found) and (found[i].isspace() or found[i] in _SIZES):
        i += step
    return found[i] if 0 <= i < len(found) else ""


def _merged(pieces: list[str | Place]) -> tuple[str | Place, ...]:
    merged: list[str | Place] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return tuple(merged)
