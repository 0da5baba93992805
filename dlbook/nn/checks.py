"""What a layer refuses when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


def check_sizes(where: str, dtype: DTypeLike, **sizes: int) -> None:
    """Refuse a layer with nothing of something, or one whose parameters are no floats.

    Args:
        where: The layer, for messages.
        dtype: That of the parameters.
        sizes: How many there are, by the name of the argument.

    Raises:
        ValueError: If a size is less than 1.
        TypeError: If `dtype` is not a float type.
    """
    for name, number in sizes.items():
        if number < 1:
            raise ValueError(f"{where}: {name}: expected at least 1, got {number}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{where}: dtype: expected a float type, got {np.dtype(dtype)}")
