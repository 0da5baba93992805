"""Convolutions, beside loops over every pixel."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.ops.convolution import blocks
from dlbook.ops.convolution.geometry import laid_out
from tests.gradient_cases.convolution import IMAGES, MAPS


def pixel_by_pixel(x: Any, w: Any, g: Any) -> Any:
    """The definition of a convolution, one product after another."""
    (sh, sw), (dh, dw), (top, left) = g.stride, g.dilation, g.before
    k, c, kh, kw = w.shape
    y = np.zeros((len(x), k, *g.out))
    for n, o, i, j in np.ndindex(y.shape):
        first = o // (k // g.groups) * c  # the first channel of the output's group
        for m, p, q in np.ndindex(c, kh, kw):
            row, column = i * sh + p * dh - top, j * sw + q * dw - left
            if 0 <= row < g.size[0] and 0 <= column < g.size[1]:
                y[n, o, i, j] += w[o, m, p, q] * x[n, first + m, row, column]
    return y


def geometry(x: Any, w: Any, settings: dict[str, Any]) -> Any:
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    return laid_out("test", x.shape, w.shape, **(defaults | settings))


@pytest.mark.parametrize(("x_shape", "w_shape", "settings"), IMAGES)
def test_a_convolution_is_a_sum_over_every_window(
    x_shape: Any, w_shape: Any, settings: Any, rng: np.random.Generator
) -> None:
    x, w, b = (
        rng.normal(size=x_shape),
        rng.normal(size=w_shape),
        rng.normal(size=w_shape[0]),
    )
    expected = pixel_by_pixel(x, w, geometry(x, w, settings))
    assert_allclose(ops.conv2d(x, w, **settings), expected, rtol=1e-12, atol=1e-13)
    assert_allclose(
        ops.conv2d(x, w, b, **settings),
        expected + b[:, None, None],
        rtol=1e-12,
        atol=1e-13,
    )


@pytest.mark.parametrize(("x_shape", "w_shape", "settings"), MAPS)
def test_a_transposed_convolution_paints_the_kernel_of_every_pixel(
    x_shape: Any, w_shape: Any, settings: Any, rng: np.random.Generator
) -> None:
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    y = ops.conv_transpose2d(x, w, **settings)
    (sh, sw), (dh, dw), (top, left) = (
        value if isinstance(value, tuple) else (value, value)
        for value in (
            settings.get(name, default)
            for name, default in (("stride", 1), ("dilation", 1), ("padding", 0))
        )
    )
    c, k, kh, kw = w.shape
    part = c // settings.get("groups", 1)
    rows, columns = y.shape[2:]
    expected = np.zeros_like(y)
    for n, m, i, j in np.ndindex(x.shape):
        for o, p, q in np.ndindex(k, kh, kw):
            row, column = i * sh + p * dh - top, j * sw + q * dw - left
            if 0 <= row < rows and 0 <= column < columns:
                expected[n, m // part * k + o, row, column] += (
                    x[n, m, i, j] * w[m, o, p, q]
                )
    assert_allclose(y, expected, rtol=1e-12, atol=1e-13)


def test_the_transposed_convolution_is_the_transpose_of_the_convolution(
    rng: np.random.Generator,
) -> None:
    settings = {"stride": (2, 3), "padding": 1, "dilation": (2, 1), "groups": 2}
    x, w = rng.normal(size=(2, 4, 10, 11)), rng.normal(size=(6, 2, 3, 3))
    y = ops.conv2d(x, w, **settings)
    dy = rng.normal(size=y.shape)
    back = ops.conv_transpose2d(dy, w, output_padding=(1, 1), **settings)
    assert back.shape == x.shape
    assert (y * dy).sum() == pytest.approx((x * back).sum(), rel=1e-12)


def test_a_signal_is_an_image_one_pixel_wide(rng: np.random.Generator) -> None:
    x, w, b = (
        rng.normal(size=(2, 4, 30)),
        rng.normal(size=(6, 2, 3)),
        rng.normal(size=6),
    )
    settings: dict[str, Any] = {"stride": 2, "padding": 3, "dilation": 2, "groups": 2}
    flat: dict[str, Any] = {name: (value, 1) for name, value in settings.items()}
    flat |= {"padding": (3, 0), "groups": 2}
    expected = ops.conv2d(x[..., None], w[..., None], b, **flat)[..., 0]
    assert_array_equal(ops.conv1d(x, w, b, **settings), expected)


def test_an_odd_padding_is_added_at_the_end() -> None:
    y = ops.conv1d([[[1.0, 2.0, 4.0]]], [[[1.0, 1.0]]], padding="same")
    assert y.tolist() == [[[3, 6, 4]]]


BLOCKED: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((3, 2, 11, 9), (3, 2, 3, 3), {"padding": 1}),
    ((3, 2, 11, 9), (2, 2, 2, 3), {"padding": 2, "dilation": (3, 1)}),
    ((3, 4, 13, 9), (4, 2, 3, 2), {"groups": 2}),
    ((3, 2, 11, 9), (9, 2, 3, 2), {"padding": (4, 1)}),
    ((3, 2, 12, 9), (3, 2, 3, 3), {"stride": 2, "padding": 1}),
    ((3, 2, 12, 9), (3, 2, 3, 3), {"stride": (3, 1), "dilation": 2}),
    ((3, 2, 11, 90), (3, 2, 3, 3), {"padding": (1, 2)}),
    ((3, 2, 9, 90), (3, 2, 2, 3), {"padding": (3, 1)}),
    ((3, 4, 13, 180), (2, 2, 5, 3), {"stride": 2, "groups": 2}),
]


@pytest.mark.parametrize(("x_shape", "w_shape", "settings"), BLOCKED)
def test_the_size_of_the_blocks_changes_nothing(
    x_shape: Any,
    w_shape: Any,
    settings: Any,
    rng: np.random.Generator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    y, vjp = ops.conv2d.rule(x, w, **settings)
    dy = rng.normal(size=y.shape)
    dx, dw, _ = vjp(dy)
    for size in (
        1,
        2500,
        6000,
        12000,
        30000,
        120_000,
    ):  # a row, several rows, an image, two
        monkeypatch.setattr(blocks, "BLOCK", size)
        y_again, vjp_again = ops.conv2d.rule(x, w, **settings)
        dx_again, dw_again, _ = vjp_again(dy)
        for again, once in ((y_again, y), (dx_again, dx), (dw_again, dw)):
            assert_allclose(again, once, rtol=1e-12, atol=1e-13)


def test_the_blocks_cover_every_pixel_of_every_image_once() -> None:
    x, w = np.zeros((5, 3, 40, 60)), np.zeros((4, 3, 3, 3))
    g = geometry(x, w, {"padding": 1})
    for size in (1, 20_000, 100_000, 500_000, 10_000_000):
        seen = np.zeros((5, 40, 60), int)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "BLOCK", size)
            for block in blocks.Blocks(5, w.shape, g, np.dtype(np.float64)):
                seen[block] += 1
        assert (seen == 1).all()


def test_an_image_that_is_no_block_of_memory_is_read_as_it_is(
    rng: np.random.Generator,
) -> None:
    x, w = rng.normal(size=(12, 12, 2, 3)), rng.normal(size=(3, 3, 2, 4))
    for strange in (
        x.transpose(3, 2, 0, 1),
        x.T[:, :, ::-1, ::2],
        x.T[::2, :, 1:, :-1],
    ):
        for kernel in (w.transpose(3, 2, 1, 0), w.T[:, :, :1, :1]):
            for padding in (0, 1):
                y, vjp = ops.conv2d.rule(strange, kernel, padding=padding)
                copied, vjp_of_copied = ops.conv2d.rule(
                    strange.copy(), kernel.copy(), padding=padding
                )
                assert_allclose(y, copied, rtol=1e-12, atol=1e-13)
                dy = rng.normal(size=y.shape[::-1]).T
                for dx, expected in zip(
                    vjp(dy)[:2], vjp_of_copied(dy.copy()), strict=False
                ):
                    assert_allclose(dx, expected, rtol=1e-12, atol=1e-12)


def test_a_gradient_that_is_not_needed_is_not_computed(
    rng: np.random.Generator,
) -> None:
    x, w, b = rng.normal(size=(2, 3, 6, 6)), rng.normal(size=(4, 3, 3, 3)), np.ones(4)
    turned = w.transpose(1, 0, 2, 3)
    calls: list[tuple[Any, ...]] = [
        ops.conv2d.rule(x, w, b),
        ops.conv1d.rule(x[..., 0], w[..., 0], b),
        ops.conv_transpose2d.rule(x, turned, b),
    ]
    for y, vjp in calls:
        dy = np.ones_like(y)
        for i in range(3):
            needs = tuple(j == i for j in range(3))
            assert [dx is not None for dx in vjp(dy, needs)] == list(needs)


def test_only_a_layer_with_a_bias_has_a_gradient_for_it(
    rng: np.random.Generator,
) -> None:
    x, w = rng.normal(size=(2, 3, 6, 6)), Tensor(rng.normal(size=(4, 3, 3, 3)))
    (dw,) = grad(ops.conv2d(x, w).sum(), [w])
    windows = [
        x[:, :, p : p + 4, q : q + 4].sum((0, 2, 3)) for p in range(3) for q in range(3)
    ]
    assert_allclose(dw[1].reshape(3, 9), np.transpose(windows), rtol=1e-12)


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv_transpose2d"])
def test_single_precision_is_close_to_double(
    name: str, rng: np.random.Generator
) -> None:
    axes = 1 if name == "conv1d" else 2
    x, w = (
        rng.normal(size=(4, 16, *(20,) * axes)),
        rng.normal(size=(16, 16, *(3,) * axes)),
    )
    f: Any = getattr(ops, name)
    y, vjp = f.rule(x, w, padding=1)
    dy = rng.normal(size=y.shape)
    single, vjp_single = f.rule(x.astype(np.float32), w.astype(np.float32), padding=1)
    pairs = [(single, y), *zip(vjp_single(dy.astype(np.float32)), vjp(dy), strict=True)]
    for found, expected in pairs[:3]:
        assert found.dtype == np.float32
        assert np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max()


def test_large_numbers_stay_in_their_place() -> None:
    x = np.zeros((1, 1, 9, 9), np.float32)
    x[0, 0, 4, 4] = 3e38
    y = ops.conv2d(x, np.ones((1, 1, 3, 3), np.float32), padding=1)
    assert (
        y == ops.conv_transpose2d(x, np.ones((1, 1, 3, 3), np.float32), padding=1)
    ).all()
    assert np.isfinite(y).all()
    assert np.count_nonzero(y) == 9
    x[0, 0, 4, 4] = np.nan
    assert (
        np.isnan(ops.conv2d(x, np.ones((1, 1, 3, 3), np.float32), padding=1)).sum() == 9
    )


def peak(work: Callable[[], object]) -> int:
    """The most memory held at once, in bytes, beyond what was there."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LARGE: list[tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ("conv2d", (8, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    ("conv2d", (8, 64, 56, 56), (64, 64, 1, 1), {}),
    ("conv2d", (8, 64, 56, 56), (64, 64, 3, 3), {"stride": 2, "padding": 1}),
    ("conv2d", (8, 64, 56, 56), (64, 1, 3, 3), {"padding": 1, "groups": 64}),
    ("conv2d", (1, 16, 200, 200), (16, 16, 5, 5), {"padding": 2}),
    ("conv2d", (32, 3, 64, 64), (16, 3, 7, 7), {"padding": 3}),
    ("conv1d", (4, 32, 20000), (32, 32, 9), {"padding": 4}),
    ("conv_transpose2d", (8, 64, 28, 28), (64, 64, 2, 2), {"stride": 2}),
]


