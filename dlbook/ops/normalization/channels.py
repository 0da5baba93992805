"""Arrays in the form (n, c, l), of examples, channels and positions: how they are walked and added up.

Each step of a normalization is so short that a processor waits for its memory. What fits into the cache is
therefore taken through all steps before the next part is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.aligned import empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlbook.autograd.core import Array

_BYTES = 2**19  # of a part: with what is made of it, it fits into a cache of 2 MiB
_EXAMPLES = 2048  # of a part at most: so many are added up in the dtype of the array
_LONG = 4096  # positions from which a loop for each channel is as fast as a single one


def parts(x: Array) -> Iterator[slice]:
    """Slices of the first axis, each of them so small that its examples stay in the cache."""
    size = max(1, min(_EXAMPLES, _BYTES // max(1, x[:1].nbytes)))
    return (slice(i, i + size) for i in range(0, len(x), size))


def at_positions(v: Array, x: Array) -> Array:
    """The numbers of the channels, `(c,)`, at each position of `x`, `(c, l)`, in the dtype of `x`.

    Written out, they go with an example in a single loop; many short ones take twice the time. Where the loops
    are long, this is a view.
    """
    positions = x.shape[2]
    v = v.astype(x.dtype, copy=False)[:, None]
    if positions < _LONG:
        out = empty((len(v), positions), x.dtype)
        out[:] = v
        return out
    return np.broadcast_to(v, (len(v), positions))


def over_positions(a: Array) -> Array:
    """The sum over positions for each example and channel, `(n, c)`."""
    n, c, l = a.shape  # noqa: E741
    if l == 1:
        return a[:, :, 0]
    return (a.reshape(n * c, l) @ np.ones(l, a.dtype)).reshape(n, c)


def sums(a: Array) -> Array:
    """The sum over examples and positions for each channel, in float64."""
    by_example = over_positions(a)
    if a.shape[2] == 1:
        return (np.ones(len(a), a.dtype) @ by_example).astype(np.float64)
    return by_example.sum(axis=0, dtype=np.float64)


def products(a: Array, b: Array) -> Array:
    """The sum of the products over examples and positions for each channel, in float64."""
    if a.shape[2] == 1:
        return sums(a * b)
    return np.vecdot(a, b).sum(axis=0, dtype=np.float64)


def scaled_and_shifted(
    x_hat: Array, gamma: Array | None, beta: Array | None, y: Array
) -> None:
    """Write γ x̂ + β into `y`; what is None is left out."""
    if gamma is not None:
        x_hat = np.multiply(x_hat, gamma, out=y)
    if beta is not None:
        np.add(x_hat, beta, out=y)


def expect_eps(name: str, eps: float) -> None:
    """Refuse what cannot be added to a variance."""
    if not eps >= 0:
        raise ValueError(f"{name}: eps: expected a number of at least 0, got {eps}")
