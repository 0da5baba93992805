r"""Derivatives by differences, good to about eleven digits: `d(f, x)` is the slope, gradient or Jacobian of f.

Central differences with steps that are halved again and again have errors in even powers of the step, so
Richardson's extrapolation removes one power after the other (Ridders 1982). Of all the extrapolated values the
one with the smallest estimated error is taken: large steps suit smooth functions, small ones those that bend,
break off or end nearby.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LEVELS = 12
_FIRST_STEP = 0.1  # times the size of x
_SETTLED = 1e-6


def d(f: Callable[[Any], Any], x: Any) -> Any:
    r"""The derivative of a function at a point.

    Args:
        f: Takes a number or an array, returns a number or an array.
        x: The point, a number or an array of any shape.

    Returns:
        $\partial f / \partial x$, of the shape of `f(x)` followed by that of `x`; a number for numbers.

    Raises:
        TypeError: If the first argument is no function.
        ValueError: If the differences settle on no value: the function is not smooth there.
    """
    if not callable(f):
        told = f"d: expected a function and a point, got {f!r} for the function"
        raise TypeError(f"{told}: write d(f, x), and d(f, x)[k] for one element")
    x = np.asarray(getattr(x, "value", x), dtype=np.float64)
    value = number(f(_argument(x)))  # outside of the net below: f must work at x
    jacobian = np.empty(value.shape + x.shape)
    with np.errstate(all="ignore"):
        for i in np.ndindex(x.shape):
            jacobian[..., *i] = _partial(f, x, i, value)
    return jacobian[()]


def number(value: Any) -> Array:
    """A value as an array of floats, whatever holds it."""
    return np.asarray(getattr(value, "value", value), dtype=np.float64)


def _argument(x: Array) -> Any:
    return float(x) if x.ndim == 0 else x.copy()


def _partial(
    f: Callable[[Any], Any], x: Array, i: tuple[int, ...], middle: Array
) -> Array:
    """The slope along one coordinate, element by element the best of the extrapolations."""
    shape = middle.shape

    def quotient(h: float) -> tuple[Array, Array, Array]:
        """The difference quotient, what rounding may have done to it, and by how much the sides differ."""
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        try:
            sides = number(f(_argument(up))), number(f(_argument(down)))
        except (ArithmeticError, ValueError):  # beyond the function's domain
            nothing = np.full(shape, np.inf)
            return np.full(shape, np.nan), nothing, nothing
        rounding = 2.0**-53 * np.maximum(*np.abs(sides)) / h
        bend = np.abs(sides[0] - 2 * middle + sides[1]) / h
        return (sides[0] - sides[1]) / (up[i] - down[i]), rounding, bend

    best, error = np.full(shape, np.nan), np.full(shape, np.inf)
    h = _FIRST_STEP * max(abs(float(x[i])), 0.1)
    value, _, bend = quotient(h)
    previous = [value]
    for _ in range(_LEVELS):
        h /= 2
        before = bend
        value, rounding, bend = quotient(h)
        row = [value]
        for order, older in enumerate(previous, 1):
            factor = 4.0**order
            row.append((factor * row[-1] - older) / (factor - 1))
            spread = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - older))
            estimate = spread + rounding  # a small spread may be luck
            better = estimate < error
            best = np.where(better, row[-1], best)
            error = np.where(better, estimate, error)
        previous = row
        if np.all(error <= np.maximum(2e-14 * np.maximum(1.0, np.abs(best)), rounding)):
            break
    scale = np.maximum(1.0, np.abs(best))
    # the slopes to the left and to the right grow alike as the step is halved, unless there is a kink
    kink = (bend > 0.75 * before) & (bend > _SETTLED * scale + 16 * rounding)
    if kink.any() or not np.all(error <= _SETTLED * scale):
        where = f" in coordinate {list(i)}" if i else ""
        raise ValueError(
            f"d: f: expected a function that is smooth at {x[i]:.6g}{where}, "
            "got one whose difference quotients do not settle"
        )
    return best
