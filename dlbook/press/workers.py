"""Pages side by side, each in a process of its own.

The processes are forked from a small server that has NumPy and matplotlib loaded and nothing of `dlbook`:
a fork costs milliseconds, and a page always sees the package as it stands on disk.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from dlbook.press.problems import Problem
from dlbook.press.session import Outcome, run_page

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def run_pages(
    scans: Sequence[Scan], root: str, fonts: Sequence[str]
) -> tuple[dict[str, list[Outcome]], list[Problem]]:
    """Execute the slots of all pages; returns each page's outcomes and what is wrong with pages as a whole."""
    outcomes: dict[str, list[Outcome]] = {}
    problems: list[Problem] = []
    busy = [scan for scan in scans if scan.slots]
    longest_first = sorted(busy, key=lambda scan: -len(scan.slots))
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=_context, max_tasks_per_child=1
    ) as pool:
        futures = {
            scan.page: pool.submit(
                run_page, scan.page, scan.slots, root, partial(prepare, fonts)
            )
            for scan in longest_first
        }
        for page, future in futures.items():
            try:
                outcomes[page], found = future.result()
                problems += found
            except Exception as error:
                outcomes[page] = []
                problems.append(
                    Problem(
                        page,
                        1,
                        f"the page's process died: {type(error).__name__}: {error}",
                    )
                )
    return outcomes, problems
