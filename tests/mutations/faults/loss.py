"""Faults in the losses."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

REDUCTION, REGRESSION, BINARY, CATEGORICAL = (
    "ops/loss/reduction.py",
    "ops/loss/regression.py",
    "ops/loss/binary.py",
    "ops/loss/categorical.py",
)
CHECKS, MARGIN = "ops/loss/checks.py", "ops/loss/margin.py"

FAULTS = [
    Fault(
        "a square's slope lacks its two",
        REGRESSION,
        "(2 * scale * dloss) * error",
        "(scale * dloss) * error",
        differences("mse_loss"),
    ),
    Fault(
        "the weighted mean of squares divides by their number",
        REDUCTION,
        "reduction, weight.sum())",
        "reduction, losses.size)",
        oracle("of_numbers"),
    ),
    Fault(
        "the mean's gradient is that of the sum",
        REDUCTION,
        "return losses.sum() / total, 1 / total",
        "return losses.sum() / total, 1",
        differences("mse_loss"),
    ),
    Fault(
        "the weights of a log-loss are ignored",
        BINARY,
        "losses = -w * (y * log_p + (1 - y) * log_q)",
        "losses = -(y * log_p + (1 - y) * log_q)",
        oracle("binary_cross_entropy"),
    ),
    Fault(
        "a logarithm of zero is let through",
        BINARY,
        "np.maximum(np.log(p), -100)",
        "np.log(p)",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "the weight of the positives is given to the negatives too",
        BINARY,
        "both = cy + (1 - y)",
        "both = c",
        oracle("with_logits"),
    ),
    Fault(
        "the log-loss of scores loses the digits of a small loss",
        BINARY,
        "losses = both * np.maximum(z, 0) - cy * z + both * np.log1p(e)",
        "losses = both * np.log(1 + np.exp(z)) - cy * z",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "the cross-entropy's slope is the probability alone",
        CATEGORICAL,
        "dz[i, t] -= d[i]",
        "dz[i, t] -= 0 * d[i]",
        differences("cross_entropy"),
    ),
    Fault(
        "the weighted mean over labels divides by their number",
        CATEGORICAL,
        "total = w_t.sum()",
        "total = len(w_t)",
        oracle("cross_entropy"),
    ),
    Fault(
        "an ignored label counts in the mean",
        CATEGORICAL,
        "total = w_t.sum()",
        "total = w_t.sum() + (len(w_t) - len(i))",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "negative labels count from the end",
        CHECKS,
        "t.min() >= 0 and t.max() < k",
        "t.max() < k",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "the slope of a log-probability loses its sign",
        CATEGORICAL,
        "dlog_p[i, t] = -(w_t * dlosses)[i]",
        "dlog_p[i, t] = (w_t * dlosses)[i]",
        differences("nll_loss"),
    ),
    Fault(
        "the slope of a log-probability forgets the weight of its class",
        CATEGORICAL,
        "dlog_p[i, t] = -(w_t * dlosses)[i]",
        "dlog_p[i, t] = -dlosses[i]",
        differences("nll_loss"),
    ),
    Fault(
        "the weighted mean of log-probabilities divides by their number",
        CATEGORICAL,
        'reduced("nll_loss", losses.reshape(positions), reduction, w_t.sum())',
        'reduced("nll_loss", losses.reshape(positions), reduction, len(i))',
        oracle("nll_loss"),
    ),
    Fault(
        "scores pass for log-probabilities",
        CATEGORICAL,
        "if (log_p > np.finfo(log_p.dtype).resolution).any():",
        "if False:",
        ("tests/ops/test_categorical.py",),
    ),
    Fault(
        "smoothing takes nothing from the label",
        CATEGORICAL,
        "w[t] * (1 - label_smoothing)",
        "w[t]",
        oracle("cross_entropy"),
    ),
    Fault(
        "smoothing forgets the number of classes",
        CATEGORICAL,
        "w * (label_smoothing / k)",
        "w * label_smoothing",
        oracle("cross_entropy"),
    ),
    Fault(
        "the classes' axis is taken to be the last",
        CATEGORICAL,
        "axis = min(1, z.ndim - 1)",
        "axis = z.ndim - 1",
        oracle("cross_entropy"),
    ),
    Fault(
        "a target's gradient loses its sign",
        CATEGORICAL,
        "dt = (label_smoothing - 1) * w",
        "dt = (1 - label_smoothing) * w",
        differences("cross_entropy"),
    ),
    Fault(
        "an absolute error's slope loses its sign",
        REGRESSION,
        "(scale * dloss) * np.sign(error)",
        "(scale * dloss) * np.sign(-error)",
        differences("l1_loss"),
    ),
    Fault(
        "the perceptron pays for what is right",
        MARGIN,
        "np.maximum(-y * z, 0)",
        "np.maximum(y * z, 0)",
        oracle("perceptron_loss"),
    ),
    Fault(
        "a score of zero is left uncorrected",
        MARGIN,
        "y * z <= 0",
        "y * z < 0",
        ("tests/ops/test_margin.py",),
    ),
]
