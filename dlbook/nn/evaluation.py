"""What a layer computes in an evaluation, if it is something else than in training."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from dlbook.autograd import Tensor

if TYPE_CHECKING:
    from dlbook.autograd.core import Array
    from dlbook.nn.module import Module


def evaluated(layer: Module, y: Tensor) -> Tensor:
    """The same value; a gradient that passes through is refused, if training differs and the layer is not frozen.

    Args:
        layer: Which layer computed `y` in an evaluation.
        y: What it computed.
    """
    if layer.is_frozen or not layer.differs_in_training:
        return y
    name = type(layer).__name__

    def vjp(dy: Array) -> NoReturn:
        raise RuntimeError(
            f"{name}: expected a training pass, model(x, rng=rng), got a gradient through an evaluation, model(x); "
            f"if it is meant, model.freeze() first"
        )

    guarded = Tensor(y.value)
    if y.inputs:
        guarded.inputs, guarded.vjp, guarded.made_by = (y,), vjp, name
    return guarded
