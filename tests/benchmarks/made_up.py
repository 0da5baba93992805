"""Workloads that need nothing, for the tests of how workloads are run."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from benchmarks.performance.workload import Makers, Step, workload


def spin(times: int) -> float:
    total = 0.0
    for i in range(times):
        total += i % 3
    return total


@workload("sums", at_most=0.9, small={"n": 3}, over="turtle")
def sums(*, n: int = 1000) -> Makers:
    """The turtle computes everything ten times."""

    def dlbook() -> Step:
        def step() -> Any:
            spin(n)
            return {"sums": [np.arange(n).sum(), None]}, np.ones(2, np.float32)

        return step

    def turtle() -> Step:
        print("a library that talks")

        def step() -> Any:
            spin(10 * n)
            return [np.arange(n).sum(), np.ones(2)]

        return step

    return {"dlbook": dlbook, "turtle": turtle, "ghost": turtle}


@workload("without its reference", at_most=0.9, small={}, over="ghost")
def alone() -> Makers:
    return {"dlbook": lambda: lambda: 1.0, "ghost": lambda: lambda: 1.0}


@workload("a second step that differs", at_most=1, small={}, over="turtle")
def drifting() -> Makers:
    def drift(by: float) -> Step:
        value = 1.0 - by

        def step() -> Any:
            nonlocal value
            value += by
            return value

        return step

    return {"dlbook": lambda: drift(0.0), "turtle": lambda: drift(0.001)}


@workload(
    "a step that writes into what it returned", at_most=1, small={}, over="turtle"
)
def rewriting() -> Makers:
    def turtle() -> Step:
        value = np.zeros(3)

        def step() -> Any:
            value[:] += 1
            return value

        return step

    def dlbook() -> Step:
        values = iter(range(1, 10_000_000))
        return lambda: np.full(3, next(values))

    return {"dlbook": dlbook, "turtle": turtle}


@workload("a floor", at_most=1, small={}, over="turtle")
def floored() -> Makers:
    def step() -> Any:
        spin(10)
        return 1.0

    return {
        "dlbook": lambda: step,
        "turtle": lambda: step,
        "NumPy alone": lambda: lambda: None,
    }


@workload("a worker that dies", at_most=1, small={}, over="turtle")
def dying() -> Makers:
    return {"dlbook": lambda: lambda: 1.0, "turtle": lambda: lambda: os._exit(3)}


@workload("what a worker finds around it", at_most=1, small={})
def surroundings(*, names: list[str]) -> Makers:
    """Whether each variable is what it is here."""
    return {"dlbook": lambda: lambda: [float(os.environ.get(n, "-1")) for n in names]}
