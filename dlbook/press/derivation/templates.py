r"""Instances of the symbol table in a formula: where $y^{(k+1)}$ stands, `y[i]: y^{(i)}` is read as `y[k + 1]`.

A template is compared with the formula atom by atom, whatever brackets' sizes, spaces and colors. A wildcard
stands for all that fills its place: a script, a bracket, the stretch up to the next comma. A template that
begins or ends with a wildcard, or is a sum, leaves open where an instance ends: formulas that look like one are
not read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dlbook.press.derivation.symbols import Pattern
from dlbook.press.derivation.tokens import Atom
from dlbook.press.derivation.tree import tree

_Parts = dict[str, tuple[Atom, ...]]


@dataclass(frozen=True)
class Instance:
    """A template found in a formula.

    Args:
        symbol: The line of the symbol table.
        parts: What stands in the places of its wildcards.
        count: How many atoms of the formula it takes.
        rest: The last of these atoms, with the scripts that are not the template's.
    """

    symbol: Symbol
    parts: _Parts
    count: int
    rest: Atom


@dataclass(frozen=True)
class Symbol:
    """One line of the symbol table.

    Args:
        pattern: The Python side.
        template: The TeX.
        atoms: The TeX as a tree.
    """

    pattern: Pattern
    template: str
    atoms: tuple[Atom, ...]

    @staticmethod
    def read(pattern: str, template: str) -> Symbol:
        """The line of a pattern and a template."""
        read = Pattern.read(pattern, template)
        long = "|".join(name for name in read.wildcards if len(name) > 1)
        tex = re.sub(rf"(?<![\\A-Za-z])({long})(?![A-Za-z])", r"\\\1 ", template)
        return Symbol(read, template, tree(tex if long else template))

    @property
    def is_open(self) -> bool:
        """Whether it does not say where an instance ends, or what a wildcard stands for."""
        if not self.atoms:
            return True
        first, last = self.atoms[0], self.atoms[-1]
        ends = {last.text, first.text if first == first.bare() else ""}
        seen = {text for a in walk(self.atoms) for text in (a.text, _accented(a)[0])}
        unseen = self.pattern.wildcards - seen
        loose = any(a.kind in ("sign", "large", "function") for a in self.atoms)
        return loose or bool(ends & self.pattern.wildcards or unseen)

    @property
    def literal_names(self) -> set[str]:
        """The pattern's names that are no wildcards."""
        names = {n.id for n in ast.walk(self.pattern.tree) if isinstance(n, ast.Name)}
        return names - self.pattern.wildcards

    @property
    def weight(self) -> tuple[int, int]:
        """How much it says: how many of its atoms are no wildcards, and how many are."""
        names = [{atom.text, _accented(atom)[0]} for atom in walk(self.atoms)]
        wild = sum(bool(name & self.pattern.wildcards) for name in names)
        return len(names) - wild, wild

    def looks_like(self, atoms: Sequence[Atom]) -> bool:
        """Whether all that an open template says literally stands in a formula."""
        here = {(atom.kind, atom.text) for atom in walk(atoms)}
        wild = self.pattern.wildcards
        literal = [a for a in self.atoms if not {a.text, _accented(a)[0]} & wild]
        return all((atom.kind, atom.text) in here for atom in literal)

    def instances(self, atoms: Sequence[Atom], at: int) -> list[Instance]:
        """All ways in which it stands at a place of a line."""
        first = self.atoms[0].text in self.pattern.wildcards
        if first and atoms[at].kind not in ("letter", "word"):
            return []  # a bracket may be the argument of what stands before it
        fixed = all(atom.text not in self.pattern.wildcards for atom in self.atoms)
        longest = at + len(self.atoms) if fixed else len(atoms)
        found = []
        for end in range(at + len(self.atoms), min(longest, len(atoms)) + 1):
            last, rest = _parted(self.atoms[-1], atoms[end - 1])
            line = (*atoms[at : end - 1], last)
            found += [
                Instance(self, parts, end - at, rest)
                for parts in self._line(self.atoms, line, {})
            ]
        return found

    def _line(
        self, mine: tuple[Atom, ...], theirs: tuple[Atom, ...], found: _Parts
    ) -> Iterator[_Parts]:
        """The ways in which a stretch of the template is all of a stretch of the formula."""
        if not mine:
            if not theirs:
                yield found
            return
        first, others = mine[0], mine[1:]
        if first.text in self.pattern.wildcards and first == first.bare():
            for end in range(1, len(theirs) - len(others) + 1):
                part = theirs[:end]
                if part[-1].is_sign(",") or part[-1].is_sign(";"):
                    return
                for more in self._same(first.text, part, found):
                    yield from self._line(others, theirs[end:], more)
        elif theirs:
            for more in self._atom(first, theirs[0], found):
                yield from self._line(others, theirs[1:], more)

    def _atom(self, mine: Atom, theirs: Atom, found: _Parts) -> Iterator[_Parts]:
        if mine.primes != theirs.primes:
            return
        if mine.text in self.pattern.wildcards:
            nuclei = self._same(mine.text, (theirs.bare(),), found)
        elif _accented(mine)[0] in self.pattern.wildcards:
            (letter, accent), (other, same) = _accented(mine), _accented(theirs)
            if accent != same or mine.kind != theirs.kind:
                return
            nuclei = self._same(letter, (replace(theirs.bare(), text=other),), found)
        elif (mine.kind, mine.text) != (theirs.kind, theirs.text):
            return
        else:
            nuclei = self._lines(mine.parts, theirs.parts, found)
        for nucleus in nuclei:
            corners = (mine.sub, mine.sup), (theirs.sub, theirs.sup)
            yield from self._lines(*corners, nucleus)

    def _lines(
        self,
        mine: tuple[tuple[Atom, ...], ...],
        theirs: tuple[tuple[Atom, ...], ...],
        found: _Parts,
    ) -> Iterator[_Parts]:
        if len(mine) != len(theirs):
            return
        if not mine:
            yield found
            return
        for more in self._line(mine[0], theirs[0], found):
            yield from self._lines(mine[1:], theirs[1:], more)

    @staticmethod
    def _same(name: str, part: tuple[Atom, ...], found: _Parts) -> Iterator[_Parts]:
        if found.get(name, part) == part:
            yield {**found, name: part}

    def filled(self, parts: Mapping[str, ast.expr]) -> ast.expr:
        """The pattern with its wildcards replaced."""
        return _filled(self.pattern.tree, parts)


