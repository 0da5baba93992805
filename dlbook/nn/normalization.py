"""Layers that normalize."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class LayerNorm(Module):
    r"""Each row brought to mean 0 and variance 1 over its $d$ features, then scaled and shifted as is learned.

    It computes the same in training and in an evaluation: no row depends on another.

    Args:
        d: The number of features.
        eps: Added to the variance.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        gamma: The scale of each feature, in the shape (d,); 1 at the start.
        beta: The shift of each feature, in the shape (d,); 0 at the start.

    Raises:
        ValueError: If `d` is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv:1607.06450 (2016).

    Examples:
        >>> layer = LayerNorm(2, eps=0)
        >>> layer
        LayerNorm(2, eps=0)
        >>> layer([[1.0, 3.0], [10.0, 30.0]])
        Tensor([[-1.,  1.],
                [-1.,  1.]])
    """

    def __init__(
        self, d: int, *, eps: float = 1e-5, dtype: DTypeLike = np.float32
    ) -> None:
        self.eps = eps
        self.gamma, self.beta = _scale_and_shift("LayerNorm", "d", d, dtype)

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized rows, in the shape of `x`, (…, d); see `ops.layer_norm`."""
        x = as_input("LayerNorm", x, self.gamma)
        return ops.layer_norm(x, self.gamma, self.beta, eps=self.eps)

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.gamma.size}, eps={self.eps}"


def _scale_and_shift(
    where: str, name: str, number: int, dtype: DTypeLike
) -> tuple[Parameter, Parameter]:
    """A scale of 1 and a shift of 0 for each feature or channel."""
    if number < 1:
        raise ValueError(f"{where}: {name}: expected at least 1, got {number}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{where}: dtype: expected a float type, got {np.dtype(dtype)}")
    return Parameter(np.ones(number), dtype), Parameter(np.zeros(number), dtype)
