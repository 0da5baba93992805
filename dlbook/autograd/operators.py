"""Arithmetic, shapes and reductions: the primitives behind a tensor's operators and methods.

They follow NumPy's rules, broadcasting included. An input that was stretched over an axis was used many
times along it, so its gradient is summed over that axis; `unbroadcast` does so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd.core import primitive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlbook.autograd.core import Rule

    Array = NDArray[Any]
    Axis = int | tuple[int, ...] | None


def unbroadcast(dy: Array, x: Any) -> Array:
    """Sum a gradient over the axes along which `x` was stretched, back to the shape of `x`.

    Args:
        dy: A gradient of the broadcast shape.
        x: The input that broadcasting stretched; only its shape counts.

    Examples:
        >>> unbroadcast(np.ones((2, 3)), np.zeros(3))
        array([2., 2., 2.])
        >>> unbroadcast(np.ones((2, 3)), np.zeros((2, 1)))
        array([[3.],
               [3.]])
    """
    shape = np.shape(x)
    if dy.shape == shape:
        return dy
    dy = dy.sum(axis=tuple(range(dy.ndim - len(shape))))
    return dy.sum(
        axis=tuple(i for i, n in enumerate(shape) if n == 1 and dy.shape[i] != 1),
        keepdims=True,
    )


@primitive
def add(x: Any, y: Any, /) -> Rule:
    r"""$z = x + y$, element by element, with broadcasting.

    Examples:
        >>> add([1.0, 2.0, 3.0, 4.0], 100)
        array([101., 102., 103., 104.])
    """
    return np.add(x, y), lambda dz: (unbroadcast(dz, x), unbroadcast(dz, y))


@primitive
def subtract(x: Any, y: Any, /) -> Rule:
    r"""$z = x - y$, element by element, with broadcasting.

    Examples:
        >>> subtract([3.0, 5.0], [1.0, 1.0])
        array([2., 4.])
    """
    return np.subtract(x, y), lambda dz: (unbroadcast(dz, x), unbroadcast(-dz, y))


@primitive
def multiply(x: Any, y: Any, /) -> Rule:
    r"""$z = x \odot y$, element by element, with broadcasting; $dx = dz \odot y$.

    Examples:
        >>> multiply([1.0, 2.0], [3.0, 4.0])
        array([3., 8.])
    """

    def vjp(dz: Array) -> tuple[Array, Array]:
        return unbroadcast(dz * y, x), unbroadcast(dz * x, y)

    return np.multiply(x, y), vjp


@primitive
def divide(x: Any, y: Any, /) -> Rule:
    r"""$z = x / y$, element by element; $dx = dz / y$ and $dy = -dx \odot z$.

    Examples:
        >>> divide([1.0, 4.0], 2.0)
        array([0.5, 2. ])
    """
    z = np.divide(x, y)

    def vjp(dz: Array) -> tuple[Array, Array]:
        dx = dz / y
        return unbroadcast(dx, x), unbroadcast(-dx * z, y)

    return z, vjp


@primitive
def power(x: Any, y: Any, /) -> Rule:
    r"""$z = x^y$, element by element; $dx = dz\, y x^{y-1}$ and $dy = dz\, z \ln x$.

    The slope in $y$ is $z \ln x$ for $x > 0$, and 0 for $x = 0 < y$, where $0^y$ is constant. At $x = y = 0$,
    where $0^y$ jumps, 0 is returned; for a negative base the slope in $y$ is NaN. The slope in $x$ is 0 for
    $y = 0$, since $x^0$ is constant.

    Examples:
        >>> power([1.0, 2.0, 3.0], 2)
        array([1., 4., 9.])
    """
    z = np.power(x, y)

    def vjp(
        dz: Array, needs: tuple[bool, bool] = (True, True)
    ) -> tuple[Array | None, Array | None]:
        dx = dy = None
        if needs[0]:
            dx = unbroadcast(
                dz
                * np.where(
                    np.equal(y, 0),
                    0,
                    y * np.power(x, np.where(np.equal(y, 0), 1, y - 1)),
                ),
                x,
            )
        if needs[1]:
            with np.errstate(invalid="ignore"):
                dy = unbroadcast(dz * z * np.log(np.where(np.equal(x, 0), 1, x)), y)
        return dx, dy

    return z, vjp


@primitive
def negative(x: Any, /) -> Rule:
    """$y = -x$.

    Examples:
        >>> negative([1.0, -2.0])
        array([-1.,  2.])
    """
    return np.negative(x), lambda dy: -dy


@primitive
def exp(x: Any, /) -> Rule:
    r"""$y = e^x$, element by element; $dx = dy \odot y$.

    Examples:
        >>> exp([0.0, 1.0])
        array([1.        , 2.71828183])
    """
    y = np.exp(x)
    return y, lambda dy: dy * y


@primitive
def log(x: Any, /) -> Rule:
    r"""$y = \ln x$, the natural logarithm; $dx = dy / x$.

    Examples:
        >>> log([1.0, 2.0])
        array([0.        , 0.69314718])
    """
    return np.log(x), lambda dy: dy / x


@primitive
def matmul(x: Any, y: Any, /) -> Rule:
    r"""$z = x y$, the matrix product, over stacks of matrices as in `np.matmul`.

    For matrices $dx = dz\, y^\top$ and $dy = x^\top dz$; a vector on the left counts as a
    row, on the right as a column.

    Examples:
        >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]])
    """
    z = np.matmul(x, y)

    def vjp(
        dz: Array, needs: tuple[bool, bool] = (True, True)
    ) -> tuple[Array | None, Array | None]:
        rows = np.atleast_2d(x)
        columns = y if np.ndim(y) > 1 else np.reshape(y, (-1, 1))
        dz = dz if np.ndim(y) > 1 else np.expand_dims(dz, -1)
        dz = dz if np.ndim(x) > 1 else np.expand_dims(dz, -2)
        dx = dy = None
        if needs[0]:
            dx = unbroadcast(dz @ np.swapaxes(columns, -1, -2), rows).reshape(
                np.shape(x)
            )
        if needs[1]:
            dy = unbroadcast(np.swapaxes(rows, -1, -2) @ dz, columns).reshape(
                np.shape(y)
            )
        return dx, dy

    return z, vjp


@primitive
def getitem(x: Any, /, *, index: Any) -> Rule:
    """`x[index]`, with every kind of index that NumPy knows; an element picked twice is paid twice.

    Examples:
        >>> getitem(np.array([1.0, 2.0, 3.0]), index=slice(1, None))
        array([2., 3.])
        >>> from dlbook.autograd import Tensor, grad
        >>> x = Tensor([1.0, 2.0, 3.0])
        >>> grad(x[[0, 0, 2]].sum(), [x])
        (array([2., 0., 1.]),)
    """

    def vjp(dy: Array) -> Array:
        dx = np.zeros(np.shape(x), dy.dtype)
        if _picks_once(index):
            dx[index] = dy
        else:
            np.add.at(dx, index, dy)
        return dx

    return np.asarray(x)[index], vjp


def _picks_once(index: Any) -> bool:
    """Whether no element can be picked twice: numbers and slices, no arrays."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or (isinstance(part, int | np.integer | slice) and not isinstance(part, bool))
        for part in parts
    )


