"""Opens a page's stage in the reader's browser; what goes in and comes out is JSON, as the worker sends it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.press.listing import source
from dlbook.press.live.grading import grade
from dlbook.press.live.stage import Stage
from dlbook.press.running.display import PRINTED
from dlbook.press.runs import StoredRun, read_run
from dlbook.press.table import table

if TYPE_CHECKING:
    from collections.abc import Callable


class OpenPage:
    """A page in the browser: its cells can be run, its exercises checked.

    Args:
        page: What the build wrote down of the page (`pages.py`).
        fetch: From the name of a file that stands beside it to its text.
    """

    def __init__(self, page: str, fetch: Callable[[str], str]) -> None:
        np.set_printoptions(**PRINTED)
        data = json.loads(page)
        self._exercises = data["exercises"]
        self._lacking = data["lacking"]

        def stored_run(name: str) -> StoredRun:
            path = Path("benchmarks") / f"{name}.json"
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.write_text(fetch(f"runs/{name}.json"), encoding="utf-8")
            return read_run(path, f"python -m benchmarks.{name}")

        self._stage = Stage(
            data["blocks"],
            {"source": source, "table": table, "stored_run": stored_run},
            lambda number: json.loads(fetch(data["kept"][str(number)])),
        )

    def run(
        self,
        request: str,
        tell: Callable[[str], None],
        step: Callable[[int, int], None],
    ) -> str:
        """Run a cell: `number`, and `edits`, the code of the blocks that the reader has changed, by number.

        The answer is a `Result`, or the packages that the cell is `lacking` in a browser.
        """
        asked = json.loads(request)
        number = str(asked["number"])
        if number in self._lacking and number not in asked["edits"]:
            return json.dumps({"lacking": self._lacking[number]})
        result = self._stage.run(asked["number"], _edits(asked), tell=tell, step=step)
        return json.dumps(dataclasses.asdict(result))

    def check(self, request: str, step: Callable[[int, int], None]) -> str:
        """Check an answer: `exercise`, `answer`, and `edits`."""
        asked = json.loads(request)
        exercise = self._exercises[asked["exercise"]]
        code = f"{asked['answer']}\n{exercise['check']}"
        failed = self._stage.prepare(code, exercise["at"], _edits(asked), step)
        if failed:
            return json.dumps({"blocked": dataclasses.asdict(failed)})
        with self._stage.watching(code):
            verdict = grade(self._stage.namespace, asked["answer"], exercise["check"])
        return json.dumps(verdict)


def _edits(asked: dict[str, Any]) -> dict[int, str]:
    return {int(number): code for number, code in asked["edits"].items()}
