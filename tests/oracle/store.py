"""Store what PyTorch gives for the oracle's cases, after holding it against the library.

`make oracle` runs this. The vectors serve the tests where PyTorch is absent; with each case its record of
choices is stored, so that a replay computes the same thing whatever the streams of random numbers do.
"""

from __future__ import annotations

import datetime
import json
import platform
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tests.oracle.cases import CASES, Comparison
from tests.oracle.cases.comparison import assert_agreement
from tests.oracle.choice import Recorded, Seeded

if TYPE_CHECKING:
    from collections.abc import Callable

VECTORS = Path(__file__).with_name("vectors.npz")
SEEDS = range(30)
# Of a case with large arrays fewer seeds are stored: no more of them, after the first few, than hold so many numbers.
FEW, NUMBERS = 5, 1200


def main() -> None:
    """Compare, then write `vectors.npz`: all numbers in one array, all else in one JSON text."""
    import torch

    torch.set_num_threads(1)
    numbers: list[Any] = []
    records = []
    for case in CASES:
        before = len(numbers)
        for seed in SEEDS:
            if seed >= FEW and sum(np.size(x) for x in numbers[before:]) > NUMBERS:
                break
            choice = Seeded(seed)
            comparison = case(choice)
            ours, theirs = comparison.ours(), comparison.theirs(torch)
            assert_agreement(ours, theirs)
            numbers += [*choice.arrays, *theirs.values()]
            records.append(
                {
                    "case": case.__name__,
                    "integers": choice.integers,
                    "arrays": [x.shape for x in choice.arrays],
                    "expected": {name: x.shape for name, x in theirs.items()},
                }
            )
    provenance = {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "script": "python -m tests.oracle.store",
    }
    text = json.dumps(
        {"provenance": provenance, "records": records}, separators=(",", ":")
    )
    flat = np.concatenate([np.ravel(x) for x in numbers])
    np.savez_compressed(
        VECTORS, numbers=flat, index=np.frombuffer(text.encode(), np.uint8)
    )
    print(
        f"{len(records)} cases agree with PyTorch {torch.__version__}; stored {VECTORS.stat().st_size / 1000:.0f} kB"
    )


class Stored(NamedTuple):
    """A stored case: its name, how to set it up again, and what PyTorch gave."""

    name: str
    comparison: Callable[[], Comparison]
    expected: dict[str, Any]


def load() -> tuple[dict[str, str], list[Stored]]:
    """The provenance, and the stored cases."""
    with np.load(VECTORS, allow_pickle=False) as stored:
        numbers, index = stored["numbers"], json.loads(stored["index"].tobytes())
    by_name = {case.__name__: case for case in CASES}
    taken = 0

    def take(shape: list[int]) -> Any:
        nonlocal taken
        size = int(np.prod(shape))
        taken += size
        return numbers[taken - size : taken].reshape(shape).copy()

    loaded = []
    for record in index["records"]:
        arrays = [take(shape) for shape in record["arrays"]]
        expected = {name: take(shape) for name, shape in record["expected"].items()}
        name, choice = record["case"], Recorded(record["integers"], arrays)
        loaded.append(Stored(name, partial(by_name[name], choice), expected))
    return index["provenance"], loaded


if __name__ == "__main__":
    main()
