"""Linear regression against scikit-learn's, against the normal equations, and against the descent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LinearRegression as TheirRegression

from dlbook import grad, train
from dlbook.data import load_diabetes
from dlbook.models import LinearRegression
from dlbook.ops import mse_loss
from dlbook.optim import SGD


@pytest.fixture
def data(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.normal(size=(60, 4)) * [1.0, 10.0, 0.1, 3.0] + [0.0, 5.0, -2.0, 100.0]
    return x, x @ [2.0, -0.3, 7.0, 0.5] + 4 + rng.normal(size=60)


def test_one_output_is_that_of_scikit_learn(data: tuple[Any, Any]) -> None:
    x, y = data
    theirs, ours = TheirRegression().fit(x, y), LinearRegression(4).fit(x, y)
    assert_allclose(ours.w.value[:, 0], theirs.coef_, rtol=1e-9)
    assert_allclose(ours.b.value, theirs.intercept_, rtol=1e-9)
    assert ours.predict(x).shape == (60,)
    assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-9)


@pytest.mark.parametrize("k", [1, 3])
def test_several_outputs_are_those_of_scikit_learn(
    k: int, data: tuple[Any, Any], rng: np.random.Generator
) -> None:
    x, y = data[0], rng.normal(size=(60, k))
    theirs, ours = TheirRegression().fit(x, y), LinearRegression(4, k).fit(x, y)
    assert_allclose(ours.w.value, theirs.coef_.T, rtol=1e-9)
    assert_allclose(ours.b.value, theirs.intercept_, rtol=1e-9)
    assert ours.predict(x).shape == (60, k)


def test_the_patients_are_fitted_as_scikit_learn_fits_them() -> None:
    x, y, *_ = load_diabetes()
    theirs, ours = TheirRegression().fit(x, y), LinearRegression(10).fit(x, y)
    assert_allclose(ours.w.value[:, 0], theirs.coef_, rtol=1e-9)
    assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-9)


def test_the_normal_equations_hold_at_the_solution(data: tuple[Any, Any]) -> None:
    x, y = data
    residual = LinearRegression(4).fit(x, y).predict(x) - y
    assert_allclose(x.T @ residual / np.abs(x).sum(axis=0), 0, atol=1e-12)
    assert abs(residual.mean()) < 1e-12


def test_the_gradient_of_the_cost_is_zero_at_the_solution(
    data: tuple[Any, Any],
) -> None:
    x, y = data
    model = LinearRegression(4).fit(x, y)
    dw, db = grad(mse_loss(model(x), y), model.parameters())
    assert np.abs(dw).max() < 1e-9 and np.abs(db).max() < 1e-10


def test_every_other_line_costs_more(
    data: tuple[Any, Any], rng: np.random.Generator
) -> None:
    x, y = data
    model = LinearRegression(4).fit(x, y)
    least = mse_loss(model(x).value, y)
    w, b = model.w.value, model.b.value
    for _ in range(20):
        model.w.value = w + 0.01 * rng.normal(size=(4, 1))
        model.b.value = b + 0.01 * rng.normal(size=1)
        assert mse_loss(model(x).value, y) > least


def test_the_training_loop_descends_to_the_formula(rng: np.random.Generator) -> None:
    x = rng.normal(size=(50, 3))
    y = x @ [1.0, -2.0, 0.5] + 3 + rng.normal(size=50)
    descended, exact = LinearRegression(3), LinearRegression(3).fit(x, y)
    train.fit(
        descended,
        x,
        y,
        loss=mse_loss,
        optimizer=SGD(descended.parameters(), 0.2),
        epochs=400,
        rng=None,
        progress=False,
    )
    assert_allclose(descended.w.value, exact.w.value, rtol=1e-9)
    assert_allclose(descended.b.value, exact.b.value, rtol=1e-9)


def test_an_untrained_model_predicts_zero() -> None:
    assert_array_equal(LinearRegression(2).predict([[3.0, 4.0], [1.0, 0.0]]), [0, 0])


def test_of_two_equal_columns_each_gets_half(data: tuple[Any, Any]) -> None:
    x, y = data
    single = LinearRegression(4).fit(x, y)
    doubled = LinearRegression(5).fit(np.c_[x, x[:, 0]], y)
    assert_allclose(doubled.w.value[[0, 4], 0], single.w.value[0, 0] / 2, rtol=1e-9)
    assert_allclose(doubled.predict(np.c_[x, x[:, 0]]), single.predict(x), rtol=1e-9)


def test_a_constant_column_gets_no_weight(data: tuple[Any, Any]) -> None:
    x, y = data
    single = LinearRegression(4).fit(x, y)
    with_constant = LinearRegression(5).fit(np.c_[x, np.full(60, 0.1)], y)
    assert with_constant.w.value[4, 0] == 0
    assert_allclose(with_constant.w.value[:4], single.w.value, rtol=1e-9)


def test_fewer_examples_than_features_are_met_exactly(
    rng: np.random.Generator,
) -> None:
    x, y = rng.normal(size=(3, 7)), rng.normal(size=3)
    assert_allclose(LinearRegression(7).fit(x, y).predict(x), y, rtol=1e-9)
    assert_allclose(LinearRegression(7).fit(x[:1], y[:1]).predict(x), y[0])


def test_the_unit_of_a_feature_decides_nothing(data: tuple[Any, Any]) -> None:
    x, y = data
    units = np.array([1e-20, 1.0, 1e20, 1e200])
    assert_allclose(
        LinearRegression(4).fit(x * units, y).predict(x * units),
        LinearRegression(4).fit(x, y).predict(x),
        rtol=1e-9,
    )


def test_fitting_again_forgets_the_first_fit_and_leaves_the_data_alone(
    data: tuple[Any, Any],
) -> None:
    x, y = data
    copies = x.copy(), y.copy()
    model = LinearRegression(4).fit(x, 2 * y)
    assert model.fit(x, y) is model
    assert_array_equal(model.w.value, LinearRegression(4).fit(x, y).w.value)
    assert_array_equal(x, copies[0])
    assert_array_equal(y, copies[1])


def test_whole_numbers_and_single_precision_are_fitted_in_float64() -> None:
    model = LinearRegression(1).fit([[1], [2], [3]], [2, 3, 7])
    assert_allclose(model.w.value, [[2.5]])
    model.fit(np.array([[1], [2], [3]], np.float32), np.array([2, 3, 7], np.float32))
    assert model.w.dtype == model.b.dtype == np.float64


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x, y: LinearRegression(0),
            ValueError,
            "LinearRegression: in_features: expected at least 1, got 0",
        ),
        (
            lambda x, y: LinearRegression(4, 0),
            ValueError,
            "LinearRegression: out_features: expected at least 1, got 0",
        ),
        (
            lambda x, y: LinearRegression(3).fit(x, y),
            ValueError,
            r"fit: x: expected shape \(n, d=3\) with at least one example, got \(60, 4\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x[:0], y[:0]),
            ValueError,
            "with at least one example",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x[:, 0], y),
            ValueError,
            r"fit: x: expected shape \(n, d=4\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x, y[:, None]),
            ValueError,
            r"fit: y: expected shape \(60,\), got \(60, 1\)",
        ),
        (
            lambda x, y: LinearRegression(4, 1).fit(x, y),
            ValueError,
            r"fit: y: expected shape \(60, 1\), got \(60,\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x, y[:-1]),
            ValueError,
            r"fit: y: expected shape \(60,\), got \(59,\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(np.where(x == x[7, 2], np.nan, x), y),
            ValueError,
            r"fit: x: expected finite numbers, got nan at \(7, 2\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x, np.where(y == y[3], np.inf, y)),
            ValueError,
            r"fit: y: expected finite numbers, got inf at \(3,\)",
        ),
        (
            lambda x, y: LinearRegression(4).fit(x, y.astype(str)),
            TypeError,
            "fit: y: expected numbers, got <U",
        ),
        (
            lambda x, y: LinearRegression(4).predict(x[0]),
            ValueError,
            r"LinearRegression: x: expected shape \(n, d=4\), got \(4,\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    call: Any, error: type[Exception], message: str, data: tuple[Any, Any]
) -> None:
    with pytest.raises(error, match=message):
        call(*data)
