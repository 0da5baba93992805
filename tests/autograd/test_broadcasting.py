"""Broadcasting, by random shapes: a stretched input's gradient is summed over what it was stretched along."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import BroadcastableShapes, mutually_broadcastable_shapes

from dlbook.autograd import Tensor, grad, operators, where
from dlbook.gradcheck import numerical_gradient

two_shapes = mutually_broadcastable_shapes(
    num_shapes=2, min_side=1, max_side=3, max_dims=3
)
OPERATORS = [
    operators.add,
    operators.subtract,
    operators.multiply,
    operators.divide,
    operators.power,
]


@pytest.mark.parametrize(
    "operator", OPERATORS, ids=lambda operator: operator.rule.__name__
)
@given(shapes=two_shapes, seed=st.integers(0, 2**32 - 1))
def test_stretched_inputs_agree_with_differences(
    operator: Any, shapes: BroadcastableShapes, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x, y = (rng.uniform(0.5, 2, size=shape) for shape in shapes.input_shapes)
    dz = rng.normal(size=shapes.result_shape)
    tensors = Tensor(x), Tensor(y)
    dx, dy = grad((operator(*tensors) * dz).sum(), tensors)
    np.testing.assert_allclose(
        dx,
        numerical_gradient(lambda x: (operator(x, y) * dz).sum(), x),
        rtol=1e-6,
        atol=1e-8,
    )
    np.testing.assert_allclose(
        dy,
        numerical_gradient(lambda y: (operator(x, y) * dz).sum(), y),
        rtol=1e-6,
        atol=1e-8,
    )


@given(
    shapes=mutually_broadcastable_shapes(
        num_shapes=3, min_side=1, max_side=3, max_dims=3
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_choice_sends_each_gradient_to_what_was_chosen(
    shapes: BroadcastableShapes, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    condition = rng.random(shapes.input_shapes[0]) < 0.5
    x, y = (Tensor(rng.normal(size=shape)) for shape in shapes.input_shapes[1:])
    dz = rng.normal(size=shapes.result_shape)
    gradients = grad((where(condition, x, y) * dz).sum(), [x, y])
    for d, chosen, z in zip(gradients, (condition, ~condition), (x, y), strict=True):
        weights = chosen * dz
        expected = numerical_gradient(lambda z: (z * weights).sum(), z.value)  # noqa: B023  called at once
        np.testing.assert_allclose(d, expected, rtol=1e-6, atol=1e-8)
