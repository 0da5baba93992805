"""Every case against values that PyTorch gave, without PyTorch."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections import Counter

import pytest

from tests.oracle.cases import CASES
from tests.oracle.cases.comparison import assert_agreement
from tests.oracle.store import FEW, SEEDS, VECTORS, Stored, load

PROVENANCE, STORED = load()


@pytest.mark.parametrize(
    "stored", STORED, ids=[f"{s.name}-{i}" for i, s in enumerate(STORED)]
)
def test_values_and_gradients_are_pytorchs(stored: Stored) -> None:
    assert_agreement(stored.comparison().ours(), stored.expected)


def test_every_case_is_stored() -> None:
    counts = Counter(stored.name for stored in STORED)
    assert list(counts) == [case.__name__ for case in CASES]
    assert all(FEW <= count <= len(SEEDS) for count in counts.values())


def test_the_vectors_say_where_they_come_from() -> None:
    assert PROVENANCE.keys() == {"torch", "numpy", "python", "date", "script"}
    assert PROVENANCE["torch"].startswith("2.")
    assert datetime.date.fromisoformat(PROVENANCE["date"]).year >= 2025
    assert PROVENANCE["script"] == "python -m tests.oracle.store"


def test_the_vectors_are_small() -> None:
    assert VECTORS.stat().st_size < 500_000


def test_a_value_that_is_off_is_found() -> None:
    _, cases = load()
    ours, expected = cases[0].comparison().ours(), cases[0].expected
    assert_agreement(ours, expected)
    with pytest.raises(AssertionError, match="value"):
        assert_agreement(ours, expected | {"value": expected["value"] * (1 + 1e-8)})


def test_pytorch_is_not_needed() -> None:
    code = "import sys; sys.modules['torch'] = None; from tests.oracle.store import load; print(len(load()[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{len(STORED)}\n"
