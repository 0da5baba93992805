"""The perceptron against scikit-learn's, against one example at a time, and against what it promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import Perceptron as TheirPerceptron

from dlbook import grad
from dlbook.autograd import Parameter
from dlbook.models import Lessons, Perceptron, logic_table
from dlbook.models.perceptron import AHEAD
from dlbook.ops import linear, perceptron_loss


@pytest.fixture
def overlapping(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.normal(size=(3 * AHEAD + 7, 4))
    return x, (x[:, 0] - x[:, 1] + rng.normal(size=len(x)) > 0.3).astype(np.int64)


@pytest.fixture
def separable(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.normal(size=(4 * AHEAD, 3))
    z = x @ [1.0, -2.0, 0.5] + 0.4
    far = np.abs(z) > 0.2
    return x[far], (z[far] > 0).astype(np.int64)


def one_by_one(
    x: Any, y: Any, *, lr: float, orders: list[Any]
) -> tuple[Any, float, list[int], Any]:
    """The rule as it is written, and the mean of the parameters after every example."""
    w, b, updates, after = np.zeros(x.shape[1]), 0.0, [], []
    for order in orders:
        made = 0
        for i in order:
            s = 1 if y[i] == 1 else -1
            if s * (x[i] @ w + b) <= 0:
                w, b, made = w + lr * s * x[i], b + lr * s, made + 1
            after.append(np.append(w, b))
        updates.append(made)
    return w, b, updates, np.mean(after, axis=0)


def test_looking_ahead_changes_nothing(overlapping: tuple[Any, Any]) -> None:
    x, y = overlapping
    orders, rng = [], np.random.default_rng(3)
    order = np.arange(len(x))
    for _ in range(6):  # the examples are shuffled as they lie
        order = order[rng.permutation(len(x))]
        orders.append(order)
    w, b, updates, mean = one_by_one(x, y, lr=0.7, orders=orders)
    unit, averaged = Perceptron(4), Perceptron(4)
    told = unit.fit(x, y, lr=0.7, epochs=6, rng=np.random.default_rng(3))
    averaged.fit(x, y, lr=0.7, epochs=6, rng=np.random.default_rng(3), average=True)
    assert_allclose(unit.w.value[:, 0], w, rtol=1e-12)
    assert_allclose(unit.b.value, [b], rtol=1e-12)
    assert told == Lessons(updates=tuple(updates), converged=False)
    assert_allclose(averaged.w.value[:, 0], mean[:-1], rtol=1e-10)
    assert_allclose(averaged.b.value, mean[-1:], rtol=1e-10)


def test_it_ends_where_scikit_learn_does(overlapping: tuple[Any, Any]) -> None:
    x, y = overlapping
    theirs = TheirPerceptron(max_iter=9, tol=None, shuffle=False, eta0=0.5).fit(x, y)
    ours = Perceptron(4)
    ours.fit(x, y, lr=0.5, epochs=9)
    assert_allclose(ours.w.value[:, 0], theirs.coef_[0], rtol=1e-10)
    assert_allclose(ours.b.value, theirs.intercept_, rtol=1e-10)
    assert_array_equal(ours.predict(x), theirs.predict(x))


def test_an_update_is_a_step_down_the_perceptron_loss(
    overlapping: tuple[Any, Any],
) -> None:
    x, y = overlapping
    w, b = Parameter(np.zeros((4, 1))), Parameter(np.zeros(1))
    for i in range(40):
        z = linear(x[i : i + 1], w, b).reshape(-1)
        dw, db = grad(perceptron_loss(z, 2.0 * y[i : i + 1] - 1), [w, b])
        w.value, b.value = w.value - 0.3 * dw, b.value - 0.3 * db
    unit = Perceptron(4)
    unit.fit(x[:40], y[:40], lr=0.3, epochs=1)
    assert_allclose(unit.w.value, w.value, rtol=1e-12)
    assert_allclose(unit.b.value, b.value, rtol=1e-12)


def test_it_stops_after_an_epoch_without_a_mistake(separable: tuple[Any, Any]) -> None:
    x, y = separable
    unit = Perceptron(3)
    told = unit.fit(x, y, epochs=1000)
    assert told.converged
    assert told.updates[-1] == 0 not in told.updates[:-1]
    assert_array_equal(unit.predict(x), y)
    before = unit.w.value
    assert unit.fit(x, y) == Lessons(updates=(0,), converged=True)
    assert_array_equal(unit.w.value, before)


def test_the_updates_stay_below_novikoffs_bound(separable: tuple[Any, Any]) -> None:
    x, y = separable
    x1 = np.column_stack([x, np.ones(len(x))])
    u = np.array([1.0, -2.0, 0.5, 0.4])
    margin = ((2 * y - 1) * (x1 @ u)).min() / np.linalg.norm(u)
    bound = (x1**2).sum(axis=1).max() / margin**2
    for seed in range(5):
        told = Perceptron(3).fit(x, y, epochs=1000, rng=np.random.default_rng(seed))
        assert told.converged
        assert 0 < sum(told.updates) <= bound


@pytest.mark.parametrize("lr", [0.25, 8.0])
def test_from_zero_the_learning_rate_is_a_scale(
    lr: float, overlapping: tuple[Any, Any]
) -> None:
    x, y = overlapping
    plain, scaled = Perceptron(4), Perceptron(4)
    assert plain.fit(x, y, epochs=5) == scaled.fit(x, y, epochs=5, lr=lr)
    assert_allclose(scaled.w.value, lr * plain.w.value, rtol=1e-12)


def test_fitting_goes_on_from_where_it_was(overlapping: tuple[Any, Any]) -> None:
    x, y = overlapping
    at_once, twice = Perceptron(4), Perceptron(4)
    at_once.fit(x, y, epochs=6)
    twice.fit(x, y, epochs=2)
    twice.fit(x, y, epochs=4)
    assert_array_equal(at_once.w.value, twice.w.value)


def test_the_mean_starts_from_where_the_model_is() -> None:
    unit = Perceptron(1)
    unit.w.value, unit.b.value = np.array([[2.0]]), np.array([-1.0])
    x, y = np.array([[1.0], [0.0], [1.0]]), np.array([1, 0, 0])
    assert unit.fit(x, y, epochs=1, average=True).updates == (1,)
    assert_allclose(unit.w.value, [[(2 + 2 + 1) / 3]])
    assert_allclose(unit.b.value, [(-1 - 1 - 2) / 3])


@pytest.mark.parametrize("gate", ["NOT", "AND", "NAND", "OR", "NOR"])
def test_a_unit_learns_this_gate(gate: str) -> None:
    x, y = logic_table(gate)
    unit = Perceptron(x.shape[1])
    assert unit.fit(x, y).converged
    assert_array_equal(unit.predict(x), y)


@pytest.mark.parametrize("gate", ["XOR", "XNOR"])
def test_no_unit_learns_this_gate(gate: str) -> None:
    told = Perceptron(2).fit(*logic_table(gate), epochs=50)
    assert not told.converged
    assert len(told.updates) == 50
    assert min(told.updates) > 0


def test_left_alone_it_looks_at_each_example_a_hundred_times() -> None:
    assert Perceptron(2).fit(*logic_table("XOR")).updates == (4,) * 100


def test_a_score_of_zero_is_answered_yes_and_counted_as_a_mistake() -> None:
    unit = Perceptron(1)
    assert_array_equal(unit.predict([[3.0]]), [1])
    assert unit.fit([[3.0]], [1], epochs=1).updates == (1,)


def test_inputs_are_not_written_to(overlapping: tuple[Any, Any]) -> None:
    x, y = overlapping
    x.flags.writeable = y.flags.writeable = False
    unit = Perceptron(4)
    w, b = unit.w.value, unit.b.value
    unit.fit(x, y, rng=np.random.default_rng(0), epochs=2)
    assert not w.any()
    assert not b.any()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x, y: Perceptron(0), ValueError, "in_features: expected at least 1"),
        (
            lambda x, y: Perceptron(4).fit(x, 2 * y - 1),
            ValueError,
            r"Perceptron.fit: y: expected labels 0 or 1, got -1; from sides -1 and \+1: \(y \+ 1\) / 2",
        ),
        (
            lambda x, y: Perceptron(4).fit(x, np.where(y == 1, 1.0, np.nan)),
            ValueError,
            "y: expected labels 0 or 1, got nan",
        ),
        (
            lambda x, y: Perceptron(4).fit(x, y[1:]),
            ValueError,
            r"y: expected shape \(199,\), got \(198,\)",
        ),
        (
            lambda x, y: Perceptron(3).fit(x, y),
            ValueError,
            r"x: expected shape \(n, d=3\), got \(199, 4\)",
        ),
        (
            lambda x, y: Perceptron(4).predict(x[0]),
            ValueError,
            r"x: expected shape \(n, d=4\), got \(4,\)",
        ),
        (
            lambda x, y: Perceptron(4).fit(x[:0], y[:0]),
            ValueError,
            "x: expected examples, got none",
        ),
        (
            lambda x, y: Perceptron(4).fit(np.where(x > 2, np.nan, x), y),
            ValueError,
            "x: expected finite numbers",
        ),
        (
            lambda x, y: Perceptron(4).fit(np.full(x.shape, "a"), y),
            TypeError,
            "x: expected numbers",
        ),
        (
            lambda x, y: Perceptron(4).fit(x, y, lr=0.0),
            ValueError,
            "lr: expected a positive number, got 0.0",
        ),
        (
            lambda x, y: Perceptron(4).fit(x, y, lr=float("nan")),
            ValueError,
            "lr: expected",
        ),
        (
            lambda x, y: Perceptron(4).fit(x, y, epochs=0),
            ValueError,
            "epochs: expected at least 1, got 0",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    call: Any, error: type[Exception], message: str, overlapping: tuple[Any, Any]
) -> None:
    with pytest.raises(error, match=message):
        call(*overlapping)
