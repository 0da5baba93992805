"""Data in portions: what one step of training sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


class Batches:
    """Arrays cut into batches, again in each pass; made by `batches`.

    Its length is the number of batches in a pass. One pass over all of them is an epoch.

    Examples:
        >>> epoch = batches(np.arange(10), batch_size=4)
        >>> len(epoch), [len(x) for (x,) in epoch]
        (3, [4, 4, 2])
    """

    def __init__(
        self,
        arrays: tuple[Array, ...],
        batch_size: int,
        rng: np.random.Generator | None,
        drop_last: bool,
    ) -> None:
        self.arrays = arrays
        self.batch_size = batch_size
        self.rng = rng
        self.drop_last = drop_last

    def __len__(self) -> int:
        n = len(self.arrays[0])
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        order = None if self.rng is None else self.rng.permutation(len(self.arrays[0]))
        for i in range(len(self)):
            portion = slice(i * self.batch_size, (i + 1) * self.batch_size)
            yield tuple(
                array[portion if order is None else order[portion]]
                for array in self.arrays
            )


def batches(
    *arrays: ArrayLike,
    batch_size: int,
    rng: np.random.Generator | None = None,
    drop_last: bool = False,
) -> Batches:
    """Cut arrays into batches along their first axis, all of them alike.

    Iterating makes one pass over the data, an epoch. With `rng` each pass has its own random order, in which
    every example comes once. Without it batches are views of the data in their order.

    Args:
        arrays: Arrays with one entry per example on their first axis.
        batch_size: How many examples a batch has; the last one has the rest.
        rng: Shuffles the examples before each pass.
        drop_last: Leave out a last batch that is not full.

    Returns:
        An object to iterate over, as often as wanted; its `len` is the number of batches. Each batch is a
        tuple with one array per array given, also when only one is given.

    Raises:
        TypeError: If no array is given, the batch size is not a whole number, or `rng` is not a generator.
        ValueError: If the lengths differ, the batch size is less than 1, or there would be no batch.

    Examples:
        >>> x, y = np.arange(5), np.array([0, 1, 0, 1, 0])
        >>> for x_batch, y_batch in batches(x, y, batch_size=2):
        ...     print(x_batch, y_batch)
        [0 1] [0 1]
        [2 3] [0 1]
        [4] [0]
    """
    kept = examples_of("batches", arrays)
    if not isinstance(batch_size, (int, np.integer)):
        raise TypeError(
            f"batches: batch_size: expected a whole number, got {batch_size!r}"
        )
    if batch_size < 1:
        raise ValueError(f"batches: batch_size: expected at least 1, got {batch_size}")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"batches: rng: expected np.random.default_rng(seed), got {rng!r}"
        )
    made = Batches(kept, int(batch_size), rng, drop_last)
    if len(made) == 0:
        full = " full" if drop_last else ""
        raise ValueError(
            f"batches: arrays: expected enough for one{full} batch of {batch_size}, got {len(kept[0])}"
        )
    return made


def examples_of(name: str, arrays: tuple[ArrayLike, ...]) -> tuple[Array, ...]:
    """Arrays that hold the same examples on their first axis, or an error that names the caller.

    Args:
        name: Who asks.
        arrays: What was given.

    Raises:
        TypeError: If there is no array.
        ValueError: If one has no axis, or the lengths differ.
    """
    kept = tuple(np.asarray(array) for array in arrays)
    if not kept:
        raise TypeError(f"{name}: arrays: expected at least one array, got none")
    for i, array in enumerate(kept):
        if array.ndim == 0:
            raise ValueError(
                f"{name}: arrays: expected an axis of examples, got a single number as number {i}"
            )
        if len(array) != len(kept[0]):
            raise ValueError(
                f"{name}: arrays: expected {len(kept[0])} examples in each, got {len(array)} in number {i}"
            )
    return kept
