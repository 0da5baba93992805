"""Activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def activation(choice: Choice) -> Comparison:
    """Functions of one score."""
    f = choice.among([ops.sigmoid, ops.tanh, ops.relu])
    return of_function(
        choice,
        [choice.normal(*choice.shape())],
        f,
        lambda torch, z: getattr(torch.nn.functional, f.rule.__name__)(z),
    )


def normalized(choice: Choice) -> Comparison:
    """Softmax and its logarithm, along any axis."""
    f, shape = choice.among([ops.softmax, ops.log_softmax]), choice.shape(least=1)
    axis = choice.integer(-len(shape), len(shape) - 1)
    return of_function(
        choice,
        [choice.numbers(-30, 30, shape)],
        lambda z: f(z, axis=axis),
        lambda torch, z: getattr(torch, f.rule.__name__)(z, dim=axis),
    )


CASES = [
    activation,
    normalized,
]
