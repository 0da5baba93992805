"""The layer that leaves units out while training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Tensor
from dlbook.nn.evaluation import evaluated
from dlbook.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Dropout(Module):
    r"""In a training pass each element is 0 with probability $p$, and else $1/(1 - p)$ of itself; else nothing changes.

    Args:
        p: The probability to be left out, from 0 to 1.

    Raises:
        ValueError: If `p` is no probability.

    Source:
        N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, *Dropout: a simple way to
        prevent neural networks from overfitting*, Journal of Machine Learning Research 15 (2014).

    Examples:
        >>> layer = Dropout(0.5)
        >>> x = np.array([1.0, 2.0, 3.0, 4.0])
        >>> layer(x)
        Tensor([1., 2., 3., 4.])
        >>> (layer(x, rng=np.random.default_rng(0)).value / x).tolist()
        [2.0, 2.0, 2.0, 0.0]
    """

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p: expected a number from 0 to 1, got {p}")
        self.p = p

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The activations, some of them left out, in the shape of `x`; see `ops.dropout`."""
        if not isinstance(x, Tensor):
            x = Tensor(x)
        if rng is None or self.is_frozen or not self.p:
            return evaluated(self, x)
        return ops.dropout(x, p=self.p, rng=rng)

    @property
    def differs_in_training(self) -> bool:
        """Whether a training pass computes something else than an evaluation, which it does if anything is left out."""
        return self.p > 0

    def extra_repr(self) -> str:
        """The layer's setting."""
        return f"p={self.p}"
