"""Arithmetic, matrix products, shapes and reductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import concatenate, operators, stack, where
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def stretched(choice: Choice) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that broadcast: axes of one are of length 1 or missing in the other."""
    shape = choice.shape()

    def shrunk() -> tuple[int, ...]:
        return tuple(n if choice.integer(0, 2) else 1 for n in shape)[
            choice.integer(0, len(shape)) :
        ]

    return (shape, shrunk()) if choice.integer(0, 1) else (shrunk(), shape)


def arithmetic(choice: Choice) -> Comparison:
    """The four operations."""
    p, q = stretched(choice)
    f = choice.among(
        [operators.add, operators.subtract, operators.multiply, operators.divide]
    )
    return of_function(
        choice,
        [choice.normal(*p), choice.positive(*q)],
        f,
        lambda torch, x, y: getattr(torch, f.rule.__name__)(x, y),
    )


def power(choice: Choice) -> Comparison:
    """Powers, of positive numbers."""
    p, q = stretched(choice)
    return of_function(
        choice,
        [choice.positive(*p), choice.normal(*q)],
        operators.power,
        lambda _, x, y: x**y,
    )


def whole_power(choice: Choice) -> Comparison:
    """Powers with a whole exponent, of numbers of either sign where the exponent is not negative."""
    n, shape = choice.integer(-3, 4), choice.shape()
    x = choice.normal(*shape) if n >= 0 else choice.positive(*shape)
    return of_function(choice, [x], lambda x: operators.power(x, n), lambda _, x: x**n)


def elementwise(choice: Choice) -> Comparison:
    """Functions of one element."""
    f = choice.among([operators.exp, operators.log, operators.negative])
    x = (choice.positive if f is operators.log else choice.normal)(*choice.shape())
    return of_function(
        choice, [x], f, lambda torch, x: getattr(torch, f.rule.__name__)(x)
    )


def reduction(choice: Choice) -> Comparison:
    """Sums, means and largest elements, over any axes."""
    f, shape, keepdims = (
        choice.among([operators.sum, operators.mean, operators.max]),
        choice.shape(least=1),
        bool(choice.integer(0, 1)),
    )
    axes = [
        i - choice.integer(0, 1) * len(shape)
        for i in range(len(shape))
        if choice.integer(0, 1)
    ] or [-1]
    axis = axes[0] if f is operators.max else tuple(axes)

    def theirs(torch: Any, x: Any) -> Any:
        y = getattr(torch, f.rule.__name__)(x, dim=axis, keepdim=keepdims)
        return y.values if f is operators.max else y

    return of_function(
        choice,
        [choice.normal(*shape)],
        lambda x: f(x, axis=axis, keepdims=keepdims),
        theirs,
    )


def matmul(choice: Choice) -> Comparison:
    """Matrix products: of vectors, of matrices, of stacks of them."""
    n, d, k = (choice.integer(1, 4) for _ in range(3))
    p, q = stretched(choice)
    x, y = choice.among(
        [((*p, n, d), (*q, d, k)), ((d,), (*q, d, k)), ((*p, n, d), (d,)), ((d,), (d,))]
    )
    return of_function(
        choice,
        [choice.normal(*x), choice.normal(*y)],
        operators.matmul,
        lambda _, x, y: x @ y,
    )


def indexing(choice: Choice) -> Comparison:
    """Elements by number, slice, list and mask."""
    n, d = choice.integer(1, 4), choice.integer(1, 4)
    rows = [int(i) for i in choice.labels(n, choice.integer(1, 5))]
    index: Any = choice.among(
        [
            choice.integer(-n, n - 1),
            slice(choice.integer(0, n), None),
            rows,
            (rows, choice.integer(-d, d - 1)),
            (slice(None), None, slice(None, d)),
            (..., choice.integer(0, d - 1)),
            np.array([i in rows for i in range(n)]),
        ]
    )
    return of_function(
        choice,
        [choice.normal(n, d)],
        lambda x: operators.getitem(x, index=index),
        lambda _, x: x[index],
    )


def layout(choice: Choice) -> Comparison:
    """Transposed and reshaped."""
    shape = choice.shape(least=1)
    axes = tuple(int(i) for i in np.argsort(choice.numbers(0, 1, (len(shape),))))

    def ours(x: Any) -> Any:
        return operators.reshape(
            operators.transpose(x, axes=axes), shape=(-1, shape[0])
        )

    return of_function(
        choice,
        [choice.normal(*shape)],
        ours,
        lambda _, x: x.permute(axes).reshape(-1, shape[0]),
    )


def joining(choice: Choice) -> Comparison:
    """Concatenated, stacked and chosen."""
    shape = choice.shape(least=1)
    axis = choice.integer(-len(shape), len(shape) - 1)
    x, y, condition = (
        choice.normal(*shape),
        choice.normal(*shape),
        choice.normal(*shape) > 0,
    )
    kind = choice.among(["concatenate", "stack", "where"])
    if kind == "where":
        return of_function(
            choice,
            [x, y],
            lambda x, y: where(condition, x, y),
            lambda t, x, y: t.where(t.tensor(condition), x, y),
        )
    ours = concatenate if kind == "concatenate" else stack
    return of_function(
        choice,
        [x, y],
        lambda x, y: ours([x, y], axis=axis),
        lambda t, x, y: getattr(t, kind)([x, y], dim=axis),
    )


CASES = [
    arithmetic,
    power,
    whole_power,
    elementwise,
    reduction,
    matmul,
    indexing,
    layout,
    joining,
]
