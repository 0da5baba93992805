"""What all tests share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile(
    "dlbook", deadline=None, derandomize=True, max_examples=50, print_blob=True
)
settings.load_profile("dlbook")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many of the faults planted by `tests/mutations` were found. Workers report, and do not print."""
    found, missed = (
        sum(
            "test_the_fault_is_found" in report.nodeid
            for report in terminalreporter.getreports(outcome)
        )
        for outcome in ("passed", "failed")
    )
    if planted := found + missed:
        from tests.mutations.faults import FAULTS

        terminalreporter.write_line(
            f"mutation score: {found} of {planted} planted faults found"
            f" ({found / planted:.0%}; {len(FAULTS)} are known)"
        )
