"""What is timed: the same work for several implementations, and how long the library's may take beside another's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.performance import workloads

Step = Callable[[], Any]  # does the work once and returns what it computed
Makers = Mapping[str, Callable[[], Step]]


@dataclass(frozen=True)
class Workload:
    """A function that makes data and, for each implementation, what makes a step on them.

    Args:
        makers: The function. Its keyword-only arguments are sizes; it returns a maker of a step by the name of the
            implementation (see `peers.NEEDS`). A maker imports what it needs itself, so that a worker loads nothing
            of the others. The steps of all compute the same: arrays of any kind, in tuples, lists or dicts. Only
            that of `peers.FLOOR` returns nothing.
        what: The work in words.
        at_most: The target: the library's time over that of `over`.
        small: Sizes at which a step takes no time worth speaking of, for the tests.
        over: The implementation that times are divided by.
        pinned: Whether the target is for memory that is kept (see `peers.SETTINGS`), not as users have it.
        within: How far results may differ, beside the largest number of each array.
    """

    makers: Callable[..., Makers]
    what: str
    at_most: float
    small: Mapping[str, Any]
    over: str = "torch"
    pinned: bool = False
    within: float = 1e-4

    @property
    def name(self) -> str:
        """Its name in the results, and for `--only`."""
        return self.makers.__name__

    @property
    def address(self) -> str:
        """Where a worker finds it."""
        return f"{self.makers.__module__}:{self.name}"


def workload(
    what: str, *, at_most: float, small: Mapping[str, Any], **settings: Any
) -> Callable[[Callable[..., Makers]], Workload]:
    """Make a workload out of a function; see `Workload` for the arguments."""

    def made(makers: Callable[..., Makers]) -> Workload:
        return Workload(makers, what=what, at_most=at_most, small=small, **settings)

    return made


def find(address: str) -> Workload:
    """The workload at an address."""
    module, _, name = address.partition(":")
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, Workload), address
    return found


def all_workloads() -> list[Workload]:
    """Every workload, topic by topic, in the order in which they are written."""
    modules = [
        importlib.import_module(f"{workloads.__name__}.{topic.name}")
        for topic in pkgutil.iter_modules(workloads.__path__)
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Workload) and value.makers.__module__ == module.__name__
    ]
