"""One cross-entropy, two kinds of target: a label for each example, or a row with a one for its class.

Value and gradient of `cross_entropy` for random scores in float64, with 10 and with 1,000 classes. Run
`python -m benchmarks.label_targets`.
"""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np

from benchmarks._store import compare, store
from dlbook.ops import cross_entropy

REPEATS = 15
SHAPES = ((1797, 10), (256, 1000))


def timed(z: Any, targets: dict[str, Any]) -> dict[str, Any]:
    """Seconds of a value and its gradient for each kind of target, in turn."""
    measured: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(REPEATS):
        for name, t in targets.items():
            started = process_time()
            for _ in range(20):
                _, vjp = cross_entropy.rule(z, t)
                vjp(1.0, (True, False, False))
            measured[name].append((process_time() - started) / 20)
    return compare(measured, "one-hot rows", "labels")


def main() -> None:
    results = {}
    for n, k in SHAPES:
        rng = np.random.default_rng(0)
        z, t = rng.normal(size=(n, k)), rng.integers(0, k, size=n)
        y = np.eye(k)[t]
        same = np.isclose(cross_entropy(z, t), cross_entropy(z, y), rtol=1e-13)
        results[f"{n} x {k}"] = timed(z, {"labels": t, "one-hot rows": y}) | {
            "bytes": {"labels": t.nbytes, "one-hot rows": y.nbytes},
            "same loss": bool(same),
        }
    store(__file__, results)


if __name__ == "__main__":
    main()
