"""Steps that many workloads are made of: a function forward and backward, with a gradient that comes from behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.performance.workload import Step


def ours(f: Callable[..., Any], inputs: Sequence[Any], dy: Any) -> Step:
    """The library's: the value, and the gradients by all inputs where `dy` is that of the value."""
    from dlbook.autograd import Tensor, grad, primitive  # noqa: PLC0415

    @primitive
    def received(y: Any, /) -> Any:
        """Stands for all that would follow: it costs nothing and hands back what it was given."""
        return np.zeros((), y.dtype), lambda _: dy

    tensors = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]

    def step() -> Any:
        y = f(*tensors)
        return y, grad(received(y), tensors)

    return step


def torchs(f: Callable[..., Any], inputs: Sequence[Any], dy: Any) -> Step:
    """PyTorch's: the same."""
    import torch  # noqa: PLC0415

    tensors = [
        x if isinstance(x, torch.Tensor) else torch.tensor(x, requires_grad=True)
        for x in inputs
    ]
    received = torch.from_numpy(dy)

    def step() -> Any:
        y = f(*tensors)
        return y, torch.autograd.grad(y, tensors, received)

    return step


def products(*pairs: tuple[tuple[int, ...], tuple[int, ...]], batches: int = 1) -> Step:
    """Only the products that a network makes: y = a b, then dw = a^T dy, and but for the first one da = dy b^T.

    Args:
        pairs: The shapes of a and b, product by product.
        batches: How often all is done in a step.
    """
    rng = np.random.default_rng(0)
    made = []
    for left, right in pairs:
        a, b = normal(rng, *left), normal(rng, *right)
        y = a @ b
        made.append((a, b, y, np.empty_like(a), np.empty_like(b)))

    def step() -> None:
        for _ in range(batches):
            for i, (a, b, y, da, db) in enumerate(made):
                np.matmul(a, b, out=y)
                np.matmul(a.swapaxes(-1, -2), y, out=db)
                if i:
                    np.matmul(y, b.swapaxes(-1, -2), out=da)

    return step


def passes(numbers: int, *, writing: int, adding: int) -> Step:
    """Only passes over arrays, part by part, so that they stay in the cache.

    Args:
        numbers: The length of the arrays.
        writing: How many passes make an array out of two.
        adding: How many passes add up.
    """
    rng, size = np.random.default_rng(0), 2**16
    a, b, out = normal(rng, numbers), normal(rng, numbers), normal(rng, numbers)

    def step() -> None:
        for first in range(0, numbers, size):
            part = slice(first, first + size)
            for _ in range(writing):
                np.multiply(a[part], b[part], out=out[part])
            for _ in range(adding):
                np.vecdot(a[part], b[part])

    return step


def normal(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Any:
    """Normal numbers in float32."""
    return (scale * rng.normal(size=shape)).astype(np.float32)
