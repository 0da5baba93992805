"""Activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def elementwise(choice: Choice, f: Any, **settings: Any) -> Comparison:
    """A function of one score, of PyTorch's name and with its settings."""
    return of_function(
        choice,
        [choice.numbers(-12, 12, choice.shape())],
        lambda z: f(z, **settings),
        lambda torch, z: getattr(torch.nn.functional, f.rule.__name__)(z, **settings),
    )


def squashing(choice: Choice) -> Comparison:
    """Functions that squash."""
    return elementwise(
        choice, choice.among([ops.sigmoid, ops.tanh, ops.softsign, ops.logsigmoid])
    )


def step(choice: Choice) -> Comparison:
    """The step, which has no gradient there, and the function that does nothing."""
    f = choice.among([ops.identity, ops.heaviside])
    shape = choice.shape()
    z = choice.normal(*shape).round()  # zero is among them
    if f is ops.identity:
        return of_function(choice, [z], ops.identity, lambda torch, z: z * 1)
    tail = shape[choice.integer(0, len(shape)) :]
    return of_function(
        choice,
        [z, choice.normal(*tail)],
        ops.heaviside,
        lambda torch, z, values: torch.heaviside(z.detach(), values) + 0 * z,
        constants=(1,),
    )


def threshold(choice: Choice) -> Comparison:
    """A score above the threshold, or a value."""
    theta, value = map(float, choice.normal(2))
    return elementwise(choice, ops.threshold, threshold=theta, value=value)


def rectifier(choice: Choice) -> Comparison:
    """Rectifiers with a slope on either side."""
    if choice.integer(0, 1):
        return elementwise(choice, ops.relu)
    return elementwise(
        choice, ops.leaky_relu, negative_slope=float(choice.normal(1)[0])
    )


def prelu(choice: Choice) -> Comparison:
    """The rectifier whose slope is learned, one or one per channel."""
    shape = choice.shape()
    per_channel = len(shape) > 1 and choice.integer(0, 1)
    weight = choice.normal(shape[1] if per_channel else 1)
    if not per_channel and choice.integer(0, 1):
        weight = weight.reshape(())
    return of_function(
        choice,
        [choice.normal(*shape), weight],
        ops.prelu,
        lambda torch, z, weight: torch.nn.functional.prelu(z, weight),
    )


def exponential(choice: Choice) -> Comparison:
    """Rectifiers that level off."""
    f = choice.among([ops.elu, ops.celu, ops.selu])
    if f is ops.selu or choice.integer(0, 2) == 0:
        return elementwise(choice, f)
    alpha = float(choice.positive(1)[0])
    if f is ops.elu:
        return elementwise(choice, f, alpha=alpha)
    # PyTorch's slope of celu has 1 / alpha in float32, so it is composed from elu
    return of_function(
        choice,
        [choice.numbers(-12, 12, choice.shape())],
        lambda z: ops.celu(z, alpha=alpha),
        lambda torch, z: alpha * torch.nn.functional.elu(z / alpha),
    )


def softplus(choice: Choice) -> Comparison:
    """The smooth ramp, with its sharpness and its threshold."""
    settings = {}
    if choice.integer(0, 1):
        settings["beta"] = float(choice.positive(1)[0])
    if choice.integer(0, 1):
        settings["threshold"] = float(choice.positive(1)[0])
    return elementwise(choice, ops.softplus, **settings)


def gating(choice: Choice) -> Comparison:
    """Scores that are their own gates."""
    f = choice.among([ops.silu, ops.mish, ops.gelu])
    if f is not ops.gelu or choice.integer(0, 1):
        return elementwise(choice, f)
    return elementwise(choice, f, approximate=choice.among(["none", "tanh"]))


def hard(choice: Choice) -> Comparison:
    """Functions put together from straight pieces."""
    f = choice.among([ops.hardtanh, ops.relu6, ops.hardsigmoid, ops.hardswish])
    if f is ops.hardtanh and choice.integer(0, 1):
        low, wide = float(choice.normal(1)[0]), float(choice.positive(1)[0])
        return elementwise(choice, f, min_val=low, max_val=low + wide)
    if f is not ops.hardsigmoid:
        return elementwise(choice, f)
    # PyTorch's slope of hardsigmoid is 1 / 6 in float32, so it is composed from relu6
    return of_function(
        choice,
        [choice.numbers(-12, 12, choice.shape())],
        ops.hardsigmoid,
        lambda torch, z: torch.nn.functional.relu6(z + 3) / 6,
    )


def shrinkage(choice: Choice) -> Comparison:
    """Small scores toward zero."""
    f = choice.among([ops.tanhshrink, ops.softshrink, ops.hardshrink])
    if f is ops.tanhshrink or choice.integer(0, 2) == 0:
        return elementwise(choice, f)
    return elementwise(choice, f, lambd=float(choice.positive(1)[0]))


def normalized(choice: Choice) -> Comparison:
    """Softmax, its logarithm and softmin, along any axis."""
    f = choice.among([ops.softmax, ops.log_softmax, ops.softmin])
    shape = choice.shape(least=1)
    axis = choice.integer(-len(shape), len(shape) - 1)
    return of_function(
        choice,
        [choice.numbers(-30, 30, shape)],
        lambda z: f(z, axis=axis),
        lambda torch, z: getattr(torch.nn.functional, f.rule.__name__)(z, dim=axis),
    )


def gated(choice: Choice) -> Comparison:
    """One half of an axis gates the other."""
    shape = choice.shape(least=1)
    axis = choice.integer(-len(shape), len(shape) - 1)
    doubled = [*shape]
    doubled[axis] *= 2
    return of_function(
        choice,
        [choice.normal(*doubled)],
        lambda z: ops.glu(z, axis=axis),
        lambda torch, z: torch.nn.functional.glu(z, dim=axis),
    )


CASES = [
    squashing,
    step,
    threshold,
    rectifier,
    prelu,
    exponential,
    softplus,
    gating,
    hard,
    shrinkage,
    normalized,
    gated,
]
