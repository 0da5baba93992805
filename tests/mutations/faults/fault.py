"""A fault, and the tests by name."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """A text of a file under `dlbook/`, another in its place, and pytest's arguments for the tests that mind."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def differences(name: str) -> tuple[str, ...]:
    """The central differences of one primitive's cases."""
    return "tests/ops/test_differences.py", "-k", name


def oracle(name: str) -> tuple[str, ...]:
    """PyTorch's stored values of one case."""
    return "tests/oracle/test_stored.py", "-k", f"pytorchs and {name}"
