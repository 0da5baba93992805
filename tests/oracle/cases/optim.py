"""Optimizers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import optim
from dlbook.autograd import Parameter
from tests.oracle.cases.comparison import Comparison

if TYPE_CHECKING:
    from tests.oracle.cases.comparison import Arrays
    from tests.oracle.choice import Choice


STEPS = 200


def steps(choice: Choice, name: str, settings: dict[str, Any]) -> Comparison:
    """Two parameters after 200 steps of an optimizer along the same waves of gradients.

    The gradients are given, and none vanishes for long: near a minimum Adam divides one rounding error by
    another, and two true runs of it part ways.
    """
    starts = [choice.normal(3, 2), choice.normal(2)]
    waves = [
        (choice.positive(*w.shape), choice.positive(*w.shape), choice.normal(*w.shape))
        for w in starts
    ]
    gradients = [
        [a * np.cos(frequency * i + phase) for a, frequency, phase in waves]
        for i in range(200)
    ]

    def by_us() -> Arrays:
        parameters = [Parameter(w) for w in starts]
        optimizer = getattr(optim, name)(parameters, **settings)
        for dws in gradients:
            optimizer.step(dws)
        return {f"parameter {i}": p.value for i, p in enumerate(parameters)}

    def by_them(torch: Any) -> Arrays:
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)  # it keeps products of settings in it
        try:
            parameters = [torch.tensor(w, requires_grad=True) for w in starts]
            optimizer = getattr(torch.optim, name)(parameters, **settings)
            for dws in gradients:
                for p, dw in zip(parameters, dws, strict=True):
                    p.grad = torch.tensor(dw)
                optimizer.step()
        finally:
            torch.set_default_dtype(usual)
        return {f"parameter {i}": p.detach().numpy() for i, p in enumerate(parameters)}

    return Comparison(by_us, by_them)


def sgd(choice: Choice) -> Comparison:
    """Gradient descent with momentum, Nesterov, dampening and weight decay."""
    settings: dict[str, Any] = {
        "lr": choice.among([0.01, 0.3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    kind = choice.among(["plain", "momentum", "dampening", "nesterov"])
    if kind != "plain":
        settings["momentum"] = 0.9
    if kind == "dampening":
        settings["dampening"] = 0.5
    if kind == "nesterov":
        settings["nesterov"] = True
    return steps(choice, "SGD", settings)


def adam_settings(choice: Choice) -> dict[str, Any]:
    """What Adam and its kin have in common."""
    return {
        "lr": choice.among([1e-3, 0.1]),
        "betas": choice.among([(0.9, 0.999), (0.5, 0.9), (0.0, 0.99)]),
        "eps": choice.among([1e-8, 1e-3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }


def adam(choice: Choice) -> Comparison:
    """Adam and AMSGrad, with their settings."""
    amsgrad = choice.among([False, True])
    return steps(choice, "Adam", adam_settings(choice) | {"amsgrad": amsgrad})


def adamw(choice: Choice) -> Comparison:
    """Adam with weights that decay by themselves."""
    amsgrad = choice.among([False, True])
    return steps(choice, "AdamW", adam_settings(choice) | {"amsgrad": amsgrad})


def nadam(choice: Choice) -> Comparison:
    """Adam with Nesterov's look ahead."""
    decay = choice.among([4e-3, 0.0, 0.5])
    return steps(choice, "NAdam", adam_settings(choice) | {"momentum_decay": decay})


def adagrad(choice: Choice) -> Comparison:
    """Sums of squares."""
    settings = {
        "lr": choice.among([1e-2, 0.3]),
        "lr_decay": choice.among([0.0, 0.1]),
        "weight_decay": choice.among([0.0, 0.1]),
        "initial_accumulator_value": choice.among([0.0, 0.5]),
        "eps": choice.among([1e-10, 1e-3]),
    }
    return steps(choice, "Adagrad", settings)


def rmsprop(choice: Choice) -> Comparison:
    """Mean squares; centered; with momentum."""
    settings = {
        "lr": choice.among([1e-3, 0.1]),
        "alpha": choice.among([0.99, 0.5]),
        "eps": choice.among([1e-8, 1e-3]),
        "weight_decay": choice.among([0.0, 0.1]),
        "momentum": choice.among([0.0, 0.9]),
        "centered": choice.among([False, True]),
    }
    return steps(choice, "RMSprop", settings)


def adadelta(choice: Choice) -> Comparison:
    """Two mean squares."""
    settings = {
        "lr": choice.among([1.0, 0.1]),
        "rho": choice.among([0.9, 0.5]),
        "eps": choice.among([1e-6, 1e-3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    return steps(choice, "Adadelta", settings)


def schedules(choice: Choice) -> Comparison:
    """Learning rates over forty steps."""
    lr = choice.among([1.0, 0.1])
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("StepLR", {"step_size": 7, "gamma": 0.3}),
        ("MultiStepLR", {"milestones": [3, 10, 10, 25], "gamma": 0.5}),
        ("ExponentialLR", {"gamma": 0.9}),
        ("LinearLR", {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 9}),
        ("CosineAnnealingLR", {"T_max": 40, "eta_min": 0.01}),
        ("OneCycleLR", {"max_lr": lr, "total_steps": 40, "pct_start": 0.2}),
    ]
    name, settings = choice.among(kinds)
    own: dict[str, Any] = {} if name == "OneCycleLR" else {"lr": lr}
    # in PyTorch the cycle turns the momentum, too, unless it is told not to
    alone = {"cycle_momentum": False} if name == "OneCycleLR" else {}

    def by_us() -> Arrays:
        schedule = getattr(optim, name)(**own, **settings)
        return {"rates": np.array([schedule(k) for k in range(40)])}

    def by_them(torch: Any) -> Arrays:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
        scheduler = getattr(torch.optim.lr_scheduler, name)(
            optimizer, **settings, **alone
        )
        rates = []
        for _ in range(40):
            rates.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        return {"rates": np.array(rates)}

    return Comparison(by_us, by_them)


def clipping(choice: Choice) -> Comparison:
    """Gradients made shorter."""
    gradients = [choice.normal(3, 2), choice.normal(4)]
    bound = choice.among([0.1, 3.0, 100.0])
    by_norm = choice.among([True, False])

    def by_us() -> Arrays:
        if not by_norm:
            clipped = optim.clip_grad_value(gradients, bound)
            return {str(i): g for i, g in enumerate(clipped)}
        clipped, norm = optim.clip_grad_norm(gradients, bound)
        return {str(i): g for i, g in enumerate(clipped)} | {"norm": np.array(norm)}

    def by_them(torch: Any) -> Arrays:
        parameters = [torch.zeros(g.shape, dtype=torch.float64) for g in gradients]
        for p, g in zip(parameters, gradients, strict=True):
            p.grad = torch.tensor(g)
        if by_norm:
            norm = torch.nn.utils.clip_grad_norm_(parameters, bound)
            kept = {"norm": norm.numpy()}
        else:
            torch.nn.utils.clip_grad_value_(parameters, bound)
            kept = {}
        return {str(i): p.grad.numpy() for i, p in enumerate(parameters)} | kept

    return Comparison(by_us, by_them)


CASES = [
    sgd,
    adam,
    adamw,
    nadam,
    adagrad,
    rmsprop,
    adadelta,
    schedules,
    clipping,
]
