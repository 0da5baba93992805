"""Malignant or benign: what a hidden layer adds on the tumors, with folds that are dealt five times.

The network and logistic regression are trained as on the page "A neural network": plain descent on all examples of the
training part, 300 steps of rate 0.5, from the same starts. Beside them stand the nearest neighbor and scikit-learn's
support vector machine with its defaults. All see features that are standardized on the training part. Nothing is tuned.

Run `python -m benchmarks.tumors`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.svm import SVC

from benchmarks._store import store
from dlbook.data import Standardizer, k_fold, load_breast_cancer

SEEDS = range(5)
STEPS = 300
RATE = 0.5

Answers = Callable[[Any, Any, Any, int], Any]


def trained(*sizes: int) -> Answers:
    """A network of such sizes, with tanh between its layers and a sigmoid at the end."""

    def answers(x: Any, y: Any, x_test: Any, seed: int) -> Any:
        rng = np.random.default_rng(seed)
        w = [rng.normal(size=(n, k)) / np.sqrt(n) for n, k in pairwise(sizes)]
        b = [np.zeros(k) for k in sizes[1:]]
        for _ in range(STEPS):
            a, z = forward(x, w, b)
            dz = (np.tanh(z / 2) + 1) / 2 - y[:, None]
            for i in reversed(range(len(w))):
                dw, db = a[i].T @ dz / len(x), dz.mean(axis=0)
                dz = dz @ w[i].T * (1 - a[i] * a[i])
                w[i], b[i] = w[i] - RATE * dw, b[i] - RATE * db
        return forward(x_test, w, b)[1][:, 0] > 0

    return answers


def forward(x: Any, w: list[Any], b: list[Any]) -> tuple[list[Any], Any]:
    """What each layer reads, and the scores."""
    a = [x]
    for weights, biases in zip(w[:-1], b[:-1], strict=True):
        a.append(np.tanh(a[-1] @ weights + biases))
    return a, a[-1] @ w[-1] + b[-1]


def always_benign(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return np.zeros(len(x_test), bool)


def nearest_neighbor(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    squares = (x**2).sum(axis=1) - 2 * x_test @ x.T
    return y[squares.argmin(axis=1)] == 1


def support_vectors(x: Any, y: Any, x_test: Any, seed: int) -> Any:
    return SVC().fit(x, y).predict(x_test) == 1


METHODS: dict[str, Answers] = {
    "always benign": always_benign,
    "nearest neighbor": nearest_neighbor,
    "RBF SVM": support_vectors,
    "logistic regression": trained(30, 1),
    "network 30-16-1": trained(30, 16, 1),
}


def on_folds(answers: Answers) -> dict[str, list[float]]:
    """For each seed: the share that is classified correctly, and of the malignant ones the share that is missed."""
    tumors = load_breast_cancer()
    x, y = tumors.features, (tumors.labels == 0).astype(float)
    correct, missed = [], []
    for seed in SEEDS:
        said = np.zeros(len(x), bool)
        rng = np.random.default_rng(seed)
        for training, test in k_fold(len(x), rng=rng, stratify=tumors.labels):
            scale = Standardizer().fit(x[training]).transform
            said[test] = answers(scale(x[training]), y[training], scale(x[test]), seed)
        correct.append(float((said == y).mean()))
        missed.append(float(1 - said[y == 1].mean()))
    return {"correct": correct, "missed": missed}


if __name__ == "__main__":
    store(__file__, {name: on_folds(answers) for name, answers in METHODS.items()})
