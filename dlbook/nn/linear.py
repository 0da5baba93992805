"""The dense layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.checks import check_sizes
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class Linear(Module):
    r"""A dense layer, $z = x w + b$: each output is a weighted sum of all inputs, plus a bias.

    Weights and biases start uniform in $[-1/\sqrt{d}, 1/\sqrt{d}]$, where $d$ is the number of inputs, as in
    PyTorch. A sum of $d$ terms then has a spread that does not grow with $d$.

    Args:
        in_features: The number of inputs, $d$.
        out_features: The number of outputs, $k$.
        bias: Whether there is a bias.
        rng: Draws the initial weights, then the biases; the same ones in every dtype, up to rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: Weights, in the shape (d, k). PyTorch stores the transpose.
        b: Biases, in the shape (k,), or None.

    Raises:
        ValueError: If a number of features is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        The initial range: Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp* (1998), section
        4.6, asks for a standard deviation of $1/\sqrt{d}$; the uniform range used here has $1/\sqrt{3d}$.

    Examples:
        >>> layer = Linear(3, 2, rng=np.random.default_rng(0))
        >>> layer
        Linear(in_features=3, out_features=2, bias=True)
        >>> layer(np.ones((5, 3))).shape
        (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = {"in_features": in_features, "out_features": out_features}
        check_sizes("Linear", dtype, **sizes)
        bound = 1 / np.sqrt(in_features)
        self.w = Parameter(
            rng.uniform(-bound, bound, (in_features, out_features)), dtype
        )
        self.b = (
            Parameter(rng.uniform(-bound, bound, out_features), dtype) if bias else None
        )

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The weighted sums, in the shape (…, k), for `x` in the shape (…, d); see `ops.linear`.

        An array is data and is brought to the dtype of the weights. A tensor was computed with another
        layer's weights, so another dtype there is a mistake.

        Raises:
            TypeError: If `x` does not hold numbers, or is a tensor of another dtype than the weights.
            ValueError: If the last axis of `x` has another length than d.
        """
        return ops.linear(as_input("Linear", x, self.w), self.w, self.b)

    def extra_repr(self) -> str:
        """The layer's settings."""
        in_features, out_features = self.w.shape
        return f"in_features={in_features}, out_features={out_features}, bias={self.b is not None}"
