from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Tensor, grad


def refused(call: Any) -> str:
    """The message of the ValueError that the call raises."""
    with pytest.raises(ValueError) as error:
        call()
    return str(error.value)


def test_the_hinge_asks_for_a_margin_of_one_and_no_more() -> None:
    z = Tensor(np.array([2.0, 1.0, 0.5, -1.0]))
    loss = ops.hinge_loss(z, np.ones(4), reduction="none")
    assert loss.value.tolist() == [0.0, 0.0, 0.5, 2.0]
    assert grad(loss.sum(), [z])[0].tolist() == [0, 0, -1, -1]


def test_a_rounded_hinge_neither_overflows_nor_loses_a_tiny_loss() -> None:
    z = Tensor(np.array([1000.0, -1000.0, 40.0]))
    loss = ops.soft_margin_loss(z, np.ones(3), reduction="none")
    np.testing.assert_allclose(loss.value, [0, 1000, 4.248354255291589e-18], rtol=1e-14)
    dz = grad(loss.sum(), [z])[0]
    assert dz[:2].tolist() == [0, -1]
    assert dz[2] == pytest.approx(-4.248354255291589e-18, rel=1e-14, abs=0)


def test_the_rounded_hinge_is_the_log_loss_of_scores() -> None:
    z = np.linspace(-5, 5, 11)
    y = np.tile([1.0, 0.0], 6)[:11]
    by_sides = ops.soft_margin_loss(z, 2 * y - 1)
    assert by_sides == pytest.approx(ops.binary_cross_entropy_with_logits(z, y))


def test_leads_beyond_the_margin_cost_nothing() -> None:
    assert ops.multi_margin_loss([[3.0, 1.0, 2.0]], [0]) == 0.0
    assert ops.multi_margin_loss([[3.0, 1.0, 2.5]], [0]) == pytest.approx(0.5 / 3)
    squared = ops.multi_margin_loss([[3.0, 1.0, 2.5]], [0], p=2)
    assert squared == pytest.approx(0.25 / 3)


def test_one_example_has_one_margin_loss() -> None:
    loss = ops.multi_margin_loss([0.0, 0.0, 0.0], 1, reduction="none")
    assert loss.shape == ()
    assert loss == pytest.approx(2 / 3)


def test_the_focal_loss_with_nothing_turned_down_is_the_log_loss() -> None:
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=20), rng.integers(0, 2, size=20)
    focal = ops.sigmoid_focal_loss(z, y, alpha=-1, gamma=0.0, reduction="mean")
    assert focal == pytest.approx(ops.binary_cross_entropy_with_logits(z, y))


def test_a_yes_of_weight_zero_costs_nothing() -> None:
    losses = ops.sigmoid_focal_loss([0.0, 0.0], [1, 0], alpha=0.0, gamma=0.0)
    np.testing.assert_allclose(losses, [0, np.log(2)], rtol=1e-14)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_the_focal_loss_is_finite_at_extreme_scores(gamma: float) -> None:
    z = Tensor(np.array([1000.0, -1000.0]))
    loss = ops.sigmoid_focal_loss(z, [1, 1], alpha=-1, gamma=gamma)
    assert loss.value.tolist() == [0.0, 1000.0]
    assert grad(loss.sum(), [z])[0].tolist() == [0.0, -1.0]


def test_equal_rows_have_a_distance_with_a_slope() -> None:
    a = Tensor(np.ones((1, 4)))
    loss = ops.triplet_margin_loss(a, np.ones((1, 4)), np.zeros((1, 4)))
    (da,) = grad(loss, [a])
    assert np.isfinite(da).all()
    a = Tensor(np.ones((1, 4)))
    loss = ops.triplet_margin_loss(a, np.ones((1, 4)), np.ones((1, 4)), eps=0.0)
    assert loss.item() == 1.0
    assert grad(loss, [a])[0].tolist() == [[0, 0, 0, 0]]


def test_at_the_margin_itself_a_triplet_still_pulls() -> None:
    a, b, c = (Tensor([[x, 0.0]]) for x in (0.0, 1.0, 2.0))
    loss = ops.triplet_margin_loss(a, b, c, eps=0.0)
    assert loss.item() == 0.0
    da, db, dc = grad(loss, [a, b, c])
    assert [da.tolist(), db.tolist(), dc.tolist()] == [[[0, 0]], [[1, 0]], [[-1, 0]]]


def test_at_the_margin_itself_a_cosine_still_pulls() -> None:
    x1 = Tensor([[1.0, 0.0]])
    loss = ops.cosine_embedding_loss(x1, [[0.0, 2.0]], [-1])
    assert loss.item() == 0.0
    np.testing.assert_allclose(grad(loss, [x1])[0], [[0, 1]], atol=1e-11)


def test_a_swap_takes_the_nearer_of_two_distances() -> None:
    a, b, c = [[0.0]], [[1.0]], [[1.5]]
    assert ops.triplet_margin_loss(a, b, c, eps=0.0) == 0.5
    assert ops.triplet_margin_loss(a, b, c, eps=0.0, swap=True) == 1.5


