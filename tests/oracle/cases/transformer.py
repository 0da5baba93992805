"""Attention's layers and transformer blocks, with PyTorch's weights transposed and put in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import models, nn, ops
from tests.oracle.cases.attention import a_mask, with_causality
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def put(module: Any, names: list[str], arrays: Any) -> None:
    """Put arrays (or tensors) into the places of a module's parameters, by dotted names."""
    for name, array in zip(names, arrays, strict=True):
        *path, last = name.split(".")
        owner = module
        for part in path:
            owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
        setattr(owner, last, array)


def attention_state(torch: Any, prefix: str, p: dict[str, Any]) -> dict[str, Any]:
    """The parameters of PyTorch's attention, from ours by their names."""
    state = {
        "out_proj.weight": p["w_o"].T,
        "in_proj_weight": torch.cat([p[f"w_{x}"].T for x in "qkv"]),
    }
    if "b_o" in p:
        state["out_proj.bias"] = p["b_o"]
        state["in_proj_bias"] = torch.cat([p[f"b_{x}"] for x in "qkv"])
    return {prefix + key: value for key, value in state.items()}


def multi_head_attention(choice: Choice) -> Comparison:
    """To itself or to other sequences of other widths, with every mask, with and without biases."""
    heads, width = choice.integer(1, 3), choice.integer(1, 2)
    n, t, s, d = *(choice.integer(1, 3) for _ in range(3)), heads * width
    kind = choice.among(["itself", "another", "two others"])
    kdim, vdim = (
        (choice.integer(1, 4), choice.integer(1, 4)) if kind[0] == "t" else (d, d)
    )
    bias, is_causal = bool(choice.integer(0, 1)), bool(choice.integer(0, 1))
    s = t if kind == "itself" else s
    mask = a_mask(choice, (n, heads, t, s))
    if mask is not None:
        if mask.ndim == 3:  # for each example, of all heads
            mask = np.array(np.broadcast_to(mask[:1], (n, t, s)))
        # PyTorch's layer answers a query that sees nothing by NaN, so all see the first key
        mask[..., 0] = mask.dtype == bool
    settings: dict[str, Any] = {"bias": bias, "kdim": kdim, "vdim": vdim}

    def module() -> Any:
        return nn.MultiHeadAttention(
            d,
            heads,
            is_causal=is_causal,
            rng=np.random.default_rng(0),
            dtype=np.float64,
            **settings,
        )

    shapes = {name: p.shape for name, p in module().named_parameters()}
    sequences = [choice.normal(n, t, d)]
    if kind != "itself":
        sequences += [choice.normal(n, s, kdim)]
    if kind == "two others":
        sequences += [choice.normal(n, s, vdim)]
    inputs = [*sequences, *(choice.normal(*shape) for shape in shapes.values())]
    count = len(sequences)

    def ours(*arrays: Any) -> Any:
        layer = module()
        put(layer, [*shapes], arrays[count:])
        given = [*arrays[:count], *[None] * (3 - count)]
        return layer(*given, mask=mask)

    def theirs(torch: Any, *arrays: Any) -> Any:
        layer = torch.nn.MultiheadAttention(
            d, heads, batch_first=True, dtype=torch.float64, **settings
        )
        p = dict(zip(shapes, arrays[count:], strict=True))
        state = attention_state(torch, "", p) if kdim == vdim == d else {}
        if not state:
            state = {f"{x}_proj_weight": p[f"w_{x}"].T for x in "qkv"}
            state["out_proj.weight"] = p["w_o"].T
            if bias:
                state["in_proj_bias"] = torch.cat([p[f"b_{x}"] for x in "qkv"])
                state["out_proj.bias"] = p["b_o"]
        ours = sum(array.numel() for array in p.values())
        assert sum(array.numel() for array in layer.parameters()) == ours
        given = None if mask is None else torch.tensor(mask)
        if given is not None and given.ndim == 3:
            given = given[:, None]
        added = with_causality(torch, given, is_causal, t, s).expand(n, heads, t, s)
        q, k, v = [*arrays[:count], *[arrays[count - 1]] * (3 - count)]
        call = {"attn_mask": added.reshape(-1, t, s), "need_weights": False}
        return torch.func.functional_call(layer, state, (q, k, v), call)[0]

    return of_function(choice, inputs, ours, theirs)


