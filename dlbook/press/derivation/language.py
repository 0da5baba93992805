"""What a derivation's expressions are made of: the functions whose formulas the printer knows, and their meaning.

A call of one of them always means what its formula says, whatever a page calls by the same name: `exp(z)` is the
exponential, `d(f, x)` the derivative, also on a page where `d` is a number of features.
"""

from __future__ import annotations

import ast
import builtins
import functools
import math
from collections.abc import Callable, Iterable, Mapping
from types import CodeType, GeneratorType
from typing import Any

import numpy as np

from dlbook.press.derivation import calculus

_PREFIX = "__derivation_"
_TERMS = (GeneratorType, list)  # what a big sign joins; arrays in them are wholes


def _total(values: Any, start: Any = 0) -> Any:
    return builtins.sum(values, start)


def _product(values: Any) -> Any:
    return math.prod(values) if isinstance(values, _TERMS) else np.prod(values)


def _mean(values: Any) -> Any:
    terms = isinstance(values, _TERMS)
    return np.mean(list(values), axis=0) if terms else np.mean(values)


def _extreme(reduce: Any, pair: Any, *values: Any) -> Any:
    if len(values) > 1:
        return functools.reduce(pair, values)
    terms = isinstance(values[0], _TERMS)
    return reduce(list(values[0]), axis=0) if terms else reduce(values[0])


def _norm(x: Any, order: Any = None) -> Any:
    return np.linalg.norm(x, order)


def _inner(x: Any, y: Any) -> Any:
    return np.sum(np.multiply(x, y))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": _total,
    "prod": _product,
    "mean": _mean,
    "max": functools.partial(_extreme, np.max, np.maximum),
    "min": functools.partial(_extreme, np.min, np.minimum),
    "norm": _norm,
    "inner": _inner,
    "d": calculus.d,
}
FUNCTIONS |= {
    name: getattr(np, name)
    for name in (
        [
            "exp",
            "log",
            "sqrt",
            "abs",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "arctan",
            "floor",
            "ceil",
        ]
    )
}
CONSTANTS: dict[str, Any] = {"pi": np.pi, "inf": np.inf, "np": np}


def _place(index: Any) -> Any:
    """An index of a formula's array; there is none below the first."""
    places = np.asarray(index)
    if np.issubdtype(places.dtype, np.integer) and (places < 0).any():
        told = (
            f"index {places.min()}: the indices of a formula do not count from the end"
        )
        raise IndexError(told)
    return index


class Derivatives:
    """`d`, remembering what it computed: a gradient is taken once, not once for each of its elements."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes, tuple[int, ...]], Any] = {}

    def __call__(self, f: Any, x: Any, function: str = "") -> Any:
        """The derivative of f at x.

        Args:
            f: The function.
            x: The point.
            function: The function's name, by which to remember; nothing if it is another one each time.
        """
        if not function:
            return calculus.d(f, x)
        point = calculus.number(x)
        key = (function, point.tobytes(), point.shape)
        if key not in self._known:
            self._known[key] = calculus.d(f, x)
        return self._known[key]


def environment(values: Mapping[str, Any]) -> dict[str, Any]:
    """A namespace in which expressions are evaluated: the language's names, and those of the page."""
    own: dict[str, Any] = {_PREFIX + name: f for name, f in FUNCTIONS.items()}
    own |= {f"{_PREFIX}d": Derivatives(), f"{_PREFIX}place": _place}
    return {**FUNCTIONS, **CONSTANTS, **values, **own}


def redefined(values: Mapping[str, Any]) -> str:
    """A name of the language under which a function of another meaning stands, or nothing."""
    for name, function in FUNCTIONS.items():
        value = values.get(name)
        if callable(value) and value is not function:
            return name
    return ""


def compiled(expression: str, changing: Iterable[str] = ()) -> CodeType:
    """An expression, ready to be evaluated.

    Args:
        expression: Python.
        changing: Names with several values on one input, as indices have.
    """
    tree = ast.parse(expression, mode="eval")
    loops = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    tree = _Language({*changing, *loops, *arguments}).visit(tree)
    return compile(ast.fix_missing_locations(tree), "<expression>", "eval")


def compiled_statements(code: str, line: int, name: str) -> CodeType:
    """Statements, ready to run, that know their lines of the file."""
    tree = _Language(None).visit(ast.parse(code))
    ast.increment_lineno(ast.fix_missing_locations(tree), line - 1)
    return compile(tree, name, "exec")


class _Language(ast.NodeTransformer):
    """Makes calls of the language's functions mean just these.

    Args:
        changing: Names that a remembered function must not depend on; None where nothing is remembered.
    """

    def __init__(self, changing: set[str] | None) -> None:
        self._changing = changing

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Rename the function of a call; tell `d` by which name to remember."""
        function = node.args[0] if node.args else None
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            return node
        name = node.func.id
        node.func.id = _PREFIX + name
        if name == "d" and self._changing is not None and len(node.args) == 2:
            assert function is not None
            if self._is_fixed(function):
                node.args.append(ast.Constant(ast.unparse(function)))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Hold computed indices, also those of slices, against the first place."""
        self.generic_visit(node)
        if self._changing is None:
            return node
        if isinstance(node.slice, ast.Tuple):
            node.slice.elts = [self._held(one) for one in node.slice.elts]
        else:
            node.slice = self._held(node.slice)
        return node

    def _held(self, index: ast.expr) -> ast.expr:
        if isinstance(index, ast.Slice):
            index.lower = self._held(index.lower) if index.lower else None
            index.upper = self._held(index.upper) if index.upper else None
            return index
        if not any(isinstance(node, ast.Name) for node in ast.walk(index)):
            return index  # a literal -1 says itself that it counts from the end
        return ast.Call(ast.Name(f"{_PREFIX}place", ast.Load()), [index], [])

    def _is_fixed(self, function: ast.expr) -> bool:
        assert self._changing is not None
        own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        return not (named - own) & self._changing
