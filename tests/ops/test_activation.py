from __future__ import annotations

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Primitive, Tensor, grad


def test_the_sigmoid_of_a_huge_score_does_not_overflow() -> None:
    assert ops.sigmoid([-1e4, -745.0, 0.0, 1e4]).tolist() == [
        0,
        pytest.approx(5e-324),
        0.5,
        1,
    ]


def test_the_sigmoid_keeps_the_digits_of_a_small_probability() -> None:
    assert ops.sigmoid(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14)


def test_the_softmax_does_not_feel_a_shift() -> None:
    z = np.array([[1.0, 2.0, 4.0], [-1.0, 0.0, 0.5]])
    np.testing.assert_allclose(ops.softmax(z + 1e4), ops.softmax(z), rtol=1e-11)


@pytest.mark.parametrize("op", [ops.softmax, ops.log_softmax])
def test_a_score_of_minus_infinity_is_a_class_ruled_out(op: Primitive) -> None:
    p = op([0.0, -np.inf, 0.0])
    assert (p if op is ops.softmax else np.exp(p)).tolist() == pytest.approx(
        [0.5, 0, 0.5]
    )


def test_log_softmax_outlives_its_probability() -> None:
    assert ops.log_softmax([0.0, -1e4]).tolist() == [0, -1e4]
    assert ops.log_softmax([0.0, 1e4]).tolist() == [-1e4, 0]


def test_relu_has_slope_zero_at_zero() -> None:
    z = Tensor([-1.0, -0.0, 0.0, 1.0])
    assert grad(ops.relu(z).sum(), [z])[0].tolist() == [0, 0, 0, 1]


def test_relu_and_tanh_let_a_nan_be_seen() -> None:
    assert np.isnan(ops.relu([np.nan])).all()
    assert np.isnan(ops.tanh([np.nan])).all()


@pytest.mark.parametrize("op", [ops.softmax, ops.log_softmax])
def test_a_single_number_has_no_axis_to_compete_along(op: Primitive) -> None:
    name = op.rule.__name__
    with pytest.raises(
        ValueError, match=rf"^{name}: z: expected shape \(_, \.\.\.\), got \(\)$"
    ):
        op(1.0)


def test_an_empty_batch_passes_through() -> None:
    for op in (ops.sigmoid, ops.tanh, ops.relu, ops.softmax, ops.log_softmax):
        assert op(np.zeros((0, 3))).shape == (0, 3)


def test_whole_numbers_are_taken_for_floats() -> None:
    assert ops.tanh([0, 1]).dtype == np.float64
    assert ops.relu(np.array([-1, 2])).tolist() == [0.0, 2.0]
