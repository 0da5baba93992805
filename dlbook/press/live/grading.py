"""An answer to an exercise, graded: which check failed, on which line, and what stood on its two sides."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import traceback
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

LONGEST = 200
"""The most characters of a value that are shown."""

_ANSWER, _CHECKS = "<your answer>", "<the checks>"


def grade(namespace: Mapping[str, Any], answer: str, checks: str) -> dict[str, Any]:
    """Execute an answer, then its checks, on a copy of the page's names.

    Args:
        namespace: The names that the page has at this place.
        answer: What the reader wrote.
        checks: The checks: code with asserts.

    Returns:
        `passed`, what was printed as `output`, and the `failure`, or None: `where` it is (`answer` or `checks`), its
        `line` there and the `source` on it, the `message`, and for an assert its `number` `of` all asserts and the
        `values` of its operands, as pairs of an expression and what it came to.
    """
    names = dict(namespace)
    output = io.StringIO()
    failure = None
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("always")
        try:
            for code, file in ((answer, _ANSWER), (checks, _CHECKS)):
                lines = [f"{line}\n" for line in code.split("\n")]
                linecache.cache[file] = (len(code), None, lines, file)
                exec(compile(code, file, "exec", dont_inherit=True, optimize=0), names)
        except BaseException as error:
            failure = _failure(error, answer, checks)
    printed = output.getvalue()
    return {"passed": failure is None, "output": printed, "failure": failure}


def _failure(error: BaseException, answer: str, checks: str) -> dict[str, Any]:
    """What went wrong, and where."""
    kind = type(error).__name__
    found: dict[str, Any] = {
        "where": "answer",
        "line": None,
        "source": "",
        "values": [],
    }
    found |= {"number": None, "of": None, "message": f"{kind}: {error}"}
    if isinstance(error, SyntaxError) and error.filename == _ANSWER:
        return found | {"line": error.lineno, "message": f"{kind}: {error.msg}"}
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in (_ANSWER, _CHECKS)
    ]
    if not frames:
        return found
    frame, line = frames[-1]
    if frame.f_code.co_filename == _ANSWER:
        return found | _at(line, answer)
    found |= {"where": "checks"} | _at(frames[0][1], checks)
    asserts = sorted(
        (n for n in ast.walk(ast.parse(checks)) if isinstance(n, ast.Assert)),
        key=lambda node: node.lineno,
    )
    here = [n for n in asserts if n.lineno <= line <= (n.end_lineno or n.lineno)]
    if isinstance(error, AssertionError) and here:
        found |= {"number": asserts.index(here[-1]) + 1, "of": len(asserts)}
        asserted = ast.get_source_segment(checks, here[-1].test) or ""
        found["line"], found["message"] = here[-1].lineno, str(error)
        found["source"] = f"assert {' '.join(asserted.split())}"
        found["values"] = list(_values(here[-1].test, frame))
    return found


def _at(line: int, code: str) -> dict[str, Any]:
    lines = code.split("\n")
    source = lines[line - 1].strip() if line <= len(lines) else ""
    return {"line": line, "source": source}


def _values(test: ast.expr, frame: FrameType) -> Iterator[tuple[str, str]]:
    """The operands of what was asserted, each with its value: worked out once more, where the assert failed."""
    for part in _operands(test):
        if isinstance(part, ast.Constant):
            continue
        code = compile(ast.Expression(part), _CHECKS, "eval", dont_inherit=True)
        with contextlib.suppress(Exception), np.printoptions(threshold=12, precision=6):
            yield ast.unparse(part), _short(eval(code, frame.f_globals, frame.f_locals))


def _operands(test: ast.expr) -> list[ast.expr]:
    match test:
        case ast.Compare():
            sides = [test.left, *test.comparators]
            return [inner for side in sides for inner in (_inside(side) or [side])]
        case ast.BoolOp():
            return [inner for value in test.values for inner in _operands(value)]
        case ast.UnaryOp():
            return _operands(test.operand)
        case ast.Call(args=[]) if isinstance(test.func, ast.Attribute):
            return [test.func.value]
        case ast.Call():
            return [*test.args]
    return [test]


def _inside(side: ast.expr) -> list[ast.expr]:
    """Of `abs(a - b)`, what is compared with a tolerance: `a` and `b`."""
    inner: ast.expr = side
    while isinstance(inner, ast.Call) and (len(inner.args) == 1 or not inner.args):
        if inner.args:
            inner = inner.args[0]
        elif isinstance(inner.func, ast.Attribute):
            inner = inner.func.value
        else:
            break
    if (
        inner is not side
        and isinstance(inner, ast.BinOp)
        and isinstance(inner.op, ast.Sub)
    ):
        return [inner.left, inner.right]
    return []


def _short(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
