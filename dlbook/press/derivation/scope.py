r"""What the letters of a formula stand for: names with their values, indices of sums, positions and counts.

A formula's first position is called 1 (or 0), Python's is 0. An index is written alike in both; where it is
used as a number, the formula's is `start` more than Python's: $\sum_{i=1}^n i a_i$ is
`sum((i + 1) * a[i] for i in range(n))`. A name of an integer in a subscript is taken for a position, too,
unless it is one of `counts`; one that stands as a number elsewhere in the formula, or is the array's length,
is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dlbook.press.derivation.places import Index, Linear, moved
from dlbook.press.derivation.tokens import Atom, UnreadableError, refusal
from dlbook.press.derivation.values import Values

_ALSO = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi"}
_ALSO |= {"lambda": "lambda_"}


class Scope:
    """Names, indices and how they were used.

    Args:
        tex: The formula, for messages.
        names: The names that it may mention, with their values.
        ranges: Indices that run through something wherever they stand.
        counts: Names of integers that are numbers, not positions, in subscripts as well.
        start: What the first position is called.
        told: Whether the caller knows `start`; else it is a guess that must not decide anything alone.
    """

    def __init__(
        self,
        tex: str,
        names: Mapping[str, Any],
        ranges: Mapping[str, str],
        counts: Collection[str],
        *,
        start: int,
        told: bool,
    ) -> None:
        self.tex = tex
        self.names = names
        self.ranges = ranges
        self.start = start
        self.told = told
        self.counts = counts
        self.indices: list[Index] = []
        self.uses: set[tuple[str, str]] = set()  # (name, as what)
        self._spelled: dict[str, str] = {}
        self.values = Values(names)

    def refusal(self, at: Atom | None, message: str) -> UnreadableError:
        """What to raise at a place of the formula."""
        return refusal(self.tex, len(self.tex) if at is None else at.place, message)

    # -- names

    def spell(self, atom: Atom) -> str | None:
        """The known name of a letter or a word, without its scripts."""
        name = atom.text
        if not self.knows(name) and name in _ALSO:
            name = _ALSO[name]
        if not self.knows(name):
            return None
        if self._spelled.setdefault(name, atom.text) != atom.text:
            raise self.refusal(atom, f"{name} is written in two ways")
        return name

    def joined(self, atom: Atom) -> str | None:
        """The known name that a letter and its subscript are together, as in $n_x$."""
        parts = [a.text if a.kind != "sign" else "_" for a in atom.sub]
        plain = all(
            a == a.bare() and (a.is_sign(",") or a.kind in ("letter", "number", "word"))
            for a in atom.sub
        )
        if not plain or not parts:
            return None
        sub = "".join(parts)
        heads = [atom.text, _ALSO.get(atom.text, atom.text)]
        names = [f"{head}_{sub}" for head in heads]
        names += [f"{head}{sub}" for head in heads if sub.isdigit()]
        found = sorted({name for name in names if self.knows(name)})
        if len(found) > 1:
            raise self.refusal(atom, f"expected one name, got {' and '.join(found)}")
        return found[0] if found else None

    def knows(self, name: str) -> bool:
        """Whether a name is an index here or has a value."""
        return self.index(name) is not None or name in self.values

    def index(self, name: str) -> Index | None:
        """The innermost index of a sum of this name."""
        return next((i for i in reversed(self.indices) if i.name == name), None)

    def is_function(self, name: str) -> bool:
        """Whether a name is called when brackets follow."""
        return self.index(name) is None and self.values.is_function(name)

    def is_integer(self, name: str) -> bool:
        """Whether a name may be a position or a count."""
        index = self.index(name) is not None or name in self.ranges
        return index or self.values.is_integer(name)

    def is_quantity(self, name: str) -> bool:
        """Whether a name can be reckoned with: an index, a number, an array."""
        return self.index(name) is not None or self.values.is_quantity(name)

    def shape(self, node: ast.expr, at: Atom | None) -> tuple[int, ...]:
        """The shape of what an expression gives."""
        try:
            return self.values.shape(node, self.indices)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            told = f"`{ast.unparse(node)}` has no value: {why}"
            raise self.refusal(at, told) from error

    # -- indices, positions, numbers

    @contextmanager
    def inside(self, indices: Sequence[Index], at: Atom) -> Iterator[None]:
        """Let indices be known for a while."""
        names = [index.name for index in (*self.indices, *indices)]
        if len({*names}) < len(names):
            raise self.refusal(at, "expected different indices")
        kept = list(self.indices)
        self.indices += indices
        self.uses |= {(index.name, "bound") for index in indices}
        try:
            yield
        finally:
            self.indices = kept

    def number(self, name: str, at: Atom) -> ast.expr:
        """A name used as a number."""
        index = self.index(name)
        base = None
        if index:
            index.used.add("number")
            base = index.base
            if base is None and isinstance(index.run, ast.Call):
                base = self._told(name, at)
        else:
            self.uses.add((name, "free"))
            free = name in self.ranges
            self.uses |= set() if free else {(name, "number")}
            base = self._told(name, at) if free else 0
        return moved(ast.Name(name), base or 0)

    def _told(self, name: str, at: Atom) -> int:
        if not self.told:
            raise self.refusal(
                at, f"{name} is a number here, and its first value is not said"
            )
        return self.start

    def linear(self, atoms: Sequence[Atom]) -> Linear | None:
        """Atoms as multiples of integer names and a number, if they are nothing else."""
        terms: dict[str, int] = {}
        constant, sign, name = 0, 1, None
        factor: int | None = None
        for i, atom in enumerate((*atoms, Atom("sign", "+"))):
            if atom.is_sign("+-"):
                if name:
                    count = sign * (1 if factor is None else factor)
                    terms[name] = terms.get(name, 0) + count
                elif factor is not None:
                    constant += sign * factor
                elif i or atom.text == "+":
                    return None
                sign, factor, name = (-1 if atom.text == "-" else 1), None, None
            elif name or atom.sup or atom.primes:
                return None
            elif atom.kind == "number" and factor is None and atom.text.isdigit():
                factor = int(atom.text)
            elif atom.kind in ("letter", "word"):
                name = self.joined(atom) if atom.sub else self.spell(atom)
                if name is None or not self.is_integer(name):
                    return None
            else:
                return None
        return Linear(tuple(item for item in terms.items() if item[1]), constant)

    def position(self, place: Linear, length: int | None, at: Atom) -> ast.expr:
        """A subscript, as Python counts."""
        name, constant = place.single, place.constant
        if not place.terms:
            if constant < self.start or not (self.told or self.start):
                raise self.refusal(
                    at, f"position {constant}: positions start at {self.start}"
                )
            return ast.Constant(constant - self.start)
        if name is None or (name in self.counts and not self.index(name)):
            total = self._total(place, at)
            for term, _ in place.terms:
                index = self.index(term)
                if index:
                    self._place(index, None, at)
            return moved(total, -self.start)
        index = self.index(name)
        if index:
            self._place(index, constant, at)
        else:
            self.uses |= {(name, "free"), (name, "position")}
            if name not in self.ranges and self.names[name] == length:
                raise self.refusal(
                    at, f"{name} is the length, not a position; list it as a count"
                )
        return moved(ast.Name(name), constant)

    def _place(self, index: Index, offset: int | None, at: Atom) -> None:
        index.used.add("position")
        elsewhere = index.base not in (None, self.start) or not index.certain
        first = None if index.first is None or offset is None else index.first + offset
        if elsewhere or (first is not None and first < 0):
            raise self.refusal(
                at, f"{index.name} is a position, and positions start elsewhere"
            )

    def _total(self, place: Linear, at: Atom) -> ast.expr:
        """The number that a sum of multiples is."""
        total: ast.expr | None = None
        for name, count in place.terms:
            known = self.index(name) or name in self.ranges or name in self.counts
            if not known:
                raise self.refusal(at, f"{name} may be a position or a count here")
            term = self.number(name, at)
            if abs(count) != 1:
                term = ast.BinOp(ast.Constant(abs(count)), ast.Mult(), term)
            if total is None:
                total = ast.UnaryOp(ast.USub(), term) if count < 0 else term
            else:
                sign = ast.Sub() if count < 0 else ast.Add()
                total = ast.BinOp(total, sign, term)
        if total is None:
            return ast.Constant(place.constant)
        return moved(total, place.constant)

    def compared(
        self, sides: Sequence[Linear], signs: Sequence[str], at: Atom
    ) -> list[ast.expr] | None:
        """The sides of a comparison of indices with each other or with numbers; None if it is no such thing."""
        names = [name for side in sides for name, _ in side.terms]
        indices = [n for n in names if self.index(n) or n in self.ranges]
        if not indices:
            return None
        kinds = {self._shift(name) for name in names}
        others = [n for n in names if n not in indices and n not in self.counts]
        if others and set(signs) - {"=", "≠"}:
            raise self.refusal(at, f"{others[0]} may be a position or a count here")
        for name in indices:
            index = self.index(name)
            run = index.run if index else ast.parse(self.ranges[name], mode="eval").body
            kept = self.indices[: self.indices.index(index)] if index else []
            for other in others:
                if not self.values.runs_through(run, other, kept):
                    raise self.refusal(at, f"{other} is no position that {name} has")
        if len(kinds) == 1 and all(side.single for side in sides):
            for name in names:
                index = self.index(name)
                if index:
                    index.used.add("compared")
                else:
                    self.uses |= {(name, "free"), (name, "position")}
            return [moved(ast.Name(side.terms[0][0]), side.constant) for side in sides]
        return [self._total(side, at) for side in sides]

    def _shift(self, name: str) -> int | str:
        """How much more than Python's the formula's number of this name is."""
        index = self.index(name)
        if index:
            through = isinstance(index.run, ast.Call)
            told = self.start if through else "itself"
            return told if index.base is None else index.base
        return 0 if name in self.counts else self.start

    def finish(self) -> None:
        """Refuse what no single place shows: a letter that means two things."""
        for name, use in sorted(self.uses):
            if use == "bound" and (name, "free") in self.uses:
                raise self.refusal(
                    None, f"{name} is an index, and stands outside of its sum, too"
                )
            number = (name, "number") in self.uses and name not in self.counts
            if use == "position" and number:
                raise self.refusal(None, f"{name} is a position and a number")

    def check(self, index: Index, at: Atom) -> None:
        """Refuse an index of a sum over things that is both thing and position."""
        both = {"number", "position"} <= index.used
        if both and index.base is None and not isinstance(index.run, ast.Call):
            raise self.refusal(at, f"{index.name} is a position and a number")
