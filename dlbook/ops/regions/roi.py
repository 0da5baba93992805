"""Features of regions: parts of a map, whatever their size, brought to one size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.interpolation import between_pixels
from dlbook.ops.pooling.adaptive import highest, to_the_first
from dlbook.ops.regions.boxes import expect_order
from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule

    Bins = list[tuple[int, int]]

# Pixels beyond which no border needs to be known; whole numbers are exact up to there.
FAR = 2**31


@primitive
def roi_align(
    x: Float[Array, "n c h w"],
    rois: Float[Array, "r 5"],
    /,
    *,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> Rule:
    r"""Features of regions, read between the pixels: nothing is rounded.

    A region is cut into bins, and in each bin the map $F$ is read at a grid of points and averaged. Reading is
    bilinear, and grid and bins are products of rows and columns. So all is one product for each region, with weights
    $W_y$ of the map's rows for the bins' rows, and $W_x$ of the columns:
    $$y = W_y\, F\, W_x^\top, \qquad dF = W_y^\top\, dy\, W_x \quad \text{(summed over the regions)} .$$
    With $m$ bins along an axis, $s$ points in each, and a region from $a$ to $b$ on the map, point $k$ of bin $i$ lies
    at $u = a + \bigl(i + \frac{k + 1/2}{s}\bigr) \frac{b - a}{m}$. A point more than one pixel outside counts as zero;
    a nearer one is moved to the border.

    Args:
        x: Maps of finite features, `(n, c, h, w)`.
        rois: Regions, `(r, 5)`: which map, then $(x_1, y_1, x_2, y_2)$ in pixels of the image. They get no gradient.
        output_size: The number of bins, downward and across; one number stands for both.
        spatial_scale: How large the map is beside the image: 1/16 after a network that halves four times.
        sampling_ratio: $s$; if less than 1, as many points as the bin has pixels, rounded up.
        aligned: Whether pixels have their centers at halves, so that half a pixel is taken from $a$ and $b$. If not,
            regions are off by that, and at least one pixel large, as in the first programs.

    Returns:
        Features, `(r, c, *output_size)`.

    Raises:
        TypeError: If `output_size` is no whole number, and no pair of them, or `sampling_ratio` is none.
        ValueError: If a region names no map, is not finite, or has borders in the wrong order, a setting is out of its
            range, or a map has no pixels.

    Source:
        K. He, G. Gkioxari, P. Dollár, R. Girshick, *Mask R-CNN* (2017).

    Examples:
        >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
        >>> roi_align(x, [[0, 1, 1, 3, 3]], output_size=2, sampling_ratio=1, aligned=True)
        array([[[[ 5.,  6.],
                 [ 9., 10.]]]])
    """
    m = _expect_regions("roi_align", x, rois, output_size, spatial_scale)
    if not isinstance(sampling_ratio, int | np.integer):
        raise TypeError(
            f"roi_align: sampling_ratio: expected a whole number, got {sampling_ratio!r}"
        )
    corners = rois[:, 1:].astype(float) * spatial_scale - (0.5 if aligned else 0)
    x1, y1, x2, y2 = corners.T
    least = 0 if aligned else 1  # pixel
    n, c, h, w = x.shape
    w_y = _weights(y1, np.maximum(y2 - y1, least), h, m[0], sampling_ratio).astype(
        x.dtype
    )
    w_x = _weights(x1, np.maximum(x2 - x1, least), w, m[1], sampling_ratio).astype(
        x.dtype
    )
    # with channels last a region's rows are one matrix, (rows, columns * channels)
    f = x.transpose(0, 2, 3, 1).reshape(n, h, w * c)
    y = np.empty((len(rois), *m, c), x.dtype)
    for k, (i, rows, columns) in _parts(rois, w_y, w_x):
        along = w_y[k][:, rows] @ f[i, rows, columns.start * c : columns.stop * c]
        np.matmul(
            w_x[k][:, columns],
            along.reshape(m[0], len(w_x[k][0, columns]), c),
            out=y[k],
        )

    def vjp(dy: Array) -> tuple[Array, None]:
        df = np.zeros_like(f)
        dy = np.ascontiguousarray(dy.transpose(0, 2, 3, 1))
        for k, (i, rows, columns) in _parts(rois, w_y, w_x):
            along = (w_x[k][:, columns].T @ dy[k]).reshape(m[0], -1)
            df[i, rows, columns.start * c : columns.stop * c] += (
                w_y[k][:, rows].T @ along
            )
        return df.reshape(n, h, w, c).transpose(0, 3, 1, 2), None

    return y.transpose(0, 3, 1, 2), vjp


@primitive
def roi_pool(
    x: Float[Array, "n c h w"],
    rois: Float[Array, "r 5"],
    /,
    *,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
) -> Rule:
    r"""The largest features of regions: each region is pooled to one size, as by `adaptive_max_pool2d`.

    Borders are rounded to whole pixels of the map, and the last pixel belongs to the region, which so is at least one
    pixel large. Of $\ell$ pixels along an axis, bin $i$ of $m$ reads from
    $\lfloor i \ell / m \rfloor$ up to $\lceil (i + 1) \ell / m \rceil$, as far as the map reaches:
    $$y_{ij} = \max_{(u, v) \in \text{bin}_{ij}} x_{uv}\,, \qquad
    dx_{uv} = \sum_{ij} \bigl[(u, v) = \text{winner}_{ij}\bigr]\; dy_{ij} .$$
    Of equal features the first wins, row by row. A bin outside of the map is 0 and has no winner. Twice something is
    rounded here, and the features no longer lie where the region does; `roi_align` was made to mend this.

    Args:
        x: Maps of features, `(n, c, h, w)`.
        rois: Regions, `(r, 5)`: which map, then $(x_1, y_1, x_2, y_2)$ in pixels of the image. They get no gradient.
        output_size: The number of bins, downward and across; one number stands for both.
        spatial_scale: How large the map is beside the image: 1/16 after a network that halves four times.

    Returns:
        Features, `(r, c, *output_size)`.

    Raises:
        TypeError: If `output_size` is no whole number, and no pair of them.
        ValueError: If a region names no map, is not finite, or has borders in the wrong order, a setting is out of its
            range, or a map has no pixels.

    Source:
        R. Girshick, *Fast R-CNN* (2015).

    Examples:
        >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
        >>> roi_pool(x, [[0, 0, 0, 2, 3]], output_size=2)
        array([[[[ 5.,  6.],
                 [13., 14.]]]])
    """
    m = _expect_regions("roi_pool", x, rois, output_size, spatial_scale)
    c, h, w = x.shape[1:]
    scaled = np.clip(rois[:, 1:].astype(float) * spatial_scale, -FAR, FAR)
    borders = np.trunc(scaled + np.copysign(0.5, scaled)).astype(int).tolist()
    f = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    y = np.zeros((len(rois), *m, c), x.dtype)
    parts = []
    for k, (x1, y1, x2, y2) in enumerate(borders):
        i = int(rois[k, 0])
        down, rows, row_bins = _bins(y1, y2, h, m[0])
        right, columns, column_bins = _bins(x1, x2, w, m[1])
        if row_bins and column_bins:
            part, cells = (i, rows, columns), (k, down, right)
            parts.append((part, cells, row_bins, column_bins))
            across = highest(f[part], column_bins, 1)
            y[cells] = highest(across, row_bins, 0)

    def vjp(dy: Array) -> tuple[Array, None]:
        df = np.zeros_like(f)
        dy = dy.transpose(0, 2, 3, 1)
        for part, cells, row_bins, column_bins in parts:
            across = highest(f[part], column_bins, 1)
            dacross = to_the_first(dy[cells], across, row_bins, 0)
            df[part] += to_the_first(dacross, f[part], column_bins, 1)
        return df.transpose(0, 3, 1, 2), None

    return y.transpose(0, 3, 1, 2), vjp


def _expect_regions(
    where: str, x: Array, rois: Array, output_size: Any, spatial_scale: float
) -> tuple[int, int]:
    """The number of bins, downward and across, if all regions can be cut into them."""
    expect_order(where, "rois", rois[:, 1:])
    maps = rois[:, 0]
    wrong = ~((maps >= 0) & (maps < len(x)) & (maps == np.floor(maps)))
    if wrong.any():
        raise ValueError(
            f"{where}: rois: expected the number of a map, from 0 to {len(x) - 1}, in front, got {maps[wrong][0]}"
        )
    if not 0 < spatial_scale < np.inf:
        raise ValueError(
            f"{where}: spatial_scale: expected a positive number, got {spatial_scale}"
        )
    if min(x.shape[2:]) < 1:
        raise ValueError(
            f"{where}: x: expected maps of at least one pixel, got {x.shape[2]} rows of {x.shape[3]}"
        )
    return tuple_of(where, "output_size", output_size, 2, 1)


def _weights(start: Array, length: Array, n: int, m: int, s: int) -> Array:
    """How much of each of `n` pixels along an axis is read for each of the `m` bins of each region, `(r, m, n)`."""
    bins = length[:, None] / m
    points = np.full_like(bins, s) if s > 0 else np.ceil(bins)
    w = np.zeros((len(start), m, n))
    for k in range(int(points.max(initial=0))):
        used = np.maximum(points, k + 1)  # no division by zero
        u = start[:, None] + (np.arange(m) + (k + 0.5) / used) * bins
        share = ((u >= -1) & (u <= n) & (k < points)) / used
        w += share[..., None] * between_pixels(np.clip(u, 0, n - 1), n)
    return w


def _parts(
    rois: Array, w_y: Array, w_x: Array
) -> Iterator[tuple[int, tuple[int, slice, slice]]]:
    """For each region its map, and the rows and the columns that have weights at all."""
    rows, columns = (_support(w) for w in (w_y, w_x))
    yield from enumerate(zip(rois[:, 0].astype(int), rows, columns, strict=True))


def _support(w: Array) -> list[slice]:
    """For each region the part of the axis beyond which all weights are zero."""
    used: Array = np.any(w, axis=1)
    n = used.shape[1]
    first = np.where(used.any(axis=1), used.argmax(axis=1), n)
    last = n - used[:, ::-1].argmax(axis=1)
    return [
        slice(a, max(a, b)) for a, b in zip(first.tolist(), last.tolist(), strict=True)
    ]


def _bins(first: int, last: int, n: int, m: int) -> tuple[slice, slice, Bins]:
    """A region from pixel `first` to `last` of an axis of `n` pixels, cut into `m` bins.

    Returns:
        Which bins lie on the axis, which pixels they cover, and where among these each begins and ends.
    """
    length = last - first + 1
    cut = [
        (max(first + i * length // m, 0), min(first - (-(i + 1) * length // m), n))
        for i in range(m)
    ]
    inside = [i for i, (start, end) in enumerate(cut) if start < end]
    if not inside:
        return slice(0, 0), slice(0, 0), []
    bins = slice(inside[0], inside[-1] + 1)
    pixels = slice(cut[bins][0][0], cut[bins][-1][1])
    return bins, pixels, [(a - pixels.start, b - pixels.start) for a, b in cut[bins]]
