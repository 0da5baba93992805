r"""What takes all that follows: sums, products and maxima over indices, and derivatives.

$\sum_{i=1}^n$ runs over `range(n)` if the first position is called 1. Below the sign may stand $i=1$,
$1 \le i \le n$, $i \in S$, an index whose range is known, and conditions.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from dlbook.press.derivation import atoms as single
from dlbook.press.derivation.algebra import Value, call, free
from dlbook.press.derivation.places import Index, moved
from dlbook.press.derivation.subscripts import indexed, places, postfix
from dlbook.press.derivation.tokens import Atom, UnreadableError, split

_SPACE = re.compile(r"\\[,;:]\s*(\\[A-Za-z]+\s*)?$")

if TYPE_CHECKING:
    from dlbook.press.derivation.reader import Line, Reader


def over_indices(reader: Reader, line: Line) -> Value:
    """A sum or its kin with all that it takes."""
    at = line.next()
    indices, conditions = _below(reader, at)
    scope = reader.scope
    with scope.inside(indices, at):
        tests = [single.relation(reader, condition, at) for condition in conditions]
        body = reader.signed(line)
        for index in indices:
            scope.check(index, at)
    names = {index.name for index in indices}
    if at.text != "sum" and len(body.parts) > 1 and not free(body.parts[-1]) & names:
        told = "ends with a factor without its index: expected brackets"
        raise scope.refusal(at, f"{at.text}: {told}")
    loops = [
        ast.comprehension(ast.Name(index.name, ast.Store()), index.run, [], 0)
        for index in indices
    ]
    loops[-1].ifs = tests
    return Value(call(at.text, ast.GeneratorExp(body.node, loops)))


def _below(reader: Reader, at: Atom) -> tuple[list[Index], list[tuple[Atom, ...]]]:
    """The indices and conditions that stand below a sign."""
    scope = reader.scope
    lines = split(at.sub, r"\\")
    clauses = [part for line in lines for part in split(line, ",")]
    letters: list[Atom] = []
    while clauses and len(clauses[0]) == 1 and clauses[0][0].kind == "letter":
        letters += clauses.pop(0)
    head = clauses[0] if clauses else ()
    signs = [atom.text for atom in head if atom.is_sign("=≤≠<>≥")]
    if signs == ["="] and len(head) > 2 and head[1].is_sign("="):
        return _ranged(reader, [*letters, head[0]], head[2:], at.sup, at), clauses[1:]
    if at.sup and signs != ["="]:
        raise scope.refusal(at, "expected no upper bound without i=1 below")
    if signs == ["≤", "≤"]:
        first, middle, last = split(head, "≤")
        return _ranged(reader, [*letters, *middle], first, last, at), clauses[1:]
    if not letters and len(head) > 2 and head[1] == Atom("command", "in"):
        domain = reader.side(head[2:]) if len(head) > 3 else _domain(reader, head[2])
        return [Index(_letter(reader, head[0]), domain, None)], clauses[1:]
    if not letters and signs == ["≠"]:
        letters = [head[0]]
    if not letters:
        raise scope.refusal(at, "expected an index below the sign")
    return [_known(reader, letter) for letter in letters], clauses


def _letter(reader: Reader, atom: Atom) -> str:
    if atom.kind != "letter" or atom != atom.bare():
        raise reader.scope.refusal(atom, "expected a letter as the index")
    return atom.text if atom.text != "lambda" else "lambda_"


def _domain(reader: Reader, atom: Atom) -> ast.expr:
    """What an index runs through, by its name."""
    name = reader.scope.spell(atom) if atom == atom.bare() else None
    if name is None or reader.scope.index(name):
        raise reader.scope.refusal(
            atom, "expected the name of what the index runs through"
        )
    reader.scope.uses.add((name, "free"))
    return ast.Name(name)


def _known(reader: Reader, letter: Atom) -> Index:
    """An index that has no bounds here, but a range."""
    name, scope = _letter(reader, letter), reader.scope
    if name not in scope.ranges:
        raise scope.refusal(letter, "expected bounds, as the range is not known")
    run = ast.parse(scope.ranges[name], mode="eval").body
    if any(scope.index(other) for other in free(run)):
        raise scope.refusal(letter, "its range is another one inside of this sum")
    base = scope.start if scope.told and isinstance(run, ast.Call) else None
    return Index(name, run, base)


def _ranged(
    reader: Reader,
    letters: list[Atom],
    lower: tuple[Atom, ...],
    upper: tuple[Atom, ...],
    at: Atom,
) -> list[Index]:
    """Indices with their bounds, which are counted as the formula counts."""
    scope = reader.scope
    if not upper:
        raise scope.refusal(at, "expected an upper bound")
    first, last = reader.side(lower), reader.side(upper)
    zero = isinstance(first, ast.Constant) and first.value == 0
    base = 0 if zero else scope.start
    certain = zero or scope.told or scope.start == 1
    first, last = moved(first, -base), moved(last, 1 - base)
    number = first.value if isinstance(first, ast.Constant) else None
    run = call("range", *([last] if number == 0 else [first, last]))
    low = number if isinstance(number, int) else None
    return [Index(_letter(reader, one), run, base, low, certain) for one in letters]


def derivative(reader: Reader, line: Line) -> Value | None:
    r"""A fraction of differentials, $\frac{\partial L}{\partial z_j}$ or $\frac{d}{dx} …$, if this is one."""
    at = line.atoms[line.at]
    above, below = at.parts
    if not above or not below or not _is_d(above[0]) or not _is_d(below[0]):
        return None
    if above[0].bare() != below[0]:
        return None
    scope = reader.scope
    if above[0].text == "d" and above[0].kind == "letter" and scope.is_quantity("d"):
        if len(below) < 2 or below[1].kind not in ("letter", "word"):
            return None
        _refuse_fraction(reader, at)
    order = _order(reader, above[0])
    name, indices, count = _variables(reader, below, at)
    if count != order:
        raise scope.refusal(at, f"a derivative of order {order} by {count} variables")
    line.next()
    if len(above) > 1:
        value = _function(reader, above[1:], name, at)
    else:
        if at != at.bare():
            raise scope.refusal(at, "expected no script at an operator")
        value = _operand(reader, line, name, at)
    node = value.node
    for step in range(order):
        inner = node if step == 0 else _lambda(name, node)
        node = call("d", inner, ast.Name(name))
    result = Value(indexed(node, (*value.own, *indices)))
    behind = line.peek()
    bracket = behind is not None and behind.kind == "group" and behind.text == "("
    if behind and bracket and not _SPACE.search(scope.tex[: behind.place]):
        told = r"at this point, or times it? expected \, or \cdot before the bracket"
        raise scope.refusal(behind, told)
    return postfix(reader, line, result, at)


def _is_d(atom: Atom) -> bool:
    kinds = {("command", "partial"), ("letter", "d"), ("word", "d")}
    return (atom.kind, atom.text) in kinds and not atom.sub and not atom.primes


def _order(reader: Reader, atom: Atom) -> int:
    if not atom.sup:
        return 1
    if len(atom.sup) > 1 or not atom.sup[0].text.isdigit():
        raise reader.scope.refusal(
            atom, "expected a number as the order of the derivative"
        )
    return int(atom.sup[0].text)


def _refuse_fraction(reader: Reader, at: Atom) -> None:
    """Where d is a number, a fraction of products may be meant."""
    before = set(reader.scope.uses)
    try:
        single.atom(reader, at)
    except UnreadableError:
        reader.scope.uses = before
    else:
        raise reader.scope.refusal(
            at, "d is a number here: expected \\mathrm{d} or \\partial"
        )


def _variables(
    reader: Reader, below: tuple[Atom, ...], at: Atom
) -> tuple[str, list[ast.expr], int]:
    """The variable of a derivative, its indices, and how often it is there."""
    scope = reader.scope
    found: set[str] = set()
    indices: list[ast.expr] = []
    count = 0
    if len(below) % 2:
        raise scope.refusal(at, "expected one variable below the bar, behind its d")
    for sign, atom in zip(below[::2], below[1::2], strict=True):
        if sign != below[0] or atom.kind not in ("letter", "word") or atom.primes:
            raise scope.refusal(atom, "expected a name behind the d")
        times = _order(reader, atom)
        name = scope.joined(atom) or scope.spell(atom)
        if name is None or scope.index(name) or not scope.is_quantity(name):
            raise scope.refusal(atom, "expected the name of a number or an array")
        scope.uses.add((name, "free"))
        if atom.sub and name != scope.joined(atom):
            shape = scope.shape(ast.Name(name), atom)
            own = places(reader, atom.sub, shape, atom)
            if len(own) != len(shape):
                raise scope.refusal(
                    atom, f"expected {len(shape)} indices, got {len(own)}"
                )
            indices += own * times
        found.add(name)
        count += times
    if len(found) > 1:
        raise scope.refusal(
            at, f"expected one variable, got {' and '.join(sorted(found))}"
        )
    return found.pop(), indices, count


def _function(reader: Reader, atoms: tuple[Atom, ...], name: str, at: Atom) -> Value:
    """What is differentiated, above the bar."""
    from dlbook.press.derivation.reader import Line  # noqa: PLC0415

    line = Line(atoms)
    value = reader.factor(line)
    if line.peek():
        raise reader.scope.refusal(line.peek(), "expected one function above the bar")
    return value if value.callable else _of(reader, value, name, at)


def _operand(reader: Reader, line: Line, name: str, at: Atom) -> Value:
    """What is differentiated, behind the bar."""
    start = line.at
    value = reader.factor(line)
    if value.callable:
        behind = line.peek()
        if behind and not behind.is_sign("+-"):
            raise reader.scope.refusal(
                behind, "expected +, - or the end behind the function"
            )
        return value
    line.at = start
    value = reader.product(line)
    if sum(name in free(part) for part in value.parts) > 1:
        told = "several factors depend on the variable: expected brackets"
        raise reader.scope.refusal(at, told)
    return _of(reader, value, name, at)


def _of(reader: Reader, value: Value, name: str, at: Atom) -> Value:
    if name not in free(value.node):
        raise reader.scope.refusal(
            at, f"expected a function, or what depends on {name}"
        )
    return Value(_lambda(name, value.node))


def _lambda(name: str, body: ast.expr) -> ast.expr:
    arguments = ast.arguments([], [ast.arg(name)], None, [], [], None, [])
    return ast.Lambda(arguments, body)
