"""The sizes of axes: settings that say one for each, and whether one shape stretches to another."""

from __future__ import annotations

from operator import index
from typing import Any


def tuple_of(where: str, name: str, value: Any, axes: int, least: int) -> Any:
    """A setting as one whole number for each axis.

    Args:
        where: The function, for messages.
        name: The setting, for messages.
        value: One number for all axes, or one for each.
        axes: The number of axes.
        least: The smallest number allowed.

    Raises:
        TypeError: If it is no whole number, and no tuple of them.
        ValueError: If a number is too small, or there is not one for each axis.
    """
    expected = f"{where}: {name}: expected a whole number of at least {least}" + (
        f", or {axes} of them" if axes > 1 else ""
    )
    numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    try:
        if any(isinstance(number, bool) for number in numbers):
            raise TypeError
        numbers = tuple(index(number) for number in numbers)
    except TypeError:
        raise TypeError(f"{expected}, got {value!r}") from None
    if len(numbers) != axes or min(numbers, default=least) < least:
        raise ValueError(f"{expected}, got {value!r}")
    return numbers


def stretches_to(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Whether an array of this shape broadcasts to the target, and not the target with it."""
    lengths = zip(shape[::-1], target[::-1], strict=False)
    return len(shape) <= len(target) and all(n in (1, m) for n, m in lengths)
