"""Names with what stands at their corners and behind them: elements, powers, transposes, calls, slopes."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dlbook.press.derivation import atoms as single
from dlbook.press.derivation.algebra import Value, call
from dlbook.press.derivation.places import moved
from dlbook.press.derivation.symbols import Pattern
from dlbook.press.derivation.templates import walk
from dlbook.press.derivation.tokens import Atom, UnreadableError, split

if TYPE_CHECKING:
    from dlbook.press.derivation.reader import Line, Reader


def instance(reader: Reader, line: Line) -> tuple[Value, Atom] | None:
    """An instance of the symbol table that starts here, and its last atom with the scripts beyond it."""
    scope = reader.scope
    found = []
    for symbol in reader.table:
        literal = symbol.literal_names
        if not symbol.is_open and not any(scope.index(name) for name in literal):
            found += symbol.instances(line.atoms, line.at)
    if not found:
        return None
    at = line.atoms[line.at]
    most = max(one.symbol.weight for one in found)
    best = [one for one in found if one.symbol.weight == most]
    if len(best) > 1:
        told = " or ".join(one.symbol.template for one in best)
        raise scope.refusal(at, f"fits the symbol table in several ways: {told}")
    template, rest = best[0].symbol.template, best[0].rest
    if best[0].count == 1 and rest.sub and scope.joined(at):
        raise scope.refusal(at, f"may be {template} with an index, or a name")
    if best[0].count > 1 and rest.kind != "group" and rest != rest.bare():
        raise scope.refusal(at, f"does the script belong to all of {template}?")
    line.at += best[0].count
    parts = {}
    for name, atoms in best[0].parts.items():
        if _is_place(reader, best[0].symbol.pattern, name, atoms):
            length = _length(reader, best[0].symbol.pattern.tree, name)
            parts[name] = place(reader, atoms, length, at)
        else:
            parts[name] = _content(reader, atoms)
    scope.uses |= {(name, "free") for name in best[0].symbol.literal_names}
    node = best[0].symbol.filled(parts)
    function = isinstance(node, ast.Name) and scope.is_function(node.id)
    return Value(node, callable=function), rest


def _is_place(
    reader: Reader, pattern: Pattern, name: str, atoms: tuple[Atom, ...]
) -> bool:
    """Whether a wildcard is a position; an argument of a function is one only if an index stands in it."""
    if name not in pattern.arguments:
        return name in pattern.scripts
    scope = reader.scope
    spelled = [scope.spell(atom) for atom in walk(atoms) if atom.kind == "letter"]
    return any(one and (scope.index(one) or one in scope.ranges) for one in spelled)


def _length(reader: Reader, pattern: ast.expr, name: str) -> int | None:
    """The length of the array's axis for which a wildcard is the index, if it is that."""
    if not isinstance(pattern, ast.Subscript) or not isinstance(
        pattern.value, ast.Name
    ):
        return None
    places = (
        pattern.slice.elts if isinstance(pattern.slice, ast.Tuple) else [pattern.slice]
    )
    shape = np.shape(reader.scope.names.get(pattern.value.id, 0))
    axes = [i for i, one in enumerate(places) if ast.unparse(one) == name]
    return shape[axes[0]] if axes and axes[0] < len(shape) else None


def _content(reader: Reader, atoms: tuple[Atom, ...]) -> ast.expr:
    """What stands for a wildcard: an expression, or a function's name."""
    if len(atoms) == 1 and atoms[0].kind in ("letter", "word") and not atoms[0].sub:
        name = reader.scope.spell(atoms[0])
        if name and reader.scope.is_function(name) and atoms[0] == atoms[0].bare():
            return ast.Name(name)
    return reader.side(atoms)


