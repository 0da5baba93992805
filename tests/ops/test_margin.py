from __future__ import annotations

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Tensor, grad


def test_a_score_of_zero_is_corrected_as_a_mistake() -> None:
    z = Tensor(np.array([0.0, 0.0, 1.0]))
    y = np.array([1.0, -1.0, 1.0])
    (dz,) = grad(ops.perceptron_loss(z, y, reduction="sum"), [z])
    assert dz.tolist() == [-1, 1, 0]


def test_one_step_down_the_perceptron_loss_is_the_perceptrons_update() -> None:
    x, w, y = np.array([2.0, -1.0]), Tensor(np.array([0.5, 2.0])), np.array(1.0)
    (dw,) = grad(ops.perceptron_loss(w @ x, y), [w])
    np.testing.assert_allclose(w.value - dw, w.value + y * x)


@pytest.mark.parametrize("strange", [0.0, 2.0, np.nan])
def test_a_side_that_is_none_is_refused(strange: float) -> None:
    with pytest.raises(
        ValueError,
        match=rf"perceptron_loss: y: expected sides of -1 or \+1, got {strange:g}",
    ):
        ops.perceptron_loss([1.0, 2.0], [1.0, strange])
