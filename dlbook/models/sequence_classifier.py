"""A class for a sequence of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd.operators import concatenate
from dlbook.models.checks import expect_at_least
from dlbook.nn import GRU, LSTM, RNN, Bidirectional, Embedding, Linear, Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd import Tensor
    from dlbook.autograd.core import Array


class SequenceClassifier(Module):
    r"""Symbols are looked up, read by a recurrent network, and its last state is scored.

    $$x_t = e_{i_t}, \qquad h_t = f(x_t, h_{t-1}), \qquad z = h_T\, w + b .$$
    The last state has seen all symbols; those of the padding at the end are not read. Read in both directions,
    the two last states stand side by side.

    Args:
        num_embeddings: The number of symbols.
        embedding_dim: The length of a symbol's vector.
        hidden_size: The number of units of a layer.
        num_classes: The number of classes.
        layer: The recurrent network: `RNN`, `LSTM` or `GRU`.
        num_layers: The number of its layers.
        bidirectional: Whether a second network reads from the end.
        padding_idx: The symbol that fills up short sequences at their end; None if none does.
        rng: Draws the initial parameters, from the vectors to the scores.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        embedding: The symbols' vectors, an `Embedding`.
        recurrent: The recurrent network, or a `Bidirectional` of two.
        dense: The scores, a `Linear`.

    Raises:
        ValueError: If a size is less than 1, there are fewer than two classes, or `padding_idx` is no symbol.
        TypeError: If `layer` is none of the three, or `dtype` is not a float type.

    Source:
        J. L. Elman, *Finding structure in time* (1990), predicts from each state; here the last one counts.

    Examples:
        >>> model = SequenceClassifier(10, 4, 8, 3, padding_idx=0, rng=np.random.default_rng(0))
        >>> z = model([[5, 2, 7, 0], [5, 2, 7, 1]])
        >>> z.shape
        (2, 3)
        >>> bool(np.allclose(z[0].value, model([[5, 2, 7]])[0].value))
        True
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        hidden_size: int,
        num_classes: int,
        *,
        layer: type[RNN | LSTM | GRU] = GRU,
        num_layers: int = 1,
        bidirectional: bool = False,
        padding_idx: int | None = None,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if layer not in (RNN, LSTM, GRU):
            raise TypeError(
                f"SequenceClassifier: layer: expected RNN, LSTM or GRU, got {layer!r}"
            )
        expect_at_least(2, "SequenceClassifier", num_classes=num_classes)
        self.embedding = Embedding(
            num_embeddings, embedding_dim, padding_idx=padding_idx, rng=rng, dtype=dtype
        )
        networks = [
            layer(
                embedding_dim, hidden_size, num_layers=num_layers, rng=rng, dtype=dtype
            )
            for _ in range(1 + bidirectional)
        ]
        self.recurrent = Bidirectional(*networks) if bidirectional else networks[0]
        self.dense = Linear(
            hidden_size * len(networks), num_classes, rng=rng, dtype=dtype
        )

    def forward(
        self, i: ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The scores, (n, num_classes), for symbols `i`, (n, t).

        Raises:
            ValueError: If padding is followed by another symbol.
        """
        i = np.asarray(i)
        if i.ndim != 2:
            raise ValueError(
                f"SequenceClassifier: i: expected shape (n, t), got {i.shape}"
            )
        x = self.embedding(i, rng=rng)
        _, last = self.recurrent(x, lengths=self._lengths(i), rng=rng)
        h_n = last[0] if isinstance(last, tuple) else last
        if isinstance(self.recurrent, Bidirectional):
            middle = len(h_n) // 2
            h = concatenate([h_n[middle - 1], h_n[-1]], axis=-1)
        else:
            h = h_n[-1]
        return self.dense(h, rng=rng)

    def _lengths(self, i: Array) -> Any:
        """How many symbols of each sequence come before its padding."""
        if self.embedding.padding_idx is None:
            return None
        real = i != self.embedding.padding_idx
        lengths = real.sum(axis=1)
        if (real != (np.arange(i.shape[1]) < lengths[:, None])).any():
            raise ValueError(
                "SequenceClassifier: i: expected padding at the end only, got a symbol behind it"
            )
        return lengths
