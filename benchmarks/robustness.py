"""Three losses and a growing share of wrong targets: the same linear unit on the diabetes patients.

In a share of the training targets the decimal point is lost: they are ten times too large. The error is measured
on held-out patients whose targets are right, over five folds, dealt five times. Beside the losses stand the
training median as a prediction for all, and scikit-learn's `HuberRegressor`. Run
`python -m benchmarks.robustness`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import HuberRegressor, QuantileRegressor

from benchmarks._store import store
from dlbook import Parameter, grad
from dlbook.data import Standardizer, k_fold, load_diabetes
from dlbook.models import LinearRegression
from dlbook.ops import huber_loss, l1_loss
from dlbook.optim import Adam

SEEDS = range(5)
SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
STEPS = 800


def trained(loss: Callable[..., Any], x: Any, y: Any) -> tuple[Any, float]:
    """Weights and bias that descend a loss, with steps that shrink to nothing; y in units of its spread."""
    w, b = Parameter(np.zeros(x.shape[1])), Parameter(0.0)
    optimizer = Adam([w, b], lr=0.1)
    for step in range(STEPS):
        optimizer.lr = 0.1 * (1 - step / STEPS) ** 2
        optimizer.step(grad(loss(x @ w + b, y), [w, b]))
    return w.value, b.item()


def by_loss(loss: Callable[..., Any]) -> Callable[..., Any]:
    """The linear unit that a loss makes; the scale comes from the middle half of the targets, not from the wild."""

    def fitted(x: Any, y: Any, x_new: Any) -> Any:
        middle = np.median(y)
        spread = 1.4826 * np.median(np.abs(y - middle))
        w, b = trained(loss, x, (y - middle) / spread)
        return middle + spread * (x_new @ w + b)

    return fitted


def by_squares(x: Any, y: Any, x_new: Any) -> Any:
    return LinearRegression(x.shape[1]).fit(x, y).predict(x_new)


METHODS: dict[str, Callable[..., Any]] = {
    "squared error": by_squares,
    "absolute error": by_loss(l1_loss),
    "Huber, δ = 1": by_loss(huber_loss),
    "scikit-learn's Huber": lambda x, y, x_new: (
        HuberRegressor(alpha=0.0, max_iter=2000).fit(x, y).predict(x_new)
    ),
    "the training median": lambda x, y, x_new: np.full(len(x_new), np.median(y)),
}


def main() -> None:
    features, target, _, _ = load_diabetes()
    errors: dict[str, Any] = {
        name: np.zeros((2, len(SHARES), len(SEEDS))) for name in METHODS
    }
    far = 0.0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        folds = list(k_fold(len(target), k=5, rng=rng))
        order = [rng.permutation(len(train)) for train, _ in folds]
        for i, share in enumerate(SHARES):
            sums: dict[str, Any] = {name: np.zeros(2) for name in METHODS}
            for (train, test), wild in zip(folds, order, strict=True):
                scale = Standardizer().fit(features[train])
                x, x_new = (
                    scale.transform(features[train]),
                    scale.transform(features[test]),
                )
                y = target[train].copy()
                y[wild[: round(share * len(y))]] *= 10
                for name, method in METHODS.items():
                    gap = method(x, y, x_new) - target[test]
                    sums[name] += [np.abs(gap).sum(), (gap**2).sum()]
                if seed == 0 and share in (0.0, 0.2):
                    exact = QuantileRegressor(quantile=0.5, alpha=0.0).fit(x, y)
                    ours = METHODS["absolute error"](x, y, x)
                    cost, best = np.abs(ours - y).mean(), np.abs(exact.predict(x) - y)
                    far = max(far, cost / best.mean() - 1)
            for name in METHODS:
                absolute, squared = sums[name] / len(target)
                errors[name][:, i, seed] = absolute, np.sqrt(squared)
    store(
        __file__,
        {
            "shares": SHARES,
            "seeds": len(SEEDS),
            "patients": len(target),
            "excess_of_absolute_error_over_its_minimum": far,
            "mae": {name: errors[name][0].tolist() for name in METHODS},
            "rmse": {name: errors[name][1].tolist() for name in METHODS},
        },
    )


if __name__ == "__main__":
    main()