@pytest.mark.parametrize(("name", "x_shape", "w_shape", "settings"), LARGE)
def test_forward_and_backward_take_less_than_twice_the_memory_of_input_and_output(
    name: str, x_shape: Any, w_shape: Any, settings: Any
) -> None:
    x, w = np.ones(x_shape, np.float32), np.ones(w_shape, np.float32)
    f: Any = getattr(ops, name)
    y = f(x, w, **settings)
    dy = np.ones_like(y)
    most = peak(lambda: f.rule(x, w, **settings)[1](dy))
    assert most < 2 * (x.nbytes + y.nbytes)


WRONG: list[tuple[str, Any, Any, dict[str, Any], str]] = [
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 2, 3, 3),
        {},
        "w: expected a kernel for c / groups = 3 / 1",
    ),
    (
        "conv2d",
        (1, 4, 8, 8),
        (4, 4, 3, 3),
        {"groups": 2},
        "w: expected a kernel for c / groups = 4 / 2",
    ),
    (
        "conv2d",
        (1, 4, 8, 8),
        (3, 2, 3, 3),
        {"groups": 2},
        "w: expected groups = 2 equal parts",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (0, 3, 3, 3),
        {},
        "w: expected groups = 1 equal parts of at least one",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 0, 3),
        {},
        "w: expected groups = 1 equal parts of at least one",
    ),
    (
        "conv2d",
        (3, 8, 8),
        (4, 3, 3, 3),
        {},
        "x: expected shape (n, c, h, w), got (3, 8, 8)",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3),
        {},
        "w: expected shape (k, _, kh, kw), got (4, 3, 3)",
    ),
    (
        "conv2d",
        (1, 3, 2, 8),
        (4, 3, 3, 3),
        {},
        "kernel: expected to fit into the padded input, (2, 8), got (3, 3)",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"dilation": 4},
        "got (9, 9) with its dilation",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"stride": 0},
        "of at least 1, or 2 of them, got 0",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"stride": (1, 2, 3)},
        "stride: expected a whole number of at least 1, or 2 of them",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"padding": -1},
        "of at least 0, or 2 of them, got -1",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"padding": "full"},
        'padding: expected whole numbers, "same" or "valid", got \'full\'',
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"padding": "same", "stride": 2},
        'padding: expected stride 1 to go with "same", got (2, 2)',
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"dilation": 0},
        "dilation: expected a whole number",
    ),
    (
        "conv2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {"groups": 0},
        "groups: expected a whole number of at least 1, got 0",
    ),
    (
        "conv1d",
        (1, 3, 8, 8),
        (4, 3, 3),
        {},
        "x: expected shape (n, c, l), got (1, 3, 8, 8)",
    ),
    (
        "conv1d",
        (1, 3, 8),
        (4, 3, 9),
        {},
        "kernel: expected to fit into the padded input, (8,), got (9,)",
    ),
    (
        "conv1d",
        (1, 3, 8),
        (4, 3, 3),
        {"stride": (1, 2)},
        "stride: expected a whole number of at least 1, got (1, 2)",
    ),
    (
        "conv_transpose2d",
        (1, 3, 8, 8),
        (4, 3, 3, 3),
        {},
        "w: expected shape (c=3, _, kh, kw), got (4, 3, 3, 3)",
    ),
    (
        "conv_transpose2d",
        (1, 3, 8, 8),
        (3, 3, 3, 3),
        {"groups": 2},
        "w: expected groups = 2 equal parts",
    ),
    (
        "conv_transpose2d",
        (1, 3, 8, 8),
        (3, 3, 3, 3),
        {"output_padding": 1},
        "output_padding: expected less",
    ),
    (
        "conv_transpose2d",
        (1, 3, 1, 1),
        (3, 3, 3, 3),
        {"padding": 2},
        "got (1, 1), which gives (-1, -1)",
    ),
    (
        "conv_transpose2d",
        (1, 3, 0, 1),
        (3, 3, 3, 3),
        {},
        "x: expected a size that leaves an output, got (0, 1)",
    ),
]


