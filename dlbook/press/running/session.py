"""One page's code, executed from top to bottom in a namespace of its own.

`run_page` takes and returns plain data, so that a page can run in a process of its own beside others.
"""

from __future__ import annotations

import ast
import contextlib
import errno
import linecache
import os
import re
import signal
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlbook.press.listing import source
from dlbook.press.live.changes import Fingerprints
from dlbook.press.live.frozen import LONGEST, SECONDS, is_frozen
from dlbook.press.live.packing import pack
from dlbook.press.live.slices import names
from dlbook.press.problems import Problem
from dlbook.press.reading.fences import PARTS
from dlbook.press.running.capture import SHOWN, Capture
from dlbook.press.running.display import display, moves, show
from dlbook.press.running.limits import FILE, give_air
from dlbook.press.runs import stored_run
from dlbook.press.table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlbook.press.derivation.check import CheckedLine
    from dlbook.press.reading.scan import Slot


MACHINERY = {str(Path(__file__).with_name(f"{n}.py")) for n in ("capture", "recorder")}
"""Files that stand in a traceback because of how pages are run."""

DIGITS = 10
"""The most digits of a number that an inline value may show."""


@dataclass
class Outcome:
    """What one slot came to. Nothing in it depends on where the slot stands in its file.

    Args:
        text: What it printed, with the text of its last value.
        rich: That value as HTML, if it has such a form (a table, a listing, a figure's SVG).
        problem: What went wrong.
        lines: The lines of a derivation, with what checking them brought.
        changed: The names of the page that it changed.
        kept: Of a frozen block, the values of these names, packed.
        play: Of a figure that moves, its name, its script, and trials of its function.
    """

    text: str = ""
    rich: str = ""
    problem: Problem | None = None
    lines: list[CheckedLine] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    play: dict[str, Any] = field(default_factory=dict)


