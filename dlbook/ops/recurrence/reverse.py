"""Sequences read from their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.recurrence.steps import checked_lengths

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


@primitive
def reverse_sequence(
    x: Float[Array, "n t ..."], /, *, lengths: Int[Array, " n"] | None = None
) -> Rule:
    r"""Each sequence from its last real step to its first; the padding stays where it is.

    With $\ell$ the length of sequence $i$,
    $$y_{it} = \begin{cases} x_{i,\,\ell - 1 - t} & t < \ell \\ x_{it} & t \ge \ell. \end{cases}$$
    Done twice, it is undone; so the gradient is reversed in the same way.

    Args:
        x: Sequences, `(n, t, …)`.
        lengths: How many steps of each are real, `(n,)`, from 0 to $t$; all, if left out.

    Returns:
        The sequences, in the same shape.

    Raises:
        TypeError: If the lengths are not integers.
        ValueError: If a length is out of its range, or there is not one for each sequence.

    Source:
        For networks that read in both directions: M. Schuster and K. K. Paliwal, *Bidirectional recurrent
        neural networks* (1997).

    Examples:
        >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 0.0]])
        >>> reverse_sequence(x, lengths=[3, 2])
        array([[3., 2., 1.],
               [5., 4., 0.]])
    """
    n, t = x.shape[:2]
    if lengths is None:
        return x[:, ::-1], lambda dy: dy[:, ::-1]
    end = checked_lengths("reverse_sequence", lengths, n, t)[:, None]
    step = np.arange(t)
    place = np.arange(n)[:, None], np.where(step < end, end - 1 - step, step)
    return x[place], lambda dy: dy[place]