def name(reader: Reader, line: Line) -> tuple[Value, Atom]:
    """A letter or an upright word, and the atom with the scripts that are not part of its name."""
    scope = reader.scope
    _refuse_words(reader, line)
    at = _differential(reader, line)
    joined, base = scope.joined(at), scope.spell(at)
    if at.text == "e" and at.sup and not at.sub:
        return single.exponential(reader, at), at.bare()
    if joined:
        if base and _is_element(reader, base, at):
            raise scope.refusal(
                at, f"expected one reading, got {joined} and an element of {base}"
            )
        base, at = joined, replace(at, sub=())
    if base is None or (base == "d" and not scope.is_quantity("d")):
        raise scope.refusal(at, f"expected a name that is known here, got {at.text}")
    if scope.is_function(base):
        scope.uses.add((base, "free"))
        return Value(ast.Name(base), callable=True), at
    if at.sub and not scope.index(base):
        scope.uses.add((base, "free"))
        return Value(ast.Name(base)), at
    if not scope.is_quantity(base):
        raise scope.refusal(at, f"{base}: expected a number or an array")
    return Value(scope.number(base, at)), at


def _refuse_words(reader: Reader, line: Line) -> None:
    """Letters typed side by side that spell a name: is it the name or a product?"""
    word = ""
    for i, atom in enumerate(line.atoms[line.at :]):
        if atom.kind != "letter" or len(atom.text) > 1:
            break
        if atom.place != line.atoms[line.at].place + i:
            break
        word += atom.text
        if (
            len(word) > 1
            and reader.scope.knows(word)
            and not _is_gradient(reader, word)
        ):
            told = f"expected \\mathrm{{{word}}} or a product with spaces"
            raise reader.scope.refusal(atom, told)
        if atom != atom.bare():
            break


def _is_gradient(reader: Reader, word: str) -> bool:
    return word[0] == "d" and not reader.scope.is_quantity("d")


def _differential(reader: Reader, line: Line) -> Atom:
    """The next atom; `dz` as one if that is a name."""
    at, behind = line.next(), line.peek()
    if at != Atom("letter", "d") or behind is None or behind.kind != "letter":
        return at
    word = f"d{behind.text}"
    if not reader.scope.knows(word):
        return at
    if reader.scope.is_quantity("d"):
        raise reader.scope.refusal(
            at, f"expected one reading, got {word} and a product with d"
        )
    line.next()
    return replace(behind, text=word)


def _is_element(reader: Reader, base: str, at: Atom) -> bool:
    """Whether a letter with its subscript may be an element of an array."""
    before = set(reader.scope.uses)
    try:
        element(reader, Value(ast.Name(base)), at)
    except UnreadableError:
        return False
    finally:
        reader.scope.uses = before
    return True


def postfix(reader: Reader, line: Line, value: Value, at: Atom) -> Value:
    """A value with the scripts of its last atom; a function with its argument."""
    scope = reader.scope
    if not value.callable:
        if at.primes:
            raise scope.refusal(
                at, "expected a function before a prime, or a symbol of the table"
            )
        return scripts(reader, value, at)
    if at.sup:
        raise scope.refusal(
            at, "a power of a function: expected it behind the argument"
        )
    own = tuple(places(reader, at.sub, None, at)) if at.sub else ()
    group = line.peek()
    if group is None or group.kind != "group" or group.text != "(":
        if at.primes:
            raise scope.refusal(
                at, "expected an argument in round brackets behind the prime"
            )
        return replace(value, own=own)
    line.next()
    arguments = [_content(reader, part) for part in split(group.parts[0], ",")]
    node: ast.expr = ast.Call(value.node, arguments, [])
    if at.primes:
        if at.primes > 1 or len(arguments) > 1:
            raise scope.refusal(at, "expected one prime and one argument")
        node = call("d", value.node, arguments[0])
    return scripts(reader, Value(indexed(node, own)), group)


