"""Gradients that are too long, made shorter."""

from __future__ import annotations

from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd.core import Array


def clip_grad_norm(
    gradients: Iterable[Array], max_norm: float
) -> tuple[list[Array], float]:
    r"""Gradients scaled so that together they are no longer than `max_norm`; and how long they were.

    $$g_i \leftarrow g_i \cdot \min\Bigl(1, \frac{c}{\lVert g \rVert + 10^{-6}}\Bigr), \qquad
      \lVert g \rVert = \sqrt{\textstyle\sum_i \lVert g_i \rVert^2} .$$
    All are scaled by one factor, so the direction of the step is kept. The $10^{-6}$ is PyTorch's.

    Args:
        gradients: One array per parameter, as `grad` returns them. They are not written to.
        max_norm: The bound $c$, at least 0.

    Returns:
        The gradients in the same order, and the norm before the scaling.

    Raises:
        ValueError: If `max_norm` is not a number of at least 0.
        FloatingPointError: If the norm is not finite.

    Source:
        R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks* (2013).

    Examples:
        >>> clipped, norm = clip_grad_norm([np.array([3.0]), np.array([0.0, 4.0])], max_norm=1.0)
        >>> [g.round(3) for g in clipped], norm
        ([array([0.6]), array([0. , 0.8])], 5.0)
    """
    _expect_bound("clip_grad_norm: max_norm", max_norm)
    gradients = list(gradients)
    norm = _length(gradients)
    if not isfinite(norm):
        raise FloatingPointError(
            f"clip_grad_norm: gradients: expected a finite norm, got {norm}"
        )
    scale = max_norm / (norm + 1e-6)
    return [g * scale if scale < 1 else g for g in gradients], norm


def clip_grad_value(gradients: Iterable[Array], clip_value: float) -> list[Array]:
    r"""Gradients with every element brought into $[-c, c]$; their direction may change.

    Args:
        gradients: One array per parameter, as `grad` returns them. They are not written to.
        clip_value: The bound $c$, at least 0.

    Returns:
        The gradients in the same order.

    Raises:
        ValueError: If `clip_value` is not a number of at least 0.

    Examples:
        >>> clip_grad_value([np.array([3.0, -0.5, -9.0])], 1.0)
        [array([ 1. , -0.5, -1. ])]
    """
    _expect_bound("clip_grad_value: clip_value", clip_value)
    return [np.clip(g, -clip_value, clip_value) for g in gradients]


def _length(gradients: list[Array]) -> float:
    """The norm of all, in units of the largest element, so that no square overflows."""
    top = max((float(np.abs(g).max(initial=0)) for g in gradients), default=0.0)
    if top == 0 or not isfinite(top):
        return top
    return top * sqrt(
        sum(float(np.square(g / top, dtype=np.float64).sum()) for g in gradients)
    )


def _expect_bound(where: str, bound: float) -> None:
    if not 0 <= bound < inf:  # a NaN fails too
        raise ValueError(f"{where}: expected a number of at least 0, got {bound}")
