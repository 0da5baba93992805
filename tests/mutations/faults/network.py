"""Faults in networks of dense layers, and in the data they are trained on."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

MLP, BREAST_CANCER = "models/mlp.py", "data/breast_cancer.py"

FAULTS = [
    Fault(
        "the scores of a network are activated, too",
        MLP,
        "super().__init__(*layers[:-1])",
        "super().__init__(*layers)",
        ("tests/models/test_mlp.py", "-k", "equation"),
    ),
    Fault(
        "a network's layers have the sizes the wrong way round",
        MLP,
        "Linear(n_in, n_out, rng=rng, dtype=dtype)",
        "Linear(n_out, n_in, rng=rng, dtype=dtype)",
        ("tests/models/test_mlp.py", "-k", "formula"),
    ),
    Fault(
        "malignant and benign are exchanged",
        BREAST_CANCER,
        '("malignant", "benign")',
        '("benign", "malignant")',
        ("tests/data/test_breast_cancer.py", "-k", "larger_nuclei"),
    ),
]
