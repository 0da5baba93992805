"""Two computations of the same arrays, and how closely they must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlbook.autograd import Tensor, grad

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
