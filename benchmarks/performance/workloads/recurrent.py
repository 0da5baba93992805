"""Recurrent layers over whole sequences, forward and backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.performance.steps import normal, ours, torchs
from benchmarks.performance.workload import Makers, Step, workload

SMALL = {"t": 4, "n": 3, "d": 5, "k": 6}


@workload("GRU, 50 steps, batch 32, 64 inputs, 128 units", at_most=0.8, small=SMALL)
def gru(*, t: int = 50, n: int = 32, d: int = 64, k: int = 128) -> Makers:
    """All states, and the gradients by the input and all parameters."""
    (x, w, u, b, b_u), h0, dy = _numbers(t, n, d, k, gates=3)

    def dlbook() -> Step:
        from dlbook.ops import gru

        return ours(lambda x, *p: gru(x, h0, *p), [x, w, u, b, b_u], dy)

    def torch() -> Step:
        import torch

        return _torchs(torch.nn.GRU(d, k, batch_first=True), [x, w, u, b, b_u], dy)

    return {"dlbook": dlbook, "torch": torch}


@workload("LSTM, 50 steps, batch 32, 64 inputs, 128 units", at_most=2.0, small=SMALL)
def lstm(*, t: int = 50, n: int = 32, d: int = 64, k: int = 128) -> Makers:
    """All states, and the gradients by the input and all parameters; PyTorch's second bias is zero."""
    (x, w, u, b, b_u), h0, dy = _numbers(t, n, d, k, gates=4)

    def dlbook() -> Step:
        from dlbook.ops import lstm

        def hidden(x: Any, *parameters: Any) -> Any:
            h, _ = lstm(x, h0, h0, *parameters)
            return h

        return ours(hidden, [x, w, u, b], dy)

    def torch() -> Step:
        import torch

        layer = torch.nn.LSTM(d, k, batch_first=True)
        step = _torchs(layer, [x, w, u, b, np.zeros_like(b_u)], dy)

        def without_the_second_bias() -> Any:
            y, gradients = step()
            return y, gradients[:-1]

        return without_the_second_bias

    return {"dlbook": dlbook, "torch": torch}


def _numbers(t: int, n: int, d: int, k: int, gates: int) -> tuple[list[Any], Any, Any]:
    """The input and the parameters, the first state, and the gradient of the states."""
    rng = np.random.default_rng(0)
    shapes = [(d, gates * k), (k, gates * k), (gates * k,), (gates * k,)]
    parameters = [normal(rng, *shape, scale=k**-0.5) for shape in shapes]
    first = np.zeros((n, k), np.float32)
    return [normal(rng, n, t, d), *parameters], first, normal(rng, n, t, k)


def _torchs(layer: Any, inputs: list[Any], dy: Any) -> Step:
    """PyTorch's layer with these parameters; its weights are transposed, and so are their gradients."""
    import torch

    x, w, u, b, b_u = map(torch.from_numpy, inputs)
    given = (w.T, u.T, b, b_u)
    with torch.no_grad():
        for own, value in zip(layer.parameters(), given, strict=True):
            own.copy_(value)
    step = torchs(
        lambda x, *_: layer(x)[0], [x.requires_grad_(), *layer.parameters()], dy
    )

    def transposed() -> Any:
        y, (dx, dw, du, *biases) = step()
        return y, [dx, dw.T, du.T, *biases]

    return transposed