@pytest.mark.parametrize(("name", "x", "w", "settings", "message"), WRONG)
def test_what_does_not_fit_is_refused_by_name(
    name: str, x: Any, w: Any, settings: Any, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        getattr(ops, name)(np.zeros(x), np.zeros(w), **settings)
    assert str(error.value).startswith(f"{name}: ")
    assert message in str(error.value)


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv_transpose2d"])
def test_a_bias_of_the_wrong_length_is_refused(name: str) -> None:
    axes = 1 if name == "conv1d" else 2
    x, w = np.zeros((1, 3, *(8,) * axes)), np.zeros((3, 3, *(2,) * axes))
    with pytest.raises(
        ValueError, match=rf"{name}: b: expected shape \(k=3,\), got \(1,\)"
    ):
        getattr(ops, name)(x, w, np.zeros(1))


@pytest.mark.parametrize("value", [1.5, "two", None, True, (1, 1.0)])
@pytest.mark.parametrize("setting", ["stride", "dilation", "groups", "padding"])
def test_a_setting_that_is_no_whole_number_is_refused(setting: str, value: Any) -> None:
    if setting == "padding" and value == "two":
        return
    with pytest.raises(TypeError, match=f"conv2d: {setting}: expected a whole number"):
        ops.conv2d(np.zeros((1, 2, 8, 8)), np.zeros((2, 2, 3, 3)), **{setting: value})


def test_numpy_s_whole_numbers_are_whole_numbers() -> None:
    x, w = np.zeros((1, 2, 8, 8)), np.zeros((2, 2, 3, 3))
    settings: Any = {
        "stride": np.int64(2),
        "padding": [np.int8(1), 2],
        "groups": np.int32(1),
    }
    assert ops.conv2d(x, w, **settings).shape == (1, 2, 4, 5)


@pytest.mark.parametrize(("x_shape", "w_shape", "settings"), IMAGES)
def test_the_size_of_the_output_can_be_told_beforehand(
    x_shape: Any, w_shape: Any, settings: Any
) -> None:
    named = {name: value for name, value in settings.items() if name != "groups"}
    y = ops.conv2d(np.zeros(x_shape), np.zeros(w_shape), **settings)
    assert ops.output_size(x_shape[2:], w_shape[2:], **named) == y.shape[2:]


def test_the_size_of_an_axis_is_a_number() -> None:
    assert ops.output_size(28, 5) == 24
    assert ops.output_size((28,), 5) == (24,)
    assert ops.output_size(28, 3, stride=2, padding=1) == 14
    assert ops.output_size(7, 3, stride=2, dilation=2, padding=1) == 3
    assert ops.output_size(7, 4, padding="same", dilation=3) == 7
    with pytest.raises(ValueError, match=r"output_size: kernel: .*\(2,\), got \(3,\)"):
        ops.output_size(2, 3)
    with pytest.raises(
        ValueError,
        match="output_size: size: expected a whole number of at least 0, got -1",
    ):
        ops.output_size(-1, 3)
    with pytest.raises(
        ValueError, match=r"output_size: kernel_size: expected .* at least 1, got 0"
    ):
        ops.output_size(5, 0)
