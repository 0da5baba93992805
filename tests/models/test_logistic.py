"""The linear classifiers against scikit-learn's and against what they promise."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression as TheirRegression

from dlbook.data import Standardizer, flatten_images, load_digits, train_test_split
from dlbook.metrics import accuracy
from dlbook.models import LogisticRegression, SoftmaxRegression


@pytest.fixture
def two_classes(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.normal(size=(80, 3))
    y = (x @ [1.0, -2.0, 0.5] + 0.3 + rng.normal(size=80) > 0).astype(np.int64)
    return x, y


@pytest.fixture
def three_classes(rng: np.random.Generator) -> tuple[Any, Any]:
    x = rng.normal(size=(90, 4))
    return x, (x[:, :3] + rng.normal(size=(90, 3))).argmax(axis=1)


def test_logistic_regression_ends_where_scikit_learn_does(
    two_classes: tuple[Any, Any],
) -> None:
    x, y = two_classes
    l2 = 0.01  # scikit-learn minimizes the sum of the losses times C, plus half the squared weights
    theirs = TheirRegression(C=1 / (l2 * len(x)), tol=1e-12, max_iter=10_000).fit(x, y)
    ours = LogisticRegression(3)
    ours.fit(x, y, lr=2.0, epochs=3000, l2=l2)
    assert_allclose(ours.w.value[:, 0], theirs.coef_[0], atol=1e-6)
    assert_allclose(ours.b.value, theirs.intercept_, atol=1e-6)
    assert_allclose(ours.predict_proba(x), theirs.predict_proba(x)[:, 1], atol=1e-6)
    assert_array_equal(ours.predict(x), theirs.predict(x))


def test_softmax_regression_ends_where_scikit_learn_does(
    three_classes: tuple[Any, Any],
) -> None:
    x, t = three_classes
    l2 = 0.01
    theirs = TheirRegression(C=1 / (l2 * len(x)), tol=1e-12, max_iter=10_000).fit(x, t)
    ours = SoftmaxRegression(4, 3)
    ours.fit(x, t, lr=2.0, epochs=3000, l2=l2)
    assert_allclose(ours.w.value, theirs.coef_.T, atol=1e-6)
    assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-6)
    assert_array_equal(ours.predict(x), theirs.predict(x))


def test_the_first_cost_is_that_of_knowing_nothing(
    two_classes: Any, three_classes: Any
) -> None:
    assert LogisticRegression(3).fit(*two_classes, epochs=1).loss[0] == pytest.approx(
        log(2), rel=1e-12
    )
    assert SoftmaxRegression(4, 3).fit(*three_classes, epochs=1).loss[
        0
    ] == pytest.approx(log(3), rel=1e-12)


def test_one_epoch_is_one_step_of_the_recipe(two_classes: tuple[Any, Any]) -> None:
    x, y = two_classes
    model = LogisticRegression(3)
    model.fit(x, y, lr=0.7, epochs=1)
    dz = (0.5 - y) / len(y)
    assert_allclose(model.w.value[:, 0], -0.7 * (dz @ x), rtol=1e-12)
    assert_allclose(model.b.value, [-0.7 * dz.sum()], rtol=1e-12)


def test_fitting_goes_on_from_where_it_was(two_classes: tuple[Any, Any]) -> None:
    x, y = two_classes
    at_once, twice = LogisticRegression(3), LogisticRegression(3)
    at_once.fit(x, y, epochs=20)
    twice.fit(x, y, epochs=10)
    twice.fit(x, y, epochs=10)
    assert_array_equal(at_once.w.value, twice.w.value)


def test_the_penalty_is_part_of_the_cost_and_spares_the_bias(
    two_classes: tuple[Any, Any],
) -> None:
    x, y = two_classes
    model = LogisticRegression(3)
    model.w.value, model.b.value = np.full((3, 1), 2.0), np.array([5.0])
    plain = model.fit(x, y, lr=0.0, epochs=1).loss[0]
    assert model.fit(x, y, lr=0.0, epochs=1, l2=0.5).loss[0] == pytest.approx(
        plain + 0.5 / 2 * 12, rel=1e-12
    )
    weights, biases = [], []
    for l2 in (0.0, 0.5):
        model.w.value, model.b.value = np.full((3, 1), 2.0), np.array([5.0])
        model.fit(x, y, lr=0.1, epochs=1, l2=l2)
        weights.append(model.w.value)
        biases.append(model.b.value)
    assert_allclose(weights[1], weights[0] - 0.1 * 0.5 * 2.0, rtol=1e-12)
    assert_array_equal(biases[0], biases[1])


def test_probabilities_are_those_of_the_scores(
    two_classes: Any, three_classes: Any
) -> None:
    binary, several = LogisticRegression(3), SoftmaxRegression(4, 3)
    binary.fit(*two_classes)
    several.fit(*three_classes)
    z = binary(two_classes[0]).value
    assert z.shape == (80,)
    assert_allclose(
        binary.predict_proba(two_classes[0]), 1 / (1 + np.exp(-z)), rtol=1e-12
    )
    p = several.predict_proba(three_classes[0])
    assert p.shape == (90, 3)
    assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


def test_a_lower_threshold_calls_more_examples_positive(
    two_classes: tuple[Any, Any],
) -> None:
    x, y = two_classes
    model = LogisticRegression(3)
    model.fit(x, y)
    p = model.predict_proba(x)
    for threshold in (0.0, 0.2, 0.5, 0.9, 1.0):
        labels = model.predict(x, threshold=threshold)
        assert labels.dtype == np.int64
        assert_array_equal(labels, p >= threshold)
    assert model.predict(x, threshold=0.0).all()


def test_a_probability_at_the_threshold_counts_as_positive() -> None:
    assert_array_equal(
        LogisticRegression(1).predict([[3.0]]), [1]
    )  # untrained: exactly 0.5


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x, y: LogisticRegression(0),
            ValueError,
            "LogisticRegression: in_features: expected at least 1, got 0",
        ),
        (
            lambda x, y: SoftmaxRegression(3, 1),
            ValueError,
            "SoftmaxRegression: out_features: expected at least 2",
        ),
        (
            lambda x, y: LogisticRegression(3).fit(x, 2 * y),
            ValueError,
            "binary_cross_entropy_with_logits: y",
        ),
        (
            lambda x, y: LogisticRegression(3).fit(x, y[:, None]),
            ValueError,
            "y: expected shape",
        ),
        (
            lambda x, y: LogisticRegression(2).fit(x, y),
            ValueError,
            r"LogisticRegression: x: expected shape \(n, d=2\), got \(80, 3\)",
        ),
        (
            lambda x, y: SoftmaxRegression(3, 2).fit(x, y + 1),
            ValueError,
            "cross_entropy: t: expected labels",
        ),
        (
            lambda x, y: LogisticRegression(3).fit(x, y, l2=-1),
            ValueError,
            "LogisticRegression.fit: l2: expected",
        ),
        (
            lambda x, y: LogisticRegression(3).fit(x, y, lr=-1),
            ValueError,
            "SGD: lr: expected",
        ),
        (
            lambda x, y: LogisticRegression(3).predict(x, threshold=50),
            ValueError,
            "threshold: expected 0 to 1, got 50",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    call: Any, error: type[Exception], message: str, two_classes: tuple[Any, Any]
) -> None:
    with pytest.raises(error, match=message):
        call(*two_classes)


def test_is_it_an_8_is_answered_on_one_split() -> None:
    images, labels = load_digits()
    x_train, x_test, y_train, y_test = train_test_split(
        flatten_images(images),
        labels == 8,
        rng=np.random.default_rng(0),
        stratify=labels,
    )
    standardizer = Standardizer().fit(x_train)
    model = LogisticRegression(64)
    model.fit(standardizer.transform(x_train), y_train)
    always_no = 1 - y_test.mean()
    assert (
        accuracy(y_test, model.predict(standardizer.transform(x_test)))
        > always_no + 0.03
    )


@pytest.mark.parametrize("model", [LogisticRegression(2), SoftmaxRegression(2, 3)])
def test_examples_that_are_no_table_are_refused(model: Any) -> None:
    with pytest.raises(
        ValueError, match=r"x: expected shape \(n, d=2\), got \(2, 4, 2\)"
    ):
        model.predict(np.zeros((2, 4, 2)))
