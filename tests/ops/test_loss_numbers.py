from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Tensor, grad


def refused(call: Any, *inputs: Any, **settings: Any) -> str:
    """The message of the ValueError that the call raises."""
    with pytest.raises(ValueError) as error:
        call(*inputs, **settings)
    return str(error.value)


def test_hubers_loss_is_a_square_near_zero_and_a_line_far_from_it() -> None:
    losses = ops.huber_loss([0.5, 2.0, -10.0], np.zeros(3), delta=2.0, reduction="none")
    assert losses.tolist() == [0.125, 2.0, 18.0]


def test_hubers_weighted_mean_divides_by_the_number() -> None:
    y_hat, y, w = [1.0, 1.0], [0.0, 0.0], [3.0, 1.0]
    assert ops.huber_loss(y_hat, y, w) == 1.0
    assert ops.mse_loss(y_hat, y, w) == 1.0  # by the weights: the same halves, squared
    assert ops.huber_loss(y_hat, y, w, reduction="sum") == 2.0


def test_a_smooth_absolute_error_without_width_is_the_absolute_error() -> None:
    y_hat = Tensor(np.array([-2.0, 0.0, 0.5]))
    loss = ops.smooth_l1_loss(y_hat, np.zeros(3), beta=0.0, reduction="sum")
    assert loss.item() == 2.5
    assert grad(loss, [y_hat])[0].tolist() == [-1, 0, 1]


def test_hubers_loss_is_the_smooth_absolute_error_times_its_threshold() -> None:
    rng = np.random.default_rng(0)
    y_hat, y = rng.normal(size=(2, 50))
    smooth = ops.smooth_l1_loss(y_hat, y, beta=0.7)
    assert ops.huber_loss(y_hat, y, delta=0.7) == pytest.approx(0.7 * smooth)


def test_a_rate_too_large_for_a_float_costs_infinity() -> None:
    z = Tensor(np.array([1000.0, -1000.0]))
    loss = ops.poisson_nll_loss(z, [3.0, 3.0], reduction="none")
    assert loss.value.tolist() == [np.inf, 3000.0]
    assert grad(loss.sum(), [z])[0].tolist() == [np.inf, -3.0]


def test_the_best_rate_is_the_count() -> None:
    z = Tensor(np.log([1.0, 4.0]))
    (dz,) = grad(ops.poisson_nll_loss(z, [1.0, 4.0]), [z])
    np.testing.assert_allclose(dz, 0, atol=1e-15)


def test_stirlings_terms_are_near_the_logarithm_of_the_factorial() -> None:
    y = np.array([5.0, 20.0])
    full = ops.poisson_nll_loss([0.0, 0.0], y, full=True, reduction="none")
    exact = 1 + np.log([120.0, 2432902008176640000.0])
    np.testing.assert_allclose(full, exact, atol=0.02)


def test_the_best_variance_is_the_squared_error() -> None:
    var = Tensor(np.array([4.0]))
    (dv,) = grad(ops.gaussian_nll_loss([3.0], [1.0], var), [var])
    assert dv.tolist() == [0.0]


def test_a_variance_of_zero_is_bounded_and_told_to_grow() -> None:
    var = Tensor(np.array([0.0]))
    loss = ops.gaussian_nll_loss([1.0], [0.0], var)
    assert loss.item() == pytest.approx((np.log(1e-6) + 1e6) / 2)
    assert grad(loss, [var])[0][0] < 0


def test_a_variance_without_the_last_axis_is_each_rows() -> None:
    y_hat, y = np.ones((2, 2)), np.zeros((2, 2))
    losses = ops.gaussian_nll_loss(y_hat, y, [1.0, 4.0], reduction="none")
    expected = [[0.5, 0.5], [np.log(2) + 0.125] * 2]
    np.testing.assert_allclose(losses, expected)


def test_one_variance_serves_all() -> None:
    rng = np.random.default_rng(0)
    y_hat, y = rng.normal(size=(2, 3, 4))
    expected = ops.gaussian_nll_loss(y_hat, y, np.full((3, 4), 2.0))
    assert ops.gaussian_nll_loss(y_hat, y, 2.0) == pytest.approx(expected)


