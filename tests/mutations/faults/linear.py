"""Faults in weighted sums."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

LINEAR = "ops/linear.py"

FAULTS = [
    Fault(
        "a layer's bias is averaged over the batch",
        LINEAR,
        "np.ones(len(dy), dy.dtype) @ dy",
        "dy.mean(axis=0)",
        differences("linear"),
    ),
    Fault(
        "a layer writes into its bias' gradient only for one example",
        LINEAR,
        "np.ones(len(dy), dy.dtype) @ dy",
        "dy[-1]",
        oracle("linear"),
    ),
]
