"""How far off are predicted numbers? Named as in scikit-learn; truth comes first, predictions second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def mean_squared_error(y: ArrayLike, y_hat: ArrayLike, /) -> float:
    r"""The mean of the squared errors, $\frac1n \sum_i (\hat y_i - y_i)^2$, in the square of the target's unit.

    Args:
        y: The true values, in the shape (n,), or (n, k) for several outputs, which all count alike.
        y_hat: The predictions, in the same shape.

    Raises:
        TypeError: If there is anything but real numbers.
        ValueError: If there are no examples, a number is not finite, or the shapes differ.

    Examples:
        >>> mean_squared_error([2.0, 3.0, 7.0], [1.5, 4.0, 6.5])
        0.5
    """
    y, y_hat = _values("mean_squared_error", y, y_hat)
    return float(np.mean((y_hat - y) ** 2))


def mean_absolute_error(y: ArrayLike, y_hat: ArrayLike, /) -> float:
    r"""The mean of the errors' sizes, $\frac1n \sum_i |\hat y_i - y_i|$, in the target's unit.

    Args:
        y: The true values, in the shape (n,), or (n, k) for several outputs, which all count alike.
        y_hat: The predictions, in the same shape.

    Raises:
        TypeError: If there is anything but real numbers.
        ValueError: If there are no examples, a number is not finite, or the shapes differ.

    Examples:
        >>> round(mean_absolute_error([2.0, 3.0, 7.0], [1.5, 4.0, 6.5]), 3)
        0.667
    """
    y, y_hat = _values("mean_absolute_error", y, y_hat)
    return float(np.mean(np.abs(y_hat - y)))


def r2_score(y: ArrayLike, y_hat: ArrayLike, /) -> float:
    r"""The share of the variance that is explained.

    $$R^2 = 1 - \frac{\sum_i (\hat y_i - y_i)^2}{\sum_i (y_i - \bar y)^2}.$$
    1 is perfect; 0 is as good as the mean of these very targets; what is worse is negative. Of several outputs the
    mean of their scores is taken. Targets that are all equal have no variance to explain, and the call raises.
    (Scikit-learn then returns 1 for perfect predictions and else 0.)

    Args:
        y: The true values, in the shape (n,), or (n, k) for several outputs.
        y_hat: The predictions, in the same shape.

    Raises:
        TypeError: If there is anything but real numbers.
        ValueError: If all targets of an output are equal, there are no examples, a number is not finite, or
            the shapes differ.

    Examples:
        >>> round(r2_score([2.0, 3.0, 7.0], [1.5, 4.0, 6.5]), 3)
        0.893
    """
    y, y_hat = _values("r2_score", y, y_hat)
    if (y == y[0]).all(axis=0).any():
        raise ValueError(
            f"r2_score: y: expected targets that differ, got {len(y)} equal ones, so the ratio has no value"
        )
    total = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    return float(np.mean(1 - ((y_hat - y) ** 2).sum(axis=0) / total))


def _values(name: str, y: ArrayLike, y_hat: ArrayLike) -> tuple[Array, Array]:
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    for argument, values in (("y", y), ("y_hat", y_hat)):
        if values.dtype.kind not in "fiub":
            raise TypeError(f"{name}: {argument}: expected numbers, got {values.dtype}")
        if not np.isfinite(values).all():
            raise ValueError(
                f"{name}: {argument}: expected finite numbers, got {values[~np.isfinite(values)][0]}"
            )
    if y.ndim not in (1, 2) or y.size == 0:
        raise ValueError(
            f"{name}: y: expected shape (n,) or (n, k) with at least one example, got {y.shape}"
        )
    if y_hat.shape != y.shape:
        raise ValueError(
            f"{name}: y_hat: expected shape {y.shape}, that of y, got {y_hat.shape}"
        )
    return y.astype(np.float64), y_hat.astype(np.float64)