def test_a_tied_swap_halves_the_slope() -> None:
    a, b, c = Tensor([[0.0, 0.0]]), Tensor([[2.0, 0.0]]), Tensor([[1.0, 0.0]])
    loss = ops.triplet_margin_loss(a, b, c, eps=0.0, swap=True)
    da, db, dc = grad(loss, [a, b, c])
    assert da.tolist() == [[-0.5, 0]]
    assert db.tolist() == [[0.5, 0]]
    assert dc.tolist() == [[0, 0]]


def test_info_nce_is_a_cross_entropy_over_the_batch() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, 6, 3))
    unit_q, unit_k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (q, k))
    expected = ops.cross_entropy(unit_q @ unit_k.T / 0.2, np.arange(6))
    assert ops.info_nce(q, k, temperature=0.2) == pytest.approx(expected, rel=1e-14)


def test_info_nce_does_not_feel_how_long_a_row_is() -> None:
    q, k = np.random.default_rng(0).normal(size=(2, 6, 3))
    loss = ops.info_nce(1e-9 * q, 1e9 * k)
    assert loss == pytest.approx(ops.info_nce(q, k), rel=1e-12)


def test_keys_that_look_the_same_cost_the_logarithm_of_their_number() -> None:
    loss = ops.info_nce(np.eye(4), np.ones((4, 4)))
    assert loss == pytest.approx(np.log(4))


def test_a_row_of_zeros_is_as_good_as_any() -> None:
    q = Tensor(np.zeros((2, 3)))
    loss = ops.info_nce(q, np.eye(3)[:2])
    assert loss.item() == pytest.approx(np.log(2))
    assert np.isfinite(grad(loss, [q])[0]).all()
    assert ops.cosine_embedding_loss(np.zeros((1, 3)), np.ones((1, 3)), [1]) == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ops.hinge_loss([1.0], [0]),
            "hinge_loss: y: expected sides of -1 or +1, got 0",
        ),
        (
            lambda: ops.soft_margin_loss([1.0], [0]),
            "soft_margin_loss: y: expected sides of -1 or +1, got 0",
        ),
        (
            lambda: ops.margin_ranking_loss([1.0], [1.0], [0.5]),
            "margin_ranking_loss: y: expected sides of -1 or +1, got 0.5",
        ),
        (
            lambda: ops.hinge_embedding_loss([1.0], [np.nan]),
            "hinge_embedding_loss: y: expected sides of -1 or +1, got nan",
        ),
        (
            lambda: ops.cosine_embedding_loss([[1.0]], [[1.0]], [2]),
            "cosine_embedding_loss: y: expected sides of -1 or +1, got 2",
        ),
        (
            lambda: ops.cosine_embedding_loss([[1.0]], [[1.0]], [1], margin=2.0),
            "cosine_embedding_loss: margin: expected a number from -1 to 1, got 2.0",
        ),
        (
            lambda: ops.multi_margin_loss(np.zeros((2, 3)), [0, -1]),
            "multi_margin_loss: t: expected labels from 0 to 2, got -1 to 0",
        ),
        (
            lambda: ops.multi_margin_loss(np.zeros((2, 3)), [0]),
            "multi_margin_loss: t: expected labels of shape (2,), got (1,)",
        ),
        (
            lambda: ops.multi_margin_loss(np.zeros((1, 3)), [0], p=3),
            "multi_margin_loss: p: expected 1 or 2, got 3",
        ),
        (
            lambda: ops.sigmoid_focal_loss([0.0], [0.5]),
            "sigmoid_focal_loss: y: expected labels 0 or 1, got 0.5",
        ),
        (
            lambda: ops.sigmoid_focal_loss([0.0], [1.0], alpha=2.0),
            "sigmoid_focal_loss: alpha: expected a number from 0 to 1, or -1, got 2.0",
        ),
        (
            lambda: ops.sigmoid_focal_loss([0.0], [1.0], gamma=-1.0),
            "sigmoid_focal_loss: gamma: expected zero or more, got -1.0",
        ),
        (
            lambda: ops.triplet_margin_loss([[0.0]], [[0.0]], [[0.0]], margin=0.0),
            "triplet_margin_loss: margin: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.triplet_margin_loss([[0.0]], [[0.0]], [[0.0]], p=np.inf),
            "triplet_margin_loss: p: expected a finite number from 1 on, got inf",
        ),
        (
            lambda: ops.triplet_margin_loss([[0.0]], [[0.0]], [[0.0]], eps=-1.0),
            "triplet_margin_loss: eps: expected zero or more, got -1.0",
        ),
        (
            lambda: ops.info_nce([[1.0]], [[1.0]], temperature=0.0),
            "info_nce: temperature: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.info_nce(np.zeros((0, 2)), np.zeros((0, 2))),
            "info_nce: queries: expected a row at least, got none",
        ),
    ],
)
def test_what_does_not_fit_is_named(call: Any, message: str) -> None:
    assert refused(call) == message
