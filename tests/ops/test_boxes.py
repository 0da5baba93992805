from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import Tensor, ops

Box = tuple[int, int, int, int]


def boxes(rng: np.random.Generator, n: int, side: int = 10) -> Any:
    """Boxes of whole pixels, so that many share a border, some a place, and some have no area."""
    corners = rng.integers(0, side, size=(n, 2, 2))
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def counted(a: Any, b: Any) -> float:
    """Intersection over union of two boxes of whole pixels, by counting these."""
    one, other = (
        {(u, v) for u in range(x1, x2) for v in range(y1, y2)}
        for x1, y1, x2, y2 in (a, b)
    )
    return len(one & other) / len(one | other) if one | other else 0.0


def test_the_overlap_is_that_of_the_pixels(rng: np.random.Generator) -> None:
    a, b = boxes(rng, 20), boxes(rng, 30)
    expected = [[counted(one, other) for other in b] for one in a]
    assert_allclose(ops.box_iou(a, b), expected, rtol=1e-14)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 100), st.floats(-50, 50))
def test_the_overlap_depends_neither_on_the_unit_nor_on_the_place(
    seed: int, unit: float, place: float
) -> None:
    a = boxes(np.random.default_rng(seed), 5)
    moved = ops.box_iou(a * unit + place, a * unit + place)
    assert_allclose(moved, ops.box_iou(a, a), atol=1e-9)


def test_boxes_without_area_have_nothing_in_common() -> None:
    flat = [[1.0, 1.0, 1.0, 5.0], [2.0, 2.0, 2.0, 2.0]]
    assert not ops.box_iou(flat, [*flat, [0.0, 0.0, 9.0, 9.0]]).any()


def test_borders_that_touch_share_nothing() -> None:
    assert ops.box_iou([[0, 0, 2, 2]], [[2, 0, 4, 2], [0, 2, 2, 4]]).tolist() == [
        [0, 0]
    ]


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0)])
def test_there_may_be_no_boxes(n: int, m: int) -> None:
    assert ops.box_iou(np.zeros((n, 4)), np.zeros((m, 4))).shape == (n, m)
    assert ops.box_iou([], []).shape == (0, 0)


def test_single_precision_is_kept() -> None:
    a = boxes(np.random.default_rng(0), 9).astype(np.float32)
    assert ops.box_iou(a, a).dtype == np.float32


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([[0, 0, 1]], ValueError, r"expected shape \(n, 4\), got \(1, 3\)"),
        ([0, 0, 1, 1], ValueError, r"expected shape \(n, 4\), got \(4,\)"),
        (
            [[0, 0, np.nan, 1]],
            ValueError,
            r"expected finite numbers, got \[0.0, 0.0, nan, 1.0\]",
        ),
        ([[0, 0, np.inf, 1]], ValueError, "expected finite numbers, got"),
        (
            [[2, 0, 1, 1]],
            ValueError,
            r"expected boxes with x1 <= x2 and y1 <= y2, got \[2.0, 0.0, 1.0, 1.0\]",
        ),
        ([[0, 2, 1, 1]], ValueError, "expected boxes with x1 <= x2 and y1 <= y2, got"),
        ([["a", "b", "c", "d"]], TypeError, "expected numbers, got <U1"),
        (np.zeros((1, 4), bool), TypeError, "expected numbers, got bool"),
    ],
)
def test_what_is_no_box_is_refused(
    given: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"box_iou: boxes2: {message}"):
        ops.box_iou([[0, 0, 1, 1]], given)


def test_a_tensor_is_told_to_give_its_array() -> None:
    with pytest.raises(TypeError, match=r"use tensor\.value"):
        ops.box_iou(Tensor([[0.0, 0.0, 1.0, 1.0]]), [])


def test_differences_do_not_depend_on_the_place_and_the_unit() -> None:
    coder = ops.BoxCoder()
    box, anchor = (
        np.array([[10.0, 20.0, 40.0, 30.0]]),
        np.array([[12.0, 14.0, 28.0, 38.0]]),
    )
    t = coder.encode(box, anchor)
    assert_allclose(coder.encode(3 * box + 100, 3 * anchor + 100), t, rtol=1e-12)


def test_what_is_encoded_is_decoded(rng: np.random.Generator) -> None:
    for weights in ((1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 5.0), (1.0, 2.0, 3.0, 4.0)):
        coder = ops.BoxCoder(weights)
        corner, size = rng.normal(size=(2, 2, 30, 2))
        a, b = (
            np.hstack([c, c + np.exp(s / 2)]) for c, s in zip(corner, size, strict=True)
        )
        assert_allclose(coder.decode(coder.encode(a, b), b), a, rtol=1e-10, atol=1e-12)


def test_the_differences_are_those_of_the_equation() -> None:
    t = ops.BoxCoder((1.0, 2.0, 3.0, 4.0)).encode([[0, 0, 20, 40]], [[0, 0, 10, 10]])
    assert_allclose(t, [[0.5, 2 * 1.5, 3 * np.log(2), 4 * np.log(4)]], rtol=1e-14)


