"""What a block's code tells before it runs: that it is empty, checks nothing, or draws a figure that nobody sees."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlbook.press.reading.scan import Slot

_BY_THE_AXES = re.compile(r"\.figure\b|\bget_figure\b|\bgcf\b")


def faults(slot: Slot) -> Iterator[tuple[int, str]]:
    """What is wrong with one block's code, each with its line."""
    lines = [line for line in slot.code.split("\n") if line.strip()]
    if lines and all(line.lstrip().startswith("#") for line in lines):
        yield slot.line, "an empty block: it holds nothing but comments"
    elif slot.options.get("part") == "check" and not any(
        isinstance(node, ast.Assert | ast.Raise)
        for statement in _statements(slot)
        for node in ast.walk(statement)
    ):
        told = "the checks of an exercise hold neither an assert nor a raise, so nothing can fail them"
        yield slot.line, told


def figures_never_shown(slots: Sequence[Slot]) -> Iterator[tuple[int, str]]:
    """Figures that a block makes by `subplots(…)` and that no block shows.

    A figure counts as shown if its name is read later, other than to get at a method of it, before the name goes
    to another one; if a block ends with an expression of its axes; if a function reads the name; or if any figure
    is reached through its axes. So one may be missed, but what is told is true.
    """
    if any(_BY_THE_AXES.search(slot.code) for slot in slots):
        return
    for i, slot in enumerate(slots):
        if slot.kind == "block" and "subplots(" in slot.code:
            statements = _statements(slot)
            for k, node in enumerate(statements):
                figure, *axes = _figure(node) or [""]
                if not figure or "raises" in slot.options:
                    continue
                told = f"the figure {figure!r} is made and never shown: let a block end with it"
                rest = statements[k + 1 :]
                if not _shown(figure, axes, rest, slots[i + 1 :]) and not any(
                    figure in _read_by_functions(other) for other in slots
                ):
                    yield slot.line + node.lineno - 1, told


def _shown(
    figure: str, axes: list[str], rest: list[ast.stmt], slots: Sequence[Slot]
) -> bool:
    """Whether a figure is read in the rest of its block or in the slots after it."""
    for statements in (rest, *map(_statements, slots)):
        for node in statements:
            read = _read(node)
            ends = node is statements[-1] and isinstance(node, ast.Expr)
            if figure in read or (ends and not read.isdisjoint(axes)):
                return True
            if figure in _figure(node):
                return False
    return False


def _figure(node: ast.stmt) -> list[str]:
    """The names of a figure and its axes, if a statement makes them: `figure, axes = plot.subplots(…)`."""
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).split(".")[-1] == "subplots"
    ):
        return [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
    return []


def _read(tree: ast.AST) -> set[str]:
    """The names that are read, other than to get at something of theirs."""
    nodes = list(ast.walk(tree))
    at_something = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    return {
        node.id
        for node in nodes
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and id(node) not in at_something
    }


def _read_by_functions(slot: Slot) -> set[str]:
    nodes = [node for top in _statements(slot) for node in ast.walk(top)]
    functions = [
        node for node in nodes if isinstance(node, ast.FunctionDef | ast.Lambda)
    ]
    return {name for function in functions for name in _read(function)}


def _statements(slot: Slot) -> list[ast.stmt]:
    """The code's statements; none if it is not Python, which is told when it runs."""
    if slot.kind == "derivation":
        return []
    try:
        return ast.parse(slot.code).body
    except (SyntaxError, ValueError):
        return []
