"""Losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


REDUCTIONS = ["mean", "sum", "none"]


def of_numbers(choice: Choice) -> Comparison:
    """Losses of predicted numbers, with and without weights."""
    f = choice.among([ops.mse_loss, ops.l1_loss])
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    weight = choice.positive(*shape) if choice.integer(0, 1) else None
    return of_function(
        choice,
        [choice.normal(*shape), choice.normal(*shape), weight],
        lambda y_hat, y, weight: f(y_hat, y, weight, reduction=reduction),
        lambda torch, y_hat, y, weight: getattr(torch.nn.functional, f.rule.__name__)(
            y_hat, y, weight=weight, reduction=reduction
        ),
        constants=(2,),
    )


def reduced(losses: Any, reduction: str) -> Any:
    """What PyTorch makes of one loss per element."""
    return losses if reduction == "none" else getattr(losses, reduction)()


def perceptron_loss(choice: Choice) -> Comparison:
    """The perceptron's loss, which PyTorch has no name for."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    y = 2.0 * choice.labels(2, *shape) - 1
    return of_function(
        choice,
        [choice.normal(*shape), y],
        lambda z, y: ops.perceptron_loss(z, y, reduction=reduction),
        # at zero it is a mistake, and has the slope of one
        lambda torch, z, y: reduced(torch.where(y * z <= 0, -y * z, 0.0), reduction),
        constants=(1,),
    )


def binary_cross_entropy(choice: Choice) -> Comparison:
    """The log-loss of probabilities, some of them certain.

    Beside certain ones only the value is compared. PyTorch bounds the denominator of the slope by 1e-12 in
    float32, which is 4e-9 less than 1e-12, and gives an infinite slope in `y` though it bounds the value.
    """
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    p, certain = choice.probabilities(*shape), bool(choice.integer(0, 1))
    if certain:
        drawn = choice.normal(*shape)
        p = np.where(drawn > 1, 1.0, np.where(drawn < -1, 0.0, p))
    y = choice.among(
        [choice.probabilities(*shape), choice.labels(2, *shape).astype(float)]
    )
    weight = (
        choice.positive(*shape[choice.integer(0, len(shape)) :])
        if choice.integer(0, 1)
        else None
    )
    return of_function(
        choice,
        [p, y, weight],
        lambda p, y, weight: ops.binary_cross_entropy(
            p, y, weight, reduction=reduction
        ),
        lambda t, p, y, weight: t.nn.functional.binary_cross_entropy(
            p, y, weight, reduction=reduction
        ),
        constants=(0, 1, 2) if certain else (2,),
    )


def binary_cross_entropy_with_logits(choice: Choice) -> Comparison:
    """The log-loss of scores, small and large."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    y = choice.among(
        [choice.probabilities(*shape), choice.labels(2, *shape).astype(float)]
    )
    tail = shape[choice.integer(0, len(shape)) :]
    weight = choice.positive(*tail) if choice.integer(0, 1) else None
    pos_weight = choice.positive(*tail) if choice.integer(0, 1) else None

    def theirs(torch: Any, z: Any, y: Any, weight: Any) -> Any:
        c = None if pos_weight is None else torch.tensor(pos_weight)
        loss = torch.nn.functional.binary_cross_entropy_with_logits
        return loss(z, y, weight, pos_weight=c, reduction=reduction)

    return of_function(
        choice,
        [choice.numbers(-20, 20, shape), y, weight],
        lambda z, y, weight: ops.binary_cross_entropy_with_logits(
            z, y, weight, pos_weight=pos_weight, reduction=reduction
        ),
        theirs,
        constants=(2,),
    )


def cross_entropy(choice: Choice) -> Comparison:
    """The cross-entropy of scores: labels or distributions, with weights, smoothing and positions left out."""
    k, reduction = choice.integer(1, 4), choice.among(REDUCTIONS)
    dims = choice.shape(most=3)
    positions = dims[: choice.integer(0, len(dims))]
    shape = (*positions[:1], k, *positions[1:])
    z, weight = (
        choice.numbers(-10, 10, shape),
        choice.positive(k) if choice.integer(0, 1) else None,
    )
    settings: dict[str, Any] = {
        "reduction": reduction,
        "label_smoothing": choice.among([0.0, 0.1, 1.0]),
    }
    if choice.integer(0, 2):
        t = choice.labels(k, *positions)
        if choice.integer(0, 1) and t.size > 1:
            settings["ignore_index"] = choice.among([-100, -1, int(t.flat[0])])
            t.flat[0] = settings["ignore_index"]
            t.flat[-1] = (
                (t.flat[0] + 1) % k
                if k > 1 and settings["ignore_index"] >= 0
                else t.flat[-1]
            )
            if np.all(
                t == settings["ignore_index"]
            ):  # one class, and that left out: nothing to take the mean of
                settings["ignore_index"] = -100
    else:
        t = choice.probabilities(*shape)
    return of_function(
        choice,
        [z, t, weight],
        lambda z, t, weight: ops.cross_entropy(z, t, weight, **settings),
        lambda torch, z, t, weight: torch.nn.functional.cross_entropy(
            z, t, weight, **settings
        ),
        constants=(2,),
    )


def nll_loss(choice: Choice) -> Comparison:
    """The loss of log-probabilities, with weights and positions left out."""
    k, reduction = choice.integer(1, 4), choice.among(REDUCTIONS)
    dims = choice.shape(most=3)
    positions = dims[: choice.integer(0, len(dims))]
    shape = (*positions[:1], k, *positions[1:])
    log_p, t = -choice.positive(*shape), choice.labels(k, *positions)
    weight = choice.positive(k) if choice.integer(0, 1) else None
    ignore_index = -100
    if choice.integer(0, 1) and t.size > 1:
        ignore_index = choice.among([-100, -1, int(t.flat[0])])
        t.flat[0] = ignore_index
        if np.all(t == ignore_index):  # nothing to take the mean of
            ignore_index = -100 if ignore_index >= 0 else ignore_index
            t.flat[-1] = 0
    return of_function(
        choice,
        [log_p, t, weight],
        lambda log_p, t, weight: ops.nll_loss(
            log_p, t, weight, ignore_index=ignore_index, reduction=reduction
        ),
        lambda torch, log_p, t, weight: torch.nn.functional.nll_loss(
            log_p, t, weight, ignore_index=ignore_index, reduction=reduction
        ),
        constants=(2,),
    )


CASES = [
    of_numbers,
    perceptron_loss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    nll_loss,
]
