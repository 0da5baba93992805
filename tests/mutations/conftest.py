"""Counts the planted faults that were found, and prints the score at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.faults import FAULTS

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many faults were found, of how many that were planted."""
    found = [
        report
        for report in terminalreporter.getreports("passed")
        if "test_the_fault_is_found" in report.nodeid
    ]
    missed = [
        report
        for report in terminalreporter.getreports("failed")
        if "test_the_fault_is_found" in report.nodeid
    ]
    planted = len(found) + len(missed)
    if planted:
        score = f"{len(found)} of {planted} planted faults found ({len(found) / planted:.0%}; {len(FAULTS)} are known)"
        terminalreporter.write_line(f"mutation score: {score}")
