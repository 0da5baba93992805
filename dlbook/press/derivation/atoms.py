"""What single atoms are: numbers, brackets, fractions, roots, comparisons, cases, and named functions."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.derivation.algebra import Value, call
from dlbook.press.derivation.tokens import Atom, split

if TYPE_CHECKING:
    from dlbook.press.derivation.reader import Line, Reader

_COMPARISONS: dict[str, type[ast.cmpop]] = {"=": ast.Eq, "≠": ast.NotEq}
_COMPARISONS |= {"<": ast.Lt, "≤": ast.LtE, ">": ast.Gt, "≥": ast.GtE}
_ENCLOSED = {"|": "abs", "‖": "norm", "⌊": "floor", "⌈": "ceil"}


def atom(reader: Reader, at: Atom) -> Value:
    """The value of an atom that is no letter, without its scripts.

    Args:
        reader: Reads what it holds.
        at: The atom.

    Raises:
        UnreadableError: If it is no number, group, fraction, root or distinction of cases.
    """
    known = {"group": _group, "fraction": _fraction, "root": _root, "cases": _cases}
    if at.kind == "number":
        number = float(at.text) if "." in at.text else int(at.text)
        return Value(ast.Constant(number), literal=True)
    if at.kind in known:
        return known[at.kind](reader, at)
    if at.kind == "command" and at.text == "infty":
        return Value(ast.Name("inf"))
    raise reader.scope.refusal(at, f"expected a factor, got {at.kind} {at.text}")


def _fraction(reader: Reader, at: Atom) -> Value:
    above, below = (reader.whole(part) for part in at.parts)
    return replace(reader.algebra.over(above, below, at), factors=())


def _root(reader: Reader, at: Atom) -> Value:
    radicand = reader.whole(at.parts[0])
    if not at.parts[1]:
        return reader.algebra.function("sqrt", radicand, at)
    degree = reader.whole(at.parts[1])
    if not degree.literal:
        raise reader.scope.refusal(at, "expected a number as the root's degree")
    inverse = Value(ast.BinOp(ast.Constant(1), ast.Div(), degree.node))
    return reader.algebra.power(radicand, inverse, at)


def _group(reader: Reader, at: Atom) -> Value:
    """What stands in brackets of any kind."""
    inside = at.parts[0]
    if at.text == "[" and any(a.is_sign("".join(_COMPARISONS)) for a in inside):
        return Value(relation(reader, inside, at))
    if at.text == "⟨":
        sides = [reader.whole(part) for part in split(inside, ",")]
        if [reader.algebra.ndim(side, at) for side in sides] != [1, 1]:
            raise reader.scope.refusal(at, "expected two vectors, as in ⟨u, v⟩")
        return Value(ast.BinOp(sides[0].node, ast.MatMult(), sides[1].node))
    if at.text == "{":
        raise reader.scope.refusal(at, "expected round or square brackets, got a set")
    value = reader.whole(inside)
    if at.text in ("(", "["):
        return Value(value.node, row=value.row, literal=value.literal)
    name = _ENCLOSED[at.text]
    axes = reader.algebra.ndim(value, at)
    if axes > (name == "norm"):
        raise reader.scope.refusal(at, f"{name} of an array of {axes} axes")
    return Value(call(name, value.node))


def relation(reader: Reader, atoms: tuple[Atom, ...], at: Atom) -> ast.expr:
    """A comparison, which is true or false.

    Args:
        reader: Reads its sides.
        atoms: All of it.
        at: Where it stands.

    Raises:
        UnreadableError: If it is none, or a name in it may be a position or a count.
    """
    sides: list[tuple[Atom, ...]] = [()]
    signs: list[str] = []
    for one in atoms:
        if one.kind == "sign" and one.text in _COMPARISONS:
            signs.append(one.text)
            sides.append(())
        else:
            sides[-1] += (one,)
    if not signs:
        raise reader.scope.refusal(at, "expected a comparison")
    linear = [known for side in sides if (known := reader.scope.linear(side))]
    nodes = None
    if len(linear) == len(sides):
        nodes = reader.scope.compared(linear, signs, at)
    if nodes is None:
        nodes = [reader.side(side) for side in sides]
    ops = [_COMPARISONS[sign]() for sign in signs]
    return ast.Compare(nodes[0], ops, nodes[1:])


def _cases(reader: Reader, at: Atom) -> Value:
    """Values under conditions; the last row must be otherwise."""
    values, conditions = at.parts[::2], at.parts[1::2]
    if conditions[-1:] != ((Atom("text", "otherwise"),),):
        told = r"cases: expected \text{otherwise} in the last row"
        raise reader.scope.refusal(at, told)
    node = reader.side(values[-1])
    for value, condition in list(zip(values, conditions, strict=True))[-2::-1]:
        if condition[:1] != (Atom("text", "if"),):
            told = r"cases: expected \text{if} and a comparison"
            raise reader.scope.refusal(at, told)
        test = relation(reader, condition[1:], at)
        node = ast.IfExp(test, reader.side(value), node)
    return Value(node)


def applied(reader: Reader, line: Line) -> Value:
    r"""A named function with its argument, in brackets or as the one factor behind it.

    Args:
        reader: Reads the argument.
        line: Where the function is the next.

    Raises:
        UnreadableError: If the function has a script that may belong to its argument or its value.
    """
    at = line.next()
    name = "log" if at.text == "ln" else at.text
    whole = len(at.sup) == 1 and at.sup[0].text.isdigit()
    if at.primes or at.sub or (at.sup and not whole):
        told = f"{name}: expected no script but a whole power"
        raise reader.scope.refusal(at, told)
    argument = line.peek()
    several = name in ("max", "min")
    brackets = "([{" if several else "(["
    if argument and argument.kind == "group" and argument.text in brackets:
        line.next()
        parts = split(argument.parts[0], ",")
        if argument != argument.bare():
            told = f"{name}: does the script belong to the argument?"
            raise reader.scope.refusal(argument, told)
        if len(parts) > 1 and not several:
            raise reader.scope.refusal(argument, f"{name}: expected one argument")
        values, tight = [reader.whole(part) for part in parts], False
    else:
        values, tight = [reader.operand(line)], True
    if several:
        value = Value(call(name, *(value.node for value in values)))
    else:
        value = reader.algebra.function(name, values[0], at)
    if at.sup:
        value = reader.algebra.power(value, reader.whole(at.sup), at)
    return replace(value, tight=tight)


def exponential(reader: Reader, at: Atom) -> Value:
    """`e` with its exponent.

    Args:
        reader: Reads the exponent.
        at: The letter and its superscript.

    Raises:
        UnreadableError: If e is a name.
    """
    if reader.scope.knows("e"):
        raise reader.scope.refusal(at, "e is a name here: expected \\exp")
    return reader.algebra.function("exp", reader.whole(at.sup), at)
