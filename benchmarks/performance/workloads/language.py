"""A language model in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.performance.steps import products
from benchmarks.performance.workload import Makers, Step, workload


@workload(
    "GPT, 4 blocks of 128, 12×64 tokens, Adam step",
    at_most=0.95,
    small={"n": 2, "t": 3, "d": 8, "heads": 2, "blocks": 2, "vocabulary": 7},
    within=1e-3,  # the second loss, after a step of Adam in float32
)
def gpt(  # the sizes of nanoGPT on a processor
    *,
    n: int = 12,
    t: int = 64,
    d: int = 128,
    heads: int = 4,
    blocks: int = 4,
    vocabulary: int = 65,
) -> Makers:
    """The loss of each training step, over all positions."""
    rng = np.random.default_rng(0)
    text = rng.integers(vocabulary, size=(n, t + 1))

    def model() -> Any:
        from dlbook.models import GPT

        return GPT(
            vocabulary, n_positions=t, n_embd=d, n_layer=blocks, n_head=heads,
            dropout=0.0, rng=np.random.default_rng(1),
        )  # fmt: skip

    def dlbook() -> Step:
        from dlbook.autograd import grad
        from dlbook.ops import cross_entropy
        from dlbook.optim import Adam

        gpt, rng = model(), np.random.default_rng(0)
        adam = Adam(gpt.parameters())
        targets = text[:, 1:].reshape(-1)

        def step() -> Any:
            z = gpt(text[:, :-1], rng=rng)
            loss = cross_entropy(z.reshape(-1, vocabulary), targets)
            adam.step(grad(loss, adam.parameters))
            return loss

        return step

    def torch() -> Step:
        import torch

        gpt, parameters = _torchs_gpt(model().state_dict(), heads, blocks)
        adam = torch.optim.Adam(parameters)
        texts = torch.from_numpy(text)
        targets = texts[:, 1:].reshape(-1)

        def step() -> Any:
            adam.zero_grad()
            z = gpt(texts[:, :-1])
            loss = torch.nn.functional.cross_entropy(z.view(-1, vocabulary), targets)
            loss.backward()
            adam.step()
            return loss

        return step

    def products_alone() -> Step:
        rows, each = n * t, d // heads
        q, k = (n * heads, t, each), (n * heads, each, t)
        weights = (n * heads, t, t)
        block = [
            *[((rows, d), (d, d))] * 4, (q, k), (weights, q),
            ((rows, d), (d, 4 * d)), ((rows, 4 * d), (4 * d, d)),
        ]  # fmt: skip
        scores = (rows, d), (d, vocabulary)
        return products(((1, 1), (1, 1)), *block * blocks, scores)

    return {"dlbook": dlbook, "torch": torch, "NumPy alone": products_alone}


def _torchs_gpt(
    state: dict[str, Any], heads: int, blocks: int
) -> tuple[Any, list[Any]]:
    """The same model in PyTorch's functions, queries, keys and values by one product, as in nanoGPT."""
    import torch
    from torch.nn.functional import gelu, layer_norm, linear
    from torch.nn.functional import scaled_dot_product_attention as attend

    def leaf(value: Any) -> Any:
        return torch.tensor(value, requires_grad=True)

    tokens, positions = leaf(state["wte.w"]), leaf(state["wpe.w"])
    layers = []
    for i in range(blocks):
        own = {
            name.removeprefix(f"blocks.{i}."): value
            for name, value in state.items()
            if name.startswith(f"blocks.{i}.")
        }
        made = {
            f"{part}.{name}": leaf(own[f"{part}.{name}"])
            for part in ("norm1", "norm2")
            for name in ("gamma", "beta")
        }
        for kind in "wb":
            parts = [own[f"self_attn.{kind}_{which}"].T for which in "qkv"]
            made[f"qkv.{kind}"] = leaf(np.concatenate(parts))
            made[f"o.{kind}"] = leaf(own[f"self_attn.{kind}_o"].T)
            for name in ("linear1", "linear2"):
                made[f"{name}.{kind}"] = leaf(own[f"{name}.{kind}"].T)
        layers.append(made)
    last = leaf(state["norm.gamma"]), leaf(state["norm.beta"])

    def dense(x: Any, layer: dict[str, Any], name: str) -> Any:
        return linear(x, layer[f"{name}.w"], layer[f"{name}.b"])

    def norm(x: Any, layer: dict[str, Any], name: str) -> Any:
        return layer_norm(
            x, x.shape[-1:], layer[f"{name}.gamma"], layer[f"{name}.beta"]
        )

    def scores(i: Any) -> Any:
        n, t = i.shape
        x = torch.nn.functional.embedding(i, tokens) + positions[:t]
        for layer in layers:
            qkv = dense(norm(x, layer, "norm1"), layer, "qkv").chunk(3, dim=-1)
            q, k, v = (a.view(n, t, heads, -1).transpose(1, 2) for a in qkv)
            o = attend(q, k, v, is_causal=True).transpose(1, 2).reshape(n, t, -1)
            x = x + dense(o, layer, "o")
            a = gelu(
                dense(norm(x, layer, "norm2"), layer, "linear1"), approximate="tanh"
            )
            x = x + dense(a, layer, "linear2")
        return linear(layer_norm(x, x.shape[-1:], *last), tokens)

    return scores, [tokens, positions, *(p for m in layers for p in m.values()), *last]
