"""Pages side by side, each in a process of its own.

The processes are forked from a small server that has NumPy and matplotlib loaded and nothing of `dlbook`:
a fork costs milliseconds, and a page always sees the package as it stands on disk.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from dlbook.press.problems import Problem
from dlbook.press.running.process import work
from dlbook.press.running.uses import Uses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from dlbook.press.reading.scan import Scan
    from dlbook.press.running.session import Outcome

# One thread each for the linear algebra: pages share the cores, and sums come out in the same order.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["MPLBACKEND"] = "agg"

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["numpy", "mkdocs.__main__", "dlbook.press.running.warm"]
)


FONTS = "DLBOOK_PRESS_FONTS"
"""The variable that tells `warm.py` the figures' fonts while the server starts."""


@dataclass
class Ran:
    """What running a page brought.

    Args:
        outcomes: One for each slot that ran.
        problems: What is wrong with the page as a whole, such as the death of its process.
        uses: What the page used.
        seconds: How long it ran, from its first slot on.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    uses: Uses = field(default_factory=Uses)
    seconds: float = 0.0


class _Running:
    """A page that is being executed."""

    def __init__(self, scan: Scan, root: str, fonts: Sequence[str]) -> None:
        self.page = scan.page
        self.line: int | None = None
        self.begun = time.monotonic()
        self._scratch = tempfile.mkdtemp(prefix="page-")
        self.pipe: Connection
        self.pipe, its_end = _context.Pipe(duplex=False)
        payload = pickle.dumps((scan.page, scan.slots))
        self.process: BaseProcess = _context.Process(
            target=work,
            args=(its_end, payload, root, fonts, self._scratch),
            kwargs={"environment": dict(os.environ)},
        )
        self.process.start()
        its_end.close()

    def hear(self, limit: float) -> Ran | None:
        """Take what the process has to say; its end, in whatever way, is returned."""
        alive = self.process.is_alive()  # asked first: its last words may come now
        while self.pipe.poll():
            try:
                message: Any = self.pipe.recv()
            except (EOFError, OSError):
                return self._died()
            if isinstance(message, int):
                if self.line is None:
                    self.begun = time.monotonic()
                self.line = message
            elif isinstance(message, str):
                return self._failed(f"the press failed here:\n{message}")
            else:
                outcomes, problems, uses = message
                return Ran(outcomes, problems, uses, self._seconds())
        if not alive:
            return self._died()
        if self._seconds() >= limit:
            return self._failed(f"the page's time limit of {limit:g} s cut this block")
        return None

    def end(self) -> None:
        """Leave nothing behind: no process, no file."""
        assert self.process.pid
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()  # it may not lead a group of its own yet
        self.process.join()
        self.pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _seconds(self) -> float:
        return time.monotonic() - self.begun

    def _failed(self, told: str) -> Ran:
        problem = Problem(self.page, self.line or 1, told)
        return Ran(problems=[problem], seconds=self._seconds())

    def _died(self) -> Ran:
        self.process.join()
        code = self.process.exitcode or 0
        if code >= 0:
            return self._failed(f"the page's process died here, with exit code {code}")
        name = signal.Signals(-code).name
        reason = ": out of memory?" * (name == "SIGKILL")
        return self._failed(f"the page's process was killed by {name} here{reason}")


def run_pages(
    scans: Sequence[Scan],
    root: str,
    fonts: Sequence[str],
    *,
    limit: float,
    progress: bool,
) -> dict[str, Ran]:
    """Execute the slots of all pages; returns what each brought, by its name. A page without slots starts no process.

    Args:
        scans: The pages; those with the most slots are begun first, as many at a time as there are cores.
        root: The project's folder.
        fonts: The figures' fonts, as TrueType files.
        limit: The most seconds that a page may take.
        progress: Whether to show on a terminal how far it is.
    """
    ran = {scan.page: Ran() for scan in scans}
    waiting = sorted(
        (scan for scan in scans if scan.slots), key=lambda scan: len(scan.slots)
    )
    if waiting:
        os.environ[FONTS] = os.pathsep.join(fonts)
        forkserver.ensure_running()
        del os.environ[FONTS]
    running: list[_Running] = []
    atexit.register(_end, running)  # who interrupts a build need not wait for its pages
    # disable=None: only on a terminal
    hidden = None if progress else True
    bar = tqdm(total=len(waiting), unit="page", leave=False, disable=hidden)
    try:
        while waiting or running:
            while waiting and len(running) < _cores():
                running.append(_Running(waiting.pop(), root, fonts))
            next_limit = min(one.begun for one in running) + limit
            heard: list[Any] = [one.pipe for one in running]
            heard += [one.process.sentinel for one in running]
            wait(heard, max(0.0, next_limit - time.monotonic()))
            for one in list(running):
                result = one.hear(limit)
                if result is not None:
                    ran[one.page] = result
                    running.remove(one)
                    one.end()
                    bar.update()
    finally:
        _end(running)
        atexit.unregister(_end)
        bar.close()
    return ran


def _end(running: list[_Running]) -> None:
    for one in running:
        one.end()


def _cores() -> int:
    """As many cores as this process may use."""
    return (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1
    )
