"""Linear classifiers on the digits, beside scikit-learn's and nearest neighbour, on the very same folds.

Two protocols: stratified 5-fold, shuffled, for seeds 0 to 4 (test writers are mostly known), and contiguous
5-fold in the stored order (test writers are mostly unseen). Features are standardized inside each fold, by
its training part. Full-batch gradient descent with a learning rate of 0.5 for 300 epochs and no penalty:
the models' defaults, round numbers chosen once for all folds and for both tasks. Scikit-learn's logistic
regression runs with its defaults, an L2 penalty of C = 1 among them, on the same standardized features;
nearest neighbour compares the raw pixels.

Run `python -m benchmarks.digits_softmax`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression as TheirRegression
from sklearn.neighbors import KNeighborsClassifier

from benchmarks._store import store
from dlbook import metrics
from dlbook.data import Standardizer, flatten_images, k_fold, load_digits
from dlbook.models import LogisticRegression, SoftmaxRegression

SEEDS = range(5)
Split = tuple[Any, Any, Any, Any]


def splits(seed: int | None, *, standardized: bool = True) -> Iterator[Split]:
    """Training features and labels, test features and labels, for each fold of a seed (None: contiguous)."""
    images, labels = load_digits()
    x = flatten_images(images)
    folds = (
        k_fold(len(x))
        if seed is None
        else k_fold(len(x), rng=np.random.default_rng(seed), stratify=labels)
    )
    for train, test in folds:
        if standardized:
            standardizer = Standardizer().fit(x[train])
            yield (
                standardizer.transform(x[train]),
                labels[train],
                standardizer.transform(x[test]),
                labels[test],
            )
        else:
            yield (
                x[train].astype(np.float64),
                labels[train],
                x[test].astype(np.float64),
                labels[test],
            )


def softmax_regression(x: Any, t: Any, x_test: Any) -> Any:
    model = SoftmaxRegression(64, 10)
    model.fit(x, t)
    return model.predict(x_test)


def their_regression(x: Any, t: Any, x_test: Any) -> Any:
    return TheirRegression(max_iter=10_000).fit(x, t).predict(x_test)


def nearest_neighbor(x: Any, t: Any, x_test: Any) -> Any:
    return KNeighborsClassifier(1).fit(x, t).predict(x_test)


def cross_validated(
    predict: Callable[..., Any], seed: int | None, *, standardized: bool = True
) -> dict[str, Any]:
    started = process_time()
    scores = [
        metrics.accuracy(t_test, predict(x, t, x_test))
        for x, t, x_test, t_test in splits(seed, standardized=standardized)
    ]
    return {
        "accuracy": float(np.mean(scores)),
        "folds": scores,
        "seconds": process_time() - started,
    }


def row(predict: Callable[..., Any], *, standardized: bool = True) -> dict[str, Any]:
    shuffled = [
        cross_validated(predict, seed, standardized=standardized) for seed in SEEDS
    ]
    contiguous = cross_validated(predict, None, standardized=standardized)
    return {
        "shuffled": spread([run["accuracy"] for run in shuffled]),
        "contiguous": {
            "accuracy": contiguous["accuracy"],
            "folds": contiguous["folds"],
        },
        "seconds_per_fold": round(min(run["seconds"] for run in shuffled) / 5, 4),
    }


def spread(values: list[float]) -> dict[str, Any]:
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)),
        "seeds": values,
    }


def is_it_an_8() -> dict[str, Any]:
    """The binary task: 174 of the 1,797 digits are an 8. Always answering no is right for all the others."""
    scores: dict[str, list[float]] = {
        name: [] for name in ("accuracy", "precision", "recall", "f1_score", "roc_auc")
    }
    for seed in SEEDS:
        measured: dict[str, list[float]] = {name: [] for name in scores}
        for x, t, x_test, t_test in splits(seed):
            model = LogisticRegression(64)
            model.fit(x, t == 8)
            y, y_hat = t_test == 8, model.predict(x_test)
            for name in ("accuracy", "precision", "recall", "f1_score"):
                measured[name].append(getattr(metrics, name)(y, y_hat))
            measured["roc_auc"].append(metrics.roc_auc(y, model.predict_proba(x_test)))
        for name, values in measured.items():
            scores[name].append(float(np.mean(values)))
    labels = load_digits().labels
    return {
        "positives": int((labels == 8).sum()),
        "always_no": float((labels != 8).mean()),
        **{name: spread(values) for name, values in scores.items()},
    }


def main() -> None:
    store(
        __file__,
        {
            "protocol": "5 folds; shuffled: stratified, mean and sd over seeds 0-4; contiguous: in the stored order",
            "parameters": 64 * 10 + 10,
            "softmax regression": row(softmax_regression),
            "scikit-learn logistic regression": row(their_regression),
            "nearest neighbor": row(nearest_neighbor, standardized=False),
            "is it an 8": is_it_an_8(),
        },
    )


if __name__ == "__main__":
    main()
