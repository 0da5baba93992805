"""The code of all pages of a build: what is kept from earlier builds, and runs for the rest."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Any

from dlbook.press.running import workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from logging import LoggerAdapter
    from pathlib import Path

    from dlbook.press.problems import Problem
    from dlbook.press.reading.scan import Scan
    from dlbook.press.running.cache import Cache
    from dlbook.press.running.session import Outcome
    from dlbook.press.running.workers import Ran


class Execution:
    """One build's runs, begun before Markdown is rendered and wanted after it.

    Args:
        scans: The pages.
        cache: What is kept from earlier builds.
        failed: The runs that failed in earlier builds of this process, each with what it was made from, by page. A page
            that hangs is not to stop every build until it is mended.
        watched: The fingerprint of what may be edited besides the pages.
    """

    def __init__(
        self,
        scans: Iterable[Scan],
        cache: Cache,
        failed: dict[str, tuple[object, Ran]],
        watched: str,
    ) -> None:
        self._cache = cache
        self._failed = failed
        self._watched = watched
        self.problems: list[Problem] = []
        self.outcomes: dict[str, Sequence[Outcome]] = {}
        self.seconds: dict[str, float] = {}
        self.missing: list[Scan] = []
        for scan in scans:
            kept = cache.get(scan)
            made_from, run = failed.get(scan.page, (None, None))
            if kept is not None:
                self.outcomes[scan.page] = kept
            elif run and made_from == [scan.slots, watched]:
                self._take(scan, run)
            else:
                self.missing.append(scan)

    def begin(self, root: Path, fonts: Sequence[str], limit: float) -> None:
        """Let the missing pages run, in processes of their own."""
        self._ran: Future[dict[str, Ran]] = Future()

        def run() -> None:
            try:
                self._ran.set_result(
                    workers.run_pages(
                        self.missing, str(root), fonts, limit=limit, progress=True
                    )
                )
            except BaseException as error:
                self._ran.set_exception(error)

        # no executor, which would make who interrupts the build wait for the pages
        Thread(target=run, daemon=True).start()

    def finish(self) -> None:
        """Wait for the runs, and keep them."""
        for scan in self.missing:
            run = self._ran.result()[scan.page]
            self._cache.put(scan, run)
            self._failed[scan.page] = [scan.slots, self._watched], run
            self._take(scan, run)

    def tell_seconds(self, log: LoggerAdapter[Any]) -> None:
        """Tell how long each page ran, the slowest first, and how many did not have to."""
        for page, seconds in sorted(self.seconds.items(), key=lambda item: -item[1]):
            log.info("%6.1f s  %s", seconds, page)
        log.info("%d pages did not run", len(self.outcomes) - len(self.seconds))

    def _take(self, scan: Scan, run: Ran) -> None:
        self.outcomes[scan.page] = run.outcomes
        self.seconds[scan.page] = run.seconds
        self.problems += run.problems
        self.problems += [o.problem for o in run.outcomes if o.problem]
