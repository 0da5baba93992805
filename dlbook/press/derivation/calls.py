r"""Calls of functions: those that have a way of being written, $e^{x}$, $\ln x$, $\lVert x \rVert$, and all others."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.derivation import differentials, sums, tex
from dlbook.press.derivation.notation import name_tex
from dlbook.press.derivation.tex import Tex

if TYPE_CHECKING:
    from dlbook.press.derivation.printer import Printer

OPERATORS = {"sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"}
ENCLOSED = {"abs": "|", "norm": "||", "inner": "<", "floor": "floor", "ceil": "ceil"}


def call(printer: Printer, node: ast.Call) -> Tex:
    """The formula of a call."""
    name = node.func.id if isinstance(node.func, ast.Name) else library(node.func)
    if node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
        raise printer.unknown(node)
    if differentials.is_derivative(node):
        return differentials.derivative(printer, node, [])
    if name in sums.NAMES:
        return sums.big(printer, name, node)
    arguments = node.args
    if len(arguments) == 1 and name:
        simple = _known(printer, name, arguments[0])
        if simple:
            return simple
    shown = [printer.tex(argument) for argument in arguments]
    inner = tex.listed(shown)
    if name in ENCLOSED:
        if name == "norm" and len(arguments) > 1:
            return tex.subscript(tex.bracketed(shown[0], "||"), shown[1].text)
        return tex.bracketed(inner, ENCLOSED[name])
    if isinstance(node.func, ast.Attribute) and not name:
        raise printer.unknown(node, ": a method has none")
    head = _head(printer, node.func, name)
    call = tex.bracketed(inner, call=True)
    return replace(
        call,
        text=head.text + call.text,
        first="operator" if head.text.startswith(r"\operatorname") else "letter",
    )


def _head(printer: Printer, func: ast.expr, name: str) -> Tex:
    if isinstance(func, ast.Name) and printer.notation.symbol(func, printer.bound):
        return printer.tex(func)
    if name:
        shown = name_tex(name)
        return Tex(shown.replace(r"\mathrm", r"\operatorname"))
    if isinstance(func, ast.Subscript | ast.Call):
        return tex.at_least(printer.tex(func), tex.ATOM)
    raise printer.unknown(func)


def _known(printer: Printer, name: str, argument: ast.expr) -> Tex | None:
    """Functions of one argument that are written in a way of their own."""
    if name == "exp":
        return _exp(printer, argument)
    if name == "log":
        return tex.applied(r"\ln", printer.tex(argument))
    if name in OPERATORS:
        return tex.applied(f"\\{name}", printer.tex(argument))
    if name == "sqrt":
        inner = printer.tex(argument)
        return Tex(
            rf"\sqrt{{{inner.text}}}", size=max(inner.size, 1), depth=inner.depth
        )
    return None


def _exp(printer: Printer, argument: ast.expr) -> Tex:
    wide = any(sums.is_sum(part) for part in ast.walk(argument))
    if wide and not printer.small:
        inner = tex.spaced_call(r"\exp", printer.tex(argument))
        return replace(inner, level=tex.APPLIED)
    text = f"e^{{{printer.scripted(argument).text}}}"
    return Tex(text, tex.POWER, 1, 0, "letter", "script", sup=True)


def library(node: ast.expr) -> str:
    """The function's name in `np.exp` or `np.linalg.norm`, else nothing."""
    head: ast.expr = node
    while isinstance(head, ast.Attribute):
        head = head.value
    known = isinstance(head, ast.Name) and head.id in ("np", "numpy", "math")
    return node.attr if known and isinstance(node, ast.Attribute) else ""
