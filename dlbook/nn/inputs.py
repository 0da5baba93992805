"""What a layer works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import Tensor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def as_input(where: str, x: Tensor | ArrayLike, w: Tensor, argument: str = "x") -> Any:
    """What a layer with the weights `w` works on: data are brought to their dtype, tensors must have it.

    Args:
        where: The layer, for messages.
        x: Data, or another layer's output.
        w: The weights.
        argument: What `x` is called, for messages.

    Raises:
        TypeError: If `x` does not hold numbers, or is a tensor of another dtype.
    """
    if not isinstance(x, Tensor):
        x = np.asarray(x)
        if x.dtype.kind not in "fiub":
            raise TypeError(f"{where}: {argument}: expected numbers, got {x.dtype}")
        return x.astype(w.dtype, copy=False)
    if x.dtype != w.dtype:
        raise TypeError(
            f"{where}: {argument}: expected {w.dtype}, the dtype of its weights, got {x.dtype}; see model.to(dtype)"
        )
    return x
