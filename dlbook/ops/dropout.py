"""Dropout: units left out at random while training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def dropout(
    x: Float[Array, "..."], /, *, p: float = 0.5, rng: np.random.Generator
) -> Rule:
    r"""Each element left out with probability $p$; those that stay are scaled up, so that the mean stays.

    $$y = m \odot x, \qquad m_i = \begin{cases} 0 & \text{with probability } p \\
    1 / (1 - p) & \text{otherwise,} \end{cases} \qquad dx = m \odot dy .$$
    The mean of $m_i$ is 1, for every $p < 1$, so that nothing needs to be scaled in an evaluation: this is inverted
    dropout. Its variance is $p / (1 - p)$.

    Args:
        x: Activations, of any shape.
        p: The probability to be left out, from 0 to 1.
        rng: Draws what is left out; the same in every dtype.

    Returns:
        Activations of the same shape. With $p = 1$ all are 0.

    Raises:
        ValueError: If `p` is no probability.
        TypeError: If `rng` is no generator.

    Source:
        N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, *Dropout: a simple way to
        prevent neural networks from overfitting*, Journal of Machine Learning Research 15 (2014).

    Examples:
        >>> y = dropout(np.ones(6), p=0.5, rng=np.random.default_rng(2))
        >>> sorted({float(v) for v in y})
        [0.0, 2.0]
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p: expected a number from 0 to 1, got {p}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"dropout: rng: expected np.random.default_rng(seed), got {rng!r}"
        )
    kept = rng.random(x.shape, np.float32) >= p
    m = kept * x.dtype.type(1 / (1 - p) if p < 1 else 0)
    return x * m, lambda dy: dy * m
