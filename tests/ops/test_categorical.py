"""The likelihood of labels from log-probabilities: by hand, beside the cross-entropy, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Tensor, grad


def refused(*inputs: Any, **settings: Any) -> str:
    """The message of the ValueError that the call raises."""
    with pytest.raises(ValueError) as error:
        ops.nll_loss(*inputs, **settings)
    return str(error.value)


def test_a_loss_is_minus_the_logarithm_at_the_label() -> None:
    log_p = np.log([[1 / 8, 2 / 8, 5 / 8], [1 / 2, 1 / 4, 1 / 4]])
    losses = ops.nll_loss(log_p, [2, 0], reduction="none")
    np.testing.assert_allclose(losses, np.log([8 / 5, 2]), rtol=1e-14)
    assert ops.nll_loss(log_p, [2, 0]) == pytest.approx(np.log(16 / 5) / 2)


@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 4, 3), (2, 4, 3, 2)])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_after_log_softmax_it_is_the_cross_entropy(
    shape: tuple[int, ...], reduction: str
) -> None:
    rng = np.random.default_rng(0)
    axis = min(1, len(shape) - 1)
    z, w = Tensor(rng.normal(size=shape)), rng.uniform(0.5, 2, size=4)
    t = rng.integers(4, size=shape[:axis] + shape[axis + 1 :])
    in_one = ops.cross_entropy(z, t, w, reduction=reduction)
    in_two = ops.nll_loss(ops.log_softmax(z, axis=axis), t, w, reduction=reduction)
    np.testing.assert_allclose(in_two.value, in_one.value, rtol=1e-13)
    (dz,), (expected,) = (grad(loss.sum(), [z]) for loss in (in_two, in_one))
    np.testing.assert_allclose(dz, expected, rtol=1e-12, atol=1e-15)


def test_the_slope_is_the_classes_weight_at_the_label_and_zero_elsewhere() -> None:
    log_p = Tensor(np.log([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]]))
    loss = ops.nll_loss(log_p, [0, -100, 1], [3.0, 1.0, 1.0])
    (dlog_p,) = grad(loss, [log_p])
    assert dlog_p.tolist() == [[-0.75, 0, 0], [0, 0, 0], [0, -0.25, 0]]


def test_an_impossible_label_costs_without_bound() -> None:
    log_p = np.array([[0.0, -np.inf], [-np.inf, 0.0]])
    assert ops.nll_loss(log_p, [1, 1], reduction="none").tolist() == [np.inf, 0]
    assert ops.nll_loss(log_p, [-100, 1]) == 0


def test_rounding_may_leave_a_certain_class_just_above_zero() -> None:
    for kind in (np.float32, np.float64):
        slightly = np.array([[np.finfo(kind).eps, -40.0]], kind)
        loss = ops.nll_loss(slightly, [0])
        assert loss.dtype == kind
        assert abs(loss) < 1e-6


def test_a_number_that_is_none_passes_through_as_in_the_cross_entropy() -> None:
    z = np.array([[np.nan, 0.0]])
    assert np.isnan(ops.nll_loss(z, [0]))
    assert np.isnan(ops.cross_entropy(z, [0]))


@pytest.mark.parametrize(
    ("inputs", "settings", "message"),
    [
        (
            ([[2.0, -1.0]], [0]),
            {},
            "log_p: expected log-probabilities of at most 0, got values up to 2; "
            "scores belong to cross_entropy",
        ),
        (
            (np.zeros((2, 3)), [0, 1, 2]),
            {},
            "t: expected labels of shape (2,), got (3,)",
        ),
        (
            (np.zeros((2, 3, 4)), np.zeros((2, 3), int)),
            {},
            "t: expected labels of shape (2, 4), got (2, 3)",
        ),
        (
            (np.zeros((2, 3)), [0, 3]),
            {},
            "t: expected labels from 0 to 2, got 0 to 3",
        ),
        (
            (np.zeros((2, 3)), [0, -1]),
            {},
            "t: expected labels from 0 to 2, got -1 to 0",
        ),
        (
            (np.zeros((2, 3)), [0, 1], np.ones(2)),
            {},
            "weight: expected shape (k=3,), got (2,)",
        ),
        (
            (np.zeros((0, 3)), np.zeros(0, int)),
            {},
            "reduction: expected something to take the mean of, got none",
        ),
        (
            (np.zeros((2, 3)), [-100, -100]),
            {},
            "reduction: expected something to take the mean of, got none",
        ),
        (
            (np.zeros((2, 3)), [0, 1]),
            {"reduction": "avg"},
            "reduction: expected 'mean', 'sum' or 'none', got 'avg'",
        ),
    ],
)
def test_what_does_not_fit_is_named(inputs: Any, settings: Any, message: str) -> None:
    assert refused(*inputs, **settings) == f"nll_loss: {message}"


def test_distributions_are_no_labels() -> None:
    with pytest.raises((TypeError, ValueError), match="nll_loss: t: expected"):
        ops.nll_loss(np.zeros((2, 3)), np.zeros((2, 3)))


def test_nothing_is_written_into_what_comes_in() -> None:
    log_p, t, w = np.log(np.full((2, 4), 0.25)), np.array([0, 3]), np.ones(4)
    for array in (log_p, t, w):
        array.flags.writeable = False
    loss, vjp = ops.nll_loss.rule(log_p, t, w, reduction="none")
    dloss = np.array([1.0, 2.0])
    dloss.flags.writeable = False
    assert vjp(dloss)[0][[0, 1], [0, 3]].tolist() == [-1, -2]
    assert loss.shape == (2,)
