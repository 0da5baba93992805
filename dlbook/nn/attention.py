"""The attention of recurrent encoders and decoders."""

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


class BahdanauAttention(Module):
    r"""Additive attention: a small network scores how well a state of the encoder fits one of the decoder.

    $$e_{ij} = \bigl\langle v, \tanh(s_i W + h_j U) \bigr\rangle, \qquad
    \alpha_i = \operatorname{softmax}(e_i), \qquad c_i = \sum_j \alpha_{ij} h_j .$$
    All three start uniform, as the weights of `Linear` do.

    Args:
        query_dim: The number of features of the decoder's states $s_i$.
        key_dim: The number of features of the encoder's states $h_j$.
        hidden_dim: The number of hidden units, $a$.
        rng: Draws the initial weights; the same ones in every dtype, up to rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: $W$, in the shape (query_dim, a).
        u: $U$, in the shape (key_dim, a).
        v: $v$, in the shape (a,).

    Raises:
        ValueError: If a size is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        D. Bahdanau, K. Cho, Y. Bengio, *Neural machine translation by jointly learning to align and translate*
        (2015), appendix A.1.2.

    Examples:
        >>> layer = BahdanauAttention(6, 8, 5, rng=np.random.default_rng(0))
        >>> s, h = np.ones((2, 3, 6)), np.ones((2, 4, 8))
        >>> layer(s, h).shape, layer.weights(s, h).shape
        ((2, 3, 8), (2, 3, 4))
    """

    def __init__(
        self,
        query_dim: int,
        key_dim: int,
        hidden_dim: int,
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = {"query_dim": query_dim, "key_dim": key_dim, "hidden_dim": hidden_dim}
        check_sizes("BahdanauAttention", dtype, **sizes)
        self.w = _uniform(rng, dtype, query_dim, hidden_dim)
        self.u = _uniform(rng, dtype, key_dim, hidden_dim)
        self.v = _uniform(rng, dtype, hidden_dim)

    def forward(
        self,
        s: Tensor | ArrayLike,
        h: Tensor | ArrayLike,
        *,
        mask: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """The contexts $c_i$, in the shape (n, t, key_dim).

        Args:
            s: The decoder's states, (n, t, query_dim); one at a time where each depends on the last context.
            h: The encoder's states, (n, s, key_dim).
            mask: What broadcasts to (n, t, s): truth values, True where a state takes part, or floats to be added.
                For padded sequences, `seen[:, None]` with (n, s) truth values `seen`.
            rng: Not used.
        """
        h = as_input("BahdanauAttention", h, self.u)
        return self.weights(s, h, mask=mask) @ h

    def weights(
        self,
        s: Tensor | ArrayLike,
        h: Tensor | ArrayLike,
        *,
        mask: ArrayLike | None = None,
    ) -> Tensor:
        r"""The weights $\alpha_{ij}$, in the shape (n, t, s): the alignment of the two sequences."""
        q = ops.linear(as_input("BahdanauAttention", s, self.w), self.w)
        k = ops.linear(as_input("BahdanauAttention", h, self.u), self.u)
        return ops.masked_softmax(ops.additive_scores(q, k, self.v), mask)


class LuongAttention(Module):
    r"""Attention by products: of the states themselves, through a matrix, or by a small network.

    $$e_{ij} = \begin{cases} \langle s_i, h_j \rangle & \text{dot} \\
    \langle s_i W, h_j \rangle & \text{general} \\
    \bigl\langle v, \tanh(s_i W + h_j U) \bigr\rangle & \text{concat,} \end{cases} \qquad
    \alpha_i = \operatorname{softmax}(e_i), \qquad c_i = \sum_j \alpha_{ij} h_j .$$
    The paper's matrix for the concatenation $(s_i, h_j)$ is $W$ above $U$: the score is Bahdanau's. What differs is
    the place: here $s_i$ is the decoder's state of the same step, so all steps can be answered at once.

    Args:
        query_dim: The number of features of the decoder's states $s_i$; for concat also of the hidden units.
        key_dim: The number of features of the encoder's states $h_j$; `query_dim` if left out.
        score: `"dot"`, `"general"` or `"concat"`.
        rng: Draws the initial weights; the same ones in every dtype, up to rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: $W$, (query_dim, key_dim) in general, (query_dim, query_dim) for concat; None for dot.
        u: $U$, (key_dim, query_dim) for concat; else None.
        v: $v$, (query_dim,) for concat; else None.

    Raises:
        ValueError: If a size is less than 1, `score` is none of the three, or the sizes for dot differ.
        TypeError: If `dtype` is not a float type.

    Source:
        M.-T. Luong, H. Pham, C. D. Manning, *Effective approaches to attention-based neural machine translation*
        (2015), section 3.1.

    Examples:
        >>> layer = LuongAttention(2, score="dot", rng=np.random.default_rng(0))
        >>> layer
        LuongAttention(score='dot')
        >>> s, h = np.array([[[2.0, 0.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]])
        >>> layer.weights(s, h).value.round(4)
        array([[[0.8808, 0.1192]]])
    """

    def __init__(
        self,
        query_dim: int,
        key_dim: int | None = None,
        *,
        score: str = "general",
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        d, k = query_dim, query_dim if key_dim is None else key_dim
        check_sizes("LuongAttention", dtype, query_dim=d, key_dim=k)
        if score not in ("dot", "general", "concat"):
            raise ValueError(
                f"LuongAttention: score: expected 'dot', 'general' or 'concat', got {score!r}"
            )
        if score == "dot" and d != k:
            raise ValueError(
                f"LuongAttention: key_dim: expected {d}, as query_dim, for 'dot', got {k}"
            )
        self.score = score
        self.w = self.u = self.v = None
        if score != "dot":
            self.w = _uniform(rng, dtype, d, k if score == "general" else d)
        if score == "concat":
            self.u = _uniform(rng, dtype, k, d)
            self.v = _uniform(rng, dtype, d)

    def forward(
        self,
        s: Tensor | ArrayLike,
        h: Tensor | ArrayLike,
        *,
        mask: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """The contexts $c_i$, in the shape (n, t, key_dim); arguments as those of `BahdanauAttention`."""
        q, h = self._inputs(s, h)
        if self.score == "concat":
            return self.weights(s, h, mask=mask) @ h
        return ops.scaled_dot_product_attention(q, h, h, mask, scale=1.0)

    def weights(
        self,
        s: Tensor | ArrayLike,
        h: Tensor | ArrayLike,
        *,
        mask: ArrayLike | None = None,
    ) -> Tensor:
        r"""The weights $\alpha_{ij}$, in the shape (n, t, s): the alignment of the two sequences."""
        q, h = self._inputs(s, h)
        if self.score == "concat":
            k = ops.linear(h, self.u)
            z = ops.additive_scores(q, k, self.v)
        else:
            z = q @ h.transpose(*range(h.ndim - 2), h.ndim - 1, h.ndim - 2)
        return ops.masked_softmax(z, mask)

    def extra_repr(self) -> str:
        """The layer's setting."""
        return f"score={self.score!r}"

    def _inputs(self, s: Any, h: Any) -> tuple[Tensor, Tensor]:
        """The decoder's states, weighted if there are weights, and the encoder's."""
        if self.w is None:
            return _tensor(s), _tensor(h)
        s, h = (as_input("LuongAttention", x, self.w) for x in (s, h))
        return ops.linear(s, self.w), _tensor(h)


def _uniform(rng: np.random.Generator, dtype: DTypeLike, *shape: int) -> Parameter:
    """Weights of sums over the first axis, as `Linear` draws them."""
    bound = 1 / np.sqrt(shape[0])
    return Parameter(rng.uniform(-bound, bound, shape), dtype)


def _tensor(x: Any) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x)
