"""The layer that looks vectors up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter
from dlbook.nn.checks import check_sizes
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd import Tensor


class Embedding(Module):
    r"""A table of vectors, one for each of $n$ things: $y_p = w_{i_p}$.

    The vectors start as draws from the standard normal distribution, as in PyTorch.

    Args:
        num_embeddings: The number of things, $n$.
        embedding_dim: The length of a vector, $d$.
        padding_idx: An index that stands for no word. Its vector starts at zero and is not trained.
        rng: Draws the initial vectors; the same ones in every dtype, up to rounding.
        dtype: The dtype of the table, and so of the output.

    Attributes:
        w: The table, in the shape (n, d).
        padding_idx: The index that stands for no word, or None.

    Raises:
        ValueError: If a size is less than 1, or `padding_idx` names no row.
        TypeError: If `dtype` is not a float type.

    Source:
        Y. Bengio et al., *A neural probabilistic language model* (2003).

    Examples:
        >>> layer = Embedding(10, 3, padding_idx=0, rng=np.random.default_rng(0))
        >>> layer
        Embedding(10, 3, padding_idx=0)
        >>> layer([[4, 2, 0, 0]]).shape
        (1, 4, 3)
        >>> layer([0])
        Tensor([[0., 0., 0.]])
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        *,
        padding_idx: int | None = None,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = {"num_embeddings": num_embeddings, "embedding_dim": embedding_dim}
        check_sizes("Embedding", dtype, **sizes)
        if padding_idx is not None and not 0 <= padding_idx < num_embeddings:
            raise ValueError(
                f"Embedding: padding_idx: expected an index from 0 to {num_embeddings - 1}, got {padding_idx}"
            )
        w = rng.normal(size=(num_embeddings, embedding_dim))
        if padding_idx is not None:
            w[padding_idx] = 0
        self.w = Parameter(w, dtype)
        self.padding_idx = padding_idx

    def forward(
        self, i: ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The vectors of the indices, in the shape (…, d), for `i` in the shape (…); see `ops.embedding`.

        Raises:
            TypeError: If the indices are not integers.
            ValueError: If an index names no row.
        """
        return ops.embedding(i, self.w, padding_idx=self.padding_idx)

    def extra_repr(self) -> str:
        """The layer's settings."""
        n, d = self.w.shape
        padding = (
            "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        )
        return f"{n}, {d}{padding}"
