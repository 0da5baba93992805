"""Plain gradient descent of any function of an array, with its whole path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]


def gradient_descent(
    gradient: Callable[[Array], ArrayLike],
    start: ArrayLike,
    *,
    lr: float,
    steps: int,
) -> Array:
    r"""Walk against the gradient, and return every point of the way.

    $$x_{k+1} = x_k - \eta\, \nabla f(x_k), \qquad k = 0, 1, \dots, \text{steps} - 1.$$

    It takes the gradient, and not the function, because descent looks at nothing else: neither how high it is
    nor whether it came lower. So it descends a formula's gradient, as `hvp` takes it, and one by the engine
    alike: `lambda x: grad(f(p := Parameter(x)), [p])[0]`. It does not stop by itself. If $f$ is quadratic and all
    its curvatures are positive, the largest of them $L$, it converges from every start exactly for $0 < \eta < 2/L$.

    Args:
        gradient: The function $\nabla f$, from an array of the shape of `start` to another. It gets a copy.
        start: $x_0$, of any shape; it is not written to.
        lr: The learning rate $\eta$, above 0.
        steps: How many steps, at least 0.

    Returns:
        The points $x_0, x_1, \dots$ in the shape `(steps + 1, *start.shape)`. Their type is that of `start` if
        it is a float, else float64.

    Raises:
        TypeError: If `start` or a gradient is not real numbers, `lr` not one number, or `steps` not a whole one.
        ValueError: If `lr` or `steps` is out of its range, `start` is not finite, or a gradient has another
            shape.
        FloatingPointError: If a gradient or a point is not finite; the step is named.

    Source:
        A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus
        25 (1847).

    Examples:
        On $f(x) = x^2 / 2$, whose curvature is 1, a step multiplies $x$ by $1 - \eta$. The bound is 2:

        >>> for lr in (1.99, 2.00, 2.01):
        ...     path = gradient_descent(lambda x: x, 1.0, lr=lr, steps=100)
        ...     print(lr, path[[1, 2, 100]].round(2))
        1.99 [-0.99  0.98  0.37]
        2.0 [-1.  1.  1.]
        2.01 [-1.01  1.02  2.7 ]
    """
    x = _checked(start, lr, steps)
    path = np.empty((steps + 1, *x.shape), x.dtype)
    path[0] = x
    with np.errstate(over="ignore", invalid="ignore"):  # told below, with the step
        for k in range(steps):
            g = np.asarray(gradient(np.array(path[k])))
            if g.dtype.kind not in "biuf":
                raise TypeError(
                    f"gradient_descent: gradient at step {k + 1}: expected real numbers, got {g.dtype}"
                )
            if g.shape != x.shape:
                raise ValueError(
                    f"gradient_descent: gradient at step {k + 1}: expected shape {x.shape}, got {g.shape}"
                )
            path[k + 1] = path[k] - lr * g
            if not np.isfinite(path[k + 1]).all():
                what = "point" if np.isfinite(g).all() else "gradient"
                raise FloatingPointError(
                    f"gradient_descent: {what} at step {k + 1}: expected finite numbers, got others; "
                    f"is the learning rate {lr:g} too large?"
                )
    return path


def _checked(start: ArrayLike, lr: float, steps: int) -> Array:
    """The start as floats, if it and the settings can be meant."""
    x = np.asarray(start)
    if x.dtype.kind not in "biuf":
        raise TypeError(
            f"gradient_descent: start: expected real numbers, got {x.dtype}"
        )
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    if not np.isfinite(x).all():
        raise ValueError("gradient_descent: start: expected finite numbers, got others")
    if not isinstance(lr, int | float | np.number):
        raise TypeError(f"gradient_descent: lr: expected a number, got {lr!r}")
    if not (np.isfinite(lr) and lr > 0):
        raise ValueError(
            f"gradient_descent: lr: expected a finite number above 0, got {lr!r}"
        )
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer):
        raise TypeError(
            f"gradient_descent: steps: expected a whole number, got {steps!r}"
        )
    if steps < 0:
        raise ValueError(f"gradient_descent: steps: expected at least 0, got {steps}")
    return x
