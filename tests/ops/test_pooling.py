from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad

POOLS = [
    (ops.max_pool2d, {"kernel_size": 2}),
    (ops.avg_pool2d, {"kernel_size": 2}),
    (ops.adaptive_avg_pool2d, {"output_size": 2}),
    (ops.adaptive_max_pool2d, {"output_size": 2}),
]
each_pool = pytest.mark.parametrize(("pool", "settings"), POOLS, ids=str)


def starts(n: int, k: int, s: int, p: int, d: int = 1) -> range:
    """Where the windows along one axis begin, counted out."""
    return range(-p, n + p - (k - 1) * d, s)


def pixel_by_pixel(x: Any, dy: Any, w: dict[str, int]) -> tuple[Any, Any]:
    """The maxima of a plane and the gradient, as the definition says: one window after another."""
    k, d = w["kernel_size"], w["dilation"]
    down, across = (starts(n, k, w["stride"], w["padding"], d) for n in x.shape)
    y, dx = np.zeros((len(down), len(across))), np.zeros_like(x)
    for a, b in np.ndindex(y.shape):
        best, winner = -np.inf, None
        for i, j in product(range(k), range(k)):
            u, v = down[a] + i * d, across[b] + j * d
            if min(u, v) < 0 or u >= x.shape[0] or v >= x.shape[1]:
                continue
            if winner is None or x[u, v] > best:
                best, winner = x[u, v], (u, v)
        assert winner is not None
        y[a, b] = best
        dx[winner] += dy[a, b]
    return y, dx


@pytest.mark.parametrize(
    ("k", "s", "p", "d"),
    [
        (2, 2, 0, 1),
        (3, 2, 1, 1),
        (3, 1, 1, 1),
        (2, 3, 0, 1),
        (2, 1, 0, 3),
        (2, 2, 0, 2),
        (3, 2, 1, 2),
    ],
)
def test_the_maximum_along_rows_and_then_columns_is_that_of_each_window(
    k: int, s: int, p: int, d: int, rng: np.random.Generator
) -> None:
    x = rng.integers(-3, 3, size=(9, 8)).astype(float)  # with many ties
    settings = {"kernel_size": k, "stride": s, "padding": p, "dilation": d}
    y, vjp = ops.max_pool2d.rule(x, **settings)
    dy = rng.normal(size=y.shape)
    expected, dx = pixel_by_pixel(x, dy, settings)
    assert_array_equal(y, expected)
    assert_allclose(vjp(dy), dx, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("k", "s", "p"), [(2, 2, 0), (3, 2, 1), (4, 1, 2), (2, 3, 0)])
@pytest.mark.parametrize("counted", [True, False])
def test_the_mean_of_a_window_is_that_of_its_pixels(
    k: int, s: int, p: int, counted: bool, rng: np.random.Generator
) -> None:
    x = rng.normal(size=(9, 8))
    padded = np.pad(x, p, constant_values=0 if counted else np.nan)
    mean = np.mean if counted else np.nanmean
    expected = [
        [
            mean(padded[top + p : top + p + k, left + p : left + p + k])
            for left in starts(8, k, s, p)
        ]
        for top in starts(9, k, s, p)
    ]
    y = ops.avg_pool2d(x, kernel_size=k, stride=s, padding=p, count_include_pad=counted)
    assert_allclose(y, expected, rtol=1e-13)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (4, 5), (9, 8), (11, 3)])
def test_a_bin_is_what_lies_between_its_borders(
    size: tuple[int, int], rng: np.random.Generator
) -> None:
    x = rng.normal(size=(9, 8))
    means = ops.adaptive_avg_pool2d(x, output_size=size)
    maxima = ops.adaptive_max_pool2d(x, output_size=size)
    for i, j in np.ndindex(size):
        rows = [
            u
            for u in range(9)
            if (u + 1) * size[0] > i * 9 and u * size[0] < (i + 1) * 9
        ]
        columns = [
            v
            for v in range(8)
            if (v + 1) * size[1] > j * 8 and v * size[1] < (j + 1) * 8
        ]
        part = x[np.ix_(rows, columns)]
        assert means[i, j] == pytest.approx(part.mean(), rel=1e-13)
        assert maxima[i, j] == part.max()


def test_bins_of_one_size_are_windows(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 3, 6, 8))
    assert_allclose(
        ops.adaptive_avg_pool2d(x, output_size=(3, 2)),
        ops.avg_pool2d(x, kernel_size=(2, 4)),
        rtol=1e-13,
    )
    assert_array_equal(
        ops.adaptive_max_pool2d(x, output_size=(3, 2)),
        ops.max_pool2d(x, kernel_size=(2, 4)),
    )