def test_the_divergence_of_a_distribution_from_itself_is_zero() -> None:
    p = np.array([[0.5, 0.5, 0.0]])
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    assert ops.kl_div(log_p, p, reduction="sum") == 0.0
    assert ops.kl_div(log_p, log_p, log_target=True, reduction="sum") == 0.0


def test_a_prediction_of_zero_for_what_happens_costs_infinity() -> None:
    assert ops.kl_div([-np.inf, 0.0], [0.5, 0.5], reduction="sum") == np.inf


def test_what_never_happens_and_is_not_predicted_costs_nothing() -> None:
    log_q, p = Tensor([-np.inf, 0.0]), Tensor([0.0, 1.0])
    loss = ops.kl_div(log_q, p, reduction="sum")
    assert loss.item() == 0.0
    dlog_q, dp = grad(loss, [log_q, p])
    assert dlog_q.tolist() == [0, -1]
    assert dp.tolist() == [-np.inf, 1]


def test_batchmean_is_the_mean_times_the_length_of_a_row() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(5), size=3)
    log_q = np.log(rng.dirichlet(np.ones(5), size=3))
    by_row = ops.kl_div(log_q, p, reduction="batchmean")
    assert by_row == pytest.approx(5 * ops.kl_div(log_q, p))
    assert by_row == pytest.approx((p * (np.log(p) - log_q)).sum(axis=1).mean())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ops.huber_loss([1.0], [1.0], delta=0.0),
            "huber_loss: delta: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.huber_loss(np.zeros((3, 1)), np.zeros(3)),
            "huber_loss: y: expected shape (3, 1), got (3,)",
        ),
        (
            lambda: ops.smooth_l1_loss([1.0], [1.0], beta=-1.0),
            "smooth_l1_loss: beta: expected zero or more, got -1.0",
        ),
        (
            lambda: ops.poisson_nll_loss([1.0, 1.0], [1.0, -2.0]),
            "poisson_nll_loss: y: expected counts of zero or more, got -2",
        ),
        (
            lambda: ops.poisson_nll_loss([1.0], [np.nan]),
            "poisson_nll_loss: y: expected counts of zero or more, got nan",
        ),
        (
            lambda: ops.poisson_nll_loss([-1.0], [1.0], log_input=False),
            "poisson_nll_loss: z: expected rates of zero or more, got -1",
        ),
        (
            lambda: ops.poisson_nll_loss([1.0], [1.0], eps=0.0),
            "poisson_nll_loss: eps: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.gaussian_nll_loss([1.0], [1.0], [-1.0]),
            "gaussian_nll_loss: var: expected variances of zero or more, got -1",
        ),
        (
            lambda: ops.gaussian_nll_loss([1.0], [1.0], [1.0], eps=0.0),
            "gaussian_nll_loss: eps: expected a positive number, got 0.0",
        ),
        (
            lambda: ops.gaussian_nll_loss(
                np.zeros((2, 3)), np.zeros((2, 3)), np.ones(3)
            ),
            "gaussian_nll_loss: var: expected shape (2, 3), one axis of it of length 1 or the last left "
            "out, got (3,)",
        ),
        (
            lambda: ops.kl_div([0.0], [-0.5]),
            "kl_div: p: expected probabilities of zero or more, got -0.5",
        ),
        (
            lambda: ops.kl_div([0.0], [0.5], reduction="batch"),
            "kl_div: reduction: expected 'batchmean', 'mean', 'sum' or 'none', got 'batch'",
        ),
        (
            lambda: ops.kl_div(
                np.zeros((0, 3)), np.zeros((0, 3)), reduction="batchmean"
            ),
            "kl_div: reduction: expected something to take the mean of, got none",
        ),
        (
            lambda: ops.huber_loss([1.0], [1.0], reduction="avg"),
            "huber_loss: reduction: expected 'mean', 'sum' or 'none', got 'avg'",
        ),
    ],
)
def test_what_does_not_fit_is_named(call: Any, message: str) -> None:
    assert refused(call) == message
