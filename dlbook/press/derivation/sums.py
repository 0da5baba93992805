r"""Sums, products, means, maxima and minima over indices, with their bounds and conditions."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.derivation import conditions, tex
from dlbook.press.derivation.notation import is_range, offset
from dlbook.press.derivation.tex import Tex

if TYPE_CHECKING:
    from dlbook.press.derivation.printer import Printer

NAMES = {"sum": r"\sum", "prod": r"\prod", "mean": "", "max": r"\max", "min": r"\min"}


def is_sum(node: ast.AST) -> bool:
    """Whether an expression is a sum or a product over indices."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("sum", "prod")
        and len(node.args) == 1
        and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp)
    )


def big(printer: Printer, name: str, node: ast.Call) -> Tex:
    """The formula of `sum(…)` and its kin."""
    body = node.args[0] if len(node.args) == 1 else None
    if isinstance(body, ast.GeneratorExp | ast.ListComp):
        return _over_indices(printer, name, body)
    if name in ("max", "min") and node.args:
        shown = [printer.tex(argument) for argument in node.args]
        call = tex.spaced_call(f"\\{name}", tex.listed(shown))
        return replace(call, level=tex.APPLIED)
    told = f": say over what, as in {name}(x[i] for i in range(n))"
    raise printer.unknown(node, told)


def _over_indices(
    printer: Printer, name: str, node: ast.GeneratorExp | ast.ListComp
) -> Tex:
    heads = []
    kept = len(printer.loops)
    for loop in node.generators:
        if not isinstance(loop.target, ast.Name):
            raise printer.unknown(loop.target, ": a sum runs over one index at a time")
        if loop.target.id in printer.bound | printer.notation.free:
            taken = f": its index {loop.target.id} has a meaning around it"
            raise printer.unknown(node, taken)
        if name in ("max", "min"):
            heads.append(NAMES[name] + "_" + f"{{{_region(printer, loop)}}}")
        else:
            heads.append(NAMES[name] + _bounds(printer, loop))
        printer.loops.append(loop)
    if name == "mean":
        heads = [_mean(printer, node)]
    body = printer.tex(node.elt)
    del printer.loops[kept:]
    tall = 2 if name in ("max", "min") else 3
    first = "fraction" if name == "mean" else "operator"
    return tex.swallowing(" ".join(heads), body, size=tall, first=first)


def _mean(printer: Printer, node: ast.GeneratorExp | ast.ListComp) -> str:
    if len(node.generators) > 1 or node.generators[0].ifs:
        raise printer.unknown(node, ": a mean runs over one index, without condition")
    loop = node.generators[0]
    if not is_range(loop.iter):
        raise printer.unknown(loop.iter, ": a mean runs over range(…)")
    assert isinstance(loop.iter, ast.Call)
    first, last = _ends(loop.iter)
    count = last if first is None else ast.BinOp(last, ast.Sub(), first)
    return rf"\frac{{1}}{{{printer.tex(count).text}}} \sum{_bounds(printer, loop)}"


def _ends(node: ast.Call) -> tuple[ast.expr | None, ast.expr]:
    return (None, node.args[0]) if len(node.args) == 1 else (node.args[0], node.args[1])


def first_and_last(printer: Printer, node: ast.Call) -> tuple[str, str]:
    """The first and the last index of a range, counted as the derivation counts."""
    first, last = _ends(node)
    start = printer.notation.start
    below = str(start) if first is None else moved(printer, first, start)
    return below, moved(printer, last, start - 1)


def moved(printer: Printer, node: ast.expr, by: int) -> str:
    """A number plus a few; `n + 1` less one is `n`."""
    if not by and offset(node) is None:
        return printer.scripted(node).text
    rest, number = _parted(node)
    number += by
    if rest is None:
        return str(number)
    shown = printer.scripted(rest).text
    return f"{shown}{number:+d}" if number else shown


def _parted(node: ast.expr) -> tuple[ast.expr | None, int]:
    """A sum without its whole numbers, and these."""
    found = offset(node)
    if found:
        return (ast.Name(found[0]) if found[0] else None), found[1]
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub):
        return node, 0
    minus = isinstance(node.op, ast.Sub)
    (left, number), (right, other) = _parted(node.left), _parted(node.right)
    number += -other if minus else other
    if right is None:
        return left, number
    if left is None:
        return (ast.UnaryOp(ast.USub(), right) if minus else right), number
    return ast.BinOp(left, node.op, right), number


def _bounds(printer: Printer, loop: ast.comprehension) -> str:
    assert isinstance(loop.target, ast.Name)
    index = printer.scripted(loop.target).text
    if isinstance(loop.iter, ast.Call) and is_range(loop.iter):
        first, last = first_and_last(printer, loop.iter)
        below, above = f"{index}={first}", "^" + f"{{{last}}}"
    else:
        below, above = rf"{index} \in {printer.scripted(loop.iter).text}", ""
    printer.loops.append(loop)
    told = [conditions.condition(printer, condition) for condition in loop.ifs]
    printer.loops.pop()
    if told:
        lines = r" \\ ".join([below, *told])
        below = rf"\substack{{{lines}}}"
    return f"_{{{below}}}{above}"


def _region(printer: Printer, loop: ast.comprehension) -> str:
    """What stands under a maximum."""
    assert isinstance(loop.target, ast.Name)
    index = printer.scripted(loop.target).text
    if isinstance(loop.iter, ast.Call) and is_range(loop.iter):
        first, last = first_and_last(printer, loop.iter)
        below = rf"{first} \le {index} \le {last}"
    else:
        below = rf"{index} \in {printer.scripted(loop.iter).text}"
    printer.loops.append(loop)
    told = [conditions.condition(printer, condition) for condition in loop.ifs]
    printer.loops.pop()
    if told:
        lines = r" \\ ".join([below, *told])
        return rf"\substack{{{lines}}}"
    return below
