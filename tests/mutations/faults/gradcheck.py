"""Faults in the check of derivatives."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

FAULTS = [
    Fault(
        "the check of derivatives takes a cotangent of ones",
        "gradcheck.py",
        "rng.normal(size=x.shape), rng.normal(size=np.shape(y))",
        "rng.normal(size=x.shape), np.ones(np.shape(y))",
        ("tests/test_gradcheck.py",),
    ),
    Fault(
        "the check of derivatives lets NaN pass",
        "gradcheck.py",
        "if not gap <= tolerance:",
        "if gap > tolerance:",
        ("tests/test_gradcheck.py",),
    ),
]
