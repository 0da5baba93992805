from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops


def scene(rng: np.random.Generator, n: int, things: int) -> tuple[Any, Any]:
    """Boxes around some things, and scores, of which some are equal."""
    center = rng.uniform(0, 300, (things, 2))[rng.integers(things, size=n)]
    size = rng.uniform(20, 60, (n, 2))
    corner = (center + rng.normal(0, 8, (n, 2)) - size / 2).round()
    return np.hstack([corner, corner + size.round()]), rng.integers(50, size=n) / 50


def one_by_one(boxes: Any, scores: Any, threshold: float) -> list[int]:
    """The definition: the best that is left is kept, and what overlaps it too much is dropped."""
    overlap = ops.box_iou(boxes, boxes)
    left = sorted(range(len(boxes)), key=lambda i: -scores[i])
    kept = []
    while left:
        best, *left = left
        kept.append(best)
        left = [i for i in left if overlap[best, i] <= threshold]
    return kept


def softly(
    boxes: Any, scores: Any, method: str, threshold: float, sigma: float
) -> tuple[list[int], list[float]]:
    """The definition of Bodla et al.: the best is taken, the scores of the others are lowered."""
    overlap = ops.box_iou(boxes, boxes)
    left = {i: float(s) for i, s in enumerate(scores) if s >= 0.001}
    kept = []
    while left:
        best = max(left, key=lambda i: left[i])
        kept.append((best, left.pop(best)))
        for i in left:
            u = float(overlap[best, i])
            if method == "gaussian":
                left[i] *= exp(-(u**2) / sigma)
            elif u >= threshold:
                left[i] *= 1 - u
        left = {i: s for i, s in left.items() if s >= 0.001}
    return [i for i, _ in kept], [s for _, s in kept]


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize(
    ("n", "things"), [(1, 1), (40, 3), (64, 64), (65, 5), (300, 12), (300, 300)]
)
def test_many_candidates_at_once_keep_what_one_at_a_time_keeps(
    n: int, things: int, threshold: float, rng: np.random.Generator
) -> None:
    boxes, scores = scene(rng, n, things)
    kept = ops.nms(boxes, scores, iou_threshold=threshold)
    assert kept.tolist() == one_by_one(boxes, scores, threshold)


@pytest.mark.parametrize("n", [63, 64, 65, 129])
def test_a_box_that_was_dropped_drops_no_others(n: int) -> None:
    """Boxes in a row, each overlapping the next: every other one is kept, also from block to block."""
    x = 6.0 * np.arange(n)
    boxes = np.stack([x, 0 * x, x + 10, 0 * x + 10], axis=1)
    kept = ops.nms(boxes, np.linspace(1, 0, n), iou_threshold=0.2)
    assert kept.tolist() == list(range(0, n, 2))


def test_an_overlap_of_just_the_threshold_is_allowed() -> None:
    boxes = [[0, 0, 2, 1], [1, 0, 3, 1]]  # a third of their union
    assert ops.nms(
        [[0, 0, 4, 1], [0, 0, 2, 1]], [1, 0.5], iou_threshold=0.5
    ).tolist() == [0, 1]
    assert ops.nms(boxes, [1, 0.5], iou_threshold=0.34).tolist() == [0, 1]
    assert ops.nms(boxes, [1, 0.5], iou_threshold=0.33).tolist() == [0]


def test_of_equal_scores_the_first_comes_first() -> None:
    boxes = np.tile([0.0, 0.0, 4.0, 4.0], (200, 1))
    assert ops.nms(boxes, np.ones(200), iou_threshold=0.5).tolist() == [0]
    apart = boxes + 10 * np.arange(200)[:, None]
    assert_array_equal(ops.nms(apart, np.ones(200), iou_threshold=0.5), np.arange(200))
    keep, _ = ops.soft_nms(apart, np.ones(200))
    assert_array_equal(keep, np.arange(200))


def test_boxes_without_area_drop_nothing() -> None:
    boxes = [[1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 2, 2]]
    assert ops.nms(boxes, [3, 2, 1], iou_threshold=0.0).tolist() == [0, 1, 2]


def test_boxes_that_touch_at_a_corner_or_lie_apart_on_both_axes_are_all_kept() -> None:
    boxes = [[0, 0, 1, 1], [1, 1, 2, 2], [5, 5, 6, 6], [-4, 7, -3, 8]]
    assert ops.nms(boxes, [4, 3, 2, 1], iou_threshold=0.0).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("method", ["linear", "gaussian"])
