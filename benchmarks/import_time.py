"""What an import costs beside NumPy's own, in fresh interpreters, one pair after another.

Run `python -m benchmarks.import_time`.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks._store import ROOT, compare, store

PAIRS = 40
STATEMENTS = {
    "import numpy": "import numpy",
    "import dlbook": "import dlbook",
    "the engine": "from dlbook import Tensor, grad",
    "everything but the plots": "import dlbook.models.logistic, dlbook.metrics, dlbook.gradcheck",
}


def seconds(statement: str) -> float:
    code = f"from time import process_time as now\nt = now()\n{statement}\nprint(now() - t)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main() -> None:
    measured: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(PAIRS):
        for name, statement in STATEMENTS.items():
            measured[name].append(seconds(statement))
    theirs = "import numpy"
    store(
        __file__,
        {
            name: compare(
                {name: measured[name], theirs: measured[theirs]}, name, theirs
            )
            for name in STATEMENTS
            if name != theirs
        },
    )


if __name__ == "__main__":
    main()
