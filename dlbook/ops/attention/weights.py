"""Scores to weights: the softmax over those keys that take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.autograd.operators import unbroadcast
from dlbook.ops.sizes import stretches_to

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped

    from dlbook.autograd.core import Array, Rule


@primitive
def masked_softmax(
    z: Float[Array, "*batch t s"],
    mask: Shaped[Array, "..."] | None = None,
    /,
    *,
    is_causal: bool = False,
) -> Rule:
    r"""Attention weights: the softmax of each query's scores over the keys that take part.

    $$p_{ij} = \frac{m_{ij}\, e^{z_{ij}}}{\sum_{j'} m_{ij'}\, e^{z_{ij'}}}, \qquad
    dz = p \odot \bigl(dp - \langle dp, p \rangle\bigr)$$
    with $m_{ij} = 1$ where key $j$ takes part in the answer to query $i$, else 0. A mask of floats is added to the
    scores instead, $z + m$, so that $-\infty$ leaves a key out; then $dm = dz$. A query whose keys are all left out
    has weights of zero, and no gradient.

    Args:
        z: Scores, `(*batch, t, s)`: a row for each query, a column for each key.
        mask: Truth values, True where a key takes part, or floats to be added; of any shape that broadcasts to
            that of `z`.
        is_causal: Whether query $i$ sees no key after the $i$-th. A mask is applied besides.

    Returns:
        Weights of the shape of `z`; each row adds up to one, or is zero.

    Raises:
        TypeError: If the mask is of integers, since 0 and 1 could mean either kind.
        ValueError: If the mask does not broadcast, or holds a float that is NaN or $+\infty$.

    Source:
        A. Vaswani et al., *Attention is all you need* (2017), section 3.2.3: illegal connections are set to
        $-\infty$.

    Examples:
        >>> masked_softmax(np.zeros((3, 3)), is_causal=True).round(2)
        array([[1.  , 0.  , 0.  ],
               [0.5 , 0.5 , 0.  ],
               [0.33, 0.33, 0.33]])
        >>> masked_softmax([[1.0, 2.0, 3.0]], [[False, True, True]]).round(3)
        array([[0.   , 0.269, 0.731]])
    """
    bias = as_bias("masked_softmax", mask, z.shape, z.dtype)
    p = z.copy() if bias is None else z + bias
    if is_causal:
        t, s = z.shape[-2:]
        p += hidden_future(slice(0, t), slice(0, s), z.dtype).T
    normalize_exponentials(np.swapaxes(p, -1, -2))

    def vjp(
        dp: Array, needs: tuple[bool, ...] = (True, True)
    ) -> tuple[Array, Array | None]:
        dz = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
        return dz, gradient_of_mask(dz, mask) if needs[1] else None

    return p, vjp


def as_bias(
    name: str, mask: Array | None, shape: tuple[int, ...], dtype: Any
) -> Array | None:
    """What a mask adds to scores of the given shape: zero where a key takes part, minus infinity where not.

    Args:
        name: The primitive, for messages.
        mask: Truth values, or floats, which are what is added.
        shape: The shape of the scores, `(*batch, t, s)`.
        dtype: The dtype of the scores.

    Returns:
        Floats that broadcast to the scores, with two axes at least; None without a mask.
    """
    if mask is None:
        return None
    if mask.dtype.kind not in "bf":
        raise TypeError(
            f"{name}: mask: expected truth values or floats, got {mask.dtype}"
        )
    if not stretches_to(mask.shape, shape):
        raise ValueError(
            f"{name}: mask: expected a shape that broadcasts to {shape}, got {mask.shape}"
        )
    if mask.dtype.kind == "b":
        return np.atleast_2d(np.where(mask, 0, -np.inf).astype(dtype))
    if not (mask < np.inf).all():  # a NaN fails too
        raise ValueError(
            f"{name}: mask: expected finite floats or -inf, got {mask.max()}"
        )
    return np.atleast_2d(mask.astype(dtype, copy=False))


def hidden_future(rows: slice, keys: slice, dtype: Any) -> Array:
    """What causality adds to the scores, in columns: minus infinity where a key comes after the query.

    Keys before the first of the queries are left out: they are hidden from none.
    """
    queries = np.arange(rows.start, rows.stop)
    future = np.arange(rows.start, keys.stop)[:, None] > queries
    return np.where(future, -np.inf, 0).astype(dtype)


def normalize_exponentials(z: Array) -> None:
    """Put the softmax of each column in the place of the scores `z`; all minus infinity becomes all zero."""
    subtract_largest(z)
    np.exp(z, out=z)
    total = np.ones((1, z.shape[-2]), z.dtype) @ z  # a product adds faster than a sum
    total[total == 0] = 1
    z /= total


def subtract_largest(z: Array) -> None:
    """Take the largest score of each column off; what is all minus infinity stays."""
    largest = z.max(axis=-2, keepdims=True, initial=-np.inf)
    largest[largest == -np.inf] = 0  # otherwise -inf - -inf, which is NaN
    z -= largest


def gradient_of_mask(dz: Array, mask: Array | None) -> Array | None:
    """The gradient of what was added to the scores; truth values have none."""
    if mask is None or mask.dtype.kind == "b":
        return None
    return unbroadcast(dz, mask)
