"""Losses over many classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.performance.workload import Makers, Step, workload


@workload(
    "softmax cross-entropy 256×1,000, with gradient",
    at_most=1.3,
    small={"n": 5, "k": 7},
)
def softmax_cross_entropy(*, n: int = 256, k: int = 1000) -> Makers:
    """The mean loss of a batch, and its gradient."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(n, k)).astype(np.float32)
    t = rng.integers(k, size=n)

    def dlbook() -> Step:
        from dlbook.autograd import Tensor, grad
        from dlbook.ops import cross_entropy

        scores = Tensor(z)

        def step() -> Any:
            loss = cross_entropy(scores, t)
            return loss, grad(loss, [scores])

        return step

    def torch() -> Step:
        import torch

        scores, labels = torch.tensor(z, requires_grad=True), torch.from_numpy(t)

        def step() -> Any:
            loss = torch.nn.functional.cross_entropy(scores, labels)
            return loss, torch.autograd.grad(loss, scores)

        return step

    def autograd() -> Step:
        import autograd.numpy as anp
        from autograd import value_and_grad

        def cost(z: Any) -> Any:
            top = z.max(axis=1, keepdims=True)
            log_p = z - top - anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))
            return -anp.mean(log_p[np.arange(n), t])

        slope = value_and_grad(cost)
        return lambda: slope(z)

    def jax(jit: bool) -> Step:
        import jax
        import jax.numpy as jnp

        def cost(z: Any) -> Any:
            log_p = jax.nn.log_softmax(z)
            return -jnp.take_along_axis(log_p, t[:, None], axis=1).mean()

        slope, scores = jax.value_and_grad(cost), jnp.asarray(z)
        slope = jax.jit(slope) if jit else slope
        return lambda: jax.block_until_ready(slope(scores))

    return {
        "dlbook": dlbook,
        "torch": torch,
        "autograd": autograd,
        "JAX": lambda: jax(jit=False),
        "JAX jit": lambda: jax(jit=True),
    }
