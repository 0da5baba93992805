"""The digit reader: every method of the book on the same digits and the same folds, a row for each.

Two protocols: stratified 5-fold, shuffled, for seeds 0 to 4 (test writers are mostly known), and contiguous
5-fold in the stored order (test writers are mostly unseen). Nothing is tuned on these folds: the settings are the
models' defaults or round numbers, chosen once. Each method sees the ink divided by 16, or standardized inside
each fold by its training part, as its name here says.

Run `python -m benchmarks.digit_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression as TheirRegression
from sklearn.svm import SVC

from benchmarks._store import store
from dlbook import metrics, train
from dlbook.data import Standardizer, flatten_images, k_fold, load_digits
from dlbook.models import MLP, LinearRegression, Perceptron, SoftmaxRegression
from dlbook.ops import cross_entropy
from dlbook.optim import Adam

SEEDS = range(5)
HEADERS = [
    "digit reader",
    "shuffled folds",
    "contiguous folds",
    "parameters",
    "seconds a fold",
]


def nearest_neighbor(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    squares = (x**2).sum(axis=1) - 2 * x_test @ x.T  # and the same for all: x_test**2
    return t[squares.argmin(axis=1)]


def support_vectors(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    return SVC(C=10).fit(x, t).predict(x_test)


def least_squares(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    model = LinearRegression(64, 10).fit(x, np.eye(10)[t])
    return model.predict(x_test).argmax(axis=1)


def ten_perceptrons(x: Any, t: Any, x_test: Any, seed: int, **how: Any) -> Any:
    rng = np.random.default_rng(seed)
    scores = []
    for digit in range(10):
        unit = Perceptron(64)
        unit.fit(x, t == digit, epochs=20, rng=rng, **how)
        scores.append(unit(x_test).value)
    return np.argmax(scores, axis=0)


def softmax_regression(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    model = SoftmaxRegression(64, 10)
    model.fit(x, t)
    return model.predict(x_test)


def their_regression(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    return TheirRegression(max_iter=10_000).fit(x, t).predict(x_test)


def multilayer_perceptron(x: Any, t: Any, x_test: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    model = MLP([64, 128, 10], rng=rng)
    train.fit(
        model,
        x,
        t,
        loss=cross_entropy,
        optimizer=Adam(model.parameters()),
        epochs=60,
        batch_size=32,
        rng=rng,
        progress=False,
    )
    return train.predict(model, x_test).argmax(axis=1)


class Method(NamedTuple):
    """A method: how it learns and answers, what it keeps, and what it sees."""

    answers: Callable[[Any, Any, Any, int], Any]
    keeps: str
    standardized: bool = False


METHODS = {
    "nearest neighbor": Method(nearest_neighbor, "all images"),
    "RBF SVM": Method(support_vectors, "some images"),
    "least squares": Method(least_squares, f"{65 * 10:,}"),
    "perceptron": Method(ten_perceptrons, f"{65 * 10:,}"),
    "averaged perceptron": Method(
        partial(ten_perceptrons, average=True), f"{65 * 10:,}"
    ),
    "softmax regression": Method(softmax_regression, f"{65 * 10:,}", standardized=True),
    "softmax regression, scikit-learn's": Method(
        their_regression, f"{65 * 10:,}", standardized=True
    ),
    "multilayer perceptron": Method(multilayer_perceptron, f"{65 * 128 + 129 * 10:,}"),
}


def splits(seed: int | None, *, standardized: bool) -> Iterator[tuple[Any, ...]]:
    """Training features and labels, test features and labels, for each fold of a seed (None: contiguous)."""
    images, labels = load_digits()
    x = flatten_images(images) / 16
    folds = (
        k_fold(len(x))
        if seed is None
        else k_fold(len(x), rng=np.random.default_rng(seed), stratify=labels)
    )
    for training, test in folds:
        x_train, x_test = x[training], x[test]
        if standardized:
            standardizer = Standardizer().fit(x_train)
            x_train, x_test = map(standardizer.transform, (x_train, x_test))
        yield x_train, labels[training], x_test, labels[test]


def accuracies(method: Method, seed: int | None) -> list[float]:
    """The accuracy on each fold."""
    return [
        metrics.accuracy(t_test, method.answers(x, t, x_test, seed or 0))
        for x, t, x_test, t_test in splits(seed, standardized=method.standardized)
    ]


def measured(method: Method) -> dict[str, Any]:
    """A method on both protocols, and how long a fold took it, training and answers together."""
    means, seconds = [], []
    for seed in SEEDS:
        started = process_time()
        means.append(float(np.mean(accuracies(method, seed))))
        seconds.append(process_time() - started)
    contiguous = accuracies(method, None)
    return {
        "shuffled": {
            "mean": float(np.mean(means)),
            "sd": float(np.std(means, ddof=1)),
            "seeds": means,
        },
        "contiguous": {"mean": float(np.mean(contiguous)), "folds": contiguous},
        "keeps": method.keeps,
        "seconds": float(f"{min(seconds) / 5:.1g}"),
    }


def row(name: str, result: dict[str, Any]) -> list[str]:
    """What a table shows: three decimals, as an accuracy has, without the zero before them."""

    def three(share: float) -> str:
        return f"{share:.3f}".removeprefix("0")

    shuffled = result["shuffled"]
    return [
        name,
        f"{three(shuffled['mean'])} ± {three(shuffled['sd'])}",
        three(result["contiguous"]["mean"]),
        result["keeps"],
        f"{result['seconds']:g}",
    ]


def main() -> None:
    results = {name: measured(method) for name, method in METHODS.items()}
    store(
        __file__,
        {
            "protocol": "5 folds; shuffled: stratified, mean and sd over seeds 0-4; contiguous: in the stored order",
            "headers": HEADERS,
            "rows": {name: row(name, result) for name, result in results.items()},
            "methods": results,
        },
    )


if __name__ == "__main__":
    main()
