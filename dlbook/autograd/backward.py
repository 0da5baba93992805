"""The walk back: from a loss to the gradient of each of its parameters, newest call first.

There is no tape, no `.grad` field and nothing to reset: `grad` is a function of a graph that is already
there. Derivatives are first-order only, since a vjp works on arrays and leaves no graph behind.
"""

from __future__ import annotations

from operator import attrgetter
from sys import getrefcount
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd.core import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlbook.autograd.core import Array


def grad(loss: Tensor, parameters: Iterable[Tensor]) -> tuple[Array, ...]:
    r"""The gradient of a scalar loss with respect to each parameter.

    Reverse mode: with $dy = \partial L/\partial y$ known for every call $y$ that read $x$,
    $dx = \sum_y J_{yx}^\top\, dy$, where $J_{yx}$ is the Jacobian of that one call by $x$. One walk from the
    loss, newest call first, so that a value's gradient is complete before it is passed on. Only calls on a
    path to a parameter are visited.

    Args:
        loss: A tensor with a single element.
        parameters: The tensors to differentiate by, parameters or any other tensors of the graph.

    Returns:
        One array per parameter, in the order given, each of its parameter's shape and dtype, and each the
        caller's own.

    Raises:
        TypeError: If `loss` or a parameter is not a tensor, or a parameter's elements are not floats.
        ValueError: If the loss has more than one element, does not depend on a parameter, or depends on one
            through an argument that a primitive takes as a constant.

    Source:
        S. Linnainmaa (1970), master's thesis, University of Helsinki; A. Griewank and A. Walther,
        *Evaluating Derivatives*, 2nd ed., SIAM 2008, chapter 3.

    Examples:
        >>> w, x = Tensor(3.0), Tensor(2.0)
        >>> grad(w * x + x, [w, x])
        (array(2.), array(4.))
    """
    parameters = _checked(loss, parameters)

    calls = {id(loss): loss}
    todo = [loss]
    while todo:
        for x in todo.pop().inputs:
            if isinstance(x, Tensor) and id(x) not in calls:
                calls[id(x)] = x
                todo.append(x)

    kept = {id(p) for p in parameters}
    needed = kept.copy()
    path = []
    for y in sorted(calls.values(), key=attrgetter("order")):
        for x in y.inputs:
            if id(x) in needed:
                needed.add(id(y))
                path.append(y)
                break

    gradients = {id(loss): np.ones_like(loss.value)}
    sums: set[int] = set()
    while path:
        y = path.pop()
        dy = gradients[id(y)] if id(y) in kept else gradients.pop(id(y))
        dxs = _pull_back(y, dy, needed)
        for i, (x, dx) in enumerate(zip(y.inputs, dxs, strict=True)):
            if id(x) in needed:
                _add(_fitted(dx, y, i), id(x), gradients, sums)

    for i, p in enumerate(parameters):
        if id(p) not in gradients:
            raise ValueError(
                f"grad: parameters: the loss does not depend on number {i}, of shape {p.shape}"
            )
    return _separate([gradients[id(p)] for p in parameters])


def _checked(loss: Tensor, parameters: Iterable[Tensor]) -> Sequence[Tensor]:
    if not isinstance(loss, Tensor):
        raise TypeError(
            f"grad: loss: expected a Tensor, got {type(loss).__name__}; was it computed from tensors?"
        )
    if loss.size != 1:
        raise ValueError(
            f"grad: loss: expected a single element, got shape {loss.shape}; take its mean or sum"
        )
    if isinstance(parameters, Tensor):
        raise TypeError(
            "grad: parameters: expected a sequence of tensors, got one Tensor; write [parameter]"
        )
    parameters = list(parameters)
    for i, p in enumerate(parameters):
        if not isinstance(p, Tensor):
            raise TypeError(
                f"grad: parameters: expected tensors, got {type(p).__name__} as number {i}"
            )
        if p.dtype.kind != "f":
            raise TypeError(
                f"grad: parameters: expected floats, got {p.dtype} as number {i}"
            )
    return parameters


def _pull_back(y: Tensor, dy: Array, needed: set[int]) -> tuple[Any, ...]:
    """The vjp's gradients as a tuple; a vjp with the argument `needs` is told which are needed."""
    assert y.vjp is not None
    code = getattr(y.vjp, "__code__", None)
    if code is not None and "needs" in code.co_varnames[: code.co_argcount]:
        dxs = y.vjp(dy, tuple(id(x) in needed for x in y.inputs))
    else:
        dxs = y.vjp(dy)
    return dxs if isinstance(dxs, tuple) else (dxs,)


def _fitted(dx: Any, y: Tensor, i: int) -> Array:
    """A gradient in its tensor's dtype; a rule that returns another shape is at fault and is named."""
    x = y.inputs[i].value
    if dx is None:
        raise ValueError(
            f"{y.made_by}: input {i} is a constant of this primitive and has no gradient"
        )
    dx = np.asarray(dx, x.dtype)
    if dx.shape != x.shape:
        raise ValueError(
            f"{y.made_by}: its vjp returned shape {dx.shape} for an input of shape {x.shape}"
        )
    return dx


def _add(dx: Array, x: int, gradients: dict[int, Array], sums: set[int]) -> None:
    """Add to what has arrived for `x` so far; only an array that was made here, a sum, is written to."""
    if x in sums:
        gradients[x] += dx
    elif x in gradients:
        gradients[x] = np.asarray(gradients[x] + dx)
        sums.add(x)
    else:
        gradients[x] = dx


def _separate(gradients: list[Array]) -> tuple[Array, ...]:
    """Arrays that share nothing and can be written to; a rule may return a view, or one array for two inputs."""
    owned = {id(dx): dx for dx in gradients if _is_alone(dx)}
    return tuple(
        owned.pop(id(dx)) if id(dx) in owned else dx.copy() for dx in gradients
    )


def _is_alone(dx: Array) -> bool:
    """Whether an array can be written to and its memory is its own, or that of an array that nothing else holds."""
    whole = dx.flags.c_contiguous and dx.flags.writeable
    return whole and (dx.flags.owndata or _holders(dx) == _ALONE)


def _holders(view: Array) -> int:
    """How many references there are to the array that a view looks at."""
    return getrefcount(view.base)


_ALONE = _holders(np.empty(2)[1:])