class Session:
    """A page's namespace and the code that ran in it.

    Args:
        page: The page's file, relative to the project; tracebacks name it.
        root: The project's folder; every slot starts there.
        capture: What is printed goes here.
        astray: Errors that were raised where the page's code does not see them, or may have caught them.
    """

    def __init__(
        self, page: str, root: str, capture: Capture, astray: list[BaseException]
    ) -> None:
        self.page = page
        self.root = root
        self.namespace: dict[str, Any] = {
            "__name__": "__page__",
            "source": source,
            "table": table,
            "stored_run": stored_run,
        }
        self.parts: dict[str, dict[str, Slot]] = {}
        self._capture = capture
        self._astray = astray
        self._process = os.getpid()
        self._lines: list[str] = []
        self._prints = Fingerprints(self.namespace)

    def fill(self, slot: Slot) -> Outcome:
        """Execute one slot; any failure whatever becomes a problem."""
        from numpy import errstate  # noqa: PLC0415  only a process that runs a page needs NumPy

        self._show_to_tracebacks(slot)
        outcome = Outcome()
        failure: BaseException | None = None
        self._capture.begin()
        begun = time.process_time()
        try:
            with (
                contextlib.chdir(self.root),
                warnings.catch_warnings(),
                errstate(),
            ):
                warnings.simplefilter("error")
                getattr(self, f"_{slot.kind}")(slot, outcome)
                wait_for_threads()
            if self._astray:
                raise self._astray[0]
            self._refuse_to_keep_waiting(slot, time.process_time() - begun)
        except BaseException as error:
            failure = error
        signal.setitimer(signal.ITIMER_REAL, 0)  # an alarm is not for later blocks
        if os.getpid() != self._process:  # a copy that the block forked off ends here
            if failure:
                traceback.print_exception(failure)
            os._exit(failure is not None)
        outcome.text = self._capture.end()
        if failure is None and slot.kind in ("block", "value"):
            self._note_changes(slot, outcome)
        if failure is None and len(outcome.text) > SHOWN:
            told = f"the block printed {len(outcome.text):,} characters; at most {SHOWN:,} are shown"
            return Outcome(problem=Problem(self.page, slot.line, told))
        return Outcome(problem=self._problem(slot, failure)) if failure else outcome

    def _refuse_to_keep_waiting(self, slot: Slot, seconds: float) -> None:
        """A block that computes for long must not run in a reader's browser for the sake of those after it."""
        frozen = slot.kind != "block" or is_frozen(slot.options, slot.code)
        if seconds > LONGEST and not frozen:
            told = f'the block computed for {seconds:.1f} s; from {SECONDS:g} s on it is written frozen="on"'
            raise ValueError(told)

    def _note_changes(self, slot: Slot, outcome: Outcome) -> None:
        """Note which names the slot has changed; of a frozen block, keep their values."""
        if slot.kind == "value" and "(" not in slot.code:
            return  # a value that calls nothing changes nothing
        before, self._prints = self._prints, Fingerprints(self.namespace)
        outcome.changed = before.changed(self._prints, names(slot.code).loads)
        if is_frozen(slot.options, slot.code):
            made = {name: self.namespace.get(name) for name in outcome.changed}
            outcome.kept, _ = pack(made)

    def _show_to_tracebacks(self, slot: Slot) -> None:
        """Let a traceback find the page's lines as they are executed: without the indentation of their box."""
        code = [f"{line}\n" for line in slot.code.split("\n")]
        first = slot.line - 1
        self._lines += ["\n"] * (first + len(code) - len(self._lines))
        self._lines[first : first + len(code)] = code
        linecache.cache[self.page] = (len(self._lines), None, self._lines, self.page)

    def _block(self, slot: Slot, outcome: Outcome) -> None:
        expected = slot.options.get("raises")
        if expected is None:
            value = self._execute(slot.code, slot.line, self.namespace)
            outcome.rich = display(value, slot)
            outcome.play = moves(value, slot)
            return
        try:
            self._execute(slot.code, slot.line, self.namespace)
        except Exception as error:
            if expected != type(error).__name__:
                error.add_note(f"the block should raise {expected}")
                raise
            show(f"{type(error).__name__}: {error}\n")
            return
        raise AssertionError(f"the block should raise {expected}, and raised nothing")

    def _value(self, slot: Slot, _: Outcome) -> None:
        value = self._execute(slot.code, slot.line, self.namespace)
        text = str(value)
        if isinstance(value, float) and _digits(text) > DIGITS:
            told = f"inline value: {text} has more digits than survive another CPU"
            raise ValueError(f"{told}; print it with a format, such as .3f")
        if value is None or text == "":
            raise ValueError(f"inline value: expected something to show, got {value!r}")
        show(text)

    def _derivation(self, slot: Slot, outcome: Outcome) -> None:
        from dlbook.press.derivation.check import check  # noqa: PLC0415  most pages have none

        assert slot.derivation is not None
        outcome.lines = check(slot.derivation, self.namespace)

    def _exercise(self, slot: Slot, _: Outcome) -> None:
        """Once all parts of an exercise are there: its solution passes its checks, its starter fails them."""
        name = slot.options["exercise"]
        parts = self.parts.setdefault(name, {})
        if slot.options["part"] in parts:
            raise ValueError(f"exercise {name!r} has a second {slot.options['part']}")
        parts[slot.options["part"]] = slot
        if len(parts) < len(PARTS):
            return
        said = self._try(parts["starter"], parts["check"])
        if said is None:
            raise AssertionError(
                f"exercise {name!r}: the starter passes the checks, so they check nothing"
            )
        if not isinstance(said, AssertionError):
            told = "its starter has to run, and to fail by an assert of its checks"
            said.add_note(f"exercise {name!r}: {told}")
            raise said
        said = self._try(parts["solution"], parts["check"])
        if said is not None:
            said.add_note(f"exercise {name!r}: its solution fails its checks")
            raise said

    def _try(self, answer: Slot, check: Slot) -> Exception | None:
        """What an answer fails its checks with; None if it passes."""
        namespace = dict(self.namespace)
        try:
            for part in (answer, check):
                self._execute(part.code, part.line, namespace)
        except Exception as error:
            return error.with_traceback(error.__traceback__)
        return None

    def _execute(self, code: str, line: int, namespace: dict[str, Any]) -> Any:
        """Run a piece of code whose lines are those of the page; the value of a last expression is returned."""
        tree = ast.parse("\n" * (line - 1) + code, self.page)
        last = (
            tree.body.pop()
            if tree.body and isinstance(tree.body[-1], ast.Expr)
            else None
        )
        exec(self._compiled(tree, "exec"), namespace)
        if not isinstance(last, ast.Expr):
            return None
        return eval(self._compiled(ast.Expression(last.value), "eval"), namespace)

    def _compiled(self, tree: ast.Module | ast.Expression, mode: str) -> Any:
        """As a reader's interpreter would compile it, and with its asserts even under `python -O`."""
        return compile(tree, self.page, mode, dont_inherit=True, optimize=0)

    def _problem(self, slot: Slot, error: BaseException) -> Problem:
        if isinstance(error, MemoryError):
            give_air()
        trace = traceback.TracebackException.from_exception(error)
        own = [i for i, frame in enumerate(trace.stack) if frame.filename == self.page]
        # the first line of the page: the last may be in a helper that an earlier block defined
        line = trace.stack[own[0]].lineno if own else None
        shown = trace.stack[own[0] :] if own else []
        trace.stack = traceback.StackSummary.from_list(
            [frame for frame in shown if frame.filename not in MACHINERY]
        )
        if isinstance(error, SyntaxError) and error.filename == self.page:
            line = error.lineno
        if slot.kind == "derivation" and hasattr(error, "line"):
            return Problem(self.page, error.line, f"{trace}")
        told = "".join(trace.format()).rstrip()
        # str(trace), not str(error): that may raise
        whole = f"{type(error).__name__}: {trace}\n{told}"
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            whole = f"a page prints at most {FILE:,} bytes, and writes no larger file: {whole}"
        if len(whole) > SHOWN:
            whole = f"{whole[: SHOWN // 2]}\n…\n{whole[-SHOWN // 2 :]}"
        return Problem(self.page, line or slot.line, whole)

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


