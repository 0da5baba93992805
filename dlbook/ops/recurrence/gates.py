"""Gates: numbers between 0 and 1 that decide how much of a value passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlbook.autograd.core import Array


def split(z: Any, gates: int) -> list[Any]:
    """The last axis cut into equal parts, one for each gate; of an array or a tensor.

    Args:
        z: Scores, `(…, gates * k)`.
        gates: The number of parts.

    Examples:
        >>> split(np.array([[1.0, 2.0, 3.0, 4.0]]), 2)
        [array([[1., 2.]]), array([[3., 4.]])]
    """
    k = z.shape[-1] // gates
    return [z[..., j * k : (j + 1) * k] for j in range(gates)]


def by_gate(z: Array, gates: int) -> Array:
    """The same parts along a new first axis: a view, `(gates, …, k)`, into `(…, gates * k)`.

    Examples:
        >>> by_gate(np.array([[1.0, 2.0, 3.0, 4.0]]), 2)
        array([[[1., 2.]],
        <BLANKLINE>
               [[3., 4.]]])
    """
    return np.moveaxis(z.reshape(*z.shape[:-1], gates, z.shape[-1] // gates), -2, 0)


def squash(z: Array, scale: Any) -> None:
    r"""Squash scores in place: to a sigmoid where the scale is ½, to a hyperbolic tangent where it is 1.

    Since $\sigma(z) = \frac12 \tanh\frac z2 + \frac12$, both are $s \tanh(sz) + (1 - s)$, so one call of the
    tangent does all gates.

    Args:
        z: Scores; overwritten.
        scale: $s$, one for all, or one for each gate.

    Examples:
        >>> z = np.array([[2.0], [2.0]])
        >>> squash(z, np.array([[0.5], [1.0]]))
        >>> z.round(4)
        array([[0.8808],
               [0.964 ]])
    """
    z *= scale
    np.tanh(z, out=z)
    z *= scale
    z += 1 - scale
