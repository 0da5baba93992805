"""Attention with several heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.checks import check_sizes
from dlbook.nn.evaluation import evaluated
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class MultiHeadAttention(Module):
    r"""Several attentions side by side, each with its own view of queries, keys and values.

    $$o = \bigl(o_1, \dots, o_h\bigr) W^O + b^O, \qquad
    o_i = \operatorname{softmax}\Bigl(\frac{q_i k_i^\top}{\sqrt{d/h}} + m\Bigr) v_i, \qquad
    q_i = (x W^Q + b^Q)_i,$$
    where $(\cdot)_i$ is the $i$-th of $h$ equal parts of the features; $k_i$ and $v_i$ are made in the same way from
    the sequence that is attended to. The weights are those of all heads, side by side. There are $4 d^2 + 4 d$
    parameters, however many heads.

    Weights of queries, keys and values start uniform in $[-\sqrt{6/4d}, \sqrt{6/4d}]$, those of the output as in
    `Linear`, and all biases at zero, as in PyTorch.

    Args:
        embed_dim: The number of features of queries and of the output, $d$.
        num_heads: The number of heads, $h$, a divisor of $d$.
        dropout: The probability of a weight $p_{ij}$ to be left out in training.
        bias: Whether there are biases.
        kdim: The number of features of the keys; $d$ if left out.
        vdim: The number of features of the values; $d$ if left out.
        is_causal: Whether position $i$ sees no position after it.
        rotary: Whether queries and keys are turned by their positions, as `ops.rotary_embedding` does.
        rng: Draws the initial weights; the same ones in every dtype, up to rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w_q: Weights of the queries, in the shape (d, d). PyTorch stores the transposes of the three, one below another.
        w_k: Weights of the keys, in the shape (kdim, d).
        w_v: Weights of the values, in the shape (vdim, d).
        w_o: Weights of the output, in the shape (d, d).
        b_q, b_k, b_v, b_o: Their biases, in the shape (d,), or None.

    Raises:
        ValueError: If a size is less than 1, the heads do not divide $d$, `dropout` is no probability, or the
            features of a head can't be paired for `rotary`.
        TypeError: If `dtype` is not a float type.

    Source:
        A. Vaswani et al., *Attention is all you need* (2017), section 3.2.2; the initial range: X. Glorot, Y. Bengio,
        *Understanding the difficulty of training deep feedforward neural networks* (2010).

    Examples:
        >>> layer = MultiHeadAttention(8, 2, is_causal=True, rng=np.random.default_rng(0))
        >>> layer
        MultiHeadAttention(embed_dim=8, num_heads=2, is_causal=True)
        >>> x, memory = np.ones((5, 3, 8)), np.ones((5, 4, 8))
        >>> layer(x).shape, layer(x, memory).shape
        ((5, 3, 8), (5, 3, 8))
        >>> layer.weights(x).value[0, 0].round(2)
        array([[1.  , 0.  , 0.  ],
               [0.5 , 0.5 , 0.  ],
               [0.33, 0.33, 0.33]], dtype=float32)
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        *,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        is_causal: bool = False,
        rotary: bool = False,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        d = embed_dim
        kdim, vdim = (d if n is None else n for n in (kdim, vdim))
        sizes = {"embed_dim": d, "num_heads": num_heads, "kdim": kdim, "vdim": vdim}
        check_sizes("MultiHeadAttention", dtype, **sizes)
        if d % num_heads:
            raise ValueError(
                f"MultiHeadAttention: num_heads: expected a divisor of {d}, got {num_heads}"
            )
        if not 0 <= dropout <= 1:
            raise ValueError(
                f"MultiHeadAttention: dropout: expected a number from 0 to 1, got {dropout}"
            )
        if rotary and d // num_heads % 2:
            raise ValueError(
                f"MultiHeadAttention: rotary: expected an even number of features a head, got {d // num_heads}"
            )
        self.num_heads, self.dropout = num_heads, dropout
        self.is_causal, self.rotary = is_causal, rotary
        outputs = 3 * d if kdim == vdim == d else d  # PyTorch draws equal ones as one

        def weights(inputs: int, bound: float) -> Parameter:
            return Parameter(rng.uniform(-bound, bound, (inputs, d)), dtype)

        self.w_q, self.w_k, self.w_v = (
            weights(n, np.sqrt(6 / (n + outputs))) for n in (d, kdim, vdim)
        )
        self.w_o = weights(d, 1 / np.sqrt(d))
        self.b_q, self.b_k, self.b_v, self.b_o = (
            Parameter(np.zeros(d), dtype) if bias else None for _ in range(4)
        )

    def forward(
        self,
        q: Tensor | ArrayLike,
        k: Tensor | ArrayLike | None = None,
        v: Tensor | ArrayLike | None = None,
        *,
        mask: Tensor | ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """The answers to the queries, in the shape (…, t, d).

        Args:
            q: What asks, (…, t, d).
            k: What is attended to, (…, s, kdim); `q` itself if left out.
            v: What answers, (…, s, vdim); `k` if left out.
            mask: Truth values, True where a key takes part, or floats to be added to the scores: (t, s) for
                all examples, (n, t, s) for each, (n, h, t, s) for each head; axes of length 1 are stretched. In
                PyTorch's layer, other than in its function, True leaves a key out.
            rng: Given, this is a training pass, in which weights are left out at random.
        """
        k = q if k is None else k
        asked, keys = self._in_heads(q, k)
        values = self._heads(k if v is None else v, self.w_v, self.b_v)
        mask = _with_heads(mask, asked)
        if not self.dropout or rng is None or self.is_frozen:
            o = ops.scaled_dot_product_attention(
                asked, keys, values, mask, is_causal=self.is_causal
            )
        else:
            p = self._weights(asked, keys, mask)
            o = ops.dropout(p, p=self.dropout, rng=rng) @ values
        *batch, h, t, e = o.shape
        o = _exchanged(o, -3, -2).reshape(*batch, t, h * e)
        y = ops.linear(o, self.w_o, self.b_o)
        return evaluated(self, y) if rng is None else y

    def weights(
        self,
        q: Tensor | ArrayLike,
        k: Tensor | ArrayLike | None = None,
        *,
        mask: Tensor | ArrayLike | None = None,
    ) -> Tensor:
        """How much of each key there is in each answer, in the shape (…, h, t, s), to be looked at."""
        asked, keys = self._in_heads(q, q if k is None else k)
        return self._weights(asked, keys, _with_heads(mask, asked))

    @property
    def differs_in_training(self) -> bool:
        """Whether a training pass computes something else than an evaluation, which it does with dropout."""
        return self.dropout > 0

    def extra_repr(self) -> str:
        """The layer's settings."""
        settings = f"embed_dim={self.w_q.shape[0]}, num_heads={self.num_heads}"
        if self.dropout:
            settings += f", dropout={self.dropout}"
        if self.is_causal:
            settings += ", is_causal=True"
        return settings + (", rotary=True" if self.rotary else "")

    def _in_heads(self, q: Any, k: Any) -> tuple[Tensor, Tensor]:
        asked = self._heads(q, self.w_q, self.b_q)
        keys = self._heads(k, self.w_k, self.b_k)
        if self.rotary:
            asked, keys = ops.rotary_embedding(asked), ops.rotary_embedding(keys)
        return asked, keys

    def _heads(self, x: Any, w: Parameter, b: Parameter | None) -> Tensor:
        """The weighted sums, each head's apart: (…, h, t, d / h)."""
        x = ops.linear(as_input("MultiHeadAttention", x, w), w, b)
        *batch, t, d = x.shape
        h = self.num_heads
        return _exchanged(x.reshape(*batch, t, h, d // h), -3, -2)

    def _weights(self, asked: Tensor, keys: Tensor, mask: Any) -> Tensor:
        z = asked @ _exchanged(keys, -2, -1) * asked.shape[-1] ** -0.5
        return ops.masked_softmax(z, mask, is_causal=self.is_causal)


def _exchanged(x: Tensor, i: int, j: int) -> Tensor:
    """The tensor with two axes exchanged."""
    axes = list(range(x.ndim))
    axes[i], axes[j] = axes[j], axes[i]
    return x.transpose(*axes)


def _with_heads(mask: Any, asked: Tensor) -> Any:
    """A mask with an axis for the heads where it has one for the examples."""
    if mask is None:
        return None
    mask = mask if isinstance(mask, Tensor) else np.asarray(mask)
    if mask.ndim < 3 or mask.ndim != asked.ndim - 1:
        return mask
    *batch, t, s = mask.shape
    return mask.reshape(*batch, 1, t, s)
