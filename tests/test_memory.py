"""Freed memory is kept, where that is possible and nobody said otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dlbook._memory import keep_freed_memory

GLIBC = "CS_GNU_LIBC_VERSION" in os.confstr_names
# Page faults while arrays of 8 MB are made and freed, after a first time.
FAULTS = """
import resource
import numpy as np
{}
def once():
    a = np.ones(2**20)
    return (a * (a + 1)).sum()
once(), once()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    once()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(first: str, **settings: str) -> int:
    users = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_")}
    ran = subprocess.run(
        [sys.executable, "-c", FAULTS.format(first)],
        env=users | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ran.stdout)


def test_arrays_come_from_memory_that_was_freed() -> None:
    assert faults("import dlbook") < 100 or not GLIBC
    assert faults("") > 1000 or not GLIBC


def test_what_the_environment_says_is_left() -> None:
    threshold = {"MALLOC_TRIM_THRESHOLD_": "131072"}
    assert faults("import dlbook", **threshold) > 1000 or not GLIBC


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MALLOC_ARENA_MAX", "2"),
        ("GLIBC_TUNABLES", "glibc.malloc.trim_threshold=131072"),
    ],
)
def test_every_setting_of_the_allocator_counts(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keep_freed_memory() == GLIBC
    monkeypatch.setenv(name, value)
    assert not keep_freed_memory()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "confstr_names", {"CS_PATH": 0})
    assert not keep_freed_memory()
    monkeypatch.delattr(os, "confstr")
    assert not keep_freed_memory()