@pytest.mark.parametrize(("threshold", "sigma"), [(0.3, 0.5), (0.0, 0.1), (0.9, 2.0)])
def test_soft_suppression_is_that_of_the_definition(
    method: str, threshold: float, sigma: float, rng: np.random.Generator
) -> None:
    boxes, scores = scene(rng, 60, 6)
    keep, lowered = ops.soft_nms(
        boxes, scores, method=method, iou_threshold=threshold, sigma=sigma
    )
    expected, expected_scores = softly(boxes, scores, method, threshold, sigma)
    assert keep.tolist() == expected
    assert_allclose(lowered, expected_scores, rtol=1e-12)
    assert (np.diff(lowered) <= 0).all()


def test_a_box_of_low_score_is_dropped_at_once_or_when_it_was_lowered() -> None:
    boxes = [[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]]
    keep, _ = ops.soft_nms(boxes, [0.9, 0.8, 0.1], score_threshold=0.1)
    assert keep.tolist() == [0, 2]
    keep, _ = ops.soft_nms(boxes, [0.9, 0.8, 0.1], score_threshold=0.05)
    assert keep.tolist() == [0, 2, 1]
    keep, lowered = ops.soft_nms([[0, 0, 1, 1]] * 2, [1, 1], score_threshold=0.0)
    assert (keep.tolist(), lowered.tolist()) == ([0, 1], [1, 0])


def test_there_may_be_no_boxes() -> None:
    assert ops.nms([], [], iou_threshold=0.5).tolist() == []
    keep, scores = ops.soft_nms(np.zeros((0, 4)), [])
    assert (keep.tolist(), scores.tolist()) == ([], [])
    assert keep.dtype.kind == ops.nms([], [], iou_threshold=0.5).dtype.kind == "i"


def test_nothing_is_written_to_and_single_precision_is_kept() -> None:
    boxes, scores = (
        a.astype(np.float32) for a in scene(np.random.default_rng(0), 90, 9)
    )
    before = boxes.copy(), scores.copy()
    double = ops.nms(boxes.astype(float), scores.astype(float), iou_threshold=0.45)
    assert_array_equal(ops.nms(boxes, scores, iou_threshold=0.45), double)
    assert ops.soft_nms(boxes, scores, method="gaussian")[1].dtype == np.float32
    assert_array_equal(boxes, before[0])
    assert_array_equal(scores, before[1])


ONE = [[0, 0, 1, 1]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ops.nms(ONE, [1, 2], iou_threshold=0.5),
            ValueError,
            r"nms: scores: expected shape \(1,\), one for each",
        ),
        (
            lambda: ops.nms(ONE, [np.nan], iou_threshold=0.5),
            ValueError,
            "nms: scores: expected finite numbers, got nan",
        ),
        (
            lambda: ops.nms(ONE, ["a"], iou_threshold=0.5),
            TypeError,
            "nms: scores: expected numbers, got <U1",
        ),
        (
            lambda: ops.nms([[0, 0, -1, 1]], [1], iou_threshold=0.5),
            ValueError,
            "nms: boxes: expected boxes with x1 <= x2",
        ),
        (
            lambda: ops.nms(ONE, [1], iou_threshold=1.5),
            ValueError,
            "nms: iou_threshold: expected a number from 0 to 1",
        ),
        (
            lambda: ops.nms(ONE, [1], iou_threshold=np.nan),
            ValueError,
            "nms: iou_threshold: expected a number from 0 to 1",
        ),
        (
            lambda: ops.soft_nms(ONE, [1], method="hard"),
            ValueError,
            'soft_nms: method: expected "linear" or "gaussian"',
        ),
        (
            lambda: ops.soft_nms(ONE, [1], sigma=0.0),
            ValueError,
            "soft_nms: sigma: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.soft_nms(ONE, [1], iou_threshold=-1),
            ValueError,
            "soft_nms: iou_threshold: expected a number from",
        ),
        (
            lambda: ops.soft_nms(ONE, [1], score_threshold=-1),
            ValueError,
            "soft_nms: score_threshold: expected at least 0",
        ),
    ],
)
def test_what_cannot_be_suppressed_is_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()
