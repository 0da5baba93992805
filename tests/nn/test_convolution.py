"""The layers that convolve, and the one that flattens."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.nn import Conv1d, Conv2d, ConvTranspose2d, Flatten, Sequential

LAYERS: list[tuple[Any, int, int, int]] = [
    # the layer for 8 and 12 channels in 4 groups, its axes, and what an output's range counts
    (Conv1d, 1, 8 // 4 * 3, 12),
    (Conv2d, 2, 8 // 4 * 9, 12),
    (ConvTranspose2d, 2, 12 // 4 * 9, 8),
]


@pytest.mark.parametrize(("layer_type", "axes", "fan", "first"), LAYERS)
def test_a_layer_applies_its_function(
    layer_type: Any, axes: int, fan: int, first: int, rng: np.random.Generator
) -> None:
    layer = layer_type(8, 12, 3, stride=2, padding=1, dilation=2, groups=4, rng=rng)
    f = {Conv1d: ops.conv1d, Conv2d: ops.conv2d}.get(layer_type, ops.conv_transpose2d)
    x = rng.normal(size=(2, 8, *(9,) * axes)).astype(np.float32)
    expected = f(
        x, layer.w.value, layer.b.value, stride=2, padding=1, dilation=2, groups=4
    )
    assert_array_equal(layer(x).value, expected)
    assert_array_equal(layer(x, rng=rng).value, expected)
    assert layer.w.shape == (first, fan // 3**axes, *(3,) * axes)
    assert [name for name, _ in layer.named_parameters()] == ["w", "b"]
    assert set(layer.state_dict()) == {"w", "b"}


@pytest.mark.parametrize(("layer_type", "axes", "fan", "first"), LAYERS)
def test_the_first_weights_fill_pytorch_s_range_evenly(
    layer_type: Any, axes: int, fan: int, first: int
) -> None:
    channels = (8 * 300, 12 * 4) if layer_type is ConvTranspose2d else (8 * 4, 12 * 300)
    layer = layer_type(
        *channels, 3, groups=4, rng=np.random.default_rng(0), dtype=np.float64
    )
    bound = 1 / np.sqrt(np.prod(layer.w.shape[1:]))
    assert layer.w.shape[1] * 3**axes == 4 * fan
    for values, tolerance in ((layer.w.value, 0.01), (layer.b.value, 0.2)):
        assert np.abs(values).max() <= bound
        assert np.abs(values).max() > (1 - tolerance) * bound
        assert values.std() == pytest.approx(bound / np.sqrt(3), rel=tolerance + 0.02)


@pytest.mark.parametrize("layer_type", [Conv1d, Conv2d, ConvTranspose2d])
def test_a_layer_without_bias_takes_zero_to_zero(layer_type: Any) -> None:
    layer = layer_type(2, 3, 1, bias=False, rng=np.random.default_rng(0))
    assert layer.b is None
    x = np.zeros((1, 2, 4) if layer_type is Conv1d else (1, 2, 4, 4))
    assert not layer(x).value.any()
    assert "bias=False" in repr(layer)


def test_a_layer_tells_its_settings() -> None:
    rng = np.random.default_rng(0)
    shown = repr(
        Conv2d(
            4, 6, (3, 1), stride=(2, 1), padding="valid", dilation=3, groups=2, rng=rng
        )
    )
    assert shown == (
        "Conv2d(4, 6, kernel_size=(3, 1), stride=(2, 1), padding='valid', dilation=3, groups=2)"
    )
    assert repr(ConvTranspose2d(4, 6, 3, stride=2, output_padding=1, rng=rng)) == (
        "ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=2, output_padding=1)"
    )


def test_the_first_weights_are_the_same_in_every_dtype() -> None:
    single, double = (
        Conv2d(3, 4, 3, rng=np.random.default_rng(1), dtype=dtype)
        for dtype in (np.float32, np.float64)
    )
    assert single.w.dtype == single(np.zeros((1, 3, 4, 4))).dtype == np.float32
    assert_array_equal(single.w.value, double.w.value.astype(np.float32))


def test_a_gradient_reaches_every_parameter_of_a_network(
    rng: np.random.Generator,
) -> None:
    model = Sequential(
        Conv2d(1, 4, 5, padding=2, rng=rng),
        ops.relu,
        Conv2d(4, 2, 3, stride=2, rng=rng),
        ConvTranspose2d(2, 3, 2, stride=2, rng=rng),
        Flatten(2),
        Conv1d(3, 1, 3, rng=rng),
    )
    y = model(rng.normal(size=(2, 1, 9, 9)), rng=rng)
    assert y.shape == (2, 1, 62)
    parameters = model.parameters()
    gradients = grad((y * y).sum(), parameters)
    assert len(parameters) == 8
    for p, dp in zip(parameters, gradients, strict=True):
        assert dp.shape == p.shape
        assert dp.dtype == np.float32
        assert dp.any()


@pytest.mark.parametrize(
    ("layer_type", "arguments", "settings", "error", "message"),
    [
        (
            Conv2d,
            (0, 2, 3),
            {},
            ValueError,
            "Conv2d: in_channels: expected a positive multiple of groups = 1, got 0",
        ),
        (
            Conv2d,
            (2, 0, 3),
            {},
            ValueError,
            "Conv2d: out_channels: expected a positive multiple",
        ),
        (
            Conv2d,
            (3, 2, 3),
            {"groups": 2},
            ValueError,
            "Conv2d: in_channels: expected a positive multiple of groups",
        ),
        (
            Conv2d,
            (2, 3, 3),
            {"groups": 2},
            ValueError,
            "Conv2d: out_channels: expected a positive multiple",
        ),
        (
            Conv2d,
            (2, 2, 3),
            {"groups": 0},
            ValueError,
            "Conv2d: groups: expected a whole number of at least 1, got 0",
        ),
        (
            Conv2d,
            (2, 2, 0),
            {},
            ValueError,
            "Conv2d: kernel_size: expected a whole number of at least 1, or 2 of them",
        ),
        (
            Conv2d,
            (2, 2, (1, 2, 3)),
            {},
            ValueError,
            "Conv2d: kernel_size: expected a whole number of at least 1, or 2 of them",
        ),
        (
            Conv2d,
            (2, 2, 1.5),
            {},
            TypeError,
            "Conv2d: kernel_size: expected a whole number of at least 1, or 2 of them, got 1.5",
        ),
        (
            Conv2d,
            (2, 2, 3),
            {"dtype": int},
            TypeError,
            "Conv2d: dtype: expected a float type, got int64",
        ),
        (
            Conv1d,
            (2, 2, (1, 2)),
            {},
            ValueError,
            "Conv1d: kernel_size: expected a whole number of at least 1",
        ),
        (
            ConvTranspose2d,
            (3, 2, 3),
            {"groups": 2},
            ValueError,
            "ConvTranspose2d: in_channels: expected a positive",
        ),
    ],
)
def test_what_makes_no_layer_is_refused(
    layer_type: Any, arguments: Any, settings: Any, error: Any, message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        layer_type(*arguments, rng=np.random.default_rng(0), **settings)


def test_a_tensor_of_another_dtype_is_refused() -> None:
    layer = Conv2d(2, 3, 3, rng=np.random.default_rng(0))
    with pytest.raises(
        TypeError,
        match="Conv2d: x: expected float32, the dtype of its weights, got float64",
    ):
        layer(Tensor(np.zeros((1, 2, 4, 4))))


def test_flattening_keeps_the_examples_apart(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 3, 4, 5))
    assert_array_equal(Flatten()(x).value, x.reshape(2, 60))
    assert_array_equal(Flatten()(x[0, 0]).value, x[0, 0])
    assert_array_equal(Flatten(0, 1)(x).value, x.reshape(6, 4, 5))
    assert_array_equal(Flatten(-3, -2)(x).value, x.reshape(2, 12, 5))
    assert Flatten()(np.zeros((0, 3, 4))).shape == (0, 12)
    t = Tensor(x)
    assert_array_equal(grad((Flatten()(t) * 2).sum(), [t])[0], np.full(x.shape, 2.0))


@pytest.mark.parametrize(("start", "end"), [(4, -1), (2, 1), (0, 4), (-5, 2)])
def test_axes_that_are_not_there_are_refused(start: int, end: int) -> None:
    with pytest.raises(
        ValueError, match=r"Flatten: x: expected axes .*, got shape \(2, 3, 4, 5\)"
    ):
        Flatten(start, end)(np.zeros((2, 3, 4, 5)))
