"""Attention with several heads, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.performance.steps import normal, ours, products, torchs
from benchmarks.performance.workload import Makers, Step, workload

NAMES = ("w_q", "w_k", "w_v", "w_o", "b_q", "b_k", "b_v", "b_o")


@workload(
    "multi-head attention 8×128×256, 8 heads",
    at_most=0.95,
    small={"n": 2, "t": 3, "d": 8, "heads": 2},
)
def attention(*, n: int = 8, t: int = 128, d: int = 256, heads: int = 8) -> Makers:
    """A sequence attends to itself: the answers, and the gradients by input and all parameters."""
    rng = np.random.default_rng(0)
    x, dy = normal(rng, n, t, d), normal(rng, n, t, d)
    weights = [normal(rng, d, d, scale=d**-0.5) for _ in range(4)]
    biases = [normal(rng, d, scale=0.1) for _ in range(4)]

    def by_part(step: Step, apart: Callable[..., list[Any]]) -> Step:
        """The keys' bias shifts all scores of a query alike: its gradient is zero, up to rounding, and is left out."""

        def parts() -> Any:
            y, gradients = step()
            dx, *others = apart(gradients)
            kept = zip(NAMES, others, strict=True)
            return y, dx, {name: g for name, g in kept if name != "b_k"}

        return parts

    def dlbook() -> Step:
        from dlbook.nn import MultiHeadAttention

        layer = MultiHeadAttention(d, heads, rng=rng)
        for name, value in zip(NAMES, weights + biases, strict=True):
            getattr(layer, name).value = value
        parameters = [getattr(layer, name) for name in NAMES]
        return by_part(ours(lambda x, *_: layer(x), [x, *parameters], dy), list)

    def torch() -> Step:
        import torch

        layer = torch.nn.MultiheadAttention(d, heads, batch_first=True)
        q, k, v, o = weights
        with torch.no_grad():
            rows = torch.from_numpy(np.concatenate([q.T, k.T, v.T]))
            layer.in_proj_weight.copy_(rows)
            layer.in_proj_bias.copy_(torch.from_numpy(np.concatenate(biases[:3])))
            layer.out_proj.weight.copy_(torch.from_numpy(o.T))
            layer.out_proj.bias.copy_(torch.from_numpy(biases[3]))
        own = [
            layer.in_proj_weight, layer.in_proj_bias, layer.out_proj.weight, layer.out_proj.bias,
        ]  # fmt: skip

        def answers(x: Any, *_: Any) -> Any:
            return layer(x, x, x, need_weights=False)[0]

        step = torchs(answers, [torch.tensor(x, requires_grad=True), *own], dy)

        def apart(gradients: Any) -> list[Any]:
            dx, dw, db, dw_o, db_o = gradients
            return [dx, *(w.T for w in (*dw.chunk(3), dw_o)), *db.chunk(3), db_o]

        return by_part(step, apart)

    def products_alone() -> Step:
        rows, each = (n * t, d), d // heads
        q, k = (n * heads, t, each), (n * heads, each, t)
        weights = (n * heads, t, t)
        dense = [(rows, (d, d))] * 4
        return products(((1, 1), (1, 1)), *dense, (q, k), (weights, q))

    return {"dlbook": dlbook, "torch": torch, "NumPy alone": products_alone}
