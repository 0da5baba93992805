"""The learned scale and shift that follow a normalization."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import Parameter
from dlbook.nn.checks import check_sizes

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


def scale_and_shift(
    where: str, name: str, number: int, dtype: DTypeLike
) -> tuple[Parameter, Parameter]:
    """A scale of 1 and a shift of 0 for each feature or channel.

    Args:
        where: The layer, for messages.
        name: What its argument `number` is called.
        number: How many features or channels there are.
        dtype: A float type.
    """
    check_sizes(where, dtype, **{name: number})
    return Parameter(np.ones(number), dtype), Parameter(np.zeros(number), dtype)
