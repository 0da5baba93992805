"""The rectifier that learns its slope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class PReLU(Module):
    r"""A leaky rectifier, $a = \max(z, 0) + w \min(z, 0)$, whose negative slope $w$ is learned.

    It is no function like the other activations because it has a parameter. Weight decay pulls the slope to zero,
    which makes it a plain rectifier; PyTorch advises against it.

    Args:
        num_parameters: One slope for all, or the number of channels, the second axis of the scores.
        init: The slope at the start.
        dtype: The dtype of the slope, and so of the output.

    Attributes:
        weight: The slopes, in the shape (num_parameters,).

    Raises:
        ValueError: If `num_parameters` is less than 1.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV (2015).

    Examples:
        >>> layer = PReLU()
        >>> layer
        PReLU(num_parameters=1)
        >>> layer([[-2.0, 3.0]])
        Tensor([[-0.5,  3. ]])
    """

    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        *,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if num_parameters < 1:
            raise ValueError(
                f"PReLU: num_parameters: expected at least 1, got {num_parameters}"
            )
        self.weight = Parameter(np.full(num_parameters, init), dtype)

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The activations, in the shape of `x`; see `ops.prelu`."""
        return ops.prelu(as_input("PReLU", x, self.weight), self.weight)

    def extra_repr(self) -> str:
        """The layer's setting."""
        return f"num_parameters={self.weight.size}"
