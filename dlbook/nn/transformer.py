"""The block that transformers are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.nn.dropout import Dropout
from dlbook.nn.inputs import as_input
from dlbook.nn.linear import Linear
from dlbook.nn.module import Module
from dlbook.nn.multihead import MultiHeadAttention
from dlbook.nn.normalization import LayerNorm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd import Tensor


class TransformerBlock(Module):
    r"""Attention, then a small network at each position, each added to what came in and normalized.

    With the norm behind, as in the first paper, and with the norm before (`norm_first=True`), as in GPT-2,
    $$x \leftarrow \operatorname{norm}(x + f(x)) \qquad \text{or} \qquad x \leftarrow x + f(\operatorname{norm}(x)),$$
    where $f$ is in turn
    $$\text{attention of } x \text{ to itself}, \qquad \text{attention of } x \text{ to the memory},$$
    $$f(x) = g(x W_1 + b_1)\, W_2 + b_2 .$$
    The second part is there with `cross_attention=True` only. An encoder's block attends to all positions; a decoder's
    is causal and has a memory, the encoder's output; a language model's is causal and has none. In training,
    dropout acts on the attention's weights, on $g$, and on each $f(x)$.

    Args:
        d_model: The number of features, $d$.
        nhead: The number of heads, a divisor of $d$.
        dim_feedforward: The number of hidden units, the columns of $W_1$.
        dropout: The probability to be left out in training.
        activation: $g$, a function of one array or a module.
        layer_norm_eps: What `LayerNorm` adds to the variance.
        norm_first: Whether each part is normalized before, or else the sum behind.
        is_causal: Whether position $i$ sees no position after it.
        cross_attention: Whether there is attention to a memory.
        rotary: Whether queries and keys of the attention to itself are turned by their positions.
        bias: Whether dense layers and attention have biases. The norms have theirs always.
        rng: Draws the initial weights, part by part.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        self_attn: The attention of the sequence to itself.
        cross_attn: The attention to the memory, or None. PyTorch calls it `multihead_attn`.
        linear1, linear2: The dense layers of the network.
        norm1, norm2, norm3: The norms of the parts, in their order; `norm3` is None without a memory.

    Raises:
        ValueError: As the parts do.
        TypeError: As the parts do, or if the activation can't be called.

    Source:
        A. Vaswani et al., *Attention is all you need* (2017), sections 3.1 and 3.3; the norm before: R. Xiong et
        al., *On layer normalization in the transformer architecture* (2020).

    Examples:
        >>> from dlbook.nn import count_parameters
        >>> block = TransformerBlock(8, 2, 32, is_causal=True, rng=np.random.default_rng(0))
        >>> block(np.ones((5, 3, 8))).shape, count_parameters(block)
        ((5, 3, 8), 872)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        *,
        dropout: float = 0.1,
        activation: Callable[..., Any] = ops.relu,
        layer_norm_eps: float = 1e-5,
        norm_first: bool = False,
        is_causal: bool = False,
        cross_attention: bool = False,
        rotary: bool = False,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if isinstance(activation, type) or not callable(activation):
            raise TypeError(
                f"TransformerBlock: activation: expected a function such as relu, or a module, got {activation!r}"
            )
        made: dict[str, Any] = {"bias": bias, "rng": rng, "dtype": dtype}

        def norm() -> LayerNorm:
            return LayerNorm(d_model, eps=layer_norm_eps, dtype=dtype)

        self.norm_first = norm_first
        self.self_attn = MultiHeadAttention(
            d_model, nhead, dropout=dropout, is_causal=is_causal, rotary=rotary, **made
        )
        self.cross_attn = (
            MultiHeadAttention(d_model, nhead, dropout=dropout, **made)
            if cross_attention
            else None
        )
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.activation = activation
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm1, self.norm2 = norm(), norm()
        self.norm3 = norm() if cross_attention else None
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout) if cross_attention else None

    def forward(
        self,
        x: Tensor | ArrayLike,
        memory: Tensor | ArrayLike | None = None,
        *,
        mask: Tensor | ArrayLike | None = None,
        memory_mask: Tensor | ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """The sequence as it leaves the block, in the shape of `x`, (…, t, d).

        Args:
            x: The sequence, (…, t, d).
            memory: What is attended to besides, (…, s, d).
            mask: Which positions take part in the attention of `x` to itself; see `MultiHeadAttention`.
            memory_mask: Which positions of the memory take part.
            rng: Given, this is a training pass.

        Raises:
            ValueError: If a memory is missing, or is given to a block without attention to it.
        """
        if (memory is None) == (self.cross_attn is not None):
            expected = "none" if self.cross_attn is None else "a sequence"
            got = "none" if memory is None else "a sequence"
            raise ValueError(
                f"TransformerBlock: memory: expected {expected}, got {got}; see cross_attention=True"
            )

        def network(x: Tensor) -> Tensor:
            a: Any = self.linear1(x, rng=rng)
            g = self.activation
            a = g(a, rng=rng) if isinstance(g, Module) else g(a)
            return self.linear2(self.dropout(a, rng=rng), rng=rng)

        def to_itself(x: Tensor) -> Tensor:
            return self.self_attn(x, mask=mask, rng=rng)

        def to_memory(x: Tensor) -> Tensor:
            assert self.cross_attn is not None
            return self.cross_attn(x, memory, mask=memory_mask, rng=rng)

        parts: list[Any] = [to_itself, network]
        if self.cross_attn is not None:
            parts.insert(1, to_memory)
        norms = self.norm1, self.norm2, self.norm3
        dropouts = self.dropout1, self.dropout2, self.dropout3
        y: Any = as_input("TransformerBlock", x, self.norm1.gamma)
        for f, norm, dropout in zip(parts, norms, dropouts, strict=False):
            assert norm is not None
            assert dropout is not None
            if self.norm_first:
                y = dropout(f(norm(y, rng=rng)), rng=rng) + y
            else:
                y = norm(dropout(f(y), rng=rng) + y, rng=rng)
        return y

    def extra_repr(self) -> str:
        """What the parts do not show."""
        return f"norm_first={self.norm_first}"
