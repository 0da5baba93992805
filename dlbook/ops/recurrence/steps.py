"""Sequences step by step: time first, the longest sequence first, and at each step only those that still run."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlbook.autograd.core import Array


class Steps:
    """Sequences in the order in which a recurrent rule reads them.

    With the sequences sorted by length, those that run at a step are the first rows of the batch, so what has
    ended costs nothing and can't change. In memory a step's rows lie side by side.

    Args:
        name: The primitive, for messages.
        x: Sequences, `(n, t, d)`.
        lengths: The number of real steps of each, `(n,)`; None if all are real.

    Attributes:
        x: The sequences as `(t, n, d)`, with zeros in place of the padding.
        running: How many sequences run at each step.
        order: The places of the rows in the batch that was given.
        back: The places of that batch's examples among the rows.
    """

    def __init__(self, name: str, x: Array, lengths: Any) -> None:
        n, t, _ = x.shape
        if t == 0:
            raise ValueError(f"{name}: x: expected at least one step, got {x.shape}")
        if lengths is None:
            self.order: Any = slice(None)
            self.back: Any = slice(None)
            self.running = [n] * t
            self.x = np.ascontiguousarray(self.enter(x))
            return
        lengths = checked_lengths(name, lengths, n, t)
        self.order = np.argsort(-lengths, kind="stable")
        self.back = np.argsort(self.order)
        runs = np.arange(t)[:, None] < lengths[self.order]
        self.running = runs.sum(axis=1).tolist()
        self.x = np.ascontiguousarray(self.enter(x))
        # were it not a number, its product with a gradient of zero would not be one either
        self.x[~runs] = 0

    def enter(self, y: Array) -> Array:
        """From `(…, n, t, k)`, as given, to `(…, t, n, k)`; a view where it can be one."""
        return y[..., self.order, :, :].swapaxes(-3, -2)

    def leave(self, y: Array) -> Array:
        """From `(…, t, n, k)` back to `(…, n, t, k)`; a view where it can be one."""
        return y.swapaxes(-3, -2)[..., self.back, :, :]


def rows(y: Array) -> Array:
    """All steps of all sequences as the rows of one matrix."""
    return y.reshape(prod(y.shape[:-1]), y.shape[-1])


def checked_lengths(name: str, lengths: Any, n: int, t: int) -> Array:
    """The numbers of real steps of n sequences of t steps, or an error that says what is wrong with them."""
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"{name}: lengths: expected integers, got {lengths.dtype}")
    if lengths.shape != (n,):
        raise ValueError(
            f"{name}: lengths: expected shape (n={n},), got {lengths.shape}"
        )
    if n and (lengths.min() < 0 or lengths.max() > t):
        raise ValueError(
            f"{name}: lengths: expected numbers of steps from 0 to {t}, got {lengths.min()} to {lengths.max()}"
        )
    return lengths.astype(np.int64)
