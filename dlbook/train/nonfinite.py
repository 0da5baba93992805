"""Where the first number that is not finite came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import Tensor, no_grad
from dlbook.nn import Module
from dlbook.train.run import set_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dlbook.autograd.core import Array
    from dlbook.train.run import Run


def origin_in_pass(run: Run, x: Array, state: Any) -> str:
    """What is the first in a training pass that is not finite, in words.

    The pass is run again, with the generator as it was, and each module's output is looked at.

    Args:
        run: The run whose loss is not finite.
        x: The batch.
        state: The generator's state before the pass.
    """
    if not _is_finite(x):
        return "the examples"
    if not isinstance(run.model, Module):
        return "the model or the loss"
    for name, parameter in run.model.named_parameters():
        if not _is_finite(parameter):
            return name
    found: list[str] = []
    modules = run.model.named_modules()
    for name, module in modules:
        module.forward = _watched(module.forward, _called(name, module), found)
    try:
        set_state(run.rng, state)
        with no_grad(), np.errstate(all="ignore"):
            run.model(x, rng=run.rng)
    finally:
        for _, module in modules:
            del module.forward  # the class has its own
    return found[0] if found else "the loss, of finite outputs"


def origin_in_gradients(run: Run, gradients: Iterable[Array]) -> str:
    """The first parameter on the way back whose gradient is not finite; nothing, if all are."""
    model = run.model
    named = model.named_parameters() if isinstance(model, Module) else []
    names = {id(parameter): name for name, parameter in named}
    wrong = [
        names.get(id(p), f"parameter {i}")
        for i, (p, g) in enumerate(
            zip(run.optimizer.parameters, gradients, strict=True)
        )
        if not _is_finite(g)
    ]
    return wrong[-1] if wrong else ""


def _watched(
    forward: Callable[..., Any], name: str, found: list[str]
) -> Callable[..., Any]:
    def watched(*inputs: Any, **settings: Any) -> Any:
        y = forward(*inputs, **settings)
        if not found and not _is_finite(y):
            found.append(f"the output of {name}")
        return y

    return watched


def _is_finite(y: Any) -> bool:
    if isinstance(y, (list, tuple)):
        return all(map(_is_finite, y))
    value = y.value if isinstance(y, Tensor) else np.asarray(y)
    return value.dtype.kind not in "fc" or bool(np.isfinite(value).all())


def _called(name: str, module: Module) -> str:
    return f"{name} ({type(module).__name__})" if name else type(module).__name__
