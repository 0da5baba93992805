"""What is put around an array: zeros, its mirror image, its edge, or its other end."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule

    Place = tuple[slice, ...]

MODES = ("constant", "reflect", "replicate", "circular")


@primitive
def pad(
    x: Float[Array, "..."],
    /,
    *,
    pad: tuple[int, ...],
    mode: str = "constant",
    value: float = 0.0,
) -> Rule:
    r"""Elements added before and after, along the last axes.

    Along an axis of length $n$, with $p$ elements added before it, $y_i$ is $x_{i - p}$ where that is there, and
    elsewhere, with $j = i - p$,

    - `"constant"`: `value`;
    - `"reflect"`: $x_{-j}$ before, $x_{2(n - 1) - j}$ after: a mirror that stands on the edge, which is not repeated;
    - `"replicate"`: $x_0$ before, $x_{n - 1}$ after;
    - `"circular"`: $x_{j \bmod n}$.

    Each added element is a copy, or a constant, so its gradient goes to what was copied:
    $dx_m = \sum_{i:\; y_i = x_m} dy_i$. Several axes are padded one after another, which fills the corners.

    Args:
        x: An array.
        pad: How many elements to add, in PyTorch's order: the last axis first,
            `(left, right, top, bottom, …)`. With `"constant"`, a negative number takes elements away.
        mode: What is added: `"constant"`, `"reflect"`, `"replicate"` or `"circular"`.
        value: The constant.

    Returns:
        The longer array.

    Raises:
        ValueError: If `pad` has an odd number of elements or more pairs than there are axes, `mode` is none of the
            four, nothing would be left, or there is not enough to copy: a mirror image is shorter than the axis, a
            turn at most as long.
        TypeError: If `pad` holds something else than whole numbers.

    Source:
        R. Szeliski, *Computer Vision: Algorithms and Applications* (2011), section 3.2, there zero, mirror, clamp
        and wrap.

    Examples:
        >>> for mode in ("constant", "reflect", "replicate", "circular"):
        ...     print(pad([1.0, 2.0, 3.0], pad=(2, 1), mode=mode))
        [0. 0. 1. 2. 3. 0.]
        [3. 2. 1. 2. 3. 2.]
        [1. 1. 1. 2. 3. 3.]
        [2. 3. 1. 2. 3. 1.]
    """
    sides = _sides(x.shape, pad, mode)
    shape = tuple(p + n + q for n, (p, q) in zip(x.shape, sides, strict=True))
    inside, kept = _overlap(x.shape, sides)
    y = np.full(shape, value, x.dtype)
    y[inside] = x[kept]
    copies = [] if mode == "constant" else list(_copies(x.shape, sides, mode))
    for _, added, source in copies:
        y[added] = y[source]

    def vjp(dy: Array) -> Array:
        dx = np.zeros_like(x)
        dy = dy.copy() if copies else dy
        for axis, added, source in reversed(copies):
            back = dy[added]
            dy[source] += (
                back.sum(axis=axis, keepdims=True) if mode == "replicate" else back
            )
        dx[kept] = dy[inside]
        return dx

    return y, vjp


def _sides(shape: tuple[int, ...], pad: Any, mode: str) -> list[tuple[int, int]]:
    """How many elements are added before and after each axis, in the order of the axes; or what is wrong."""
    if mode not in MODES:
        raise ValueError(f"pad: mode: expected one of {', '.join(MODES)}, got {mode!r}")
    try:
        numbers = [index(number) for number in pad]
    except TypeError:
        raise TypeError(
            f"pad: pad: expected whole numbers in a tuple, (left, right, …), got {pad!r}"
        ) from None
    if len(numbers) % 2 or len(numbers) > 2 * len(shape):
        raise ValueError(
            f"pad: pad: expected a pair for each of at most {len(shape)} axes, got {pad!r}"
        )
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    sides = [(0, 0)] * (len(shape) - len(pairs)) + pairs[::-1]
    for n, (p, q) in zip(shape, sides, strict=True):
        most = {"reflect": n - 1, "circular": n}.get(mode, max(p, q))
        if mode == "constant":
            if n + min(p, 0) + min(q, 0) < min(n, 1) or n + p + q < 0:
                raise ValueError(
                    f"pad: pad: expected to leave something of an axis of length {n}, got {(p, q)}"
                )
        elif min(p, q) < 0 or max(p, q) > max(most, 0) or (max(p, q) and not n):
            raise ValueError(
                f"pad: pad: expected numbers from 0 to what {mode} finds in an axis of length {n}, got {(p, q)}"
            )
    return sides


def _overlap(
    shape: tuple[int, ...], sides: list[tuple[int, int]]
) -> tuple[Place, Place]:
    """Where the elements of the array that are kept stand in the result, and in the array."""
    inside, kept = [], []
    for n, (p, q) in zip(shape, sides, strict=True):
        first, last = max(-p, 0), n - max(-q, 0)
        inside.append(slice(first + p, last + p))
        kept.append(slice(first, last))
    return tuple(inside), tuple(kept)


def _copies(
    shape: tuple[int, ...], sides: list[tuple[int, int]], mode: str
) -> Iterator[tuple[int, Place, Place]]:
    """For each axis and end with something to add: the axis, where it is added, and where it is copied from."""
    for axis, (n, (p, q)) in enumerate(zip(shape, sides, strict=True)):
        end = p + n
        mirrored = end - 2 - q
        before, after = {
            "reflect": (
                slice(2 * p, p, -1),
                slice(end - 2, mirrored if mirrored >= 0 else None, -1),
            ),
            "replicate": (slice(p, p + 1), slice(end - 1, end)),
            "circular": (slice(n, n + p), slice(p, p + q)),
        }[mode]
        others = (slice(None),) * axis
        if p:
            yield axis, (*others, slice(0, p)), (*others, before)
        if q:
            yield axis, (*others, slice(end, end + q)), (*others, after)
