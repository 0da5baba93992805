"""Faults in the losses of numbers, counts and distributions."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

ROBUST, LIKELIHOOD, DIVERGENCE = (
    "ops/loss/robust.py",
    "ops/loss/likelihood.py",
    "ops/loss/divergence.py",
)

FAULTS = [
    Fault(
        "Huber's line starts too high",
        ROBUST,
        "clipped * (error - clipped / 2)",
        "clipped * (error - clipped / 3)",
        oracle("huber_loss"),
    ),
    Fault(
        "Huber's slope is not clipped",
        ROBUST,
        "dy_hat = (w * (scale * dloss)) * clipped",
        "dy_hat = (w * (scale * dloss)) * error",
        differences("huber_loss"),
    ),
    Fault(
        "the smooth absolute error forgets what it took off",
        ROBUST,
        "size - beta / 2",
        "size",
        oracle("smooth_l1_loss"),
    ),
    Fault(
        "the smooth absolute error's slope is that of half the square",
        ROBUST,
        "np.where(near, error / (beta or 1), np.sign(error))",
        "np.where(near, error, np.sign(error))",
        differences("smooth_l1_loss"),
    ),
    Fault(
        "a count's slope forgets the count",
        LIKELIHOOD,
        "log_rate, slope = z, rate - y",
        "log_rate, slope = z, rate",
        differences("poisson_nll_loss"),
    ),
    Fault(
        "Stirling's terms are added to small counts",
        LIKELIHOOD,
        "losses = losses + np.where(y > 1, stirling, 0)",
        "losses = losses + np.where(y > 0, stirling, 0)",
        oracle("poisson_nll_loss"),
    ),
    Fault(
        "a rate too large for a float is an overflow",
        LIKELIHOOD,
        'np.errstate(over="ignore")',
        'np.errstate(under="ignore")',
        ("tests/ops/test_loss_numbers.py",),
    ),
    Fault(
        "the variance's slope lacks its half",
        LIKELIHOOD,
        "(1 - error * error / v) / (2 * v)",
        "(1 - error * error / v) / v",
        differences("gaussian_nll_loss"),
    ),
    Fault(
        "a row's variance is given to a column",
        LIKELIHOOD,
        "v = var[..., None] if per_row else var",
        "v = var[None, ...] if per_row else var",
        ("tests/ops/test_loss_numbers.py",),
    ),
    Fault(
        "the divergence is turned around",
        DIVERGENCE,
        "np.where(p == 0, log_p, log_p - log_q)",
        "np.where(p == 0, log_p, log_q - log_p)",
        oracle("kl_div"),
    ),
    Fault(
        "batchmean divides by the elements",
        DIVERGENCE,
        "total, reduction = (len(losses) if losses.ndim else 1)",
        "total, reduction = (losses.size if losses.ndim else 1)",
        oracle("kl_div"),
    ),
    Fault(
        "the target's slope forgets its one",
        DIVERGENCE,
        "else ratio + 1)",
        "else ratio)",
        differences("kl_div"),
    ),
    Fault(
        "another border is taken where none is named",
        ROBUST,
        "beta: float = 1.0",
        "beta: float = 1.1",
        ("tests/ops/test_rules.py", "-k", "left_out"),
    ),
    Fault(
        "nothing at all has no divergence from nothing",
        DIVERGENCE,
        "ratio = np.where(p == 0, log_p, log_p - log_q)",
        "ratio = log_p - log_q",
        ("tests/ops/test_loss_numbers.py",),
    ),
]
