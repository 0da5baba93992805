"""Scaled dot-product attention: scores, weights and answers in one."""

from __future__ import annotations

from math import log, prod, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.aligned import empty
from dlbook.ops.attention.weights import (
    as_bias,
    gradient_of_mask,
    hidden_future,
    subtract_largest,
)

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

    from dlbook.autograd.core import Array, Rule

# How many queries and weights come at a time, so that they stay in cache; smaller causal blocks spare more work.
ROWS, CAUSAL_ROWS, WEIGHTS = 256, 64, 2**18


@primitive
def scaled_dot_product_attention(
    q: Float[Array, "*batch t d"],
    k: Float[Array, "*batch s d"],
    v: Float[Array, "*batch s f"],
    mask: Shaped[Array, "..."] | None = None,
    /,
    *,
    is_causal: bool = False,
    scale: float | None = None,
) -> Rule:
    r"""Each query is answered by a mean of the values, weighted by how well their keys fit the query.

    $$z = \frac{q\, k^\top}{\sqrt d} + m, \qquad p_{ij} = \frac{e^{z_{ij}}}{\sum_{j'} e^{z_{ij'}}}, \qquad o = p\, v .$$
    Going back,
    $$dv = p^\top do, \qquad dp = do\, v^\top, \qquad
    dz_{ij} = p_{ij} \Bigl(dp_{ij} - \sum_{j'} p_{ij'}\, dp_{ij'}\Bigr), \qquad
    dq = \frac{dz\, k}{\sqrt d}, \qquad dk = \frac{dz^\top q}{\sqrt d}, \qquad dm = dz .$$
    The inner sum needs no weights: $\sum_j p_{ij}\, dp_{ij} = \sum_j p_{ij} \langle do_i, v_j \rangle =
    \langle do_i, o_i \rangle$. A causal query is compared with the keys up to its block's end only, which spares
    nearly half of the work.

    The exponentials $e_{ij}$ stand in columns, $e^\top$, and are never divided; with their sums $c_i$,
    $$c_i\, (o_i, 1) = \sum_j e_{ij}\, (v_j, 1), \qquad
    dz_{ij} = e_{ij} \Bigl\langle (v_j, 1), \Bigl(\frac{do_i}{c_i}, -\frac{\langle do_i, o_i \rangle}{c_i}\Bigr)
    \Bigr\rangle, \qquad dv = e^\top \frac{do}{c} .$$
    The largest score of a query is taken off first, unless all are of moderate size and there is no mask.

    Args:
        q: Queries, `(*batch, t, d)`.
        k: Keys, `(*batch, s, d)`.
        v: Values, `(*batch, s, f)`, one for each key.
        mask: Truth values, True where a key takes part, or floats to be added to the scores; of any shape that
            broadcasts to `(*batch, t, s)`. A query with no key to take part is answered by zeros, and has no
            gradient.
        is_causal: Whether query $i$ sees no key after the $i$-th. A mask is applied besides.
        scale: What to multiply the products by; $1/\sqrt d$ if left out.

    Returns:
        Answers, `(*batch, t, f)`.

    Raises:
        TypeError: If the mask is of integers, since 0 and 1 could mean either kind.
        ValueError: If the shapes do not fit, there are no features, or the mask holds a NaN or $+\infty$.

    Source:
        A. Vaswani et al., *Attention is all you need* (2017), equation 1; the inner sum and the blocks: T. Dao et
        al., *FlashAttention* (2022), appendix B.

    Examples:
        >>> q, k, v = [[9.0, 0.0]], [[9.0, 0.0], [0.0, 9.0]], [[1.0, 2.0], [3.0, 4.0]]
        >>> scaled_dot_product_attention(q, k, v).round(3)
        array([[1., 2.]])
        >>> scaled_dot_product_attention(q, k, v, [[False, True]])
        array([[3., 4.]])
        >>> scaled_dot_product_attention(q, k, v, scale=0.0)
        array([[2., 3.]])
    """
    t, s, d = q.shape[-2], k.shape[-2], q.shape[-1]
    if d == 0:
        raise ValueError(
            "scaled_dot_product_attention: q: expected at least one feature, got none"
        )
    scale = 1 / sqrt(d) if scale is None else float(scale)
    scores = (*q.shape[:-1], s)
    bias = as_bias("scaled_dot_product_attention", mask, scores, q.dtype)
    if bias is not None:
        columns = np.ascontiguousarray(_turned(bias))
        bias = np.broadcast_to(columns, (*q.shape[:-2], s, t))
    moderate = log(np.finfo(q.dtype).max) / 4  # far from overflow, and from 0
    f = v.shape[-1]
    v_and_1 = np.concatenate([v, np.ones_like(v, shape=(*v.shape[:-1], 1))], axis=-1)
    o = np.empty_like(q, shape=(*q.shape[:-1], f))
    total = np.empty((*q.shape[:-1], 1), q.dtype)
    blocks, exponentials = _blocks(scores, is_causal), []
    for part, rows, keys in blocks:
        q_columns = _turned(q[part][..., rows, :]).copy()
        q_columns *= scale
        e = _product(k[part][..., keys, :], q_columns)
        is_moderate = max(e.max(initial=0), -e.min(initial=0)) <= moderate
        if bias is not None:
            e += bias[part][..., keys, rows]
        if is_causal:
            e[..., rows.start :, :] += hidden_future(rows, keys, q.dtype)
        if bias is not None or not is_moderate:
            subtract_largest(e)
        np.exp(e, out=e)
        sums = _turned(e) @ v_and_1[part][..., keys, :]
        c = total[part][..., rows, :]
        c[:] = sums[..., f:]
        c[c == 0] = 1  # no key took part
        np.divide(sums[..., :f], c, out=o[part][..., rows, :])
        exponentials.append(e)

    def vjp(
        do: Array, needs: tuple[bool, ...] = (True, True, True, True)
    ) -> tuple[Array | None, ...]:
        dq, dk, dv = np.empty_like(q), np.zeros_like(k), np.zeros_like(v)
        dm = np.zeros(scores, q.dtype) if mask is not None and needs[3] else None
        for (part, rows, keys), e in zip(blocks, exponentials, strict=True):
            add = _added_to if rows.stop < t else np.matmul
            share = do[part][..., rows, :] / total[part][..., rows, :]
            inner = np.vecdot(share, o[part][..., rows, :])[..., None, :]
            share_and_inner = np.concatenate([_turned(share), -inner], axis=-2)
            add(e, share, dv[part][..., keys, :])
            dz = _product(v_and_1[part][..., keys, :], share_and_inner)
            dz *= e
            np.matmul(_turned(dz), k[part][..., keys, :], out=dq[part][..., rows, :])
            add(dz, q[part][..., rows, :], dk[part][..., keys, :])
            if dm is not None:
                dm[part][..., rows, keys] = _turned(dz)
        dq *= scale
        dk *= scale
        return dq, dk, dv, None if dm is None else gradient_of_mask(dm, mask)

    return o, vjp


