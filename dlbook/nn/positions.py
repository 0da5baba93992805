"""Learned positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.checks import check_sizes
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class LearnedPositions(Module):
    r"""Adds a learned vector to each position of a sequence: $y_t = x_t + w_t$.

    Without it, or another code of positions, attention takes a sequence for a set. A position that was never
    trained has no meaning, so there are no sequences longer than $n$.

    Args:
        num_positions: The number of positions, $n$.
        embedding_dim: The number of features, $d$.
        rng: Draws the initial vectors, normal with standard deviation 0.02; the same ones in every dtype.
        dtype: The dtype of the vectors, and so of the output.

    Attributes:
        w: The vectors, in the shape (n, d).

    Raises:
        ValueError: If a size is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        J. Gehring et al., *Convolutional sequence to sequence learning* (2017), section 3.1; the initial size: A.
        Radford et al., *Improving language understanding by generative pre-training* (2018).

    Examples:
        >>> layer = LearnedPositions(16, 8, rng=np.random.default_rng(0))
        >>> layer
        LearnedPositions(16, 8)
        >>> layer(np.zeros((2, 5, 8))).shape
        (2, 5, 8)
    """

    def __init__(
        self,
        num_positions: int,
        embedding_dim: int,
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = {"num_positions": num_positions, "embedding_dim": embedding_dim}
        check_sizes("LearnedPositions", dtype, **sizes)
        self.w = Parameter(rng.normal(0, 0.02, (num_positions, embedding_dim)), dtype)

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The sum, in the shape of `x`, (…, t, d).

        Raises:
            ValueError: If the sequence is longer than n, or has another number of features.
        """
        y: Any = as_input("LearnedPositions", x, self.w)
        n, d = self.w.shape
        if y.ndim < 2 or y.shape[-2] > n or y.shape[-1] != d:
            raise ValueError(
                f"LearnedPositions: x: expected shape (…, t, {d}) with t at most {n}, got {y.shape}"
            )
        return ops.embedding(np.arange(y.shape[-2]), self.w) + y

    def extra_repr(self) -> str:
        """The layer's settings."""
        n, d = self.w.shape
        return f"{n}, {d}"
