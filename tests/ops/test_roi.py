from __future__ import annotations

from itertools import product
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from tests.gradient_cases.regions import REGIONS


def bilinear(f: Any, v: float, u: float) -> dict[tuple[int, int], float]:
    """Which pixels of a map are read at a point, and how much of each: the four around, none far outside."""
    h, w = f.shape
    if v < -1 or v > h or u < -1 or u > w:
        return {}
    v, u = min(max(v, 0), h - 1), min(max(u, 0), w - 1)
    pixels: dict[tuple[int, int], float] = {}
    for i, j in product((floor(v), floor(v) + 1), (floor(u), floor(u) + 1)):
        if i < h and j < w:
            pixels[i, j] = (1 - abs(v - i)) * (1 - abs(u - j))
    return pixels


def aligned_by_loops(
    x: Any, rois: Any, dy: Any, settings: dict[str, Any]
) -> tuple[Any, Any]:
    """RoIAlign and its gradient, point by point."""
    (ph, pw), scale = settings["output_size"], settings["spatial_scale"]
    s, aligned = settings["sampling_ratio"], settings["aligned"]
    y, dx = np.zeros((len(rois), x.shape[1], ph, pw)), np.zeros_like(x)
    for r, (n, *box) in enumerate(rois):
        x1, y1, x2, y2 = (b * scale - (0.5 if aligned else 0) for b in box)
        least = 0 if aligned else 1
        bin_h, bin_w = max(y2 - y1, least) / ph, max(x2 - x1, least) / pw
        down, across = (s, s) if s > 0 else (ceil(bin_h), ceil(bin_w))
        for c, i, j in np.ndindex(x.shape[1], ph, pw):
            for a, b in product(range(down), range(across)):
                v = y1 + (i + (a + 0.5) / down) * bin_h
                u = x1 + (j + (b + 0.5) / across) * bin_w
                for (k, m), weight in bilinear(x[int(n), c], v, u).items():
                    y[r, c, i, j] += weight * x[int(n), c, k, m] / (down * across)
                    dx[int(n), c, k, m] += weight * dy[r, c, i, j] / (down * across)
    return y, dx