def scripts(reader: Reader, value: Value, at: Atom) -> Value:
    """A value with the subscript and the superscript of an atom."""
    norm = isinstance(value.node, ast.Call) and at.kind == "group" and at.text == "‖"
    if at.sub and norm:
        if at.sub not in ((Atom("number", "1"),), (Atom("number", "2"),)):
            raise reader.scope.refusal(
                at, "expected no norm but those of index 1 and 2"
            )
        assert isinstance(value.node, ast.Call)
        order = ast.Constant(int(at.sub[0].text))
        value = Value(call("norm", value.node.args[0], order))
    elif at.sub:
        value = element(reader, value, at)
    if not at.sup:
        return value
    sup = at.sup
    if sup == (Atom("command", "top"),) or (
        sup == (Atom("letter", "T"),) and not reader.scope.knows("T")
    ):
        return reader.algebra.transposed(value, at)
    if sup[0].is_sign("⊙"):
        exponent = reader.whole(sup[1:])
        return replace(value, node=ast.BinOp(value.node, ast.Pow(), exponent.node))
    if len(sup) == 1 and sup[0].kind == "group":
        raise reader.scope.refusal(
            at, "a superscript in brackets: expected it in the table"
        )
    if at.kind == "fraction":
        raise reader.scope.refusal(at, "a power of a fraction: expected brackets")
    return reader.algebra.power(value, reader.whole(sup), at)


def element(reader: Reader, value: Value, at: Atom) -> Value:
    """An element of an array."""
    shape = reader.scope.shape(value.node, at)
    found = places(reader, at.sub, shape, at)
    if len(found) != len(shape):
        told = f"expected {len(shape)} indices, got {len(found)}"
        raise reader.scope.refusal(at, told)
    return Value(indexed(value.node, tuple(found)))


def indexed(node: ast.expr, indices: tuple[ast.expr, ...]) -> ast.expr:
    """An expression with indices, if there are any."""
    if not indices:
        return node
    inside = indices[0] if len(indices) == 1 else ast.Tuple(list(indices), ast.Load())
    return ast.Subscript(node, inside, ast.Load())


def places(
    reader: Reader, atoms: tuple[Atom, ...], shape: tuple[int, ...] | None, at: Atom
) -> list[ast.expr]:
    """The indices of a subscript: between commas, or letters and digits side by side."""
    parts = split(atoms, ",")
    simple = all(a == a.bare() and a.kind in ("letter", "number") for a in atoms)
    many = shape is None or len(shape) > 1
    if len(parts) == 1 and simple and many:
        if shape is None and len(atoms) > 1 and any(a.kind == "number" for a in atoms):
            raise reader.scope.refusal(at, "expected indices with commas")
        parts = [(one,) for atom in atoms for one in _characters(atom)]
    lengths: list[int | None] = [None] * len(parts)
    if shape is not None and len(shape) == len(parts):
        lengths = list(shape)
    pairs = zip(parts, lengths, strict=True)
    return [place(reader, part, length, at) for part, length in pairs]


def _characters(atom: Atom) -> list[Atom]:
    if atom.kind != "number":
        return [atom]
    return [replace(atom, text=digit) for digit in atom.text]


def place(
    reader: Reader, atoms: tuple[Atom, ...], length: int | None, at: Atom
) -> ast.expr:
    """One index."""
    scope = reader.scope
    if any(atom.is_sign(":") for atom in atoms):
        ends = split(atoms, ":")
        if len(ends) != 2:
            raise scope.refusal(at, "expected one colon")
        return _slice(reader, *ends)
    linear = scope.linear(atoms)
    if linear:
        return scope.position(linear, length, at)
    if len(atoms) == 1 and atoms[0].kind == "letter" and atoms[0].sub:
        return reader.side(atoms)  # an element of an array of positions
    raise scope.refusal(atoms[0] if atoms else at, "expected an index")


def _slice(reader: Reader, first: tuple[Atom, ...], last: tuple[Atom, ...]) -> ast.expr:
    start = reader.scope.start
    lower = moved(reader.side(first), -start) if first else None
    upper = moved(reader.side(last), 1 - start) if last else None
    none = isinstance(lower, ast.Constant) and lower.value == 0
    return ast.Slice(None if none else lower, upper)
