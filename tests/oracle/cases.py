"""What is compared with PyTorch: one list for the live comparison and for the stored vectors.

A case is a function of a `Choice`. It returns two computations: `ours()` and `theirs(torch)`, each a
dictionary of arrays by name that must agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlbook import nn, ops, optim
from dlbook.autograd import (
    Parameter,
    Tensor,
    concatenate,
    grad,
    operators,
    stack,
    where,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.choice import Choice

    Arrays = dict[str, Any]


class Comparison(NamedTuple):
    """Two ways to the same arrays."""

    ours: Callable[[], Arrays]
    theirs: Callable[[Any], Arrays]


def of_function(
    choice: Choice,
    inputs: list[Any],
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    constants: tuple[int, ...] = (),
) -> Comparison:
    """Value and gradients of a function of arrays, for a random cotangent.

    Args:
        choice: Draws the cotangent.
        inputs: The arrays (or None).
        ours: The function, of tensors.
        theirs: The same of PyTorch's tensors; takes the module `torch` first.
        constants: The places of float inputs that get no gradient.
    """
    variables = [
        i
        for i, x in enumerate(inputs)
        if x is not None and x.dtype.kind == "f" and i not in constants
    ]
    y = ours(*inputs)
    dy = choice.normal(*np.shape(y))

    def by_us() -> Arrays:
        tensors = [Tensor(x) if i in variables else x for i, x in enumerate(inputs)]
        y = ours(*tensors)
        if not variables:
            return {"value": np.asarray(y)}
        gradients = grad((y * dy).sum(), [tensors[i] for i in variables])
        return {"value": y.value} | {
            f"gradient {i}": dx for i, dx in zip(variables, gradients, strict=True)
        }

    def by_them(torch: Any) -> Arrays:
        tensors: list[Any] = [
            None if x is None else torch.tensor(x, requires_grad=i in variables)
            for i, x in enumerate(inputs)
        ]
        y = theirs(torch, *tensors)
        if variables:
            (y * torch.tensor(dy)).sum().backward()
        return {"value": y.detach().numpy()} | {
            f"gradient {i}": tensors[i].grad.numpy() for i in variables
        }

    return Comparison(by_us, by_them)


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
    f = choice.among(
        [
            operators.exp,
            operators.log,
            operators.negative,
            ops.sigmoid,
            ops.tanh,
            ops.relu,
        ]
    )
    x = (choice.positive if f is operators.log else choice.normal)(*choice.shape())
    return of_function(
        choice, [x], f, lambda torch, x: getattr(torch, f.rule.__name__)(x)
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


def linear(choice: Choice) -> Comparison:
    """A layer of weighted sums, as a function."""
    batch, d, k = choice.shape(), choice.integer(1, 4), choice.integer(1, 4)
    inputs = [
        choice.normal(*batch, d),
        choice.normal(d, k),
        choice.normal(k) if choice.integer(0, 1) else None,
    ]
    return of_function(
        choice,
        inputs,
        ops.linear,
        lambda torch, x, w, b: torch.nn.functional.linear(x, w.T, b),
    )


def linear_module(choice: Choice) -> Comparison:
    """A layer of weighted sums, as a module, with PyTorch's weights transposed."""
    batch, d, k, bias = (
        choice.shape(),
        choice.integer(1, 4),
        choice.integer(1, 4),
        bool(choice.integer(0, 1)),
    )
    x, w, b = choice.normal(*batch, d), choice.normal(d, k), choice.normal(k)

    def ours(x: Any, w: Any, b: Any) -> Any:
        layer = nn.Linear(
            d, k, bias=bias, rng=np.random.default_rng(0), dtype=np.float64
        )
        layer.w, layer.b = w, b
        return layer(x)

    def theirs(torch: Any, x: Any, w: Any, b: Any) -> Any:
        layer = torch.nn.Linear(d, k, bias=bias, dtype=torch.float64)
        parameters = {"weight": w.T} | ({"bias": b} if bias else {})
        return torch.func.functional_call(layer, parameters, x)

    return of_function(choice, [x, w, b if bias else None], ours, theirs)


