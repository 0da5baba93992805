"""A workload's workers take turns: first the same results, then the clock."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Self

import numpy as np

from benchmarks.performance.peers import FLOOR, environment, lacking
from benchmarks.performance.workload import Workload

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Plan:
    """How long to measure.

    Args:
        block: Seconds of one implementation's work between two looks at the clock.
        budget: Seconds for the rounds of one workload in one setting.
        least: Rounds that are run even if the budget does not suffice.
        most: Rounds after which nothing new is learned.
    """

    block: float = 0.04
    budget: float = 3.0
    least: int = 7
    most: int = 60


QUICK = Plan(block=0.0, budget=0.0, least=2)


class Worker:
    """The other end of `worker.py`."""

    def __init__(
        self, workload: Workload, peer: str, setting: str, sizes: Mapping[str, Any]
    ) -> None:
        self.name = f"{workload.name}, {peer}"
        module = "benchmarks.performance.worker"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, workload.address, peer, json.dumps(sizes)],
            cwd=ROOT,
            env=environment(setting),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, *words: Any) -> Any:
        """Give a command, and wait for the answer."""
        assert self._process.stdin and self._process.stdout
        try:
            print(*words, file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise RuntimeError(f"{self.name}: the worker has died; see above")
        return json.loads(answer)


def run(
    workload: Workload, setting: str, plan: Plan, sizes: Mapping[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Measure a workload in one setting.

    Args:
        workload: What is to be done.
        setting: One of `peers.SETTINGS`.
        plan: How long to measure.
        sizes: Those of the workload, where they are not its own.

    Returns:
        What was measured, and what each worker used.

    Raises:
        AssertionError: If the implementations do not compute the same; then nothing is timed.
        RuntimeError: If a worker dies.
    """
    peers = [peer for peer in workload.makers(**sizes) if not lacking(peer)]
    with ExitStack() as stack:
        workers = {  # all start before the first one is waited for
            peer: stack.enter_context(Worker(workload, peer, setting, sizes))
            for peer in peers
        }
        gaps = _gaps(workload, workers)
        calls = {peer: each.ask("count", plan.block) for peer, each in workers.items()}
        seconds: dict[str, list[float]] = {peer: [] for peer in peers}
        started, rounds = perf_counter(), 0
        while rounds < plan.least or (
            rounds < plan.most and perf_counter() - started < plan.budget
        ):
            for i in range(len(peers)):  # each comes first, second, … equally often
                peer = peers[(rounds + i) % len(peers)]
                taken = workers[peer].ask("time", calls[peer])
                seconds[peer].append(taken / calls[peer])
            rounds += 1
        reports = [worker.ask("report") for worker in workers.values()]
    measured = {
        peer: _summary(seconds[peer], seconds.get(workload.over), gaps[peer])
        for peer in peers
    }
    return {"rounds": rounds, "peers": measured}, reports


def _gaps(workload: Workload, workers: Mapping[str, Worker]) -> dict[str, float]:
    """How far the results of each implementation are from the library's; the floor has none."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for i, (peer, worker) in enumerate(workers.items()):
            file = Path(folder, f"{i}.npz")
            worker.ask("results", file)
            with np.load(file) as stored:
                found[peer] = [stored[name] for name in stored.files]
    return {
        peer: 0.0 if peer == FLOOR else gap(workload, peer, found["dlbook"], theirs)
        for peer, theirs in found.items()
    }


def gap(workload: Workload, peer: str, ours: list[Any], theirs: list[Any]) -> float:
    """The largest difference between two implementations' results, beside the largest number of its array.

    Raises:
        AssertionError: If it is more than the workload allows, or the results are not of the same kind.
    """
    where = f"{workload.name}, dlbook beside {peer}"
    shapes = [[array.shape for array in side] for side in (ours, theirs)]
    assert shapes[0] == shapes[1], (
        f"{where}: expected arrays of the same shapes, got {shapes[0]} and {shapes[1]}"
    )
    largest = 0.0
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        scale = float(np.abs(a).max(initial=0.0)) or 1.0
        far = float(np.abs(a.astype(float) - b).max(initial=0.0)) / scale
        assert far <= workload.within, (  # a NaN fails, too
            f"{where}: expected the same results to within {workload.within:g}, got a gap of {far:.2g} in array {i}"
        )
        largest = max(largest, far)
    return largest


def _summary(
    own: list[float], reference: list[float] | None, gap: float
) -> dict[str, Any]:
    """Milliseconds, and the ratio to the reference: the median over the rounds, with its quartiles."""
    found: dict[str, Any] = {
        "ms": _rounded(1e3 * median(own)),
        "gap": float(f"{gap:.1e}"),
    }
    if reference:
        ratios = [a / b for a, b in zip(own, reference, strict=True)]
        low, middle, high = quantiles(ratios, n=4, method="inclusive")
        found |= {
            "ratio": _rounded(middle),
            "quartiles": [_rounded(low), _rounded(high)],
        }
    return found


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
