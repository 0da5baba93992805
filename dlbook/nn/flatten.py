"""From images to vectors."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import Tensor
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Flatten(Module):
    """Several axes become one: by default all but the first, so that each example is a vector.

    Args:
        start_dim: The first axis that is merged.
        end_dim: The last axis that is merged.

    Examples:
        >>> Flatten()(np.zeros((5, 16, 4, 4))).shape
        (5, 256)
        >>> Flatten()
        Flatten(start_dim=1, end_dim=-1)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The same elements under the shorter shape.

        Raises:
            ValueError: If `x` lacks one of the axes, or `end_dim` comes before `start_dim`.
        """
        if not isinstance(x, Tensor):
            x = Tensor(x)
        start, end = (
            i + x.ndim if i < 0 else i for i in (self.start_dim, self.end_dim)
        )
        if not 0 <= start <= end < x.ndim:
            raise ValueError(
                f"Flatten: x: expected axes {self.start_dim} to {self.end_dim}, got shape {x.shape}"
            )
        shape = x.shape
        merged = prod(shape[start : end + 1])
        return x.reshape(*shape[:start], merged, *shape[end + 1 :])

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
