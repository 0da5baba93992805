"""Attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def a_mask(choice: Choice, scores: tuple[int, ...]) -> Any:
    """None, truth values or floats, of the shape of the scores or one that broadcasts to it."""
    kind = choice.among(["none", "truths", "floats", "some -inf"])
    if kind == "none":
        return None
    first = choice.integer(0, len(scores) - 2)
    shape = [n if choice.integer(0, 3) else 1 for n in scores[first:]]
    drawn = choice.normal(*shape)
    if kind == "truths":
        return drawn > -0.5
    return np.where(drawn > 1, -np.inf, drawn) if kind == "some -inf" else drawn


def with_causality(torch: Any, mask: Any, is_causal: bool, t: int, s: int) -> Any:
    """Floats that say what a mask and causality say together."""
    added = torch.zeros(t, s, dtype=torch.float64)
    if is_causal:
        seen = torch.ones(t, s, dtype=torch.bool).tril()
        added = added.masked_fill(~seen, -torch.inf)
    if mask is None:
        return added
    if mask.dtype == torch.bool:
        return added.masked_fill(~mask, -torch.inf)
    return added + mask


def scaled_dot_product_attention(choice: Choice) -> Comparison:
    """Every kind of mask, causal or not, one scale or another."""
    batch, t, s, d, f = choice.shape(most=2), *(choice.integer(1, 4) for _ in range(4))
    mask = a_mask(choice, (*batch, t, s))
    is_causal = bool(choice.integer(0, 1))
    scale = choice.among([None, 0.3])

    def theirs(torch: Any, q: Any, k: Any, v: Any, mask: Any) -> Any:
        both = mask is not None and is_causal
        return torch.nn.functional.scaled_dot_product_attention(
            q,
            k,
            v,
            with_causality(torch, mask, True, t, s) if both else mask,
            is_causal=is_causal and not both,
            scale=scale,
        )

    return of_function(
        choice,
        [choice.normal(*batch, n, m) for n, m in ((t, d), (s, d), (s, f))] + [mask],
        lambda q, k, v, mask: ops.scaled_dot_product_attention(
            q, k, v, mask, is_causal=is_causal, scale=scale
        ),
        theirs,
    )


def masked_softmax(choice: Choice) -> Comparison:
    """PyTorch's softmax of scores with the mask added; rows without keys are zeros."""
    scores = choice.shape(2, 4)
    mask = a_mask(choice, scores)
    is_causal = bool(choice.integer(0, 1))

    def theirs(torch: Any, z: Any, mask: Any) -> Any:
        z = z + with_causality(torch, mask, is_causal, *scores[-2:])
        empty = (z == -torch.inf).all(dim=-1, keepdim=True)
        return z.masked_fill(empty, 0).softmax(dim=-1).masked_fill(empty, 0)

    return of_function(
        choice,
        [choice.normal(*scores), mask],
        lambda z, mask: ops.masked_softmax(z, mask, is_causal=is_causal),
        theirs,
    )


def additive_scores(choice: Choice) -> Comparison:
    """Bahdanau's scores, composed."""
    batch, t, s, a = choice.shape(most=2), *(choice.integer(1, 4) for _ in range(3))
    return of_function(
        choice,
        [choice.normal(*batch, t, a), choice.normal(*batch, s, a), choice.normal(a)],
        ops.additive_scores,
        lambda torch, q, k, w: (q[..., None, :] + k[..., None, :, :]).tanh() @ w,
    )


def rotary_embedding(choice: Choice) -> Comparison:
    """Pairs as complex numbers, turned by a factor of size one, as in the code of LLaMA; halves are reordered."""
    batch, t, d = choice.shape(most=2), choice.integer(1, 4), 2 * choice.integer(1, 3)
    base, interleaved = choice.among([10000.0, 7.0]), bool(choice.integer(0, 1))
    positions = choice.labels(50, t) if choice.integer(0, 1) else None

    def theirs(torch: Any, x: Any, positions: Any) -> Any:
        at = torch.arange(t) if positions is None else positions
        angles = torch.outer(at, base ** (-torch.arange(0, d, 2).double() / d))
        order = torch.arange(d)
        if not interleaved:
            order = order.reshape(2, d // 2).T.flatten()
        pairs = torch.view_as_complex(x[..., order].reshape(*batch, t, d // 2, 2))
        turned = pairs * torch.polar(torch.ones_like(angles), angles)
        return torch.view_as_real(turned).flatten(-2)[..., order.argsort()]

    return of_function(
        choice,
        [choice.normal(*batch, t, d), positions],
        lambda x, positions: ops.rotary_embedding(
            x, positions, base=base, interleaved=interleaved
        ),
        theirs,
    )


def sinusoidal_positions(choice: Choice) -> Comparison:
    """The paper's formula."""
    n, d = choice.integer(0, 5), choice.integer(0, 7)

    def theirs(torch: Any, n: Any) -> Any:
        i = torch.arange(d)
        angles = torch.arange(int(n)).outer(10000.0 ** (-(i - i % 2).double() / d))
        return torch.where(i % 2 == 0, angles.sin(), angles.cos())

    return of_function(
        choice,
        [np.array(n)],
        lambda n: ops.sinusoidal_positions(int(n), d, dtype=np.float64),
        theirs,
    )


CASES = [
    scaled_dot_product_attention,
    masked_softmax,
    additive_scores,
    rotary_embedding,
    sinusoidal_positions,
]
