from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Primitive, Tensor, grad

LOSSES: list[tuple[Primitive, Any, Any]] = [
    (ops.mse_loss, np.zeros(3), np.ones(3)),
    (ops.binary_cross_entropy, np.full(3, 0.5), np.ones(3)),
    (ops.binary_cross_entropy_with_logits, np.zeros(3), np.ones(3)),
    (ops.cross_entropy, np.zeros((3, 2)), np.array([0, 1, 1])),
]
each_loss = pytest.mark.parametrize(
    ("loss", "x", "y"), LOSSES, ids=[loss.rule.__name__ for loss, _, _ in LOSSES]
)


def refused(call: Any, *inputs: Any, **settings: Any) -> str:
    """The message of the ValueError that the call raises."""
    with pytest.raises(ValueError) as error:
        call(*inputs, **settings)
    return str(error.value)


@each_loss
def test_a_misspelt_reduction_is_refused(loss: Primitive, x: Any, y: Any) -> None:
    name = loss.rule.__name__
    message = f"{name}: reduction: expected 'mean', 'sum' or 'none', got 'avg'"
    assert refused(loss, x, y, reduction="avg") == message


@each_loss
def test_the_mean_of_nothing_is_refused_and_its_sum_is_zero(
    loss: Primitive, x: Any, y: Any
) -> None:
    message = refused(loss, x[:0], y[:0])
    assert (
        message
        == f"{loss.rule.__name__}: reduction: expected something to take the mean of, got none"
    )
    assert loss(x[:0], y[:0], reduction="sum") == 0
    assert loss(x[:0], y[:0], reduction="none").shape == (0,)


@each_loss
def test_the_reductions_are_of_the_same_losses(loss: Primitive, x: Any, y: Any) -> None:
    losses = loss(x, y, reduction="none")
    assert losses.shape == (3,)
    assert loss(x, y, reduction="sum") == pytest.approx(losses.sum())
    assert loss(x, y) == pytest.approx(losses.mean())


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan, np.inf])
def test_a_probability_out_of_range_is_refused(p: float) -> None:
    span = (
        f"got values from {min(p, 0.5):g} to {max(p, 0.5):g}"
        if not np.isnan(p)
        else "got values from nan to nan"
    )
    wanted = f"expected probabilities from 0 to 1, {span}"
    assert (
        refused(ops.binary_cross_entropy, [0.5, p], [1, 0])
        == f"binary_cross_entropy: p: {wanted}"
    )
    assert (
        refused(ops.binary_cross_entropy, [0.5, 0.5], [0.5, p])
        == f"binary_cross_entropy: y: {wanted}"
    )
    z_message = refused(ops.binary_cross_entropy_with_logits, [0.5, 0.5], [0.5, p])
    assert z_message == f"binary_cross_entropy_with_logits: y: {wanted}"
    assert (
        refused(ops.cross_entropy, [0.5, 0.5], [0.5, p])
        == f"cross_entropy: t: {wanted}"
    )


@pytest.mark.parametrize(
    "y",
    [np.array([1, 0, 1]), np.array([True, False, True]), [1, 0, 1], [1.0, 0.0, 1.0]],
)
def test_targets_of_zero_and_one_come_in_any_type(y: Any) -> None:
    p = np.array([0.5, 0.25, 0.8], np.float32)
    expected = -np.log([0.5, 0.75, 0.8])
    for loss, x in (
        (ops.binary_cross_entropy, p),
        (ops.binary_cross_entropy_with_logits, np.log(p / (1 - p))),
    ):
        losses = loss(x, y, reduction="none")
        assert losses.dtype == np.float32
        np.testing.assert_allclose(losses, expected, rtol=1e-6)
    assert ops.mse_loss(p, np.ones(3, int)).dtype == np.float32


def test_a_confident_mistake_costs_a_hundred_nats() -> None:
    p = Tensor([0.0, 1.0, 0.0, 1.0])
    loss = ops.binary_cross_entropy(p, [1, 0, 0, 1], reduction="none")
    assert loss.value.tolist() == [100, 100, 0, 0]
    assert grad(loss.sum(), [p])[0].tolist() == [-1e12, 1e12, 0, 0]


def test_a_tiny_loss_keeps_its_digits() -> None:
    losses = ops.binary_cross_entropy_with_logits(
        [40.0, -40.0], [1, 0], reduction="none"
    )
    np.testing.assert_allclose(losses, [4.248354255291589e-18] * 2, rtol=1e-14)


@pytest.mark.parametrize(
    "loss", [ops.binary_cross_entropy, ops.binary_cross_entropy_with_logits]
)
def test_a_weight_may_be_stretched_but_not_the_predictions(loss: Primitive) -> None:
    x, y = np.full((2, 3), 0.5), np.ones((2, 3))
    assert loss(x, y, [1.0, 2.0, 3.0]) == pytest.approx(2 * loss(x, y))
    assert loss(x, y, 2.0) == pytest.approx(2 * loss(x, y))
    assert refused(loss, x, y, np.ones((4, 2, 3))) == (
        f"{loss.rule.__name__}: weight: expected a shape that broadcasts to (2, 3), got (4, 2, 3)"
    )


def test_a_positive_weight_of_another_length_is_refused() -> None:
    assert refused(
        ops.binary_cross_entropy_with_logits,
        np.zeros((2, 3)),
        np.ones((2, 3)),
        pos_weight=[1, 2],
    ) == (
        "binary_cross_entropy_with_logits: pos_weight: expected a shape that broadcasts to (2, 3), got (2,)"
    )


def test_a_column_against_a_row_is_refused() -> None:
    assert (
        refused(ops.mse_loss, np.zeros((3, 1)), np.zeros(3))
        == "mse_loss: y: expected shape (3, 1), got (3,)"
    )


