"""One page's code, executed from top to bottom in a namespace of its own.

`run_page` takes and returns plain data, so that a page can run in a process of its own beside others.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import threading
import traceback
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dlbook.press.listing import source
from dlbook.press.problems import Problem
from dlbook.press.runs import stored_run
from dlbook.press.scan import COMMENT_OPTIONS, PARTS
from dlbook.press.table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlbook.press.scan import Slot


@dataclass
class Outcome:
    """What one slot came to.

    Args:
        text: What it printed, with the text of its last value.
        rich: That value as HTML, if it has such a form (a table, a listing, a figure's SVG).
        problem: What went wrong.
    """

    text: str = ""
    rich: str = ""
    problem: Problem | None = None


@dataclass
class Session:
    """A page's namespace and the code that ran in it.

    Args:
        page: The page's file, relative to the project; tracebacks name it.
        root: The project's folder; every slot starts there.
    """

    page: str
    root: str
    namespace: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Slot]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.namespace = {
            "__name__": "__page__",
            "source": source,
            "table": table,
            "stored_run": stored_run,
        }
        self.astray: list[Any] = []  # what was raised where nothing could catch it
        threading.excepthook = self.astray.append
        sys.unraisablehook = self.astray.append

    def fill(self, slot: Slot) -> Outcome:
        """Execute one slot; any failure whatever becomes a problem."""
        out = io.StringIO()
        try:
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(out),
                contextlib.chdir(self.root),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("error")
                rich = getattr(self, f"_{slot.kind}")(slot)
            if self.astray:
                raise self.astray[0].exc_value
        except BaseException as error:
            return Outcome(problem=self._problem(slot, error))
        return Outcome(out.getvalue(), rich)

    def _block(self, slot: Slot) -> str:
        expected = slot.options.get("raises")
        if expected is None:
            return display(self._execute(slot.code, slot.line, self.namespace), slot)
        try:
            self._execute(slot.code, slot.line, self.namespace)
        except Exception as error:
            if expected != type(error).__name__:
                raise
            print(f"{type(error).__name__}: {error}")
            return ""
        raise AssertionError(f"the block should raise {expected}, and raised nothing")

    def _value(self, slot: Slot) -> str:
        value = self._execute(slot.code, slot.line, self.namespace)
        if value is None or str(value) == "":
            raise ValueError(f"inline value: expected something to show, got {value!r}")
        sys.stdout.write(str(value))
        return ""

    def _exercise(self, slot: Slot) -> str:
        """Once all parts of an exercise are there: its solution passes its checks, its starter fails them."""
        name = slot.options["exercise"]
        parts = self.parts.setdefault(name, {})
        if slot.options["part"] in parts:
            raise ValueError(f"exercise {name!r} has a second {slot.options['part']}")
        parts[slot.options["part"]] = slot
        if len(parts) == len(PARTS):
            try:
                self._try(parts["starter"], parts["check"])
            except AssertionError:
                pass
            else:
                raise AssertionError(
                    f"exercise {name!r}: the starter passes the checks, so they check nothing"
                )
            self._try(parts["solution"], parts["check"])
        return ""

    def _try(self, answer: Slot, check: Slot) -> None:
        namespace = dict(self.namespace)
        for part in (answer, check):
            self._execute(part.code, part.line, namespace)

    def _execute(self, code: str, line: int, namespace: dict[str, Any]) -> Any:
        """Run a piece of code whose lines are those of the page; the value of a last expression is returned."""
        tree = ast.parse("\n" * (line - 1) + code, self.page)
        last = (
            tree.body.pop()
            if tree.body and isinstance(tree.body[-1], ast.Expr)
            else None
        )
        exec(compile(tree, self.page, "exec"), namespace)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), self.page, "eval"), namespace)

    def _problem(self, slot: Slot, error: BaseException) -> Problem:
        trace = traceback.TracebackException.from_exception(error)
        own = [i for i, frame in enumerate(trace.stack) if frame.filename == self.page]
        # the first line of the page: the last may be in a helper that an earlier block defined
        line = trace.stack[own[0]].lineno if own else None
        trace.stack = traceback.StackSummary.from_list(
            trace.stack[own[0] :] if own else []
        )
        if isinstance(error, SyntaxError) and error.filename == self.page:
            line = error.lineno
        told = "".join(trace.format()).rstrip()
        return Problem(
            self.page, line or slot.line, f"{type(error).__name__}: {error}\n{told}"
        )

    def unfinished(self) -> list[Problem]:
        """Exercises that lack a part."""
        problems = []
        for name, parts in self.parts.items():
            missing = [part for part in PARTS if part not in parts]
            if missing:
                line = next(iter(parts.values())).line
                problems.append(
                    Problem(
                        self.page,
                        line,
                        f"exercise {name!r} lacks its {' and its '.join(missing)}",
                    )
                )
        return problems


def display(value: Any, slot: Slot) -> str:
    """A block's last value: rich if it has a rich form, else printed; a figure must be described."""
    is_figure = "matplotlib.figure.Figure" in [
        f"{cls.__module__}.{cls.__name__}" for cls in type(value).__mro__
    ]
    described = [name for name in COMMENT_OPTIONS if name in slot.options]
    if described and not is_figure:
        told = (
            f"{' and '.join(described)} given, but the block's last value is no figure"
        )
        raise ValueError(told)
    if value is None:
        return ""
    if is_figure:
        from dlbook.press.svg import figure_svg  # noqa: PLC0415  only pages that draw need it

        missing = [n for n in COMMENT_OPTIONS if not slot.options.get(n, "").strip()]
        if missing:
            raise ValueError(
                f"figure without {', '.join(missing)}: give each on a line `#| name: …` at the block's head"
            )
        return figure_svg(
            value, name=slot.options["label"].replace(":", "-"), alt=slot.options["alt"]
        )
    if hasattr(value, "_repr_html_"):
        return str(value._repr_html_())
    text = repr(value)
    if " at 0x" in text:
        raise ValueError(
            f"the block's last value shows an address, another on every run: {text}"
        )
    print(text)
    return ""


def run_page(
    page: str, slots: Sequence[Slot], root: str, *, started: Callable[[int], None]
) -> tuple[list[Outcome], list[Problem]]:
    """Fill a page's slots in order; after a failure the rest of the page is left alone.

    Args:
        page: The page's file, relative to the project.
        slots: What to execute.
        root: The project's folder, where the code runs.
        started: Told the line of each slot before it runs.

    Returns:
        One outcome per slot that ran, and what is wrong with the page as a whole.
    """
    session = Session(page, root)
    outcomes: list[Outcome] = []
    for slot in slots:
        started(slot.line)
        outcomes.append(session.fill(slot))
        if outcomes[-1].problem:
            return outcomes, []
    return outcomes, session.unfinished()
