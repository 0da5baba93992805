r"""Windows that slide along one axis, and the taps in which they read it.

Window $o$ reads at $o s - p + t d$ for the taps $t = 0, \dots, k - 1$, with stride $s$, padding $p$ and dilation
$d$. What lies outside of the axis is never read, so padding costs nothing and holds no numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    Index = tuple[Any, ...]


class Windows(NamedTuple):
    """The windows along one axis, the last or the last but one of an array.

    Attributes:
        axis: Which axis, -1 or -2.
        size: Its length.
        out: The number of windows.
        kernel: The number of taps.
        stride: The step from window to window.
        padding: How far the first window begins before the axis.
        dilation: The step from tap to tap.
    """

    axis: int
    size: int
    out: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def are_apart(self) -> bool:
        """Whether no two windows read the same element."""
        return self.stride > (self.kernel - 1) * self.dilation

    def shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of an array whose axis has an element for each window."""
        return (*shape[: self.axis], self.out, *shape[len(shape) + self.axis + 1 :])

    def taps(self) -> Iterator[tuple[Index, Index]]:
        """For each tap where the windows lie that read something by it, and where they read it."""
        for t in range(self.kernel):
            shift = self.padding - t * self.dilation
            first = max(0, -(-shift // self.stride))
            last = min(self.out - 1, (self.size - 1 + shift) // self.stride)
            if first <= last:
                start, end = first * self.stride - shift, last * self.stride - shift + 1
                yield (
                    self._along(slice(first, last + 1)),
                    self._along(slice(start, end, self.stride)),
                )

    def _along(self, part: slice) -> Index:
        return (..., part) if self.axis == -1 else (..., part, slice(None))


def windows(
    where: str,
    size: tuple[int, ...],
    kernel_size: Any,
    *,
    stride: Any,
    padding: Any,
    dilation: Any = 1,
    ceil_mode: bool,
) -> tuple[Windows, Windows]:
    r"""The windows along rows and columns.

    There are $\lfloor (n + 2p - d(k - 1) - 1) / s \rfloor + 1$ along an axis of length $n$. With `ceil_mode` the
    quotient is rounded up, and a last window that would begin in the padding on the right is left out.

    Args:
        where: The primitive, for messages.
        size: The height and the width of the planes.
        kernel_size: One number for both axes or a pair, as the settings below.
        stride: None stands for the size of the kernel.
        padding: At most half of the window.
        dilation: The step from tap to tap.
        ceil_mode: Whether a last window that reaches beyond the padding counts.

    Raises:
        TypeError: If a setting is no whole number, and no pair of them.
        ValueError: If a setting is too small or too large, no window fits, or a window reads nothing at all.
    """
    kernels = tuple_of(where, "kernel_size", kernel_size, 2, 1)
    strides = kernels if stride is None else tuple_of(where, "stride", stride, 2, 1)
    paddings = tuple_of(where, "padding", padding, 2, 0)
    dilations = tuple_of(where, "dilation", dilation, 2, 1)
    found = []
    for axis, n, k, s, p, d in zip(
        (-2, -1), size, kernels, strides, paddings, dilations, strict=True
    ):
        span = (k - 1) * d + 1
        if 2 * p > span:
            raise ValueError(
                f"{where}: padding: expected at most half of the window, {span // 2}, got {p}"
            )
        room = n + 2 * p - span
        if n < 1 or room < 0:
            raise ValueError(
                f"{where}: kernel_size: expected to fit into the padded input of {n + 2 * p}, "
                f"got {k}, which spans {span}"
            )
        out = (-(-room // s) if ceil_mode else room // s) + 1
        if (out - 1) * s >= n + p:
            out -= 1
        along = Windows(axis, n, out, k, s, p, d)
        _expect_something_to_read(where, along)
        found.append(along)
    return found[0], found[1]


def _expect_something_to_read(where: str, w: Windows) -> None:
    start = np.arange(w.out) * w.stride - w.padding
    first = start + np.maximum(0, -(start // w.dilation)) * w.dilation
    last = start + (w.kernel - 1) * w.dilation
    empty = np.flatnonzero((first >= w.size) | (first > last))
    if len(empty):
        raise ValueError(
            f"{where}: padding: expected every window to read some of the {w.size} elements of its axis, "
            f"got window {empty[0]}, which falls between them with padding {w.padding} and dilation {w.dilation}"
        )