def test_pooling_to_one_is_global(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 3, 7, 5))
    y = ops.adaptive_avg_pool2d(x, output_size=1)
    assert y.shape == (2, 3, 1, 1)
    assert_allclose(y, x.mean(axis=(2, 3), keepdims=True), rtol=1e-13)
    y = ops.adaptive_max_pool2d(x, output_size=1)
    assert_array_equal(y, x.max(axis=(2, 3), keepdims=True))


@pytest.mark.parametrize(
    ("pool", "settings"), [POOLS[0], (ops.adaptive_max_pool2d, {"output_size": 1})]
)
def test_of_equal_numbers_the_first_row_by_row_wins(pool: Any, settings: Any) -> None:
    x = Tensor([[1.0, 2.0], [2.0, 2.0]])
    (dx,) = grad(pool(x, **settings).sum(), [x])
    assert dx.tolist() == [[0, 1], [0, 0]]
    x = Tensor([[0.0, 1.0], [2.0, 1.0]])  # the first column is not asked first
    (dx,) = grad(pool(-x, **settings).sum(), [x])
    assert dx.tolist() == [[-1, 0], [0, 0]]


def test_a_pixel_that_wins_in_two_windows_is_paid_twice() -> None:
    x = Tensor([[0.0, 5.0, 0.0]])
    (dx,) = grad(ops.max_pool2d(x, kernel_size=(1, 2), stride=1).sum(), [x])
    assert dx.tolist() == [[0, 2, 0]]


def test_padding_never_wins() -> None:
    x = np.full((3, 3), -5.0)
    y, vjp = ops.max_pool2d.rule(x, kernel_size=3, stride=2, padding=1)
    assert y.tolist() == [[-5, -5], [-5, -5]]
    assert vjp(np.ones((2, 2))).sum() == 4


def test_minus_infinity_is_a_number_like_others() -> None:
    x = np.full((2, 2), -np.inf)
    y, vjp = ops.max_pool2d.rule(x, kernel_size=2, stride=1, padding=1)
    assert (y == -np.inf).all()
    assert vjp(np.ones((3, 3))).tolist() == [[4, 2], [2, 1]]


def test_a_nan_is_not_hidden_by_a_larger_number() -> None:
    x = np.array([[np.nan, 1.0, 2.0, 3.0]])
    assert_array_equal(ops.max_pool2d(x, kernel_size=(1, 2)), [[np.nan, 3]])
    assert_array_equal(ops.adaptive_max_pool2d(x, output_size=(1, 2)), [[np.nan, 3]])
    assert_array_equal(ops.avg_pool2d(x, kernel_size=(1, 2)), [[np.nan, 2.5]])
    assert_array_equal(ops.adaptive_avg_pool2d(x, output_size=(1, 2)), [[np.nan, 2.5]])
    _, vjp = ops.max_pool2d.rule(x, kernel_size=(1, 2))
    assert vjp(np.ones((1, 2))).tolist() == [[0, 0, 0, 1]]


def test_windows_that_reach_beyond_the_padding_are_made_on_request() -> None:
    x = np.arange(5.0)[None]
    assert ops.max_pool2d(x, kernel_size=(1, 2)).tolist() == [[1, 3]]
    assert ops.max_pool2d(x, kernel_size=(1, 2), ceil_mode=True).tolist() == [[1, 3, 4]]
    # what lies beyond is not counted, padding or not
    assert ops.avg_pool2d(x, kernel_size=(1, 2), ceil_mode=True).tolist() == [
        [0.5, 2.5, 4]
    ]
    # a window that would begin in the padding on the right is none
    assert ops.max_pool2d(
        x, kernel_size=(1, 2), stride=3, padding=(0, 1), ceil_mode=True
    ).tolist() == [[0, 3]]


@each_pool
def test_planes_may_come_without_a_batch_and_batches_without_planes(
    pool: Any, settings: Any
) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 4))
    y = pool(x, **settings)
    assert y.shape == (2, 3, 2, 2)
    assert_array_equal(pool(x[1], **settings), y[1])
    assert_array_equal(pool(x[1, 2], **settings), y[1, 2])
    value, vjp = pool.rule(x[:0], **settings)
    assert value.shape == (0, 3, 2, 2)
    assert vjp(value).shape == (0, 3, 4, 4)


@each_pool
def test_whole_numbers_are_numbers(pool: Any, settings: Any) -> None:
    y = pool(np.arange(16).reshape(4, 4), **settings)
    assert y.dtype == np.float64
    assert_array_equal(y, pool(np.arange(16.0).reshape(4, 4), **settings))