@primitive
def reshape(x: Any, /, *, shape: int | tuple[int, ...]) -> Rule:
    """The same elements, in the same order, under another shape.

    Raises:
        ValueError: If the sizes differ, or a length is negative other than one single -1. (NumPy itself
            takes any negative length for -1.)

    Examples:
        >>> reshape(np.arange(6.0), shape=(2, -1))
        array([[0., 1., 2.],
               [3., 4., 5.]])
    """
    if any(n < -1 for n in ((shape,) if isinstance(shape, int) else shape)):
        raise ValueError(
            f"reshape: shape: expected lengths of at least 0, or one -1, got {shape}"
        )
    return np.reshape(x, shape), lambda dy: dy.reshape(np.shape(x))


@primitive
def transpose(x: Any, /, *, axes: tuple[int, ...] | None = None) -> Rule:
    """The axes in another order; reversed if none is given.

    Examples:
        >>> transpose(np.zeros((2, 3, 5)), axes=(2, 0, 1)).shape
        (5, 2, 3)
    """
    y = np.transpose(x, axes)
    back = None if axes is None else np.argsort([axis % y.ndim for axis in axes])
    return y, lambda dy: np.transpose(dy, back)


def _spread(dy: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """Give a reduction's gradient back the axes that it lost, so that it broadcasts over `x`."""
    return dy if keepdims or axis is None else np.expand_dims(dy, axis)


@primitive
def sum(x: Any, /, *, axis: Axis = None, keepdims: bool = False) -> Rule:
    r"""$y = \sum x$ over the given axes (over all, if none is given).

    Examples:
        >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
        array([4., 6.])
    """
    x = np.asarray(x)
    y = np.asarray(x.sum(axis=axis, keepdims=keepdims))
    return y, lambda dy: np.broadcast_to(_spread(dy, x, axis, keepdims), x.shape)


@primitive
def mean(x: Any, /, *, axis: Axis = None, keepdims: bool = False) -> Rule:
    r"""$y = \frac1n \sum x$ over the $n$ elements of the given axes.

    Raises:
        ValueError: If there is nothing to average.

    Examples:
        >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=1)
        array([1.5, 3.5])
    """
    x = np.asarray(x)
    if x.size == 0:
        raise ValueError(f"mean: x: expected at least one element, got shape {x.shape}")
    y = np.asarray(x.mean(axis=axis, keepdims=keepdims))
    n = x.size // y.size
    return y, lambda dy: np.broadcast_to(_spread(dy, x, axis, keepdims) / n, x.shape)


@primitive
def max(x: Any, /, *, axis: int | None = None, keepdims: bool = False) -> Rule:
    """The largest element along an axis (of all, if none is given).

    Of tied elements the first one wins, and it alone receives the gradient.

    Examples:
        >>> max([[1.0, 5.0], [7.0, 2.0]], axis=1)
        array([5., 7.])
    """
    x = np.asarray(x)
    y = np.asarray(x.max(axis=axis, keepdims=keepdims))
    winner = x.argmax(axis=axis, keepdims=True)

    def vjp(dy: Array) -> Array:
        dx = np.zeros_like(x)
        dy = _spread(dy, x, axis, keepdims)
        if axis is None:
            dx.flat[winner.item()] = dy.item()
        else:
            np.put_along_axis(dx, winner, dy, axis)
        return dx

    return y, vjp


@primitive
def where(condition: Any, x: Any, y: Any, /) -> Rule:
    """`x` where the condition holds, else `y`, with broadcasting.

    Only the chosen elements receive a gradient. A NaN or infinite slope of the other branch still spoils
    the result further up, since 0 · inf is NaN: guard the branch's input, not its output.

    Examples:
        >>> where(np.array([True, False]), [1.0, 2.0], 0.0)
        array([1., 0.])
    """

    def vjp(dz: Array) -> tuple[None, Array, Array]:
        dx, dy = np.where(condition, dz, 0), np.where(condition, 0, dz)
        return None, unbroadcast(dx, x), unbroadcast(dy, y)

    return np.where(condition, x, y), vjp


@primitive
def _concatenate(*xs: Any, axis: int = 0) -> Rule:
    ends = np.cumsum([np.shape(x)[axis] for x in xs])[:-1]
    return np.concatenate(xs, axis), lambda dy: tuple(np.split(dy, ends, axis))


@primitive
def _stack(*xs: Any, axis: int = 0) -> Rule:
    return np.stack(xs, axis), lambda dy: tuple(np.moveaxis(dy, axis, 0))


def concatenate(xs: Sequence[Any], *, axis: int = 0) -> Any:
    """Arrays joined along an axis that they have.

    Examples:
        >>> concatenate([[1.0, 2.0], [3.0]])
        array([1., 2., 3.])
    """
    return _concatenate(*xs, axis=axis)


def stack(xs: Sequence[Any], *, axis: int = 0) -> Any:
    """Arrays of one shape joined along a new axis.

    Examples:
        >>> stack([[1.0, 2.0], [3.0, 4.0]], axis=1)
        array([[1., 3.],
               [2., 4.]])
    """
    return _stack(*xs, axis=axis)
