"""The largest number of each window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.pooling.windows import windows

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule
    from dlbook.ops.pooling.windows import Windows


@primitive
def max_pool2d(
    x: Float[Array, "*batch h w"],
    /,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
) -> Rule:
    r"""The largest number of each window: what was found, without where.

    With kernel $k$, stride $s$, padding $p$ and dilation $d$ along either axis,
    $$y_{ij} = \max_{a, b}\; x_{\,i s - p + a d,\; j s - p + b d}\,, \qquad
    dx_{uv} = \sum_{ij} \bigl[(u, v) = \text{winner}_{ij}\bigr]\; dy_{ij} .$$
    Each window has one winner. Of equal numbers it is the first, row by row: on a plane of zeros, as a rectifier
    leaves them, the whole gradient goes to the upper left corner of each window. Padding is not read, and so never
    wins, even among negative numbers.

    The maximum is taken along the rows first, $m_{uj} = \max_b x_{u,\, js - p + bd}$, then
    $y_{ij} = \max_a m_{is - p + ad,\, j}$, and the gradient goes back in two steps, too. The winner is the same: the
    first row that holds the maximum, and in it the first column.

    Args:
        x: Planes, `(*batch, h, w)`; for images, `(n, c, h, w)`.
        kernel_size: Height and width of a window, in pixels; one number stands for both, as below.
        stride: The step from window to window; by default the kernel's size, so that windows do not overlap.
        padding: How far windows reach beyond each border, at most half of a window.
        dilation: The step from tap to tap within a window.
        ceil_mode: Whether a last window that reaches beyond the padding counts.

    Returns:
        The maxima, `(*batch, h', w')`. A NaN makes its windows NaN, and gets no gradient.

    Raises:
        TypeError: If a setting is no whole number, and no pair of them.
        ValueError: If a setting is out of its range, no window fits, or a window lies between the pixels.

    Source:
        K. Yamaguchi et al., *A neural network for speaker-independent isolated word recognition* (1990);
        in the windows of images: M. Ranzato et al., *Unsupervised learning of invariant feature hierarchies with
        applications to object recognition* (2007).

    Examples:
        >>> x = [[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 5.0], [-1.0, -2.0, 7.0, 7.0], [-3.0, -4.0, 7.0, 7.0]]
        >>> max_pool2d(x, kernel_size=2)
        array([[ 4.,  5.],
               [-1.,  7.]])
        >>> _, vjp = max_pool2d.rule(np.array(x), kernel_size=2)
        >>> vjp(np.ones((2, 2)))
        array([[0., 0., 0., 0.],
               [0., 1., 0., 1.],
               [1., 0., 1., 0.],
               [0., 0., 0., 0.]])
    """
    rows, columns = windows(
        "max_pool2d",
        x.shape[-2:],
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    m = _highest(x, columns)
    y = _highest(m, rows)
    return y, lambda dy: _to_the_first(_to_the_first(dy, m, y, rows), x, m, columns)


def _highest(x: Array, along: Windows) -> Array:
    """The maximum of each window along one axis."""
    y = np.full(along.shape(x.shape), -np.inf, x.dtype)
    for here, there in along.taps():
        np.maximum(y[here], x[there], out=y[here])
    return y


def _to_the_first(dy: Array, x: Array, y: Array, along: Windows) -> Array:
    """The gradient of each maximum `y`, handed to the first element of its window that has its value."""
    dx = np.zeros_like(x)
    open_to = np.ones(y.shape, bool)
    for here, there in along.taps():
        won = np.ascontiguousarray(x[there]) == y[here]  # compared side by side
        won &= open_to[here]
        open_to[here] ^= won
        if along.are_apart:
            np.multiply(dy[here], won, out=dx[there])
        else:
            dx[there] += dy[here] * won
    return dx
