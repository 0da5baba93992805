"""The same sums by loops and as one product: scores and gradient of a linear unit over the 1,797 digits.

The loops come in two forms: over Python's own lists, the fastest that plain Python offers, and over the
elements of NumPy arrays, as one is tempted to write them. Run `python -m benchmarks.vectorization`.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np

from benchmarks._store import compare, store
from dlbook.data import flatten_images, load_digits

REPEATS = 7


def scores_by_loops(x: Any, w: Any, b: float) -> list[float]:
    z = []
    for i in range(len(x)):
        total = b
        for j in range(len(w)):
            total += x[i][j] * w[j]
        z.append(total)
    return z


def gradient_by_loops(x: Any, dz: Any) -> tuple[list[float], float]:
    dw, db = [0.0] * len(x[0]), 0.0
    for i in range(len(x)):
        for j in range(len(dw)):
            dw[j] += x[i][j] * dz[i]
        db += dz[i]
    return dw, db


def contest(contestants: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(REPEATS):
        for name, run in contestants.items():
            inner = (
                200 if name == "vectorized" else 1
            )  # one product is too short for the clock
            started = process_time()
            for _ in range(inner):
                run()
            measured[name].append((process_time() - started) / inner)
    return {
        name: compare(
            {name: measured[name], "vectorized": measured["vectorized"]},
            name,
            "vectorized",
        )
        for name in contestants
        if name != "vectorized"
    }


def main() -> None:
    x = flatten_images(load_digits().images) / 16.0
    rng = np.random.default_rng(0)
    w, b, dz = rng.normal(size=64), 0.5, rng.normal(size=len(x))
    lists = x.tolist(), w.tolist(), dz.tolist()
    np.testing.assert_allclose(
        scores_by_loops(lists[0], lists[1], b), x @ w + b, rtol=1e-9
    )
    np.testing.assert_allclose(
        gradient_by_loops(lists[0], lists[2])[0], x.T @ dz, rtol=1e-9
    )
    store(
        __file__,
        {
            "examples": len(x),
            "features": len(w),
            "scores": contest(
                {
                    "loops over lists": lambda: scores_by_loops(lists[0], lists[1], b),
                    "loops over array elements": lambda: scores_by_loops(x, w, b),
                    "vectorized": lambda: x @ w + b,
                }
            ),
            "gradient": contest(
                {
                    "loops over lists": lambda: gradient_by_loops(lists[0], lists[2]),
                    "loops over array elements": lambda: gradient_by_loops(x, dz),
                    "vectorized": lambda: (x.T @ dz, dz.sum()),
                }
            ),
        },
    )


if __name__ == "__main__":
    main()
