"""An epoch of training beside PyTorch's on the same core: same data, same batches, same first weights.

Both sides shuffle, compute the loss and its gradient, step with Adam and add up the loss. Before the clock
runs, twenty unshuffled steps on both sides must give the same losses: it is the same work. PyTorch is
required. Run `python -m benchmarks.speed`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import process_time
from typing import Any

import numpy as np
import torch

from benchmarks._store import compare, store
from dlbook.nn import Linear, Module, Sequential, count_parameters
from dlbook.ops import cross_entropy, mse_loss, relu
from dlbook.optim import Adam
from dlbook.train import fit

EPOCHS = 15
BATCH = 64


def perceptron(widths: list[int]) -> Module:
    rng = np.random.default_rng(0)
    layers: list[Any] = []
    for d, k in pairwise(widths):
        layers += [Linear(d, k, rng=rng), relu]
    return Sequential(*layers[:-1])


def twin(model: Any) -> torch.nn.Sequential:
    """The same network in PyTorch, with the same weights."""
    layers: list[torch.nn.Module] = []
    for layer in model:
        if isinstance(layer, Linear):
            theirs = torch.nn.Linear(*layer.w.shape)
            assert layer.b is not None
            with torch.no_grad():
                theirs.weight.copy_(torch.from_numpy(layer.w.value.T))
                theirs.bias.copy_(torch.from_numpy(layer.b.value))
            layers.append(theirs)
        else:
            layers.append(torch.nn.ReLU())
    return torch.nn.Sequential(*layers)


def torch_epoch(
    model: Any,
    x: Any,
    y: Any,
    loss: Callable[..., Any],
    optimizer: Any,
    *,
    shuffle: bool,
) -> list[float]:
    order = torch.randperm(len(x))
    losses = []
    for i in range(0, len(x), BATCH):
        portion = order[i : i + BATCH] if shuffle else slice(i, i + BATCH)
        optimizer.zero_grad()
        cost = loss(model(x[portion]), y[portion])
        cost.backward()
        optimizer.step()
        losses.append(cost.item())
    return losses


def contest(widths: list[int], n: int, *, classes: bool) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, widths[0])).astype(np.float32)
    y = (
        rng.integers(widths[-1], size=n)
        if classes
        else rng.normal(size=(n, widths[-1])).astype(np.float32)
    )
    x_torch, y_torch = torch.from_numpy(x), torch.from_numpy(y)
    loss: Any = cross_entropy if classes else mse_loss
    loss_torch: Any = (
        torch.nn.functional.cross_entropy if classes else torch.nn.functional.mse_loss
    )

    model = perceptron(widths)
    model_torch = twin(model)
    adam, adam_torch = (
        Adam(model.parameters()),
        torch.optim.Adam(model_torch.parameters()),
    )

    first = slice(0, 20 * BATCH)
    theirs = torch_epoch(
        model_torch,
        x_torch[first],
        y_torch[first],
        loss_torch,
        adam_torch,
        shuffle=False,
    )
    for i, expected in enumerate(theirs):
        step = slice(i * BATCH, (i + 1) * BATCH)
        history = fit(
            model,
            x[step],
            y[step],
            loss=loss,
            optimizer=adam,
            epochs=1,
            rng=None,
            progress=False,
        )
        np.testing.assert_allclose(history.loss[0], expected, rtol=1e-4)  # float32

    measured: dict[str, list[float]] = {"dlbook": [], "torch": []}
    for _ in range(EPOCHS):
        started = process_time()
        fit(
            model,
            x,
            y,
            loss=loss,
            optimizer=adam,
            epochs=1,
            batch_size=BATCH,
            rng=rng,
            progress=False,
        )
        between = process_time()
        torch_epoch(model_torch, x_torch, y_torch, loss_torch, adam_torch, shuffle=True)
        measured["dlbook"].append(between - started)
        measured["torch"].append(process_time() - between)
    steps = -(-n // BATCH)
    return {
        "layers": widths,
        "parameters": count_parameters(model),
        "steps_per_epoch": steps,
        **compare(measured, "dlbook", "torch"),
    }


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    store(
        __file__,
        {
            "batch_size": BATCH,
            "optimizer": "Adam, with each library's defaults",
            "linear regression": contest([64, 1], 6400, classes=False),
            "softmax regression": contest([64, 10], 6400, classes=True),
            "multilayer perceptron": contest([784, 256, 128, 10], 6400, classes=True),
        },
    )


if __name__ == "__main__":
    main()
