"""Of many boxes around one thing, the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.ops.regions.boxes import area, as_boxes, as_numbers, iou

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array

# How many candidates are compared with all the rest at once: few enough that the work on boxes which one of them
# suppresses is not wasted, and enough that NumPy's own cost per call is small beside it.
AT_ONCE = 64


def nms(
    boxes: ArrayLike, scores: ArrayLike, /, *, iou_threshold: float
) -> Int[Array, " k"]:
    r"""Non-maximum suppression: keep the best box, drop all that overlap it too much, and go on with the best left.

    With the boxes in the order of their scores, box $i$ is kept if no box $j < i$ that was kept has
    $\mathrm{IoU}(i, j) > \tau$. A box that was dropped drops no others.

    Whether a box is kept depends on better boxes only. So the best 64 that are left settle the matter among
    themselves, and those of them that are kept are compared with all the rest in one step.

    Args:
        boxes: Boxes $(x_1, y_1, x_2, y_2)$ in pixels, `(n, 4)`.
        scores: How sure each is, `(n,)`. Of equal scores the first comes first.
        iou_threshold: $\tau$, from 0 to 1.

    Returns:
        Which boxes are kept, the best first.

    Raises:
        TypeError: If there is anything but numbers.
        ValueError: If the shapes are wrong, a box is none, a score is not finite, or $\tau$ is out of its range.

    Source:
        As the last step of detection: R. Girshick, J. Donahue, T. Darrell, J. Malik, *Rich feature hierarchies for
        accurate object detection and semantic segmentation* (2014).

    Examples:
        >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]]
        >>> nms(boxes, [0.8, 0.9, 0.7], iou_threshold=0.5)
        array([1, 2])
    """
    x, s = _checked("nms", boxes, scores)
    _expect_share("nms", "iou_threshold", iou_threshold)
    order = np.argsort(-s, kind="stable")
    by_border = x[order].T
    left = np.vstack([by_border, area(by_border)])
    kept = []
    while len(order):
        best = left[:, :AT_ONCE]
        chosen = _first_come(_overlap(best, best, iou_threshold))
        kept.append(order[chosen])
        order, left = order[AT_ONCE:], left[:, AT_ONCE:]
        apart = ~_overlap(best[:, chosen], left, iou_threshold).any(axis=0)
        order, left = order[apart], left[:, apart]
    return np.concatenate(kept) if kept else order


def _overlap(a: Array, b: Array, share: float) -> Array:
    """Whether the IoU exceeds a share, for boxes laid out by border and area, `(5, n)` against `(5, m)`.

    Nothing is divided: the area that two boxes share is held against its share of their union.
    """
    width = np.minimum(a[2][:, None], b[2])
    width -= np.maximum(a[0][:, None], b[0])
    shared = np.minimum(a[3][:, None], b[3])
    shared -= np.maximum(a[1][:, None], b[1])
    # a height may stay negative: a negative area exceeds nothing
    shared *= np.maximum(width, 0, out=width)
    union = np.add(a[4][:, None], b[4], out=width)
    union -= shared
    union *= share
    return shared > union


def _first_come(overlap: Array) -> list[int]:
    """Who is kept when each, in turn, drops those it overlaps; a row of truth values is the bits of one integer."""
    chosen, dropped = [], 0
    for i, row in enumerate(np.packbits(overlap, axis=1, bitorder="little")):
        if not dropped >> i & 1:
            chosen.append(i)
            dropped |= int.from_bytes(row.tobytes(), "little")
    return chosen


def soft_nms(
    boxes: ArrayLike,
    scores: ArrayLike,
    /,
    *,
    method: str = "linear",
    iou_threshold: float = 0.3,
    sigma: float = 0.5,
    score_threshold: float = 0.001,
) -> tuple[Int[Array, " k"], Float[Array, " k"]]:
    r"""Soft suppression: what overlaps a better box is not dropped but believed less.

    The best box is taken, the scores of the others are lowered, and so on with the best by the new scores. Each step
    multiplies the score of a box whose overlap with the box taken is $u$ by
    $$1 - u \;\text{ if } u \ge \tau, \text{ else } 1 \quad (\text{linear}), \qquad
    e^{-u^2 / \sigma} \quad (\text{gaussian}) .$$
    Two things side by side are then both found, where `nms` would drop one. The order of the steps depends on the
    scores that they change, so each is a step of its own.

    Args:
        boxes: Boxes $(x_1, y_1, x_2, y_2)$ in pixels, `(n, 4)`.
        scores: How sure each is, `(n,)`. Of equal scores the first comes first.
        method: `"linear"` or `"gaussian"`.
        iou_threshold: $\tau$, from 0 to 1, for the linear method only.
        sigma: $\sigma$, for the gaussian method only.
        score_threshold: A box with a lower score is dropped; at least 0.

    Returns:
        Which boxes are left, the best first, and their lowered scores.

    Raises:
        TypeError: If there is anything but numbers.
        ValueError: If the shapes are wrong, a box is none, a score is not finite, `method` is neither of the two, or a
            setting is out of its range.

    Source:
        N. Bodla, B. Singh, R. Chellappa, L. S. Davis, *Soft-NMS – improving object detection with one line of
        code* (2017).

    Examples:
        >>> boxes = [[0, 0, 10, 10], [0, 0, 10, 8], [20, 0, 30, 10]]
        >>> keep, scores = soft_nms(boxes, [0.9, 0.8, 0.7])
        >>> keep, scores.round(2)
        (array([0, 2, 1]), array([0.9 , 0.7 , 0.16]))
    """
    x, s = _checked("soft_nms", boxes, scores)
    _expect_share("soft_nms", "iou_threshold", iou_threshold)
    if method not in ("linear", "gaussian"):
        raise ValueError(
            f'soft_nms: method: expected "linear" or "gaussian", got {method!r}'
        )
    if not sigma > 0:
        raise ValueError(f"soft_nms: sigma: expected a positive number, got {sigma}")
    if not score_threshold >= 0:
        raise ValueError(
            f"soft_nms: score_threshold: expected at least 0, got {score_threshold}"
        )
    left, by_border = np.arange(len(s)), x.T
    keep, lowered = [], []
    while True:
        alive = s >= score_threshold
        left, by_border, s = left[alive], by_border[:, alive], s[alive]
        if not len(left):
            break
        best = s.argmax()
        keep.append(left[best])
        lowered.append(s[best])
        u = iou(by_border[:, [best]], by_border)[0]
        linear = np.where(u >= iou_threshold, 1 - u, 1)
        factor = linear if method == "linear" else np.exp(-u * u / sigma)
        s = s * factor.astype(s.dtype)
        s[best] = -1  # taken
    return np.array(keep, int), np.array(lowered, s.dtype)


def _checked(where: str, boxes: ArrayLike, scores: ArrayLike) -> tuple[Array, Array]:
    x, s = as_boxes(where, "boxes", boxes), as_numbers(where, "scores", scores)
    if s.shape != x.shape[:1]:
        raise ValueError(
            f"{where}: scores: expected shape ({len(x)},), one for each box, got {s.shape}"
        )
    if not np.isfinite(s).all():
        wrong = s[~np.isfinite(s)][0]
        raise ValueError(f"{where}: scores: expected finite numbers, got {wrong}")
    return x, s


def _expect_share(where: str, name: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{where}: {name}: expected a number from 0 to 1, got {share}")
