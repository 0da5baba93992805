"""Pages side by side, each in a process of its own.

The processes are forked from a small server that has NumPy and matplotlib loaded and nothing of `dlbook`:
a fork costs milliseconds, and a page always sees the package as it stands on disk.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from dlbook.press.problems import Problem
from dlbook.press.session import Outcome, run_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from dlbook.press.scan import Scan

# One thread each for the linear algebra: pages share the cores, and sums come out in the same order.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["MPLBACKEND"] = "agg"

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["numpy", "matplotlib.figure", "matplotlib.backends.backend_svg", "mkdocs.__main__"]
)


def prepare(fonts: Sequence[str]) -> None:
    """What a page's process does first: take the figures' fonts, and print arrays to digits that any CPU gives."""
    import numpy as np  # noqa: PLC0415  loaded in the page's process, not in the one that serves
    from matplotlib import font_manager  # noqa: PLC0415

    np.set_printoptions(precision=6, suppress=True, linewidth=76)
    for path in fonts:
        font_manager.fontManager.addfont(path)


def _work(pipe: Connection, scan: Scan, root: str, fonts: Sequence[str]) -> None:
    """A page's process: tells the line of each slot as it begins, and at the end what the page came to."""
    prepare(fonts)
    pipe.send(run_page(scan.page, scan.slots, root, started=pipe.send))


def run_pages(
    scans: Sequence[Scan], root: str, fonts: Sequence[str]
) -> tuple[dict[str, list[Outcome]], list[Problem]]:
    """Execute the slots of all pages; returns each page's outcomes and what is wrong with pages as a whole.

    Args:
        scans: The pages; those with the most slots are begun first, as many at a time as there are cores.
        root: The project's folder.
        fonts: The figures' fonts, as TrueType files.
    """
    outcomes: dict[str, list[Outcome]] = {}
    problems: list[Problem] = []
    waiting = sorted(
        (scan for scan in scans if scan.slots), key=lambda scan: len(scan.slots)
    )
    running: dict[Any, tuple[Scan, BaseProcess]] = {}
    lines: dict[str, int] = {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            scan = waiting.pop()
            pipe, its_end = _context.Pipe(duplex=False)
            process: BaseProcess = _context.Process(
                target=_work, args=(its_end, scan, root, fonts)
            )
            process.start()
            its_end.close()
            running[pipe] = scan, process
        ready: Any
        for ready in wait(list(running)):
            scan, process = running[ready]
            try:
                message: Any = ready.recv()
            except EOFError:
                process.join()
                told = (
                    f"the page's process died here, with exit code {process.exitcode}"
                )
                problems.append(Problem(scan.page, lines.get(scan.page, 1), told))
                del running[ready]
                continue
            if isinstance(message, int):
                lines[scan.page] = message
            else:
                outcomes[scan.page], found = message
                problems += found
                process.join()
                del running[ready]
    return outcomes, problems
