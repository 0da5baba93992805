"""Softmax regression on the digits: against ten separate neurons, and whether its probabilities can be believed.

Answers: both models on the digit reader's folds, by the same descent, for the models' default number of steps and
for ten times as many. The ten neurons each learn one digit against the rest; the largest score answers, and their ten
probabilities are divided by their sum.

Calibration: contiguous folds. One fold is the test part, the next one holds writers that are mostly unseen, too, and
of the three that are left a fifth, drawn anew for each seed, is held back, whose writers the model knows. A
temperature is fitted on either held-out part. Nothing else is tuned.

Run `python -m benchmarks.softmax_regression`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks._store import store
from dlbook import train
from dlbook.data import (
    Standardizer,
    flatten_images,
    k_fold,
    load_digits,
    train_test_split,
)
from dlbook.metrics import calibration_curve, expected_calibration_error
from dlbook.models import SoftmaxRegression
from dlbook.ops import cross_entropy, nll_loss, sigmoid, softmax

SEEDS = range(5)
STEPS = (300, 3000)
BINS = 10
RATE = 0.5
SQUASHED = {"one softmax": softmax, "ten neurons": sigmoid}


def descended(x: Any, t: Any, squash: Any, steps: int) -> tuple[Any, Any]:
    """Weights and biases after plain descent from zero: one softmax, or ten neurons side by side."""
    y = np.eye(10)[t]
    w, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for _ in range(steps):
        dz = (squash(x @ w + b) - y) / len(x)
        w, b = w - RATE * x.T @ dz, b - RATE * dz.sum(axis=0)
    return w, b


def answers(x: Any, t: Any, squash: Any, steps: int) -> dict[str, Any]:
    """For each protocol: accuracy, loss, calibration error, and how many of ten neurons said yes."""
    runs = []
    for seed in [*SEEDS, None]:
        folds = (
            k_fold(len(x))
            if seed is None
            else k_fold(len(x), rng=np.random.default_rng(seed), stratify=t)
        )
        a = np.zeros((len(x), 10))
        for training, test in folds:
            scale = Standardizer().fit(x[training]).transform
            w, b = descended(scale(x[training]), t[training], squash, steps)
            a[test] = squash(scale(x[test]) @ w + b)
        p, yes = a / a.sum(axis=1, keepdims=True), (a >= 0.5).sum(axis=1)
        runs.append(
            {
                "accuracy": float((p.argmax(axis=1) == t).mean()),
                "loss": float(nll_loss(np.log(p), t)),
                "ece": expected_calibration_error(t, p, n_bins=BINS),
                "no yes": float((yes == 0).mean()),
                "several": float((yes > 1).mean()),
            }
        )
    return {"shuffled": runs[:-1], "contiguous": runs[-1]}


def temperature(z: Any, t: Any) -> float:
    """Where the loss of the scores `z / T` is least: the slope in 1/T rises, so halve."""
    z_t = z[np.arange(len(t)), t]
    cold, hot = 1e-3, 1e3
    for _ in range(60):
        T = np.sqrt(cold * hot)
        slope = ((softmax(z / T) * z).sum(axis=1) - z_t).mean()
        if slope > 0:  # 1/T is too large
            cold = T
        else:
            hot = T
    return float(np.sqrt(cold * hot))


def measured(z: Any, t: Any) -> dict[str, Any]:
    p = softmax(z)
    curve = calibration_curve(t, p, n_bins=BINS)
    return {
        "loss": float(cross_entropy(z, t)),
        "ece": expected_calibration_error(t, p, n_bins=BINS),
        "confidence": float(p.max(axis=1).mean()),
        "accuracy": float((p.argmax(axis=1) == t).mean()),
        "curve": [part.tolist() for part in curve],
    }


def calibration(x: Any, t: Any, steps: int, seed: int) -> dict[str, Any]:
    """Before, and after a temperature from unseen or from known writers, over all five test folds together."""
    folds = [test for _, test in k_fold(len(x))]
    z = {how: np.zeros((len(x), 10)) for how in ("as trained", "unseen", "known")}
    found: dict[str, list[float]] = {"unseen": [], "known": []}
    for i, test in enumerate(folds):
        unseen = folds[(i + 1) % 5]
        rest = np.concatenate([folds[(i + j) % 5] for j in (2, 3, 4)])
        training, known = train_test_split(
            rest, test_size=0.2, rng=np.random.default_rng(seed), stratify=t[rest]
        )
        features = Standardizer().fit(x[training]).transform(x)
        model = SoftmaxRegression(64, 10)
        model.fit(features[training], t[training], epochs=steps)
        scores = train.predict(model, features)
        z["as trained"][test] = scores[test]
        for how, part in {"unseen": unseen, "known": known}.items():
            T = temperature(scores[part], t[part])
            found[how].append(T)
            z[how][test] = scores[test] / T
    return {how: measured(z[how], t) for how in z} | {"temperatures": found}


def main() -> None:
    images, t = load_digits()
    x = flatten_images(images)
    store(
        __file__,
        {
            "answers": {
                str(steps): {
                    name: answers(x, t, squash, steps)
                    for name, squash in SQUASHED.items()
                }
                for steps in STEPS
            },
            "calibration": {
                str(steps): [calibration(x, t, steps, seed) for seed in SEEDS]
                for steps in STEPS
            },
        },
    )


if __name__ == "__main__":
    main()
