"""Boxes to begin with: some at each place of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float

    from dlbook.autograd.core import Array


def anchors(
    size: int | tuple[int, int],
    /,
    *,
    stride: int | tuple[int, int],
    scales: Sequence[float],
    ratios: Sequence[float] = (0.5, 1.0, 2.0),
) -> Float[Array, "n 4"]:
    r"""A grid of anchors: boxes of several sizes and shapes around each place of a map of features.

    An anchor of scale $s$ and ratio $r$ has the area $s^2$ and is $r$ times as high as it is wide,
    $$w = \frac{s}{\sqrt r}, \qquad h = s \sqrt r .$$
    Its center for row $i$ and column $j$ of the map is $(j\,d_x,\; i\,d_y)$ with the strides $d$. The borders of the
    anchors around $(0, 0)$ are rounded to whole pixels, as in torchvision.

    Args:
        size: Height and width of the map; one number stands for both.
        stride: How many pixels of the image lie between places of the map, downward and across.
        scales: The sides of the square anchors, in pixels.
        ratios: Heights over widths.

    Returns:
        Boxes $(x_1, y_1, x_2, y_2)$ in pixels, one row each: rows of the map, then columns, ratios, scales. Anchors at
        the margin reach beyond the image.

    Raises:
        TypeError: If `size` or `stride` is no whole number, and no pair of them.
        ValueError: If one is less than 1, there is no scale or ratio, or one is no positive number.

    Source:
        S. Ren, K. He, R. Girshick, J. Sun, *Faster R-CNN: towards real-time object detection with region proposal
        networks* (2015).

    Examples:
        >>> anchors((1, 2), stride=16, scales=[32], ratios=[1, 4])
        array([[-16., -16.,  16.,  16.],
               [ -8., -32.,   8.,  32.],
               [  0., -16.,  32.,  16.],
               [  8., -32.,  24.,  32.]])
    """
    rows, columns = tuple_of("anchors", "size", size, 2, 1)
    down, across = tuple_of("anchors", "stride", stride, 2, 1)
    s, root = _positive("scales", scales), np.sqrt(_positive("ratios", ratios))
    w, h = np.outer(1 / root, s).ravel(), np.outer(root, s).ravel()
    around_zero = np.round(np.stack([-w, -h, w, h], axis=1) / 2)
    y, x = np.meshgrid(
        np.arange(rows) * down, np.arange(columns) * across, indexing="ij"
    )
    centers = np.stack([x, y, x, y], axis=-1).reshape(-1, 1, 4)
    return (centers + around_zero).reshape(-1, 4)


def _positive(name: str, numbers: Sequence[float]) -> Array:
    array = np.asarray(numbers, float)
    if array.ndim != 1 or not len(array) or not ((array > 0) & (array < np.inf)).all():
        raise ValueError(f"anchors: {name}: expected positive numbers, got {numbers}")
    return array