REDUCTIONS = ["mean", "sum", "none"]


def mse_loss(choice: Choice) -> Comparison:
    """Squared errors, with and without weights."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    weight = choice.positive(*shape) if choice.integer(0, 1) else None
    return of_function(
        choice,
        [choice.normal(*shape), choice.normal(*shape), weight],
        lambda y_hat, y, weight: ops.mse_loss(y_hat, y, weight, reduction=reduction),
        lambda t, y_hat, y, weight: t.nn.functional.mse_loss(
            y_hat, y, weight=weight, reduction=reduction
        ),
        constants=(2,),
    )


def binary_cross_entropy(choice: Choice) -> Comparison:
    """The log-loss of probabilities, some of them certain.

    Beside certain ones only the value is compared. PyTorch bounds the denominator of the slope by 1e-12 in
    float32, which is 4e-9 less than 1e-12, and gives an infinite slope in `y` though it bounds the value.
    """
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    p, certain = choice.probabilities(*shape), bool(choice.integer(0, 1))
    if certain:
        drawn = choice.normal(*shape)
        p = np.where(drawn > 1, 1.0, np.where(drawn < -1, 0.0, p))
    y = choice.among(
        [choice.probabilities(*shape), choice.labels(2, *shape).astype(float)]
    )
    weight = (
        choice.positive(*shape[choice.integer(0, len(shape)) :])
        if choice.integer(0, 1)
        else None
    )
    return of_function(
        choice,
        [p, y, weight],
        lambda p, y, weight: ops.binary_cross_entropy(
            p, y, weight, reduction=reduction
        ),
        lambda t, p, y, weight: t.nn.functional.binary_cross_entropy(
            p, y, weight, reduction=reduction
        ),
        constants=(0, 1, 2) if certain else (2,),
    )


def binary_cross_entropy_with_logits(choice: Choice) -> Comparison:
    """The log-loss of scores, small and large."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    y = choice.among(
        [choice.probabilities(*shape), choice.labels(2, *shape).astype(float)]
    )
    tail = shape[choice.integer(0, len(shape)) :]
    weight = choice.positive(*tail) if choice.integer(0, 1) else None
    pos_weight = choice.positive(*tail) if choice.integer(0, 1) else None

    def theirs(torch: Any, z: Any, y: Any, weight: Any) -> Any:
        c = None if pos_weight is None else torch.tensor(pos_weight)
        loss = torch.nn.functional.binary_cross_entropy_with_logits
        return loss(z, y, weight, pos_weight=c, reduction=reduction)

    return of_function(
        choice,
        [choice.numbers(-20, 20, shape), y, weight],
        lambda z, y, weight: ops.binary_cross_entropy_with_logits(
            z, y, weight, pos_weight=pos_weight, reduction=reduction
        ),
        theirs,
        constants=(2,),
    )


def cross_entropy(choice: Choice) -> Comparison:
    """The cross-entropy of scores: labels or distributions, with weights, smoothing and positions left out."""
    k, reduction = choice.integer(1, 4), choice.among(REDUCTIONS)
    dims = choice.shape(most=3)
    positions = dims[: choice.integer(0, len(dims))]
    shape = (*positions[:1], k, *positions[1:])
    z, weight = (
        choice.numbers(-10, 10, shape),
        choice.positive(k) if choice.integer(0, 1) else None,
    )
    settings: dict[str, Any] = {
        "reduction": reduction,
        "label_smoothing": choice.among([0.0, 0.1, 1.0]),
    }
    if choice.integer(0, 2):
        t = choice.labels(k, *positions)
        if choice.integer(0, 1) and t.size > 1:
            settings["ignore_index"] = choice.among([-100, -1, int(t.flat[0])])
            t.flat[0] = settings["ignore_index"]
            t.flat[-1] = (
                (t.flat[0] + 1) % k
                if k > 1 and settings["ignore_index"] >= 0
                else t.flat[-1]
            )
            if np.all(
                t == settings["ignore_index"]
            ):  # one class, and that left out: nothing to take the mean of
                settings["ignore_index"] = -100
    else:
        t = choice.probabilities(*shape)
    return of_function(
        choice,
        [z, t, weight],
        lambda z, t, weight: ops.cross_entropy(z, t, weight, **settings),
        lambda torch, z, t, weight: torch.nn.functional.cross_entropy(
            z, t, weight, **settings
        ),
        constants=(2,),
    )