def _product(x: Array, y: Array) -> Array:
    """The product, in an array that begins where a line of the cache begins."""
    shape, dtype = (*x.shape[:-1], y.shape[-1]), np.result_type(x, y)
    return np.matmul(x, y, out=empty(shape, dtype))


def _added_to(x: Array, y: Array, out: Array) -> None:
    """The product, added to what is there."""
    out += x @ y


def _turned(x: Array) -> Array:
    """Rows as columns."""
    return np.swapaxes(x, -1, -2)


def _blocks(scores: tuple[int, ...], is_causal: bool) -> list[tuple[Any, slice, slice]]:
    """Parts of all scores: along the first axis of several, along the queries, and the keys that these may see."""
    *batch, t, s = scores
    height = CAUSAL_ROWS if is_causal else ROWS
    parts: list[Any] = [...]  # the only one of a single matrix of scores
    if batch:
        step = max(1, WEIGHTS // max(1, prod(batch[1:]) * min(t, height) * s))
        parts = [slice(i, i + step) for i in range(0, batch[0], step)]
    blocks = []
    for first in reversed(range(0, t, height)):  # the last ones see the most keys
        end = min(first + height, t)
        keys = slice(0, min(end, s) if is_causal else s)
        blocks += [(part, slice(first, end), keys) for part in parts]
    return blocks
