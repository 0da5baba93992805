"""One piece of code in the reader's browser: it is run, what it prints is kept, and its errors are told by line."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import sys
import time
import traceback
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlbook.press.live.packing import unpack
from dlbook.press.live.slices import DEFINING
from dlbook.press.running.display import form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOT_DRAWN = "NotDrawnError"
"""What the stand-in for matplotlib raises where it does not draw."""

SHOWN = 100_000
"""The most characters of output that a cell may show in the browser."""


@dataclass(frozen=True)
class Result:
    """What a run brought.

    Args:
        text: What it printed, with the text of its last value.
        rich: That value as HTML, if it has such a form.
        error: The error that ended it; its last line names its kind.
        line: The line of the cell that the error is on, counted from 1.
        block: The number of the block that failed, if it is another one than the cell.
        drawn: Whether its last value could be shown; a browser does not draw every figure.
        seconds: How long the cell itself took.
        replayed: How many blocks had to run before it.
    """

    text: str = ""
    rich: str = ""
    error: str = ""
    line: int | None = None
    block: int | None = None
    drawn: bool = True
    seconds: float = 0.0
    replayed: int = 0


class _Output(io.TextIOBase):
    """Standard output that tells what is written as it is written, and keeps it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.text = ""
        self._tell = tell

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        room = SHOWN - len(self.text)
        if room > 0:
            self.text += text[:room]
            if len(text) > room:
                self.text += "\n… more was printed than is shown"
            self._tell(text[:room])
        return len(text)

    def warn(
        self, message: Warning | str, category: type[Warning], *_: Any, **__: Any
    ) -> None:
        """A warning is shown among what is printed."""
        self.write(f"{category.__name__}: {message}\n")


@dataclass(frozen=True)
class Piece:
    """Code that is run by itself.

    Args:
        code: The code.
        number: That of its block.
        options: The block's options, as far as they matter here: `raises`, and `alt` for a figure.
    """

    code: str
    number: int
    options: Mapping[str, str]

    @property
    def file(self) -> str:
        """What its tracebacks call it."""
        return f"<cell {self.number}>"

    def show(self, namespace: dict[str, Any], tell: Callable[[str], None]) -> Result:
        """Run it, and show its last value.

        Args:
            namespace: Where it runs.
            tell: Told what it prints, as it prints it.
        """

        def whole() -> str:
            alt = self.options.get("alt", "A figure.")
            value = self._value(namespace)
            return form(value, name=f"live-{self.number}", alt=alt)

        return self._run(whole, tell)

    def replay(self, namespace: dict[str, Any]) -> Result:
        """Run it for what others need of it: what it shows, and what is not drawn in a browser, does not matter."""

        def statement_by_statement() -> str:
            passed_over = False
            for statement in ast.parse(self.code, self.file).body:
                try:
                    self._execute(statement, namespace)
                except Exception as error:
                    # what is drawn into a figure that is not drawn has no name
                    if _is_not_drawn(error) or (
                        passed_over and isinstance(error, NameError)
                    ):
                        passed_over = True
                    else:
                        raise
            return ""

        return self._run(statement_by_statement, lambda _: None)

    def load(self, namespace: dict[str, Any], values: Mapping[str, Any]) -> Result:
        """Instead of running it: its imports, as far as they can be had, its functions, and its kept values."""

        def definitions() -> str:
            for statement in ast.parse(self.code, self.file).body:
                if isinstance(statement, DEFINING):
                    with contextlib.suppress(ModuleNotFoundError):
                        self._execute(statement, namespace)
            namespace.update(unpack(values))
            return ""

        return self._run(definitions, lambda _: None)

    def _run(self, what: Callable[[], str], tell: Callable[[str], None]) -> Result:
        lines = [f"{line}\n" for line in self.code.split("\n")]
        linecache.cache[self.file] = (len(self.code), None, lines, self.file)
        output = _Output(tell)
        error, line, rich, drawn = "", None, "", True
        kept, begun = sys.__stdout__, time.perf_counter()
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            warnings.catch_warnings(),
        ):
            sys.__stdout__ = output  # type: ignore[misc, assignment]
            warnings.simplefilter("always")
            warnings.showwarning = output.warn
            try:
                rich = what()
            except BaseException as raised:
                drawn = not _is_not_drawn(raised)
                if type(raised).__name__ == self.options.get("raises"):
                    output.write(f"{type(raised).__name__}: {raised}\n")
                else:
                    line, error = self._told(raised)
            finally:
                sys.__stdout__ = kept  # type: ignore[misc]
        seconds = time.perf_counter() - begun
        return Result(output.text, rich, error, line, drawn=drawn, seconds=seconds)

    def _value(self, namespace: dict[str, Any]) -> Any:
        """Run the code; returns its last value, if it ends with an expression."""
        body = ast.parse(self.code, self.file).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        self._execute(body, namespace)
        if not isinstance(last, ast.Expr):
            return None
        expression = ast.Expression(last.value)
        return eval(
            compile(expression, self.file, "eval", dont_inherit=True), namespace
        )

    def _execute(
        self, body: ast.stmt | list[ast.stmt], namespace: dict[str, Any]
    ) -> None:
        module = ast.Module(body if isinstance(body, list) else [body], [])
        exec(compile(module, self.file, "exec", dont_inherit=True), namespace)

    def _told(self, error: BaseException) -> tuple[int | None, str]:
        """The line that an error is on, and the error as a reader wants to see it."""
        if _is_not_drawn(error):
            return None, str(error)
        trace = traceback.TracebackException.from_exception(error)
        own = [i for i, f in enumerate(trace.stack) if f.filename == self.file]
        line = trace.stack[own[0]].lineno if own else None
        shown = trace.stack[own[0] :] if own else []
        trace.stack = traceback.StackSummary.from_list(shown)
        if isinstance(error, SyntaxError) and error.filename == self.file:
            line = error.lineno
        told = "".join(trace.format()).replace(f'File "{self.file}", line', "Line")
        return line, told.replace(", in <module>\n", "\n").rstrip()


def _is_not_drawn(error: BaseException) -> bool:
    return type(error).__name__ == NOT_DRAWN