def test_a_prediction_far_off_is_not_believed() -> None:
    coder = ops.BoxCoder()
    box = coder.decode([[0, 0, 1e6, -1e6]], [[0, 0, 16, 16]])
    assert_allclose(box, [[8 - 500, 8, 8 + 500, 8]], rtol=1e-12)
    half = ops.BoxCoder((1, 1, 2, 2), bbox_xform_clip=np.log(2)).decode(
        [[0, 0, 9, 2 * np.log(1.5)]], [[0, 0, 4, 4]]
    )
    assert_allclose(half, [[-2, -1, 6, 5]], rtol=1e-12)


def test_each_class_may_have_its_own_differences(rng: np.random.Generator) -> None:
    coder, t = ops.BoxCoder(), rng.normal(size=(5, 3, 4))
    anchors = np.array(
        [[0, 0, 4, 4], [1, 2, 3, 4], [5, 5, 9, 6], [0, 0, 1, 9], [2, 2, 3, 3]], float
    )
    decoded = coder.decode(t, anchors)
    assert decoded.shape == (5, 3, 4)
    for k in range(3):
        assert_array_equal(decoded[:, k], coder.decode(t[:, k], anchors))


def test_no_boxes_have_no_differences() -> None:
    coder = ops.BoxCoder()
    assert coder.encode([], []).shape == (0, 4)
    assert coder.decode(np.zeros((0, 3, 4)), []).shape == (0, 3, 4)


def test_the_coder_keeps_single_precision() -> None:
    coder, box = ops.BoxCoder((10, 10, 5, 5)), np.array([[0, 0, 2, 3]], np.float32)
    t = coder.encode(box, box)
    assert t.dtype == coder.decode(t, box).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda c: c.encode([[0, 0, 0, 1]], [[0, 0, 1, 1]]),
            "encode: boxes: expected boxes with an area, got",
        ),
        (
            lambda c: c.encode([[0, 0, 1, 1]], [[0, 0, 1, 0]]),
            "encode: references: expected boxes with an area, got",
        ),
        (
            lambda c: c.decode([[0, 0, 0, 0]], [[0, 0, 1, 0]]),
            "decode: references: expected boxes with an area, got",
        ),
        (
            lambda c: c.encode([[0, 0, 1, 1]], []),
            r"encode: references: expected shape \(1, 4\), one for each box",
        ),
        (
            lambda c: c.decode([[0, 0, 0]], [[0, 0, 1, 1]]),
            r"decode: t: expected shape \(1, 4\) or \(1, k, 4\), got",
        ),
        (
            lambda c: c.decode([[0, 0, 0, np.nan]], [[0, 0, 1, 1]]),
            "decode: t: expected finite numbers",
        ),
    ],
)
def test_what_cannot_be_coded_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"BoxCoder.{message}"):
        call(ops.BoxCoder())


def test_a_coder_needs_weights_and_a_clip() -> None:
    for weights in ((1, 1, 1), (1, 1, 1, 0), (1, 1, 1, np.nan)):
        with pytest.raises(
            ValueError, match="BoxCoder: weights: expected four positive numbers, got"
        ):
            ops.BoxCoder(weights)  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match="BoxCoder: bbox_xform_clip: expected a positive number, got 0"
    ):
        ops.BoxCoder(bbox_xform_clip=0)


def test_anchors_have_the_area_the_shape_and_the_place_that_are_asked_for() -> None:
    grid = ops.anchors((3, 4), stride=(8, 16), scales=(64, 128), ratios=(0.25, 1, 4))
    assert grid.shape == (3 * 4 * 6, 4)
    by_place = grid.reshape(3, 4, 3, 2, 4)
    width, height = (
        by_place[..., 2] - by_place[..., 0],
        by_place[..., 3] - by_place[..., 1],
    )
    for k, ratio in enumerate((0.25, 1, 4)):
        for m, scale in enumerate((64, 128)):
            assert_array_equal(height[:, :, k, m] / width[:, :, k, m], ratio)
            assert_array_equal(height[:, :, k, m] * width[:, :, k, m], scale**2)
    for i, j in np.ndindex(3, 4):
        assert_array_equal(
            (by_place[i, j, ..., 0] + by_place[i, j, ..., 2]) / 2, 16 * j
        )
        assert_array_equal((by_place[i, j, ..., 1] + by_place[i, j, ..., 3]) / 2, 8 * i)


def test_anchors_of_the_usual_shapes_are_torchvision_s() -> None:
    """The nine of its region proposals, for one place: rounded halves of 128, 256 and 512."""
    expected = [
        [-91, -45, 91, 45], [-181, -91, 181, 91], [-362, -181, 362, 181],
        [-64, -64, 64, 64], [-128, -128, 128, 128], [-256, -256, 256, 256],
        [-45, -91, 45, 91], [-91, -181, 91, 181], [-181, -362, 181, 362],
    ]  # fmt: skip
    assert ops.anchors(1, stride=16, scales=(128, 256, 512)).tolist() == expected


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"scales": []}, ValueError, "scales: expected positive numbers"),
        ({"scales": [8, -8]}, ValueError, "scales: expected positive numbers"),
        ({"ratios": [np.nan]}, ValueError, "ratios: expected positive numbers"),
        ({"stride": 0}, ValueError, "stride: expected a whole number of at least 1"),
        ({"stride": 1.5}, TypeError, "stride: expected a whole number of at least 1"),
    ],
)
def test_a_grid_that_cannot_be_laid_is_refused(
    settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"anchors: {message}"):
        ops.anchors(2, **{"stride": 8, "scales": [32], **settings})