def test_the_weighted_mean_of_squares_divides_by_the_weights() -> None:
    assert ops.mse_loss([1.0, 2.0], [0.0, 0.0], [3.0, 1.0]) == (3 * 1 + 1 * 4) / 4


def test_the_weighted_mean_over_labels_divides_by_their_weights() -> None:
    z, w = np.array([[0.0, 0.0], [0.0, np.log(3)]]), [1.0, 3.0]
    expected = (1 * np.log(2) + 3 * np.log(4 / 3)) / (1 + 3)
    assert ops.cross_entropy(z, [0, 1], w) == pytest.approx(expected)
    assert ops.cross_entropy(z, np.eye(2), w) == pytest.approx(
        expected * 4 / 2
    )  # over distributions: by their number


@pytest.mark.parametrize("label", [-1, 3, -100])
def test_a_label_that_is_no_class_is_refused(label: int) -> None:
    message = refused(ops.cross_entropy, np.zeros((2, 3)), [1, label], ignore_index=-7)
    assert (
        message
        == f"cross_entropy: t: expected labels from 0 to 2, got {min(1, label)} to {max(1, label)}"
    )


def test_labels_may_be_small_unsigned_integers() -> None:
    z = np.eye(3)
    assert ops.cross_entropy(z, np.arange(3, dtype=np.uint8)) == ops.cross_entropy(
        z, np.arange(3)
    )


def test_an_ignored_label_counts_neither_in_the_sum_nor_in_the_mean() -> None:
    z = Tensor([[1.0, 2.0], [5.0, -5.0], [0.0, 3.0]])
    loss = ops.cross_entropy(z, [0, -100, 1])
    assert loss.item() == pytest.approx(ops.cross_entropy(z.value[[0, 2]], [0, 1]))
    assert grad(loss, [z])[0][1].tolist() == [0, 0]


def test_a_batch_of_ignored_labels_has_no_mean() -> None:
    assert refused(ops.cross_entropy, np.zeros((2, 3)), [-100, -100]) == (
        "cross_entropy: reduction: expected something to take the mean of, got none"
    )
    assert ops.cross_entropy(np.zeros((2, 3)), [-100, -100], reduction="sum") == 0


def test_an_ignored_row_may_rule_out_the_first_class() -> None:
    z = np.array([[-np.inf, 0.0], [0.0, 0.0]])
    assert ops.cross_entropy(z, [-100, 0]) == pytest.approx(np.log(2))


def test_a_distribution_on_one_class_is_a_label() -> None:
    z, t = np.random.default_rng(1).normal(size=(4, 3)), np.array([2, 0, 1, 1])
    for smoothing in (0.0, 0.2):
        by_label = ops.cross_entropy(z, t, label_smoothing=smoothing)
        assert ops.cross_entropy(
            z, np.eye(3)[t], label_smoothing=smoothing
        ) == pytest.approx(by_label, rel=1e-14)


@pytest.mark.parametrize(
    ("inputs", "settings", "message"),
    [
        (
            (np.zeros((2, 3)), np.zeros(3, int)),
            {},
            "t: expected labels of shape (2,), got (3,)",
        ),
        (
            (np.zeros((2, 3)), np.zeros((2, 3), int)),
            {},
            "t: expected labels of shape (2,), got (2, 3)",
        ),
        (
            (np.zeros(3), np.zeros(1, int)),
            {},
            "t: expected labels of shape (), got (1,)",
        ),
        (
            (np.zeros((2, 3, 4)), np.zeros((2, 3), int)),
            {},
            "t: expected labels of shape (2, 4), got (2, 3)",
        ),
        (
            (np.zeros((2, 3)), np.zeros(2)),
            {},
            "t: expected distributions of shape (2, 3), got (2,)",
        ),
        (
            (np.zeros((2, 3)), [0, 1], np.ones(2)),
            {},
            "weight: expected shape (k=3,), got (2,)",
        ),
        ((np.zeros(()), 0), {}, "z: expected shape (n, k, *dims) or (k,), got ()"),
        (
            (np.zeros((2, 3)), np.zeros((2, 3))),
            {"ignore_index": 1},
            "ignore_index: expected labels to go with it, got distributions",
        ),
        (
            (np.zeros((2, 3)), [0, 1]),
            {"label_smoothing": 1.5},
            "label_smoothing: expected a number from 0 to 1, got 1.5",
        ),
    ],
)
def test_what_does_not_fit_is_named(inputs: Any, settings: Any, message: str) -> None:
    assert (
        refused(ops.cross_entropy, *inputs, **settings) == f"cross_entropy: {message}"
    )


def test_labels_that_are_floats_are_told_from_labels() -> None:
    assert "distributions of shape (2, 3)" in refused(
        ops.cross_entropy, np.zeros((2, 3)), [0.0, 1.0]
    )


def test_weights_are_constants_and_say_so() -> None:
    w = Tensor(np.ones(3))
    loss = ops.cross_entropy(Tensor(np.zeros((2, 3))), [0, 1], w)
    assert (
        refused(grad, loss, [w])
        == "cross_entropy: input 2 is a constant of this primitive and has no gradient"
    )


def test_weights_of_squares_are_not_stretched() -> None:
    with pytest.raises(ValueError, match="mse_loss: weight: expected shape"):
        ops.mse_loss(np.ones((3, 2)), np.zeros((3, 2)), np.ones((3, 1)))


def test_the_loss_of_a_tiny_probability_keeps_its_digits() -> None:
    loss = ops.binary_cross_entropy([1e-20], [0.0], reduction="none")
    assert loss == pytest.approx(1e-20, rel=1e-9, abs=0)
