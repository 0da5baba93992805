"""Normalizations, and the running statistics of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import nn, ops
from dlbook.autograd import Tensor, grad
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.cases.comparison import Arrays
    from tests.oracle.choice import Choice


EPS = [1e-5, 0.1]


def _maybe(choice: Choice, d: int) -> Any:
    return choice.normal(d) if choice.integer(0, 1) else None


def _batch(choice: Choice, least_positions: int = 1) -> tuple[int, ...]:
    """The shape of a batch: `(n, c)`, `(n, c, l)` or `(n, c, h, w)`, with two values for each channel at least."""
    n, c = choice.integer(1, 4), choice.integer(1, 4)
    dims = tuple(choice.integer(1, 4) for _ in range(choice.integer(0, 2)))
    if np.prod(dims) < least_positions:
        dims = (2,)
    if n * np.prod(dims) < 2:
        n = 2
    return n, c, *dims


def layer_norm(choice: Choice) -> Comparison:
    """The normalization of rows, with and without scale and shift."""
    shape, eps = choice.shape(least=1), choice.among(EPS)
    d = shape[-1]
    return of_function(
        choice,
        [choice.uneven(*shape), _maybe(choice, d), _maybe(choice, d)],
        lambda x, gamma, beta: ops.layer_norm(x, gamma, beta, eps=eps),
        lambda torch, x, gamma, beta: torch.nn.functional.layer_norm(
            x, (d,), gamma, beta, eps
        ),
    )


def rms_norm(choice: Choice) -> Comparison:
    """The normalization of rows by their mean square; its default of `eps`, too."""
    shape, eps = choice.shape(least=1), choice.among([None, 1e-5, 0.1])
    d = shape[-1]
    return of_function(
        choice,
        [choice.positive(*shape), _maybe(choice, d)],
        lambda x, gamma: ops.rms_norm(x, gamma, eps=eps),
        lambda torch, x, gamma: torch.nn.functional.rms_norm(x, (d,), gamma, eps),
    )


def group_norm(choice: Choice) -> Comparison:
    """The normalization of groups of channels.

    PyTorch's fails in the backward pass if there is a shift without a scale; there it gets ones.
    """
    groups, eps = choice.integer(1, 3), choice.among(EPS)
    n, _, *dims = _batch(choice)
    c = groups * choice.integer(1, 3)

    def theirs(torch: Any, x: Any, gamma: Any, beta: Any) -> Any:
        if gamma is None and beta is not None:
            gamma = torch.ones_like(beta)
        return torch.nn.functional.group_norm(x, groups, gamma, beta, eps)

    return of_function(
        choice,
        [choice.uneven(n, c, *dims), _maybe(choice, c), _maybe(choice, c)],
        lambda x, gamma, beta: ops.group_norm(
            x, gamma, beta, num_groups=groups, eps=eps
        ),
        theirs,
    )


def instance_norm(choice: Choice) -> Comparison:
    """The normalization of each channel of each example."""
    n, c, *dims = _batch(choice, least_positions=2)
    eps = choice.among(EPS)
    return of_function(
        choice,
        [choice.uneven(n, c, *dims), _maybe(choice, c), _maybe(choice, c)],
        lambda x, gamma, beta: ops.instance_norm(x, gamma, beta, eps=eps),
        lambda torch, x, gamma, beta: torch.nn.functional.instance_norm(
            x, weight=gamma, bias=beta, eps=eps
        ),
    )


def batch_norm(choice: Choice) -> Comparison:
    """The normalization of channels by the batch's own mean and variance."""
    n, c, *dims = _batch(choice)
    eps = choice.among(EPS)
    return of_function(
        choice,
        [choice.uneven(n, c, *dims), _maybe(choice, c), _maybe(choice, c)],
        lambda x, gamma, beta: ops.batch_norm(x, gamma, beta, eps=eps),
        lambda torch, x, gamma, beta: torch.nn.functional.batch_norm(
            x, None, None, gamma, beta, True, eps=eps
        ),
    )


