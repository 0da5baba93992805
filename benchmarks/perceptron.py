"""The perceptron on the digits: which of them a hyperplane parts from the rest, and "is it an 8?" on folds.

First, each digit against all others, on all images: how many epochs and updates it takes, for seeds 0 to 4, until
an epoch is free of mistakes. Then "is it an 8?" by several methods on the folds of the digit reader. Nothing is tuned.

Run `python -m benchmarks.perceptron`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmarks._store import store
from dlbook.data import flatten_images, k_fold, load_digits
from dlbook.models import Perceptron

SEEDS = range(5)
EPOCHS = 20
PATIENCE = 5000  # epochs, until a border that was not found is given up

Answers = Callable[[Any, Any, Any, int], Any]


def always_no(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return np.zeros(len(x_test), int)


def last(x: Any, y: Any, x_test: Any, seed: int, average: bool = False) -> Any:
    unit, rng = Perceptron(64), np.random.default_rng(seed)
    unit.fit(x, y, epochs=EPOCHS, rng=rng, average=average)
    return unit.predict(x_test)


def averaged(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return last(x, y, x_test, seed, average=True)


def pocket(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    """The parameters that were best on the training part at the end of an epoch."""
    unit, rng, best = Perceptron(64), np.random.default_rng(seed), -1
    kept = unit.w.value, unit.b.value
    for _ in range(EPOCHS):
        unit.fit(x, y, epochs=1, rng=rng)
        right = int((unit.predict(x) == y).sum())
        if right > best:
            best, kept = right, (unit.w.value, unit.b.value)
    unit.w.value, unit.b.value = kept
    return unit.predict(x_test)


def logistic_regression(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return LogisticRegression(max_iter=1000).fit(x, y).predict(x_test)


def support_vectors(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return SVC().fit(x, y).predict(x_test)


METHODS: dict[str, Answers] = {
    "always no": always_no,
    "perceptron, the last": last,
    "pocket": pocket,
    "averaged perceptron": averaged,
    "logistic regression": logistic_regression,
    "support vector machine": support_vectors,
}


def against_the_rest(x: Any, y: Any) -> dict[str, Any]:
    """Updates and epochs until an epoch without a mistake, for each seed."""
    runs = [
        Perceptron(64).fit(x, y, epochs=PATIENCE, rng=np.random.default_rng(seed))
        for seed in SEEDS
    ]
    return {
        "converged": [run.converged for run in runs],
        "updates": [sum(run.updates) for run in runs],
        "epochs": [len(run.updates) for run in runs],
    }


def accuracy(method: Answers, x: Any, y: Any, folds: Any, seed: int) -> float:
    """Over all test parts together."""
    right = sum(
        int((method(x[training], y[training], x[test], seed) == y[test]).sum())
        for training, test in folds
    )
    return right / len(x)


def main() -> None:
    images, digits = load_digits()
    x = flatten_images(images) / 16
    y = (digits == 8).astype(int)
    folds = {
        seed: list(
            k_fold(len(x), k=5, rng=np.random.default_rng(seed), stratify=digits)
        )
        for seed in SEEDS
    }
    contiguous = list(k_fold(len(x), k=5))
    store(
        __file__,
        {
            "protocol": "5 folds; shuffled: stratified, seeds 0-4; contiguous: in the stored order",
            "epochs": EPOCHS,
            "patience": PATIENCE,
            "rest": {
                str(digit): against_the_rest(x, (digits == digit).astype(int))
                for digit in range(10)
            },
            "eights": {
                name: {
                    "shuffled": [
                        accuracy(method, x, y, folds[seed], seed) for seed in SEEDS
                    ],
                    "contiguous": accuracy(method, x, y, contiguous, 0),
                }
                for name, method in METHODS.items()
            },
        },
    )


if __name__ == "__main__":
    main()