@each_pool
def test_neither_planes_nor_gradients_are_written_to(pool: Any, settings: Any) -> None:
    x, dy = np.random.default_rng(0).normal(size=(3, 4, 4)), np.ones((3, 2, 2))
    for array in (x, dy):
        array.flags.writeable = False
    pool.rule(x, **settings)[1](dy)


@each_pool
def test_single_precision_is_close_to_double(pool: Any, settings: Any) -> None:
    x = np.random.default_rng(0).normal(size=(3, 4, 4))
    single, double = pool(x.astype(np.float32), **settings), pool(x, **settings)
    assert single.dtype == np.float32
    assert_allclose(single, double, rtol=1e-6, atol=1e-6)


@each_pool
def test_planes_that_do_not_lie_in_one_piece_are_pooled_alike(
    pool: Any, settings: Any
) -> None:
    x = np.random.default_rng(0).normal(size=(4, 4, 3))
    y, vjp = pool.rule(x.transpose(2, 0, 1), **settings)
    expected, expected_vjp = pool.rule(x.transpose(2, 0, 1).copy(), **settings)
    assert_array_equal(y, expected)
    assert_array_equal(vjp(np.ones(y.shape)), expected_vjp(np.ones(y.shape)))


FIVE = np.zeros((1, 5, 5))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=6),
            ValueError,
            "max_pool2d: kernel_size: expected to fit into the padded input of 5, got 6, which spans 6",
        ),
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=3, dilation=3),
            ValueError,
            "max_pool2d: kernel_size: expected to fit into the padded input of 5, got 3, which spans 7",
        ),
        (
            lambda: ops.avg_pool2d(np.zeros((3, 0, 4)), kernel_size=1),
            ValueError,
            "avg_pool2d: kernel_size: expected to fit into the padded input of 0, got 1, which spans 1",
        ),
        (
            lambda: ops.max_pool2d(np.zeros(4), kernel_size=1),
            ValueError,
            "max_pool2d: x: expected shape",
        ),
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=2, padding=2),
            ValueError,
            "max_pool2d: padding: expected at most half of the window, 1, got 2",
        ),
        (
            lambda: ops.avg_pool2d(FIVE, kernel_size=0),
            ValueError,
            "avg_pool2d: kernel_size: expected a whole number of at least 1, or 2 of them, got 0",
        ),
        (
            lambda: ops.avg_pool2d(FIVE, kernel_size=2, stride=(1, -1)),
            ValueError,
            r"avg_pool2d: stride: expected a whole number of at least 1, or 2 of them, got \(1, -1\)",
        ),
        (
            lambda: ops.avg_pool2d(FIVE, kernel_size=2, padding=-1),
            ValueError,
            "avg_pool2d: padding: expected a whole number of at least 0, or 2 of them, got -1",
        ),
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=(2, 2, 2)),
            ValueError,
            r"max_pool2d: kernel_size: expected a whole number .*, got \(2, 2, 2\)",
        ),
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=2.0),
            TypeError,
            "max_pool2d: kernel_size: expected a whole number .*, got 2.0",
        ),
        (
            lambda: ops.max_pool2d(FIVE, kernel_size=2, dilation="1"),
            TypeError,
            "max_pool2d: dilation: expected a whole number .*, got '1'",
        ),
        (
            lambda: ops.max_pool2d(
                FIVE[:, :3], kernel_size=2, stride=1, padding=2, dilation=4
            ),
            ValueError,
            "max_pool2d: padding: expected every window to read some of the 3 elements of its axis, got window 1, "
            "which falls between them with padding 2 and dilation 4",
        ),
        (
            lambda: ops.adaptive_avg_pool2d(FIVE, output_size=0),
            ValueError,
            "adaptive_avg_pool2d: output_size: expected a whole number of at least 1, or 2 of them, got 0",
        ),
        (
            lambda: ops.adaptive_max_pool2d(FIVE, output_size=None),
            TypeError,
            "adaptive_max_pool2d: output_size: expected a whole number of at least 1, or 2 of them, got None",
        ),
        (
            lambda: ops.adaptive_avg_pool2d(np.zeros((2, 3, 0)), output_size=1),
            ValueError,
            "adaptive_avg_pool2d: x: expected planes of at least one pixel, got 3 rows of 0",
        ),
        (
            lambda: ops.max_pool2d(FIVE, 2),
            TypeError,
            "max_pool2d: expected the arrays x, got 2 of them",
        ),
    ],
)
def test_what_has_no_answer_is_refused(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()
