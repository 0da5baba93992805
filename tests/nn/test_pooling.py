from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.nn import (
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool2d,
    MaxPool2d,
    Module,
    Sequential,
    Upsample,
    count_parameters,
)


def layers() -> list[tuple[Module, Any, dict[str, Any]]]:
    """Layers, their primitives, and all settings of these."""
    overlapping = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
    means = overlapping | {"count_include_pad": False}
    smooth = {"scale_factor": 2.0, "mode": "bilinear", "align_corners": True}
    return [
        (MaxPool2d(2), ops.max_pool2d, {"kernel_size": 2}),
        (
            MaxPool2d(2, 1, 1, 2, ceil_mode=True),
            ops.max_pool2d,
            {
                "kernel_size": 2,
                "stride": 1,
                "padding": 1,
                "dilation": 2,
                "ceil_mode": True,
            },
        ),
        (MaxPool2d(3, 2, 1, ceil_mode=True), ops.max_pool2d, overlapping),
        (AvgPool2d((2, 3)), ops.avg_pool2d, {"kernel_size": (2, 3)}),
        (
            AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
            ops.avg_pool2d,
            means,
        ),
        (AdaptiveAvgPool2d(1), ops.adaptive_avg_pool2d, {"output_size": 1}),
        (
            AdaptiveMaxPool2d((3, None)),
            ops.adaptive_max_pool2d,
            {"output_size": (3, None)},
        ),
        (Upsample((3, 9)), ops.interpolate, {"size": (3, 9)}),
        (Upsample(None, 2.0, "bilinear", align_corners=True), ops.interpolate, smooth),
    ]


@pytest.mark.parametrize(("layer", "primitive", "settings"), layers(), ids=str)
def test_a_layer_is_its_primitive_with_its_settings(
    layer: Module, primitive: Any, settings: dict[str, Any], rng: np.random.Generator
) -> None:
    x = Tensor(rng.normal(size=(2, 3, 8, 7)))
    y, expected = layer(x, rng=rng), primitive(x, **settings)
    assert_array_equal(y.value, expected.value)
    (dx,), (expected_dx,) = grad((y**2).sum(), [x]), grad((expected**2).sum(), [x])
    assert_array_equal(dx, expected_dx)


def test_planes_pass_through_several_layers_in_their_own_precision() -> None:
    model = Sequential(MaxPool2d(2), ops.relu, AdaptiveAvgPool2d(1)).freeze()
    y = model(np.ones((2, 3, 8, 8), np.float32))
    assert isinstance(y, Tensor)
    assert (y.shape, y.dtype) == ((2, 3, 1, 1), np.float32)
    assert count_parameters(model) == 0
    assert model.state_dict() == {}


def test_whole_numbers_may_come_in() -> None:
    assert MaxPool2d(2)([[1, 2], [3, 4]]).value.tolist() == [[4.0]]


def test_a_bad_setting_is_named_when_the_layer_is_used() -> None:
    with pytest.raises(ValueError, match="max_pool2d: kernel_size: expected"):
        MaxPool2d(0)(np.ones((4, 4)))