STEPS = 200


def steps(choice: Choice, name: str, settings: dict[str, Any]) -> Comparison:
    """Two parameters after 200 steps of an optimizer along the same waves of gradients.

    The gradients are given, and none vanishes for long: near a minimum Adam divides one rounding error by
    another, and two true runs of it part ways.
    """
    starts = [choice.normal(3, 2), choice.normal(2)]
    waves = [
        (choice.positive(*w.shape), choice.positive(*w.shape), choice.normal(*w.shape))
        for w in starts
    ]
    gradients = [
        [a * np.cos(frequency * i + phase) for a, frequency, phase in waves]
        for i in range(200)
    ]

    def by_us() -> Arrays:
        parameters = [Parameter(w) for w in starts]
        optimizer = getattr(optim, name)(parameters, **settings)
        for dws in gradients:
            optimizer.step(dws)
        return {f"parameter {i}": p.value for i, p in enumerate(parameters)}

    def by_them(torch: Any) -> Arrays:
        parameters = [torch.tensor(w, requires_grad=True) for w in starts]
        optimizer = getattr(torch.optim, name)(parameters, **settings)
        for dws in gradients:
            for p, dw in zip(parameters, dws, strict=True):
                p.grad = torch.tensor(dw)
            optimizer.step()
        return {f"parameter {i}": p.detach().numpy() for i, p in enumerate(parameters)}

    return Comparison(by_us, by_them)


def sgd(choice: Choice) -> Comparison:
    """Gradient descent with momentum, Nesterov, dampening and weight decay."""
    settings: dict[str, Any] = {
        "lr": choice.among([0.01, 0.3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    kind = choice.among(["plain", "momentum", "dampening", "nesterov"])
    if kind != "plain":
        settings["momentum"] = 0.9
    if kind == "dampening":
        settings["dampening"] = 0.5
    if kind == "nesterov":
        settings["nesterov"] = True
    return steps(choice, "SGD", settings)


def adam(choice: Choice) -> Comparison:
    """Adam, with its settings."""
    settings = {
        "lr": choice.among([1e-3, 0.1]),
        "betas": choice.among([(0.9, 0.999), (0.5, 0.9), (0.0, 0.99)]),
        "eps": choice.among([1e-8, 1e-3]),
        "weight_decay": choice.among([0.0, 0.1]),
    }
    return steps(choice, "Adam", settings)


CASES: list[Callable[[Choice], Comparison]] = [
    arithmetic,
    power,
    whole_power,
    elementwise,
    normalized,
    reduction,
    matmul,
    indexing,
    layout,
    joining,
    linear,
    linear_module,
    mse_loss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    sgd,
    adam,
]


RTOL, ATOL = 1e-9, 1e-11


def assert_agreement(ours: Arrays, theirs: Arrays) -> None:
    """Hold two results together, to nine digits."""
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.shape == theirs[name].shape, name
        np.testing.assert_allclose(
            array, theirs[name], rtol=RTOL, atol=ATOL, err_msg=name
        )


def largest_gap(ours: Arrays, theirs: Arrays) -> float:
    """The largest difference beside the size of its value plus 0.01: agreement is a gap of at most `RTOL`."""
    gaps = [
        np.max(
            np.abs(x - theirs[name]) / (np.abs(theirs[name]) + ATOL / RTOL), initial=0
        )
        for name, x in ours.items()
    ]
    return float(np.max(gaps))
