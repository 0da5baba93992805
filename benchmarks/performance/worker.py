"""A process that does the work of one workload for one implementation, when it is told to.

`python -m benchmarks.performance.worker ADDRESS PEER SIZES` reads a command a line and answers each with a line of
JSON: `results FILE` makes the step, takes it twice and writes what came of it, `count SECONDS` says how many steps
fill the time, `time N` says how long N steps take, `report` says what the process used.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import numpy as np

from benchmarks._store import report
from benchmarks.performance.workload import Step, find

CHECKED = 2  # steps: the second one works on what the first one has changed


def one_thread() -> None:
    """PyTorch's own setting; the others have theirs from the environment."""
    import torch  # noqa: PLC0415  # only where it is the implementation

    torch.set_num_threads(1)


def arrays(result: Any) -> Iterator[Any]:
    """Copies of the arrays in what a step returned, whatever library they are of."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, tuple | list):
        for part in result:
            yield from arrays(part)
    elif result is not None:
        value = result.detach() if hasattr(result, "detach") else result
        # the next step may write into it
        yield np.asarray(getattr(value, "value", value)).copy()


def results(step: Step, file: str) -> dict[str, Any]:
    """Write what the first steps compute."""
    found = [array for _ in range(CHECKED) for array in arrays(step())]
    np.savez(file, *found)
    return {"arrays": len(found)}


def seconds(step: Step, calls: int) -> float:
    """The processor time of so many steps, of all threads, without the garbage collector."""
    gc.collect()
    started = process_time()
    for _ in range(calls):
        step()
    return process_time() - started


def count(step: Step, wanted: float) -> int:
    """How many steps take the time that is wanted, at least one."""
    calls, taken = 1, seconds(step, 1)
    while taken < wanted / 4:
        calls *= 4
        taken = seconds(step, calls)
    return max(1, round(calls * wanted / taken))


def main(address: str, peer: str, sizes: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    if peer == "torch":
        one_thread()
    step = find(address).makers(**json.loads(sizes))[peer]()
    gc.freeze()
    gc.disable()
    does: dict[str, Callable[..., Any]] = {
        "results": lambda file: results(step, file),
        "count": lambda wanted: count(step, float(wanted)),
        "time": lambda calls: seconds(step, int(calls)),
        "report": report,
    }
    for line in sys.stdin:
        command, *arguments = line.rstrip("\n").split(" ", 1)
        print(json.dumps(does[command](*arguments)), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
