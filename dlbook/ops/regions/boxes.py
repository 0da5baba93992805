"""How much two boxes have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def box_iou(boxes1: ArrayLike, boxes2: ArrayLike, /) -> Float[Array, "n m"]:
    r"""Intersection over union: the area that two boxes share, over the area that they cover.

    $$\mathrm{IoU}(a, b) = \frac{|a \cap b|}{|a| + |b| - |a \cap b|},$$
    $$|a \cap b| = \bigl[\min(a_{x_2}, b_{x_2}) - \max(a_{x_1}, b_{x_1})\bigr]_+
                 \bigl[\min(a_{y_2}, b_{y_2}) - \max(a_{y_1}, b_{y_1})\bigr]_+ .$$
    It is 1 for equal boxes and 0 for boxes apart, and does not depend on the unit of length. Two boxes without area
    have nothing in common: 0, where the quotient would be 0/0.

    Args:
        boxes1: Boxes $(x_1, y_1, x_2, y_2)$ in pixels, `(n, 4)`.
        boxes2: Other boxes, `(m, 4)`.

    Returns:
        Numbers from 0 to 1, `(n, m)`: each of the first against each of the second. There may be none of either.

    Raises:
        TypeError: If there is anything but numbers.
        ValueError: If the shapes are wrong, a number is not finite, or borders are in the wrong order.

    Source:
        P. Jaccard, *The distribution of the flora in the alpine zone* (1912), for sets of species.

    Examples:
        >>> box_iou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2], [2, 0, 4, 2]]).round(3)
        array([[1.   , 0.333, 0.   ]])
    """
    a = as_boxes("box_iou", "boxes1", boxes1)
    b = as_boxes("box_iou", "boxes2", boxes2)
    return iou(a.T, b.T)


def iou(a: Array, b: Array) -> Array:
    """The overlaps of boxes that are laid out by border, `(4, n)` against `(4, m)`, as `(n, m)`."""
    width = np.minimum(a[2][:, None], b[2])
    width -= np.maximum(a[0][:, None], b[0])
    shared = np.minimum(a[3][:, None], b[3])
    shared -= np.maximum(a[1][:, None], b[1])
    shared *= np.maximum(width, 0, out=width)
    np.maximum(shared, 0, out=shared)
    union = np.add(area(a)[:, None], area(b), out=width)
    union -= shared
    # where the union has no area, nothing is shared either
    shared /= np.maximum(union, np.finfo(union.dtype).tiny, out=union)
    return shared


def area(boxes: Array) -> Array:
    """The areas of boxes that are laid out by border, `(4, n)`, as `(n,)`."""
    return (boxes[2] - boxes[0]) * (boxes[3] - boxes[1])


def as_boxes(where: str, name: str, boxes: ArrayLike) -> Array:
    """The boxes as an array of floats, `(n, 4)`; an empty list is a set of no boxes.

    Args:
        where: The function, for messages.
        name: Its argument.
        boxes: What was given.

    Raises:
        TypeError: If there is anything but numbers.
        ValueError: If the shape is wrong, a number is not finite, or borders are in the wrong order.
    """
    x = as_numbers(where, name, boxes)
    if x.shape == (0,):
        x = x.reshape(0, 4)
    if x.ndim != 2 or x.shape[1] != 4:
        raise ValueError(f"{where}: {name}: expected shape (n, 4), got {x.shape}")
    expect_order(where, name, x)
    return x


def as_numbers(where: str, name: str, numbers: ArrayLike) -> Array:
    """The numbers as floats; float32 stays float32.

    Raises:
        TypeError: If they are no numbers.
    """
    x = np.asarray(numbers)
    if x.dtype.kind not in "fiu":
        raise TypeError(f"{where}: {name}: expected numbers, got {x.dtype}")
    return x if x.dtype.kind == "f" else x.astype(float)


def expect_order(where: str, name: str, boxes: Array) -> None:
    """Boxes `(n, 4)` must be finite, with their borders in order.

    Raises:
        ValueError: If one is not; the message shows it.
    """
    wrong = ~np.isfinite(boxes).all(axis=1)
    if wrong.any():
        raise ValueError(
            f"{where}: {name}: expected finite numbers, got {boxes[wrong][0].tolist()}"
        )
    wrong = (boxes[:, :2] > boxes[:, 2:]).any(axis=1)
    if wrong.any():
        raise ValueError(
            f"{where}: {name}: expected boxes with x1 <= x2 and y1 <= y2, got {boxes[wrong][0].tolist()}"
        )