def pooled_by_loops(
    x: Any, rois: Any, dy: Any, size: tuple[int, int], scale: float
) -> tuple[Any, Any]:
    """RoI pooling and its gradient, pixel by pixel."""
    y, dx = np.zeros((len(rois), x.shape[1], *size)), np.zeros_like(x)
    for r, (n, *box) in enumerate(rois):
        x1, y1, x2, y2 = (
            floor(abs(b * scale) + 0.5) * (1 if b > 0 else -1) for b in box
        )
        h, w = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
        for c, i, j in np.ndindex(x.shape[1], *size):
            best, winner = -np.inf, None
            for v in range(y1 + i * h // size[0], y1 + -(-(i + 1) * h // size[0])):
                for u in range(x1 + j * w // size[1], x1 + -(-(j + 1) * w // size[1])):
                    if (
                        0 <= v < x.shape[2]
                        and 0 <= u < x.shape[3]
                        and x[int(n), c, v, u] > best
                    ):
                        best, winner = x[int(n), c, v, u], (v, u)
            if winner is not None:
                y[r, c, i, j] = best
                dx[(int(n), c, *winner)] += dy[r, c, i, j]
    return y, dx


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("sampling_ratio", [-1, 0, 1, 2, 3])
@pytest.mark.parametrize(
    ("output_size", "spatial_scale"), [((2, 3), 1.0), ((1, 1), 0.5), ((4, 2), 1.7)]
)
def test_rows_and_columns_weighted_apart_are_the_points_of_the_grid(
    output_size: tuple[int, int],
    spatial_scale: float,
    sampling_ratio: int,
    aligned: bool,
    rng: np.random.Generator,
) -> None:
    x, rois = rng.normal(size=(2, 2, 6, 7)), np.array(REGIONS, float)
    settings = {
        "output_size": output_size,
        "spatial_scale": spatial_scale,
        "sampling_ratio": sampling_ratio,
        "aligned": aligned,
    }
    y, vjp = ops.roi_align.rule(x, rois, **settings)
    dy = rng.normal(size=y.shape)
    expected, dx = aligned_by_loops(x, rois, dy, settings)
    assert_allclose(y, expected, rtol=1e-11, atol=1e-13)
    assert_allclose(vjp(dy)[0], dx, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(
    ("size", "scale"), [((2, 3), 1.0), ((1, 1), 0.5), ((4, 2), 1.7), ((7, 7), 1.0)]
)
def test_the_largest_along_rows_and_columns_is_that_of_each_bin(
    size: tuple[int, int], scale: float, rng: np.random.Generator
) -> None:
    x = rng.integers(-3, 3, size=(2, 2, 6, 7)).astype(float)  # with many ties
    rois = np.array(REGIONS, float)
    y, vjp = ops.roi_pool.rule(x, rois, output_size=size, spatial_scale=scale)
    dy = rng.normal(size=y.shape)
    expected, dx = pooled_by_loops(x, rois, dy, size, scale)
    assert_array_equal(y, expected)
    assert_allclose(vjp(dy)[0], dx, rtol=1e-12, atol=1e-14)


def test_a_region_on_the_grid_is_read_pixel_by_pixel() -> None:
    x = np.random.default_rng(0).normal(size=(1, 2, 6, 7))
    y = ops.roi_align(
        x, [[0, 1, 2, 5, 4]], output_size=(2, 4), sampling_ratio=1, aligned=True
    )
    assert_allclose(y[0], x[0, :, 2:4, 1:5], rtol=1e-13)


def test_a_flat_map_has_the_same_features_everywhere_inside() -> None:
    x = np.full((1, 1, 6, 7), 3.0)
    y = ops.roi_align(x, [[0, 1.2, 0.9, 5.1, 4.7]], output_size=3)
    assert_allclose(y, 3, rtol=1e-14)


def test_a_whole_map_pooled_is_adaptive_pooling() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 7))
    y = ops.roi_pool(x, [[1, 0, 0, 6, 5]], output_size=(2, 3))
    assert_array_equal(y[0], ops.adaptive_max_pool2d(x[1], output_size=(2, 3)))


def test_outside_of_the_map_there_is_nothing() -> None:
    x = np.full((1, 1, 4, 4), -7.0)
    far = [[0, 50, 50, 60, 60], [0, -1e30, -1e30, -1e29, -1e29]]
    for f in (ops.roi_pool, ops.roi_align):
        settings = {"output_size": 2} | (
            {"sampling_ratio": 2} if f is ops.roi_align else {}
        )
        y, vjp = f.rule(x, np.array(far), **settings)
        assert not y.any()
        assert not vjp(np.ones_like(y))[0].any()


def test_a_region_without_area_holds_no_point_of_an_adaptive_grid() -> None:
    x = np.ones((1, 1, 4, 4))
    roi = [[0, 2, 2, 2, 2]]
    assert not ops.roi_align(x, roi, output_size=2, aligned=True).any()
    assert (ops.roi_align(x, roi, output_size=2) == 1).all()  # a pixel at least


@pytest.mark.parametrize("f", [ops.roi_align, ops.roi_pool])
def test_there_may_be_no_regions(f: Any) -> None:
    y, vjp = f.rule(np.ones((2, 3, 4, 4)), np.zeros((0, 5)), output_size=2)
    assert y.shape == (0, 3, 2, 2)
    assert vjp(y)[0].shape == (2, 3, 4, 4)


@pytest.mark.parametrize("f", [ops.roi_align, ops.roi_pool])
def test_maps_and_gradients_are_not_written_to_and_single_precision_is_kept(
    f: Any,
) -> None:
    rng = np.random.default_rng(0)
    x, rois = rng.normal(size=(2, 3, 6, 7)), np.array(REGIONS, float)
    dy = np.ones((len(rois), 3, 2, 2))
    for array in (x, rois, dy):
        array.flags.writeable = False
    y, vjp = f.rule(x, rois, output_size=2)
    dx = vjp(dy)[0]
    single, vjp = f.rule(x.astype(np.float32), rois.astype(np.float32), output_size=2)
    assert single.dtype == vjp(dy.astype(np.float32))[0].dtype == np.float32
    assert_allclose(single, y, rtol=1e-4, atol=1e-5)
    assert_allclose(vjp(dy.astype(np.float32))[0], dx, rtol=1e-4, atol=1e-5)


MAPS = np.zeros((2, 1, 4, 4))


@pytest.mark.parametrize("f", [ops.roi_align, ops.roi_pool])
@pytest.mark.parametrize(
    ("rois", "settings", "error", "message"),
    [
        (
            [[2, 0, 0, 1, 1]],
            {},
            ValueError,
            "rois: expected the number of a map, from 0 to 1, in front, got 2",
        ),
        (
            [[-1, 0, 0, 1, 1]],
            {},
            ValueError,
            "rois: expected the number of a map, from 0 to 1, in front, got -1",
        ),
        (
            [[0.5, 0, 0, 1, 1]],
            {},
            ValueError,
            "rois: expected the number of a map, from 0 to 1, in front, got 0.5",
        ),
        (
            [[np.nan, 0, 0, 1, 1]],
            {},
            ValueError,
            "rois: expected the number of a map, from 0 to 1, in front, got nan",
        ),
        ([[0, 0, np.nan, 1, 1]], {}, ValueError, "rois: expected finite numbers, got"),
        (
            [[0, 2, 0, 1, 1]],
            {},
            ValueError,
            "rois: expected boxes with x1 <= x2 and y1 <= y2, got",
        ),
        (
            [[0, 0, 1, 1]],
            {},
            ValueError,
            r"rois: expected shape \(r, 5\), got \(1, 4\)",
        ),
        (
            [[0, 0, 0, 1, 1]],
            {"output_size": 0},
            ValueError,
            "output_size: expected a whole number of at least 1",
        ),
        (
            [[0, 0, 0, 1, 1]],
            {"spatial_scale": 0.0},
            ValueError,
            "spatial_scale: expected a positive number, got 0.0",
        ),
        (
            [[0, 0, 0, 1, 1]],
            {"spatial_scale": np.nan},
            ValueError,
            "spatial_scale: expected a positive number, got nan",
        ),
    ],
)
def test_what_is_no_region_is_refused(
    f: Any, rois: Any, settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"{f.rule.__name__}: {message}"):
        f(MAPS, rois, **{"output_size": 2} | settings)


def test_other_misuse_is_refused_by_name() -> None:
    with pytest.raises(
        TypeError, match=r"roi_align: sampling_ratio: expected a whole number, got 1\.5"
    ):
        ops.roi_align(MAPS, [[0, 0, 0, 1, 1]], output_size=1, sampling_ratio=1.5)
    with pytest.raises(
        ValueError,
        match="roi_pool: x: expected maps of at least one pixel, got 0 rows of 4",
    ):
        ops.roi_pool(MAPS[:, :, :0], np.zeros((0, 5)), output_size=1)