def transformer_block(choice: Choice) -> Comparison:
    """PyTorch's encoder layer and its decoder layer, with the norm before and behind."""
    heads, hidden = choice.integer(1, 2), choice.integer(1, 3)
    n, t, s, d = *(choice.integer(1, 3) for _ in range(3)), heads * choice.integer(2, 3)
    is_decoder, is_causal = bool(choice.integer(0, 1)), bool(choice.integer(0, 1))
    name, norm_first = choice.among(["relu", "gelu"]), bool(choice.integer(0, 1))

    def module() -> Any:
        return nn.TransformerBlock(
            d,
            heads,
            hidden,
            dropout=0.0,
            activation=getattr(ops, name),
            norm_first=norm_first,
            is_causal=is_causal,
            cross_attention=is_decoder,
            rng=np.random.default_rng(0),
            dtype=np.float64,
        )

    shapes = {name: p.shape for name, p in module().named_parameters()}
    sequences = [choice.uneven(n, t, d)] + [choice.uneven(n, s, d)] * is_decoder
    inputs = [*sequences, *(choice.uneven(*shape) for shape in shapes.values())]
    count = len(sequences)

    def ours(*arrays: Any) -> Any:
        block = module()
        put(block, [*shapes], arrays[count:])
        return block(*arrays[:count])

    def theirs(torch: Any, *arrays: Any) -> Any:
        make = (
            torch.nn.TransformerDecoderLayer
            if is_decoder
            else torch.nn.TransformerEncoderLayer
        )
        layer = make(
            d,
            heads,
            hidden,
            0.0,
            name,
            norm_first=norm_first,
            batch_first=True,
            dtype=torch.float64,
        )
        state: dict[str, Any] = {}
        p = dict(zip(shapes, arrays[count:], strict=True))
        for part, theirs in (
            ("self_attn", "self_attn"),
            ("cross_attn", "multihead_attn"),
        ):
            own = {k.split(".")[1]: a for k, a in p.items() if k.startswith(part)}
            if own:
                state |= attention_state(torch, f"{theirs}.", own)
        for key, array in p.items():
            part, last = key.split(".")
            if part.startswith("linear"):
                is_weight = last == "w"
                name_there = f"{part}.{'weight' if is_weight else 'bias'}"
                state[name_there] = array.T if is_weight else array
            elif part.startswith("norm"):
                state[f"{part}.{'weight' if last == 'gamma' else 'bias'}"] = array
        which = "tgt_mask" if is_decoder else "src_mask"
        mask = with_causality(torch, None, is_causal, t, t)
        return torch.func.functional_call(
            layer, state, tuple(arrays[:count]), {which: mask}
        )

    return of_function(choice, inputs, ours, theirs)


def gpt(choice: Choice) -> Comparison:
    """GPT-2 from PyTorch's functions."""
    heads, layers, vocab = (
        choice.integer(1, 2),
        choice.integer(1, 2),
        choice.integer(1, 5),
    )
    n, t, d = choice.integer(1, 2), choice.integer(1, 3), 2 * heads
    sizes = {"n_positions": 3, "n_embd": d, "n_layer": layers, "n_head": heads}
    i = choice.labels(vocab, n, t)

    def module() -> Any:
        rng = np.random.default_rng(0)
        return models.GPT(vocab, dropout=0.0, rng=rng, dtype=np.float64, **sizes)

    shapes = {name: p.shape for name, p in module().named_parameters()}

    def ours(*parameters: Any) -> Any:
        model = module()
        put(model, [*shapes], parameters)
        return model(i)

    def theirs(torch: Any, *parameters: Any) -> Any:
        p, f = dict(zip(shapes, parameters, strict=True)), torch.nn.functional

        def norm(x: Any, name: str) -> Any:
            return f.layer_norm(x, (d,), p[f"{name}.gamma"], p[f"{name}.beta"])

        x = p["wte.w"][torch.tensor(i)] + p["wpe.w"][:t]
        for layer in range(layers):
            at = f"blocks.{layer}"
            y = norm(x, f"{at}.norm1")
            q, k, v = (
                (y @ p[f"{at}.self_attn.w_{c}"] + p[f"{at}.self_attn.b_{c}"])
                .reshape(n, t, heads, 2)
                .transpose(1, 2)
                for c in "qkv"
            )
            o = f.scaled_dot_product_attention(q, k, v, is_causal=True)
            o = o.transpose(1, 2).reshape(n, t, d)
            x = x + o @ p[f"{at}.self_attn.w_o"] + p[f"{at}.self_attn.b_o"]
            y = norm(x, f"{at}.norm2") @ p[f"{at}.linear1.w"] + p[f"{at}.linear1.b"]
            y = f.gelu(y, approximate="tanh")
            x = x + y @ p[f"{at}.linear2.w"] + p[f"{at}.linear2.b"]
        return norm(x, "norm") @ p["wte.w"].T

    drawn = [0.5 * choice.uneven(*shape) for shape in shapes.values()]
    return of_function(choice, drawn, ours, theirs)


CASES = [multi_head_attention, transformer_block, gpt]