def walk(atoms: Sequence[Atom]) -> Iterator[Atom]:
    """All atoms of a tree."""
    for atom in atoms:
        yield atom
        for part in (*atom.parts, atom.sub, atom.sup):
            yield from walk(part)


def _accented(atom: Atom) -> tuple[str, str]:
    """The letter below an accent, and the accent."""
    letter, _, accent = atom.text.partition("_") if atom.kind == "letter" else ("",) * 3
    return (letter, accent) if accent else ("", "")


def _parted(mine: Atom, theirs: Atom) -> tuple[Atom, Atom]:
    """The last atom of an instance with the template's own scripts, and with those beyond them."""
    own, rest = theirs, theirs
    if not mine.sub:
        own = replace(own, sub=())
    else:
        rest = replace(rest, sub=())
    if not mine.primes:
        own = replace(own, primes=0)
    else:
        rest = replace(rest, primes=0)
    if not mine.sup:
        return replace(own, sup=()), rest
    transposed = len(theirs.sup) > 1 and theirs.sup[-1] == Atom("command", "top")
    if transposed and mine.sup[-1] != theirs.sup[-1]:
        return replace(own, sup=own.sup[:-1]), replace(rest, sup=rest.sup[-1:])
    return own, replace(rest, sup=())


def _filled(node: ast.expr, parts: Mapping[str, ast.expr]) -> ast.expr:
    def inner(part: ast.expr) -> ast.expr:
        return parts.get(part.id, part) if isinstance(part, ast.Name) else part

    if isinstance(node, ast.Call):
        return ast.Call(_filled(node.func, parts), [inner(a) for a in node.args], [])
    if isinstance(node, ast.Subscript):
        places = node.slice
        if isinstance(places, ast.Tuple):
            filled: ast.expr = ast.Tuple([inner(p) for p in places.elts], ast.Load())
        else:
            filled = inner(places)
        return ast.Subscript(_filled(node.value, parts), filled, ast.Load())
    return node
