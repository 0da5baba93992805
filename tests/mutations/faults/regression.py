"""Faults in linear regression and in the measures of its errors."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

LINEAR, METRICS = "models/linear.py", "metrics/regression.py"

FAULTS = [
    Fault(
        "the weights stay those of the scaled features",
        LINEAR,
        " / scale[:, np.newaxis]",
        "",
        ("tests/models/test_linear.py", "-k", "one_output"),
    ),
    Fault(
        "the bias forgets where the features' means are",
        LINEAR,
        "y_mean - x_mean @ w",
        "y_mean",
        ("tests/models/test_linear.py", "-k", "normal_equations"),
    ),
    Fault(
        "a constant feature is fitted to what rounding left of it",
        LINEAR,
        "(x == x[0]).all(axis=0)",
        "np.zeros(x.shape[1], bool)",
        ("tests/models/test_linear.py", "-k", "constant_column"),
    ),
    Fault(
        "the variance is taken around zero",
        METRICS,
        "(y - y.mean(axis=0)) ** 2",
        "y**2",
        ("tests/metrics/test_metrics.py", "-k", "the_mean_explains"),
    ),
]
