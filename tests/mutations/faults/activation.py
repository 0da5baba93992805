"""Faults in the activations."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

SQUASHING, RECTIFIERS, SOFTMAX = (
    "ops/activation/squashing.py",
    "ops/activation/rectifiers.py",
    "ops/activation/softmax.py",
)

FAULTS = [
    Fault(
        "the sigmoid's slope lacks a factor",
        SQUASHING,
        "da * a * (1 - a)",
        "da * (1 - a)",
        differences("sigmoid"),
    ),
    Fault(
        "the sigmoid's branches are swapped",
        SQUASHING,
        "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))",
        "np.exp(np.minimum(-z, 0)) / (1 + np.exp(-np.abs(z)))",
        oracle("activation"),
    ),
    Fault(
        "tanh's slope is that of the input",
        SQUASHING,
        "da * (1 - a * a)",
        "da * (1 - z * z)",
        differences("tanh"),
    ),
    Fault(
        "relu has a slope at zero",
        RECTIFIERS,
        "da * (z > 0)",
        "da * (z >= 0)",
        ("tests/ops/test_activation.py",),
    ),
    Fault(
        "the softmax has no gradient",
        SOFTMAX,
        "lambda dp: p * (dp - (dp * p).sum(axis=axis, keepdims=True))",
        "lambda dp: 0 * dp",
        differences("softmax"),
    ),
    Fault(
        "the softmax's gradient leaves out the sum",
        SOFTMAX,
        "p * (dp - (dp * p).sum(axis=axis, keepdims=True))",
        "p * dp",
        differences("softmax"),
    ),
    Fault(
        "the softmax's gradient sums over the last axis, whichever was asked for",
        SOFTMAX,
        "(dp * p).sum(axis=axis,",
        "(dp * p).sum(axis=-1,",
        differences("softmax"),
    ),
    Fault(
        "the largest score is not subtracted",
        SOFTMAX,
        "log_p = z - z.max(axis=axis, keepdims=True)",
        "log_p = z.copy()",
        ("tests/ops/test_activation.py",),
    ),
    Fault(
        "the log-softmax's gradient weighs by the logarithm",
        SOFTMAX,
        "dlog_p - np.exp(log_p) *",
        "dlog_p - log_p *",
        differences("log_softmax"),
    ),
]
