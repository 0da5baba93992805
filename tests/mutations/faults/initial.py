"""Faults in the initial weights."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, oracle

INIT = "init.py"

FAULTS = [
    Fault(
        "a dense layer's fans are exchanged",
        INIT,
        "        return shape\n    taps",
        "        return shape[::-1]\n    taps",
        oracle("kaiming"),
    ),
    Fault(
        "a kernel's taps are not counted",
        INIT,
        "taps = prod(shape[2:])",
        "taps = 1",
        oracle("xavier"),
    ),
    Fault(
        "a uniform draw has the spread for its range",
        INIT,
        "rng.uniform(-sqrt(3) * std, sqrt(3) * std, shape)",
        "rng.uniform(-std, std, shape)",
        oracle("xavier"),
    ),
    Fault(
        "the orthogonal matrix keeps the factoring's own signs",
        INIT,
        "    q *= np.sign(np.diag(r))\n",
        "",
        ("tests/test_init.py", "-k", "evenly"),
    ),
    Fault(
        "the leaky rectifier's gain forgets its slope",
        INIT,
        "sqrt(2 / (1 + param**2))",
        "sqrt(2)",
        oracle("gains"),
    ),
]
