"""Arrays that begin where a line of the cache begins."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from dlbook.autograd.core import Array


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """An array to be written, which begins where a line of the cache begins.

    NumPy's own begin anywhere. The widest loads and stores then touch two lines each, and take up to twice the time.
    """
    dtype = np.dtype(dtype)
    raw = np.empty(prod(shape) * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + prod(shape) * dtype.itemsize].view(dtype).reshape(shape)