def _digits(text: str) -> int:
    """How many digits of a number are written, leading zeros and its exponent left out."""
    mantissa = text.lower().partition("e")[0]
    return len(re.sub(r"\D", "", mantissa).lstrip("0"))


def wait_for_threads() -> None:
    """A thread belongs to the block that started it; one that is a daemon is free to go on."""
    this = threading.current_thread()
    while waited := [
        thread
        for thread in threading.enumerate()
        if thread is not this and not thread.daemon
    ]:
        for thread in waited:
            thread.join()


def run_page(
    page: str,
    slots: Sequence[Slot],
    root: str,
    *,
    started: Callable[[int], None],
    astray: list[BaseException],
) -> tuple[list[Outcome], list[Problem]]:
    """Fill a page's slots in order; after a failure the rest of the page is left alone.

    Args:
        page: The page's file, relative to the project.
        slots: What to execute.
        root: The project's folder, where the code runs.
        started: Told the line of each slot before it runs.
        astray: Where errors are put that the page's code does not see; each fails the slot that is running.

    Returns:
        One outcome per slot that ran, and what is wrong with the page as a whole.
    """
    threading.excepthook = lambda args: astray.append(args.exc_value or SystemExit())
    sys.unraisablehook = lambda args: astray.append(
        args.exc_value or RuntimeError(args.err_msg)
    )
    outcomes: list[Outcome] = []
    with Capture() as capture:
        session = Session(page, root, capture, astray)
        for slot in slots:
            started(slot.line)
            outcomes.append(session.fill(slot))
            if outcomes[-1].problem:
                return outcomes, []
    return outcomes, session.unfinished()
