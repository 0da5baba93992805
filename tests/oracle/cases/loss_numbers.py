"""Losses of numbers, counts and distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function
from tests.oracle.cases.loss import REDUCTIONS

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def huber_loss(choice: Choice) -> Comparison:
    """Huber's loss, with and without weights."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    delta = choice.among([0.1, 1.0, 2.5])
    weight = choice.positive(*shape) if choice.integer(0, 1) else None
    return of_function(
        choice,
        [choice.normal(*shape), choice.normal(*shape), weight],
        lambda y_hat, y, weight: ops.huber_loss(
            y_hat, y, weight, delta=delta, reduction=reduction
        ),
        lambda torch, y_hat, y, weight: torch.nn.functional.huber_loss(
            y_hat, y, weight=weight, delta=delta, reduction=reduction
        ),
        constants=(2,),
    )


def smooth_l1_loss(choice: Choice) -> Comparison:
    """The smooth absolute error; some predictions are exact."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    beta = choice.among([0.0, 0.5, 1.0, 2.5])
    y = choice.normal(*shape)
    y_hat = np.where(choice.normal(*shape) > 1.5, y, choice.normal(*shape))
    return of_function(
        choice,
        [y_hat, y],
        lambda y_hat, y: ops.smooth_l1_loss(y_hat, y, beta=beta, reduction=reduction),
        lambda torch, y_hat, y: torch.nn.functional.smooth_l1_loss(
            y_hat, y, beta=beta, reduction=reduction
        ),
    )


def poisson_nll_loss(choice: Choice) -> Comparison:
    """Counts, whole and not, and rates or their logarithms."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    settings: dict[str, Any] = {
        "log_input": bool(choice.integer(0, 1)),
        "full": bool(choice.integer(0, 1)),
        "eps": choice.among([1e-8, 0.1]),
        "reduction": reduction,
    }
    y = choice.among([choice.positive(*shape), choice.labels(5, *shape).astype(float)])
    whole = bool((y == np.floor(y)).all())
    z = choice.normal(*shape) if settings["log_input"] else choice.positive(*shape)
    return of_function(
        choice,
        [z, y],
        lambda z, y: ops.poisson_nll_loss(z, y, **settings),
        lambda torch, z, y: torch.nn.functional.poisson_nll_loss(z, y, **settings),
        # PyTorch's slope in a count of zero is not a number where Stirling's terms are asked for
        constants=(1,) if whole else (),
    )


def gaussian_nll_loss(choice: Choice) -> Comparison:
    """Variances of each element, of a row, of all; some below the bound."""
    shape, reduction = choice.shape(least=1), choice.among(REDUCTIONS)
    shared = choice.among([shape, (*shape[:-1], 1), shape[:-1]])
    var = choice.numbers(0, 2, shared)
    settings: dict[str, Any] = {
        "full": bool(choice.integer(0, 1)),
        "eps": choice.among([1e-6, 0.5]),
        "reduction": reduction,
    }
    var = np.maximum(var, 0.01)  # where slopes are not huge beside their differences
    return of_function(
        choice,
        [choice.normal(*shape), choice.normal(*shape), var],
        lambda y_hat, y, var: ops.gaussian_nll_loss(y_hat, y, var, **settings),
        lambda torch, y_hat, y, var: torch.nn.functional.gaussian_nll_loss(
            y_hat, y, var, **settings
        ),
    )


def kl_div(choice: Choice) -> Comparison:
    """The divergence of logarithms from probabilities, some of them zero, or from logarithms."""
    shape = choice.shape()
    reduction = choice.among([*REDUCTIONS, "batchmean"])
    log_target = bool(choice.integer(0, 1))
    p = choice.probabilities(*shape)
    some_zero = not log_target and bool(choice.integer(0, 1))
    if some_zero:
        p = np.where(choice.normal(*shape) > 1, 0.0, p)
    if log_target:
        p = np.log(p)

    def theirs(torch: Any, log_q: Any, p: Any) -> Any:
        # as the function with reduction="mean", without its warning
        losses = torch.nn.functional.kl_div(
            log_q, p, reduction="none", log_target=log_target
        )
        if reduction == "batchmean":
            return torch.nn.functional.kl_div(
                log_q, p, reduction="batchmean", log_target=log_target
            )
        return losses if reduction == "none" else getattr(losses, reduction)()

    return of_function(
        choice,
        [np.log(choice.probabilities(*shape)), p],
        lambda log_q, p: ops.kl_div(
            log_q, p, log_target=log_target, reduction=reduction
        ),
        theirs,
        # beside zeros PyTorch's slope in the target is not a number
        constants=(1,) if some_zero else (),
    )


CASES = [
    huber_loss,
    smooth_l1_loss,
    poisson_nll_loss,
    gaussian_nll_loss,
    kl_div,
]