def batch_norm_by_given(choice: Choice) -> Comparison:
    """The normalization of channels by a given mean and variance; PyTorch's has no gradient for these two."""
    n, c, *dims = _batch(choice)
    eps = choice.among(EPS)
    gamma, beta = _maybe(choice, c), _maybe(choice, c)

    def theirs(torch: Any, x: Any, *others: Any) -> Any:
        at_channels = (1, c) + (1,) * len(dims)
        given: list[Any] = [
            None if v is None else v.reshape(at_channels) for v in others
        ]
        scale, shift, mean, var = given
        y = (x - mean) / torch.sqrt(var + eps)
        y = y if scale is None else y * scale
        y = y if shift is None else y + shift
        scale, shift, mean, var = (None if v is None else v.detach() for v in others)
        torch.testing.assert_close(
            y.detach(),
            torch.nn.functional.batch_norm(
                x.detach(), mean, var, scale, shift, False, eps=eps
            ),
        )
        return y

    return of_function(
        choice,
        [
            choice.normal(n, c, *dims),
            gamma,
            beta,
            choice.normal(c),
            choice.positive(c),
        ],
        lambda x, gamma, beta, mean, var: ops.batch_norm(
            x, gamma, beta, mean, var, eps=eps
        ),
        theirs,
    )


def running_statistics(choice: Choice) -> Comparison:
    """Some training passes of a layer, batches of several sizes, with its statistics after each; an evaluation."""
    c, images = choice.integer(1, 3), bool(choice.integer(0, 1))
    momentum, eps = choice.among([0.1, 0.5, 1.0]), choice.among(EPS)
    name = "BatchNorm2d" if images else "BatchNorm1d"
    xs = []
    for _ in range(choice.integer(1, 4)):
        dims = tuple(choice.integer(1, 3) for _ in range(2 if images else 0))
        xs.append(choice.uneven(choice.integer(2, 4), c, *dims))
    gamma, beta = choice.normal(c), choice.normal(c)

    def by_us() -> Arrays:
        layer = getattr(nn, name)(c, momentum=momentum, eps=eps, dtype=np.float64)
        layer.gamma.value, layer.beta.value = gamma, beta
        found: Arrays = {}
        rng = np.random.default_rng(0)
        for i, array in enumerate(xs):
            x = Tensor(array)
            y = layer(x, rng=rng)
            dx, dgamma, dbeta = grad((y * y * y).sum(), [x, layer.gamma, layer.beta])
            found |= {f"{i}: y": y.value, f"{i}: dx": dx}
            found |= {f"{i}: dgamma": dgamma, f"{i}: dbeta": dbeta}
            found |= {f"{i}: mean": layer.running_mean, f"{i}: var": layer.running_var}
        return found | {"evaluation": layer(xs[0]).value}

    def by_them(torch: Any) -> Arrays:
        layer = getattr(torch.nn, name)(
            c, momentum=momentum, eps=eps, dtype=torch.float64
        )
        layer.weight.data, layer.bias.data = torch.tensor(gamma), torch.tensor(beta)
        found: Arrays = {}
        for i, array in enumerate(xs):
            x = torch.tensor(array, requires_grad=True)
            y = layer(x)
            dx, dgamma, dbeta = torch.autograd.grad(
                (y * y * y).sum(), [x, layer.weight, layer.bias]
            )
            found |= {f"{i}: y": y.detach().numpy(), f"{i}: dx": dx.numpy()}
            found |= {f"{i}: dgamma": dgamma.numpy(), f"{i}: dbeta": dbeta.numpy()}
            found |= {
                f"{i}: mean": layer.running_mean.numpy().copy(),
                f"{i}: var": layer.running_var.numpy().copy(),
            }
        layer.eval()
        return found | {"evaluation": layer(torch.tensor(xs[0])).detach().numpy()}

    return Comparison(by_us, by_them)


CASES = [
    layer_norm,
    rms_norm,
    group_norm,
    instance_norm,
    batch_norm,
    batch_norm_by_given,
    running_statistics,
]
