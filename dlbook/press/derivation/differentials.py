r"""Derivatives: `d(f, x)[j]` as $\frac{\partial f}{\partial x_j}$, `d(f, g(x))` as $f'(g(x))$."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.derivation import tex
from dlbook.press.derivation.tex import Tex

if TYPE_CHECKING:
    from dlbook.press.derivation.printer import Printer


def is_derivative(node: ast.expr) -> bool:
    """Whether an expression is `d(f, x)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "d"
        and len(node.args) == 2
    )


def derivative(printer: Printer, node: ast.expr, indices: list[ast.expr]) -> Tex:
    """The formula of `d(f, x)` with its indices: first those of f, then those of x."""
    assert isinstance(node, ast.Call)
    f, x = node.args
    order, inner = 1, f
    while isinstance(inner, ast.Lambda) and _again(inner, x):
        assert isinstance(inner.body, ast.Call)
        inner, order = inner.body.args[0], order + 1
    axes = printer.ndim(x)
    axes = len(indices) // order if axes is None else axes
    if not isinstance(x, ast.Name | ast.Subscript):
        return _prime(printer, node, indices, order)
    own = len(indices) - order * axes if len(indices) >= order * axes else 0
    below = _below(printer, x, indices[own:], axes, order)
    partial = axes > 0 or isinstance(x, ast.Subscript)
    sign = r"\partial" if partial else "d"
    power = f"^{order}" if order > 1 else ""
    if isinstance(inner, ast.Lambda):
        parameters = [argument.arg for argument in inner.args.args]
        if not isinstance(x, ast.Name) or parameters != [x.id]:
            why = ": its function's argument should be called as the variable is"
            raise printer.unknown(node, why)
        body = printer.tex(inner.body)
        if _factors_with(inner.body, x.id) > 1:
            body = tex.grouped(body)
        if own:
            body = tex.subscript(tex.grouped(body), printer.indices(indices[:own]))
        head = rf"\frac{{{sign}{power}}}{{{below(sign)}}}"
        return tex.swallowing(head, body, size=2, first="fraction")
    above = printer.tex(inner)
    if own:
        above = tex.subscript(above, printer.indices(indices[:own]))
    above = above if above.level == tex.ATOM else tex.grouped(above)
    top = _beside(sign + power, above.text)
    return Tex(
        rf"\frac{{{top}}}{{{below(sign)}}}", tex.FRACTION, 2, 0, "fraction", "fraction"
    )


def _factors_with(body: ast.expr, name: str) -> int:
    """How many factors of a product depend on a name: with two, it needs brackets behind a sign of differentiation."""
    if isinstance(body, ast.UnaryOp):
        return _factors_with(body.operand, name)
    if isinstance(body, ast.BinOp) and isinstance(body.op, ast.Mult | ast.MatMult):
        return _factors_with(body.left, name) + _factors_with(body.right, name)
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(body))


def _again(f: ast.Lambda, x: ast.expr) -> bool:
    """Whether a function is itself a derivative by the same variable."""
    parameters = [argument.arg for argument in f.args.args]
    return (
        isinstance(x, ast.Name)
        and parameters == [x.id]
        and is_derivative(f.body)
        and isinstance(f.body, ast.Call)
        and isinstance(f.body.args[1], ast.Name)
        and f.body.args[1].id == x.id
    )


class _Below:
    """What stands below the fraction's bar, once the sign is known."""

    def __init__(self, variables: list[str]) -> None:
        self._variables = variables

    def __call__(self, sign: str) -> str:
        parts: list[tuple[str, int]] = []
        for variable in self._variables:
            if parts and parts[-1][0] == variable:
                parts[-1] = (variable, parts[-1][1] + 1)
            else:
                parts.append((variable, 1))
        shown = [
            _beside(sign, name) + (f"^{count}" if count > 1 else "")
            for name, count in parts
        ]
        return r" \, ".join(shown) if len(shown) > 1 else shown[0]


def _below(
    printer: Printer, x: ast.expr, indices: list[ast.expr], axes: int, order: int
) -> _Below:
    shown = printer.tex(x)
    if not indices:
        return _Below([shown.text] * order)
    parts = []
    for k in range(order):
        part = indices[k * axes : (k + 1) * axes]
        parts.append(tex.subscript(shown, printer.indices(part)).text)
    return _Below(parts)


def _beside(sign: str, text: str) -> str:
    r"""`d\sigma`, `dz`, `\partial L`."""
    return f"{sign}{text}" if sign == "d" else f"{sign} {text}"


def _prime(
    printer: Printer, node: ast.Call, indices: list[ast.expr], order: int
) -> Tex:
    f, x = node.args
    if indices or order > 1 or isinstance(f, ast.Lambda) or printer.ndim(x):
        why = ": name the point at which it is taken, under given:"
        raise printer.unknown(node, why)
    head = tex.at_least(printer.tex(f), tex.ATOM)
    call = tex.bracketed(printer.tex(x), call=True)
    return replace(call, text=f"{head.text}'{call.text}", first="letter")
