"""Derivatives checked against differences: the evidence behind every rule of the book.

Agreement on tested inputs is evidence, not proof. The checks here are made hard to pass by accident: random
directions, random cotangents (with a cotangent of ones, a softmax whose rule returns zero would pass), and
one verdict per input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]


class GradientMismatchError(AssertionError):
    """A vector-Jacobian product that central differences contradict."""


def check_vjp(
    primitive: Any,
    /,
    *inputs: Any,
    rng: np.random.Generator,
    directions: int = 4,
    tolerance: float = 1e-7,
    **settings: Any,
) -> float:
    r"""Hold a primitive's rule against central differences, in random directions.

    For each float input $x$, a random direction $u$ and a random cotangent $dy$, new ones each time,
    $$\langle dy,\; J u \rangle = \langle J^\top dy,\; u \rangle ,$$
    where the left side comes from $Ju \approx \frac{f(x + hu) - f(x - hu)}{2h}$ and the right side from the
    rule. The gap is their difference relative to the larger of the two, with
    $10^{-3} \lVert dy \rVert \lVert y \rVert$ as its floor (below it, rounding would be measured).
    A rule whose slopes are less than $10^{-10}$ of its values is therefore not tested by this.

    Args:
        primitive: A primitive, or any function that returns `(value, vjp)`.
        inputs: Its arrays. Those that are not of a float type get no direction.
        rng: Draws directions and cotangents.
        directions: How many of them for each input.
        tolerance: The largest gap that passes. The default suits float64, which is demanded.
        settings: The primitive's settings.

    Returns:
        The largest gap found.

    Raises:
        GradientMismatchError: If a gap exceeds the tolerance; names the primitive, the input and both values.
        TypeError: If no input, or one of another float type, could be checked in float64.
        ValueError: If there is nothing to check: no direction, or no element.

    Source:
        The test of adjoints: J. Claerbout, *Earth Soundings Analysis*, Blackwell 1992.

    Examples:
        >>> from dlbook.autograd import operators
        >>> rng = np.random.default_rng(0)
        >>> gap = check_vjp(operators.exp, rng.normal(size=5), rng=rng)
        >>> gap < 1e-9
        True
    """
    rule = getattr(primitive, "rule", primitive)
    name = getattr(rule, "__name__", repr(rule))
    values = [np.asarray(x) if x is not None else None for x in inputs]
    floats = {
        i: x for i, x in enumerate(values) if x is not None and x.dtype.kind == "f"
    }
    if not floats or any(x.dtype != np.float64 for x in floats.values()):
        raise TypeError(
            f"check_vjp: inputs: expected float64, got {[str(getattr(x, 'dtype', x)) for x in values]}"
        )
    if directions < 1 or not any(x.size for x in floats.values()):
        raise ValueError(
            f"check_vjp: expected a direction and an element at least, got directions={directions} "
            f"and inputs of shape {[x.shape for x in floats.values()]}"
        )
    y, vjp = rule(*values, **settings)
    worst = 0.0
    for i, x in floats.items():
        for _ in range(directions):
            u, dy = rng.normal(size=x.shape), rng.normal(size=np.shape(y))
            dxs = vjp(dy)
            dx = (dxs if isinstance(dxs, tuple) else (dxs,))[i]
            if dx is None or np.shape(dx) != x.shape:
                shape = None if dx is None else np.shape(dx)
                raise GradientMismatchError(
                    f"{name}: input {i}: expected a gradient of shape {x.shape}, got {shape}"
                )

            def along(
                t: float, i: int = i, x: Array = x, u: Array = u, dy: Array = dy
            ) -> float:
                moved = rule(*values[:i], x + t * u, *values[i + 1 :], **settings)[0]
                return float(np.sum(moved * dy))

            h = 6e-6 * max(1.0, float(np.abs(x).max(initial=0.0)))
            expected = (along(h) - along(-h)) / (2 * h)
            got = float(np.sum(dx * u))
            floor = 1e-3 * float(np.linalg.norm(dy) * np.linalg.norm(y))
            gap = abs(got - expected) / max(
                abs(got), abs(expected), floor, np.finfo(float).tiny
            )
            if not gap <= tolerance:  # a NaN fails too
                raise GradientMismatchError(
                    f"{name}: input {i}: the rule gives {got:.8g}, central differences {expected:.8g} "
                    f"(gap {gap:.1e}, at most {tolerance:.0e} allowed)"
                )
            worst = max(worst, gap)
    return worst


def numerical_gradient(
    f: Callable[[Array], Any], x: ArrayLike, *, h: float = 6e-6
) -> Array:
    r"""The gradient of a scalar function by central differences, one coordinate at a time.

    $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h},$$
    with an error of order $h^2$ from the truncated series and of order $\varepsilon / h$ from rounding;
    the default step, about $\sqrt[3]{\varepsilon}$, balances them for $x$ and $f$ of the order of 1. The
    distance divided by is the one that floating point really went. It costs two evaluations per coordinate.

    Args:
        f: Takes an array of the shape of `x`, returns one number.
        x: Where to differentiate, of any shape; it is not written to.
        h: The step.

    Raises:
        ValueError: If `f` returns more than one number, or a step is too small to change a coordinate.

    Examples:
        >>> numerical_gradient(lambda x: (x ** 2).sum(), [1.0, 2.0]).round(6)
        array([2., 4.])
    """
    x = np.array(x, dtype=np.float64)
    df = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        if kept + h == kept - h:
            raise ValueError(
                f"numerical_gradient: h: expected a step that changes {kept:g}, got {h:g}"
            )
        sides = []
        for moved in (kept + h, kept - h):
            x[i] = moved
            value = f(x.copy())
            if np.size(getattr(value, "value", value)) != 1:
                raise ValueError(
                    f"numerical_gradient: f: expected one number, got shape {np.shape(value)}"
                )
            sides.append(float(value))
        x[i] = kept
        df[i] = (sides[0] - sides[1]) / ((kept + h) - (kept - h))
    return df


def hvp(
    gradient: Callable[[Array], ArrayLike],
    x: ArrayLike,
    v: ArrayLike,
    *,
    h: float = 6e-6,
) -> Array:
    r"""The Hessian times a vector, $H v \approx \frac{\nabla f(x + hv) - \nabla f(x - hv)}{2h}$.

    The engine is first-order; second derivatives come from differences of its gradient. The rows of the
    identity as `v` give the whole Hessian.

    Args:
        gradient: The function $\nabla f$, from an array of the shape of `x` to another.
        x: Where to differentiate.
        v: The direction, of the shape of `x`.
        h: The step along `v`, which should be of the order of 1.

    Raises:
        ValueError: If the shapes of `x` and `v` differ.

    Examples:
        >>> hvp(lambda x: x ** 3, [1.0, 2.0], [1.0, 0.0]).round(6)
        array([3., 0.])
    """
    x, v = np.asarray(x, np.float64), np.asarray(v, np.float64)
    if x.shape != v.shape:
        raise ValueError(f"hvp: v: expected shape {x.shape}, that of x, got {v.shape}")
    return (np.asarray(gradient(x + h * v)) - np.asarray(gradient(x - h * v))) / (2 * h)
