r"""Pooling to a given size: the windows follow from it.

Along an axis of length $n$, bin $i$ of $m$ reads from $\lfloor i n / m \rfloor$ up to, but not including,
$\lceil (i + 1) n / m \rceil$. The bins cover the axis; they overlap by one element where $m$ does not divide $n$. With
a single bin this is global pooling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.pooling.average import avg_pool2d
from dlbook.ops.pooling.max import max_pool2d
from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule

    Bins = list[tuple[int, int]]


@primitive
def adaptive_avg_pool2d(
    x: Float[Array, "*batch h w"],
    /,
    *,
    output_size: int | tuple[int | None, int | None],
) -> Rule:
    r"""The means of as many bins as are asked for; `output_size=1` is global average pooling.

    With $N_{ij}$ pixels in bin $(i, j)$,
    $$y_{ij} = \frac{1}{N_{ij}} \sum_{(u, v) \in \text{bin}_{ij}} x_{uv}\,, \qquad
    dx_{uv} = \sum_{ij} \bigl[(u, v) \in \text{bin}_{ij}\bigr]\; \frac{dy_{ij}}{N_{ij}} .$$
    A network that ends so takes images of any size. Where the bins are rectangles, the mean over a bin is that over
    its rows of the means over its columns.

    Args:
        x: Planes, `(*batch, h, w)`; for images, `(n, c, h, w)`.
        output_size: The height and width of the output; None keeps that of the input.

    Returns:
        The means, `(*batch, *output_size)`.

    Raises:
        TypeError: If `output_size` is no whole number, and no pair of them.
        ValueError: If it is less than 1, or there are no pixels.

    Source:
        M. Lin, Q. Chen, S. Yan, *Network in network* (2014), for a single bin; K. He et al., *Spatial pyramid pooling
        in deep convolutional networks for visual recognition* (2015), for several.

    Examples:
        >>> x = [[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]]
        >>> adaptive_avg_pool2d(x, output_size=1)
        array([[4.]])
        >>> adaptive_avg_pool2d(x, output_size=(1, 2))
        array([[2.5, 5. ]])
    """
    m_h, m_w = _size("adaptive_avg_pool2d", x.shape[-2:], output_size)
    h, w = x.shape[-2:]
    if m_h == m_w == 1:
        y = x.mean(axis=(-2, -1), keepdims=True)
        return y, lambda dy: np.broadcast_to(dy / (h * w), x.shape)
    if h % m_h == w % m_w == 0:
        return avg_pool2d.rule(x, kernel_size=(h // m_h, w // m_w))
    rows, columns = _bins(h, m_h), _bins(w, m_w)
    means = [x[..., start:end, :].mean(axis=-2) for start, end in rows]
    m = np.stack(means, axis=-2)
    y = np.stack([m[..., start:end].mean(axis=-1) for start, end in columns], axis=-1)

    def vjp(dy: Array) -> Array:
        dm = np.zeros_like(m)
        for j, (start, end) in enumerate(columns):
            dm[..., start:end] += dy[..., j : j + 1] / (end - start)
        dx = np.zeros_like(x)
        for i, (start, end) in enumerate(rows):
            dx[..., start:end, :] += dm[..., i : i + 1, :] / (end - start)
        return dx

    return y, vjp


@primitive
def adaptive_max_pool2d(
    x: Float[Array, "*batch h w"],
    /,
    *,
    output_size: int | tuple[int | None, int | None],
) -> Rule:
    r"""The maxima of as many bins as are asked for; `output_size=1` is global maximum pooling.

    $$y_{ij} = \max_{(u, v) \in \text{bin}_{ij}} x_{uv}\,, \qquad
    dx_{uv} = \sum_{ij} \bigl[(u, v) = \text{winner}_{ij}\bigr]\; dy_{ij} .$$
    Of equal numbers the first wins, row by row, as in `max_pool2d`.

    Args:
        x: Planes, `(*batch, h, w)`; for images, `(n, c, h, w)`.
        output_size: The height and width of the output; None keeps that of the input.

    Returns:
        The maxima, `(*batch, *output_size)`. A NaN makes its bins NaN.

    Raises:
        TypeError: If `output_size` is no whole number, and no pair of them.
        ValueError: If it is less than 1, or there are no pixels.

    Source:
        K. He et al., *Spatial pyramid pooling in deep convolutional networks for visual recognition* (2015).

    Examples:
        >>> x = [[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]]
        >>> adaptive_max_pool2d(x, output_size=1)
        array([[8.]])
        >>> adaptive_max_pool2d(x, output_size=(2, 1))
        array([[6.],
               [8.]])
    """
    m_h, m_w = _size("adaptive_max_pool2d", x.shape[-2:], output_size)
    h, w = x.shape[-2:]
    if m_h == m_w == 1:
        return _global_max(x)
    if h % m_h == w % m_w == 0:
        return max_pool2d.rule(x, kernel_size=(h // m_h, w // m_w))
    rows, columns = _bins(h, m_h), _bins(w, m_w)
    m = highest(x, columns, -1)
    y = highest(m, rows, -2)
    return y, lambda dy: to_the_first(to_the_first(dy, m, rows, -2), x, columns, -1)


def _size(where: str, size: tuple[int, ...], output_size: object) -> tuple[int, int]:
    """How many bins there are, downward and across."""
    if isinstance(output_size, tuple | list) and len(output_size) == len(size):
        output_size = [
            n if m is None else m for n, m in zip(size, output_size, strict=True)
        ]
    if min(size) < 1:
        raise ValueError(
            f"{where}: x: expected planes of at least one pixel, got {size[0]} rows of {size[1]}"
        )
    return tuple_of(where, "output_size", output_size, 2, 1)


def _global_max(x: Array) -> Rule:
    """The largest number of each plane."""
    planes = x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])
    winner = planes.argmax(axis=-1)[..., None]
    y = np.take_along_axis(planes, winner, axis=-1)[..., None]

    def vjp(dy: Array) -> Array:
        dx = np.zeros_like(planes)
        np.put_along_axis(dx, winner, dy[..., 0], axis=-1)
        return dx.reshape(x.shape)

    return y, vjp


def _bins(n: int, m: int) -> Bins:
    """Where each of `m` bins of an axis of length `n` begins and ends."""
    return [(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]


def highest(x: Array, bins: Bins, axis: int) -> Array:
    """The maximum of each bin along one axis."""
    x = np.moveaxis(x, axis, 0)
    return np.moveaxis(
        np.stack([x[start:end].max(axis=0) for start, end in bins]), 0, axis
    )


def to_the_first(dy: Array, x: Array, bins: Bins, axis: int) -> Array:
    """The gradient of each bin's maximum, handed to the first element of the bin that has it."""
    dx = np.zeros_like(x)
    x, into, dy = (np.moveaxis(a, axis, 0) for a in (x, dx, dy))
    for (start, end), dy_bin in zip(bins, dy, strict=True):
        winner = x[start:end].argmax(axis=0)[None]
        got = np.take_along_axis(into[start:end], winner, axis=0) + dy_bin
        np.put_along_axis(into[start:end], winner, got, axis=0)
    return dx
