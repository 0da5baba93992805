"""Lighthouse's rating of a page: mobile preset, so many runs, the median.

The preset takes every computer for four times as quick as a phone, which is true of one whose `benchmarkIndex` is 1500
to 2000. On a slower one the same page is rated lower: a rating says something together with the index of its host.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.site.views import FLAGS
from dlbook.press.typesetting.formulas import node

CATEGORIES = ("performance", "accessibility")
HOST = "benchmarkIndex"
# Without a graphics card, Chromium sometimes shows a mobile page's first frame a second after it was drawn, while it
# waits for a surface of another size: the rating would be of that wait.
_AT_ONCE = "--disable-features=PaintHolding,SurfaceSync"
_SCRIPT = Path("node_modules") / "lighthouse" / "cli" / "index.js"


def rate(url: str, runs: int) -> dict[str, float]:
    """The median of each category's score, from 0 to 100, and of the host's `benchmarkIndex`.

    Raises:
        RuntimeError: If Lighthouse does not run; says what it said.
    """
    scores: dict[str, list[float]] = {name: [] for name in (*CATEGORIES, HOST)}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            ran = subprocess.run(
                [
                    node(),
                    str(_SCRIPT),
                    url,
                    "--quiet",
                    "--output=json",
                    f"--output-path={report}",
                    f"--only-categories={','.join(CATEGORIES)}",
                    f"--chrome-flags=--headless=new {' '.join(FLAGS)} {_AT_ONCE}",
                ],
                capture_output=True,
                text=True,
                check=False,
                env={
                    **os.environ,
                    "CHROME_PATH": shutil.which("chromium") or "",
                    "CI": "1",
                },
            )
            if ran.returncode:
                raise RuntimeError(f"Lighthouse did not run: {ran.stderr[-1000:]}")
            found = json.loads(report.read_text(encoding="utf-8"))
        if "runtimeError" in found:
            raise RuntimeError(
                f"Lighthouse saw no page: {found['runtimeError']['message']}"
            )
        scores[HOST].append(found["environment"][HOST])
        for category in CATEGORIES:
            scores[category].append(100 * found["categories"][category]["score"])
    return {name: median(values) for name, values in scores.items()}
