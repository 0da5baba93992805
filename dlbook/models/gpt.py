"""The language model GPT-2."""

from __future__ import annotations

from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Tensor, no_grad
from dlbook.nn import (
    Dropout,
    Embedding,
    LayerNorm,
    LearnedPositions,
    Module,
    TransformerBlock,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd.core import Array


class GPT(Module):
    r"""A stack of causal transformer blocks that gives, at each position, scores for the token that comes next.

    $$x^{(0)}_t = E_{i_t} + P_t, \qquad x^{(l)} = \operatorname{block}_l\bigl(x^{(l-1)}\bigr), \qquad
    z_t = \operatorname{norm}\bigl(x^{(L)}_t\bigr)\, E^\top .$$
    The table $E$ of the tokens' vectors reads the input and writes the scores: the weights are tied. The blocks
    normalize first and have $4d$ hidden units, with the GELU in its approximation by the hyperbolic tangent. With $V$
    tokens, $n$ positions, $d$ features and $L$ blocks there are $Vd + nd + L\,(12 d^2 + 13 d) + 2d$ parameters.

    All weights start normal with standard deviation 0.02, those that end in one of the $2L$ sums with
    $0.02 / \sqrt{2L}$, so that the sums do not grow with depth; biases start at zero.

    Args:
        vocab_size: The number of tokens, $V$. The defaults are those of GPT-2 small.
        n_positions: The number of positions of the longest text, $n$.
        n_embd: The number of features, $d$.
        n_layer: The number of blocks, $L$.
        n_head: The number of heads, a divisor of $d$.
        dropout: The probability to be left out in training: of $x^{(0)}$, of attention's weights, of each sum's new
            part.
        rng: Draws the initial weights.
        dtype: The dtype of the parameters, and so of the scores.

    Attributes:
        wte: The vectors of the tokens, $E$.
        wpe: The vectors of the positions, $P$.
        blocks: The blocks.
        norm: The last norm.

    Raises:
        ValueError: If a size is less than 1, or the heads do not divide $d$.
        TypeError: If `dtype` is not a float type.

    Source:
        A. Radford et al., *Language models are unsupervised multitask learners* (2019), section 2.3; tied weights: O.
        Press, L. Wolf, *Using the output embedding to improve language models* (2017).

    Examples:
        >>> model = GPT(65, n_positions=16, n_embd=8, n_layer=2, n_head=2, rng=np.random.default_rng(0))
        >>> model([[1, 2, 3]]).shape
        (1, 3, 65)
        >>> GPT.count()  # GPT-2 small, none of it allocated
        124439808
    """

    def __init__(
        self,
        vocab_size: int = 50257,
        *,
        n_positions: int = 1024,
        n_embd: int = 768,
        n_layer: int = 12,
        n_head: int = 12,
        dropout: float = 0.1,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if n_layer < 1:
            raise ValueError(f"GPT: n_layer: expected at least 1, got {n_layer}")
        self.wte = Embedding(vocab_size, n_embd, rng=rng, dtype=dtype)
        self.wpe = LearnedPositions(n_positions, n_embd, rng=rng, dtype=dtype)
        self.dropout = Dropout(dropout)
        self.blocks = [
            TransformerBlock(
                n_embd,
                n_head,
                4 * n_embd,
                dropout=dropout,
                activation=partial(ops.gelu, approximate="tanh"),
                norm_first=True,
                is_causal=True,
                rng=rng,
                dtype=dtype,
            )
            for _ in range(n_layer)
        ]
        for block in self.blocks:
            block.dropout.p = 0.0  # GPT-2 leaves the hidden units alone
        self.norm = LayerNorm(n_embd, dtype=dtype)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                ends_in_a_sum = name.endswith(("self_attn.w_o", "linear2.w"))
                std = 0.02 / sqrt(2 * n_layer) if ends_in_a_sum else 0.02
                p.value = rng.normal(0, std, p.shape).astype(dtype)
            elif not name.endswith("gamma"):
                p.value = np.zeros_like(p.value)

    def forward(
        self, i: ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """Scores for the next token at each position, (…, t, V), for token numbers `i`, (…, t).

        Raises:
            TypeError: If the tokens are not integers.
            ValueError: If a number is no token, or the text is longer than n.
        """
        return ops.linear(self._features(i, rng), self.wte.w.T)

    def generate(
        self,
        i: ArrayLike,
        max_new_tokens: int,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
        rng: np.random.Generator | None = None,
    ) -> Array:
        r"""Texts continued token by token, each drawn from the model's distribution given those before it.

        The distribution is $\operatorname{softmax}(z / T)$ over the tokens that are left by `top_k` and `top_p`. The
        last $n$ tokens are all that the model sees.

        Args:
            i: The beginnings, token numbers, (…, t) with at least one token.
            max_new_tokens: How many tokens are added.
            temperature: $T$; at 0 the likeliest token is taken, and nothing is drawn.
            top_k: How many of the likeliest tokens are left; all if left out.
            top_p: As many of the likeliest tokens are left as are needed to reach this probability.
            rng: Draws the tokens; not needed at temperature 0.

        Returns:
            The texts with their continuations, (…, t + max_new_tokens).

        Raises:
            ValueError: If a setting is out of its range, or there is nothing to begin with.
            TypeError: If `rng` is missing.

        Source:
            A. Holtzman et al., *The curious case of neural text degeneration* (2020), for `top_p`; A. Fan, M. Lewis,
            Y. Dauphin, *Hierarchical neural story generation* (2018), for `top_k`.

        Examples:
            >>> model = GPT(5, n_positions=4, n_embd=2, n_layer=1, n_head=1, rng=np.random.default_rng(0))
            >>> model.generate([3, 1], 6, rng=np.random.default_rng(0)).shape
            (8,)
        """
        text = np.asarray(i)
        for name, fits, expected, got in (
            ("i", text.ndim and text.shape[-1], "at least one token", text.shape),
            ("max_new_tokens", max_new_tokens >= 0, "at least 0", max_new_tokens),
            ("temperature", temperature >= 0, "at least 0", temperature),
            ("top_k", top_k is None or top_k >= 1, "at least 1", top_k),
            ("top_p", 0 < top_p <= 1, "more than 0 and at most 1", top_p),
        ):
            if not fits:
                raise ValueError(
                    f"GPT.generate: {name}: expected {expected}, got {got}"
                )
        if rng is None and temperature:
            raise TypeError(
                "GPT.generate: rng: expected np.random.default_rng(seed), got None; without it, temperature=0"
            )
        n = self.wpe.w.shape[0]
        with no_grad():
            for _ in range(max_new_tokens):
                last = self._features(text[..., -n:], None).value[..., -1, :]
                z = last @ self.wte.w.value.T
                if temperature == 0 or rng is None:
                    token = z.argmax(axis=-1)
                else:
                    z = z / temperature
                    if top_k is not None or top_p < 1:
                        z = _likeliest(z, top_k, top_p)
                    # the largest of the scores, with Gumbel's noise, is a draw from their softmax
                    token = (z + rng.gumbel(size=z.shape)).argmax(axis=-1)
                text = np.concatenate([text, token[..., None]], axis=-1)
        return text

    @staticmethod
    def count(
        vocab_size: int = 50257,
        *,
        n_positions: int = 1024,
        n_embd: int = 768,
        n_layer: int = 12,
    ) -> int:
        """The number of parameters that a model of these sizes has, without making one.

        Examples:
            >>> GPT.count(n_embd=1600, n_layer=48)  # GPT-2 XL
            1557611200
        """
        d = n_embd
        tables, block, last_norm = (
            (vocab_size + n_positions) * d,
            12 * d * d + 13 * d,
            2 * d,
        )
        return tables + n_layer * block + last_norm

    def _features(self, i: ArrayLike, rng: np.random.Generator | None) -> Any:
        """What the scores are made of: the output of the last norm."""
        x: Any = self.wpe(self.wte(i, rng=rng), rng=rng)
        x = self.dropout(x, rng=rng)
        for block in self.blocks:
            x = block(x, rng=rng)
        return self.norm(x, rng=rng)


def _likeliest(z: Array, top_k: int | None, top_p: float) -> Array:
    """The scores, with minus infinity for all tokens but the likeliest."""
    order = np.argsort(-z, axis=-1, kind="stable")
    p = ops.softmax(np.take_along_axis(z, order, axis=-1))
    left = np.cumsum(p, axis=-1) - p < top_p  # what stands before does not reach it yet
    if top_k is not None:
        left[..., top_k:] = False
    kept = np.empty_like(left)
    np.put_along_axis(kept, order, left, axis=-1)
    return np.where(kept, z, -np.inf)
