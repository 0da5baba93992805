"""What the drawing functions demand of their arrays; every message names the function and the argument."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def numbers(
    where: str, value: ArrayLike, ndim: int | None = None, *, finite: bool = True
) -> NDArray[Any]:
    """The value as an array of numbers with at least one element.

    Args:
        where: `"function: argument"`, for the message.
        value: What the caller gave.
        ndim: The number of axes it must have, if that matters.
        finite: Whether NaN and infinity are errors.

    Raises:
        TypeError: If it is not made of numbers.
        ValueError: If it is empty, has another number of axes, or NaN or infinity in it.

    Examples:
        >>> numbers("show_image: image", [1.0, 2.0], 2)
        Traceback (most recent call last):
        ValueError: show_image: image: expected an array with 2 axes, got shape (2,)
    """
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{where}: expected an array of numbers, got {type(value).__name__} of {array.dtype}"
        )
    if ndim is not None and array.ndim != ndim:
        raise ValueError(
            f"{where}: expected an array with {ndim} ax{'i' if ndim == 1 else 'e'}s, got shape {array.shape}"
        )
    if array.size == 0:
        raise ValueError(
            f"{where}: expected at least one element, got shape {array.shape}"
        )
    if finite and not np.isfinite(array).all():
        raise ValueError(
            f"{where}: expected finite numbers, got {int((~np.isfinite(array)).sum())} that are not"
        )
    return array


def image(where: str, value: ArrayLike) -> NDArray[Any]:
    """One image of ink as `(h, w)`, also where it came with an axis for its single channel.

    Raises:
        ValueError: If the shape is another, or ink is negative.
    """
    array = numbers(where, value)
    if array.ndim == 3 and len(array) == 1:
        array = array[0]
    if array.ndim != 2:
        raise ValueError(
            f"{where}: expected shape (h, w) or (1, h, w), got {array.shape}"
        )
    if array.min() < 0:
        raise ValueError(f"{where}: expected ink of at least 0, got {array.min()}")
    return array


def full_scale(where: str, vmax: float | None, array: NDArray[Any]) -> float:
    """The value that is drawn at full strength: the one given, or the largest size in the array.

    Raises:
        ValueError: If it is not positive, or smaller than a value that is there.
    """
    largest = float(np.abs(array.astype(float)).max())
    if vmax is None:
        return largest or 1.0
    if not vmax > 0 or vmax < largest:
        raise ValueError(
            f"{where}: expected a positive number of at least {largest:g}, got {vmax}"
        )
    return float(vmax)
