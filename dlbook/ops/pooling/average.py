"""The mean of each window."""

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
def avg_pool2d(
    x: Float[Array, "*batch h w"],
    /,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Rule:
    r"""The mean of each window.

    With kernel $k$, stride $s$ and padding $p$ along either axis, and $N_{ij}$ pixels in window $(i, j)$,
    $$y_{ij} = \frac{1}{N_{ij}} \sum_{a, b} x_{\,i s - p + a,\; j s - p + b}\,, \qquad
    dx_{uv} = \sum_{ij} \bigl[(u, v) \in \text{window}_{ij}\bigr]\; \frac{dy_{ij}}{N_{ij}} .$$
    Padding adds nothing to the sum. Whether it counts in $N$ is a choice: if it does, borders are darkened.
    What `ceil_mode` lets reach beyond the padding never counts.

    Args:
        x: Planes, `(*batch, h, w)`; for images, `(n, c, h, w)`.
        kernel_size: Height and width of a window, in pixels; one number stands for both, as below.
        stride: The step from window to window; by default the kernel's size, so that windows do not overlap.
        padding: How far windows reach beyond each border, at most half of a window.
        ceil_mode: Whether a last window that reaches beyond the padding counts.
        count_include_pad: Whether padding counts in $N$.

    Returns:
        The means, `(*batch, h', w')`.

    Raises:
        TypeError: If a setting is no whole number, and no pair of them.
        ValueError: If a setting is out of its range, or no window fits.

    Source:
        Y. LeCun et al., *Gradient-based learning applied to document recognition* (1998), where each window's sum
        also has a weight and a bias.

    Examples:
        >>> x = [[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 8.0]]
        >>> avg_pool2d(x, kernel_size=2)
        array([[2.5, 2. ]])
        >>> avg_pool2d([[4.0]], kernel_size=2, stride=1, padding=1)
        array([[1., 1.],
               [1., 1.]])
        >>> avg_pool2d([[4.0]], kernel_size=2, stride=1, padding=1, count_include_pad=False)
        array([[4., 4.],
               [4., 4.]])
    """
    rows, columns = windows(
        "avg_pool2d",
        x.shape[-2:],
        kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
    )
    count = np.outer(
        _count(rows, count_include_pad), _count(columns, count_include_pad)
    ).astype(x.dtype)
    y = _sum(_sum(x, rows), columns)
    y /= count
    return y, lambda dy: _spread(
        _spread(dy / count, columns, y.shape[:-1] + x.shape[-1:]), rows, x.shape
    )


def _count(along: Windows, with_padding: bool) -> Array:
    """How many elements of its axis each window reads; with padding, also what it reads there."""
    start = np.arange(along.out) * along.stride - along.padding
    end = start + along.kernel
    margin = along.padding if with_padding else 0
    return np.minimum(end, along.size + margin) - np.maximum(start, -margin)


def _sum(x: Array, along: Windows) -> Array:
    """The sum of each window along one axis."""
    y = np.zeros(along.shape(x.shape), x.dtype)
    for here, there in along.taps():
        y[here] += x[there]
    return y


def _spread(dy: Array, along: Windows, shape: tuple[int, ...]) -> Array:
    """Each number of `dy`, added to all that its window reads in an array of this shape."""
    dx = np.zeros(shape, dy.dtype)
    for here, there in along.taps():
        dx[there] += dy[here]
    return dx
