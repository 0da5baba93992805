from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops

MODES: list[dict[str, Any]] = [
    {"mode": "nearest"},
    {"mode": "bilinear"},
    {"mode": "bilinear", "align_corners": True},
]
each_mode = pytest.mark.parametrize("mode", MODES, ids=str)


def read(x: Any, u: float, v: float) -> float:
    """A plane between its pixels: the mean of the four around, each by how near it is."""
    i, j = floor(u), floor(v)
    below, right = min(i + 1, x.shape[0] - 1), min(j + 1, x.shape[1] - 1)
    du, dv = u - i, v - j
    return float(
        (1 - du) * ((1 - dv) * x[i, j] + dv * x[i, right])
        + du * ((1 - dv) * x[below, j] + dv * x[below, right])
    )


@pytest.mark.parametrize("size", [(1, 1), (5, 4), (7, 9), (3, 2), (10, 8), (1, 6)])
def test_a_pixel_of_the_output_is_read_where_it_lies_in_the_input(
    size: tuple[int, int], rng: np.random.Generator
) -> None:
    x = rng.normal(size=(5, 4))
    smooth = ops.interpolate(x, size=size, mode="bilinear")
    aligned = ops.interpolate(x, size=size, mode="bilinear", align_corners=True)
    nearest = ops.interpolate(x, size=size)
    for i, j in np.ndindex(size):
        u, v = (
            min(max((o + 0.5) * n / m - 0.5, 0), n - 1)
            for o, n, m in zip((i, j), x.shape, size, strict=True)
        )
        assert smooth[i, j] == pytest.approx(read(x, u, v), rel=1e-12)
        u, v = (
            o * (n - 1) / (m - 1) if m > 1 else 0.0
            for o, n, m in zip((i, j), x.shape, size, strict=True)
        )
        assert aligned[i, j] == pytest.approx(read(x, u, v), rel=1e-12)
        assert nearest[i, j] == x[i * 5 // size[0], j * 4 // size[1]]


@each_mode
def test_the_size_of_the_input_changes_nothing(mode: dict[str, Any]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    assert_array_equal(ops.interpolate(x, size=(5, 4), **mode), x)
    assert_array_equal(ops.interpolate(x, scale_factor=1.0, **mode), x)


@each_mode
def test_a_plane_of_one_number_stays_one(mode: dict[str, Any]) -> None:
    y = ops.interpolate(np.full((2, 3, 4), 7.0), size=(5, 3), **mode)
    assert_allclose(y, 7, rtol=1e-14)


def test_aligned_corners_keep_a_slope_and_its_ends() -> None:
    x = np.linspace(0, 1, 4)[None]
    y = ops.interpolate(x, size=(1, 7), mode="bilinear", align_corners=True)
    assert_allclose(y[0], np.linspace(0, 1, 7), atol=1e-15)


def test_the_nearest_pixel_is_exact_at_any_size() -> None:
    for n in range(1, 20):
        for m in range(1, 130):
            y = ops.interpolate(np.arange(float(n))[None], size=(1, m))
            assert y[0].tolist() == [i * n // m for i in range(m)]


def test_a_factor_is_taken_at_its_word() -> None:
    """Five pixels, enlarged by 1.5, are seven; they are still read at steps of 1 / 1.5, not of 5 / 7."""
    x = np.arange(5.0)[None]
    y = ops.interpolate(x, scale_factor=(1.0, 1.5), mode="bilinear")
    expected = np.clip((np.arange(7) + 0.5) / 1.5 - 0.5, 0, 4)
    assert_allclose(y[0], expected, rtol=1e-13)


@each_mode
@pytest.mark.parametrize(("n", "m"), [(40, 150), (150, 70), (64, 128), (3, 200)])
def test_planes_of_several_blocks_are_read_and_paid_as_by_one_matrix(
    n: int, m: int, mode: dict[str, Any], rng: np.random.Generator
) -> None:
    by_rows, by_columns = (
        ops.interpolate(unit, size=size, **mode)
        for unit, size in ((np.eye(n), (m, n)), (np.eye(5), (5, m)))
    )
    x, dy = rng.normal(size=(2, n, 5)), rng.normal(size=(2, m, m))
    y, vjp = ops.interpolate.rule(x, size=m, **mode)
    assert_allclose(y, by_rows @ x @ by_columns, atol=1e-12)
    assert_allclose(vjp(dy), by_rows.T @ dy @ by_columns.T, atol=1e-12)


@each_mode
def test_what_is_handed_back_adds_up(mode: dict[str, Any]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 4))
    y, vjp = ops.interpolate.rule(x, size=(7, 3), **mode)
    dy = np.random.default_rng(1).normal(size=y.shape)
    assert_allclose(vjp(dy).sum(axis=(1, 2)), dy.sum(axis=(1, 2)), rtol=1e-12)


@each_mode
def test_batches_may_be_missing_or_empty(mode: dict[str, Any]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    y = ops.interpolate(x, size=6, **mode)
    assert_allclose(ops.interpolate(x[1, 2], size=6, **mode), y[1, 2], rtol=1e-14)
    value, vjp = ops.interpolate.rule(x[:0], size=6, **mode)
    assert value.shape == (0, 3, 6, 6)
    assert vjp(value).shape == (0, 3, 5, 4)


@each_mode
def test_single_precision_is_close_to_double(mode: dict[str, Any]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 4))
    single = ops.interpolate(x.astype(np.float32), size=9, **mode)
    assert single.dtype == np.float32
    assert_allclose(single, ops.interpolate(x, size=9, **mode), rtol=1e-5, atol=1e-6)


PLANE = np.zeros((1, 4, 4))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {},
            ValueError,
            "size: expected either size or scale_factor, got None and None",
        ),
        (
            {"size": 2, "scale_factor": 2.0},
            ValueError,
            "size: expected either size or scale_factor, got 2 and 2.0",
        ),
        (
            {"size": 0},
            ValueError,
            "size: expected a whole number of at least 1, or 2 of them, got 0",
        ),
        (
            {"size": 2.5},
            TypeError,
            "size: expected a whole number of at least 1, or 2 of them, got 2.5",
        ),
        (
            {"scale_factor": -1.0},
            ValueError,
            "scale_factor: expected a positive number, or 2 of them, got -1.0",
        ),
        (
            {"scale_factor": (1.0, 2.0, 3.0)},
            ValueError,
            "scale_factor: expected a positive number, or 2 of them",
        ),
        (
            {"scale_factor": np.inf},
            ValueError,
            "scale_factor: expected a positive number, or 2 of them, got inf",
        ),
        (
            {"scale_factor": "2"},
            TypeError,
            "scale_factor: expected a positive number, or 2 of them, got '2'",
        ),
        (
            {"scale_factor": 0.2},
            ValueError,
            r"scale_factor: expected an output of at least one pixel, got 0.2 for \(4, 4\)",
        ),
        (
            {"size": 2, "mode": "linear"},
            ValueError,
            'mode: expected "nearest" or "bilinear", got \'linear\'',
        ),
        (
            {"size": 2, "align_corners": False},
            ValueError,
            "align_corners: expected mode \"bilinear\" to go with it, got 'nearest'",
        ),
    ],
)
def test_what_has_no_answer_is_refused(
    settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"interpolate: {message}"):
        ops.interpolate(PLANE, **settings)


def test_planes_without_pixels_are_refused() -> None:
    with pytest.raises(
        ValueError,
        match="interpolate: x: expected planes of at least one pixel, got 0 rows of 3",
    ):
        ops.interpolate(np.zeros((2, 0, 3)), size=2)
