"""`source(obj)`: the package's own lines, on the page."""

from __future__ import annotations

import ast
import functools
import html
import inspect
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlbook


@functools.cache
def _python() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415  only a build of the book has Pygments
    from pygments.lexers import PythonLexer  # noqa: PLC0415

    return PythonLexer(), HtmlFormatter(nowrap=True)


def highlight(code: str) -> str:
    """Python code as highlighted HTML; in a reader's browser, where there is no Pygments, without colors."""
    try:
        from pygments import highlight as colored  # noqa: PLC0415
    except ModuleNotFoundError:
        text = html.escape(code)
    else:
        text = colored(code, *_python())
    return f'<div class="highlight"><pre><code>{text}</code></pre></div>'


@dataclass(frozen=True)
class Listing:
    """Lines of the package.

    Args:
        code: The lines, without the docstrings.
        where: The file, relative to the project.
        first: The first line's number.
        last: The last line's number.
    """

    code: str
    where: str
    first: int
    last: int

    def _repr_html_(self) -> str:
        where = f"{html.escape(self.where)}, lines {self.first}–{self.last}"
        return f'<div class="press-source"><div class="press-where">{where}</div>{highlight(self.code)}</div>'


def source(obj: Any) -> Listing:
    """The very lines of an object of the package, with its docstring left out.

    Args:
        obj: A primitive, function, method or class of `dlbook`.

    Raises:
        TypeError: If it is not defined in the package.

    Examples:
        >>> from dlbook.ops import sigmoid
        >>> print(source(sigmoid).code.splitlines()[1])
        def sigmoid(z: Float[Array, "..."], /) -> Rule:
    """
    target = inspect.unwrap(getattr(obj, "rule", obj))
    if isinstance(target, property):
        target = target.fget
    module = getattr(target, "__module__", None) or ""
    if not module.startswith("dlbook."):
        raise TypeError(
            f"source: obj: expected something defined in dlbook, got {obj!r}"
        )
    lines, first = inspect.getsourcelines(target)
    file = Path(inspect.getfile(target)).relative_to(
        Path(dlbook.__file__).parent.parent
    )
    code = _without_docstrings(textwrap.dedent("".join(lines)))
    return Listing(code, file.as_posix(), first, first + len(lines) - 1)


def _without_docstrings(code: str) -> str:
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            text = node.body[0]
            for i in range(text.lineno - 1, text.end_lineno or text.lineno):
                lines[i] = "\0"
            after = text.end_lineno or text.lineno
            if after < len(lines) and not lines[after].strip():
                lines[after] = "\0"
    return "\n".join(line for line in lines if line != "\0") + "\n"
