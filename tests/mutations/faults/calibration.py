"""Faults in the measures of calibration."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

FILE, TESTS = "metrics/calibration.py", ("tests/metrics/test_calibration.py",)

FAULTS = [
    Fault(
        "gaps of either sign cancel in the calibration error",
        FILE,
        "gaps = np.abs(curve.accuracy - curve.confidence)",
        "gaps = curve.accuracy - curve.confidence",
        TESTS,
    ),
    Fault(
        "every bin weighs the same in the calibration error",
        FILE,
        "(curve.counts * gaps).sum() / curve.counts.sum()",
        "gaps.mean()",
        TESTS,
    ),
    Fault(
        "an end belongs to the bin on its right",
        FILE,
        "np.searchsorted(ends[1:-1], stated)",
        'np.searchsorted(ends[1:-1], stated, side="right")',
        TESTS,
    ),
    Fault(
        "the stated probability is that of the truth",
        FILE,
        "return p[np.arange(len(p)), answer], answer == t",
        "return p[np.arange(len(p)), t], answer == t",
        TESTS,
    ),
]
