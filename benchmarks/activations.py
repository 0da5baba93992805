"""What each activation costs beside ReLU, forward and backward on one core, and what PyTorch's takes.

The scores are standard normal in float32, 128 examples by 1,024 units. In each round every function has its turn
beside ReLU and PyTorch, in rotated order: a ratio compares neighbors in time, and no place in the order is one's
own. Before the clock runs, values and gradients of the two libraries are held together. PyTorch is required. Run
`python -m benchmarks.activations`.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import torch

from benchmarks._store import store
from dlbook import ops

ROUNDS = 42
INNER = 4  # calls for one reading of the clock
NAMES = [
    "relu",
    "leaky_relu",
    "hardtanh",
    "hardsigmoid",
    "hardswish",
    "sigmoid",
    "tanh",
    "softsign",
    "elu",
    "selu",
    "softplus",
    "silu",
    "mish",
    "gelu",
]


def ours(name: str, z: Any, da: Any) -> Callable[[], Any]:
    rule = getattr(ops, name).rule

    def run() -> Any:
        a, vjp = rule(z)
        return a, vjp(da)

    return run


def theirs(name: str, z: Any, da: Any) -> Callable[[], Any]:
    f = getattr(torch.nn.functional, name)
    z, da = torch.tensor(z, requires_grad=True), torch.tensor(da)

    def run() -> Any:
        a = f(z)
        return a.detach(), torch.autograd.grad(a, z, da)[0]

    return run


def seconds(run: Callable[[], Any]) -> float:
    started = process_time()
    for _ in range(INNER):
        run()
    return (process_time() - started) / INNER


def layer(rng: Any, dz: Any) -> float:
    """A dense layer of as many inputs as units, forward and backward: what stands before the activation."""
    n, k = dz.shape
    x, w = rng.normal(size=(n, k)), rng.normal(size=(k, k))
    x, w = x.astype(np.float32), w.astype(np.float32)

    def run() -> Any:
        z, vjp = ops.linear.rule(x, w, np.zeros(k, np.float32))
        return z, vjp(dz)

    return float(f"{1e6 * min(seconds(run) for _ in range(ROUNDS)):.3g}")


def main() -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    z = rng.normal(size=(128, 1024)).astype(np.float32)
    da = rng.normal(size=z.shape).astype(np.float32)
    results = {}
    for name in NAMES:
        run, run_theirs = ours(name, z, da), theirs(name, z, da)
        for mine, other in zip(run(), run_theirs(), strict=True):
            np.testing.assert_allclose(mine, other.numpy(), rtol=2e-5, atol=2e-6)
        contestants = [ours("relu", z, da), run, run_theirs]
        rounds = []
        for i in range(ROUNDS):  # each comes first, second and last equally often
            order = [(i + k) % 3 for k in range(3)]
            taken = {k: seconds(contestants[k]) for k in order}
            rounds.append([taken[k] for k in range(3)])
        results[name] = {
            "microseconds": float(f"{1e6 * min(r[1] for r in rounds):.3g}"),
            "beside_relu": float(f"{median(r[1] / r[0] for r in rounds):.2g}"),
            "torch_microseconds": float(f"{1e6 * min(r[2] for r in rounds):.3g}"),
            "beside_torch": float(f"{median(r[1] / r[2] for r in rounds):.2g}"),
        }
    store(
        __file__,
        {
            "scores": z.size,
            "rounds": ROUNDS,
            "layer_microseconds": layer(rng, da),
            "functions": results,
        },
    )


if __name__ == "__main__":
    main()
