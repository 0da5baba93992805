"""A box told by how it differs from another."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.regions.boxes import as_boxes, as_numbers

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


class BoxCoder:
    r"""Boxes as differences from reference boxes (anchors or proposals): what a detector learns to predict.

    With centers $(x, y)$, widths $w$ and heights $h$, index $a$ for the reference, and weights $(v_x, v_y, v_w, v_h)$,
    $$t_x = v_x \frac{x - x_a}{w_a}, \quad t_y = v_y \frac{y - y_a}{h_a}, \quad
    t_w = v_w \ln \frac{w}{w_a}, \quad t_h = v_h \ln \frac{h}{h_a} .$$
    The differences do not depend on where the reference lies or how large it is, so that one set of weights serves all
    places and sizes. `decode` solves for the box.

    Args:
        weights: What the differences are multiplied by. A detector's differences have standard deviations of about 0.1
            and 0.2; $(10, 10, 5, 5)$ brings them to about 1.
        bbox_xform_clip: The largest $t_w / v_w$ and $t_h / v_h$ that `decode` believes. A prediction far off would
            overflow in the exponential; by default a box is at most 62.5 times as wide as its reference, 1000 pixels
            for 16.

    Raises:
        ValueError: If there are not four positive weights, or the clip is no positive number.

    Source:
        R. Girshick, J. Donahue, T. Darrell, J. Malik, *Rich feature hierarchies for accurate object detection and
        semantic segmentation* (2014); brought to a standard deviation of 1: R. Girshick, *Fast R-CNN* (2015).

    Examples:
        >>> coder = BoxCoder()
        >>> t = coder.encode([[10, 10, 30, 20]], [[10, 10, 20, 20]])
        >>> t.round(3)
        array([[0.5  , 0.   , 0.693, 0.   ]])
        >>> coder.decode(t, [[110, 10, 130, 30]])
        array([[110.,  10., 150.,  30.]])
    """

    def __init__(
        self,
        weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
        bbox_xform_clip: float = log(1000 / 16),
    ) -> None:
        if np.shape(weights) != (4,) or not all(0 < v < np.inf for v in weights):
            raise ValueError(
                f"BoxCoder: weights: expected four positive numbers, got {weights}"
            )
        if not bbox_xform_clip > 0:
            raise ValueError(
                f"BoxCoder: bbox_xform_clip: expected a positive number, got {bbox_xform_clip}"
            )
        self.weights = weights
        self.bbox_xform_clip = bbox_xform_clip

    def encode(self, boxes: ArrayLike, references: ArrayLike, /) -> Float[Array, "n 4"]:
        """The differences $t$ of boxes from their references.

        Args:
            boxes: Boxes to be found, in pixels, `(n, 4)`.
            references: One for each, `(n, 4)`.

        Raises:
            TypeError: If there is anything but numbers.
            ValueError: If the shapes differ or are wrong, or a box or a reference is none or has no area.
        """
        x = as_boxes("BoxCoder.encode", "boxes", boxes)
        x_a = as_boxes("BoxCoder.encode", "references", references)
        if x.shape != x_a.shape:
            raise ValueError(
                f"BoxCoder.encode: references: expected shape {x.shape}, one for each box, got {x_a.shape}"
            )
        center, size = _center_and_size("BoxCoder.encode", "boxes", x)
        center_a, size_a = _center_and_size("BoxCoder.encode", "references", x_a)
        differences = np.hstack([(center - center_a) / size_a, np.log(size / size_a)])
        return differences * np.asarray(self.weights, differences.dtype)

    def decode(self, t: ArrayLike, references: ArrayLike, /) -> Float[Array, "n *k 4"]:
        """The boxes that differ by $t$ from the references.

        Args:
            t: Differences, `(n, 4)`; or `(n, k, 4)`, for each reference one for each of $k$ classes.
            references: In pixels, `(n, 4)`.

        Returns:
            Boxes in pixels, in the shape of `t`. They may reach beyond the image.

        Raises:
            TypeError: If there is anything but numbers.
            ValueError: If the shapes do not fit, a difference is not finite, or a reference is none or has no area.
        """
        differences = as_numbers("BoxCoder.decode", "t", t)
        x_a = as_boxes("BoxCoder.decode", "references", references)
        shape = differences.shape
        if len(shape) not in (2, 3) or (shape[0], shape[-1]) != x_a.shape:
            n = len(x_a)
            raise ValueError(
                f"BoxCoder.decode: t: expected shape ({n}, 4) or ({n}, k, 4), got {shape}"
            )
        if not np.isfinite(differences).all():
            raise ValueError("BoxCoder.decode: t: expected finite numbers")
        center_a, size_a = _center_and_size("BoxCoder.decode", "references", x_a)
        if len(shape) == 3:
            center_a, size_a = center_a[:, None], size_a[:, None]
        differences = differences / np.asarray(self.weights, differences.dtype)
        center = center_a + differences[..., :2] * size_a
        growth = np.exp(np.minimum(differences[..., 2:], self.bbox_xform_clip))
        half = growth * size_a / 2
        return np.concatenate([center - half, center + half], axis=-1)


def _center_and_size(where: str, name: str, boxes: Array) -> tuple[Array, Array]:
    """Centers and sizes, `(n, 2)` each; a box without area has no logarithm, and nothing can be measured by it."""
    size = boxes[:, 2:] - boxes[:, :2]
    flat = (size == 0).any(axis=1)
    if flat.any():
        raise ValueError(
            f"{where}: {name}: expected boxes with an area, got {boxes[flat][0].tolist()}"
        )
    return boxes[:, :2] + size / 2, size
