"""Normalizations, forward and backward."""

from __future__ import annotations

import numpy as np

from benchmarks.performance.steps import normal, ours, passes, torchs
from benchmarks.performance.workload import Makers, Step, workload


@workload("layer norm 8×128×256", at_most=3, small={"n": 2, "t": 3, "d": 5})
def layer_norm(*, n: int = 8, t: int = 128, d: int = 256) -> Makers:
    """The value, and the gradients by input, scale and shift."""
    rng = np.random.default_rng(0)
    inputs = [normal(rng, n, t, d), normal(rng, d), normal(rng, d)]
    dy = normal(rng, n, t, d)

    def dlbook() -> Step:
        from dlbook.ops import layer_norm

        return ours(layer_norm, inputs, dy)

    def torch() -> Step:
        import torch

        return torchs(
            lambda x, *p: torch.nn.functional.layer_norm(x, (d,), *p), inputs, dy
        )

    def passes_alone() -> Step:
        # to center, divide, scale and shift, and mean and variance; back, six for dx, and four sums
        return passes(n * t * d, writing=4 + 6, adding=2 + 4)

    return {"dlbook": dlbook, "torch": torch, "NumPy alone": passes_alone}
