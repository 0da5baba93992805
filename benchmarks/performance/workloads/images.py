"""Convolutions, batch norm and LeNet-5, forward and backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.performance.steps import normal, ours, passes, products, torchs
from benchmarks.performance.workload import Makers, Step, workload

SMALL = {"n": 2, "c": 3, "k": 4, "side": 5}


@workload("convolution 3×3, 8×64×56×56 to 64", at_most=2.2, small=SMALL, pinned=True)
def convolution(*, n: int = 8, c: int = 64, k: int = 64, side: int = 56) -> Makers:
    """Padded, so that the size stays: the value, and the gradients by images, kernels and biases."""
    return _convolution(n, c, k, side, 3)


@workload("convolution 1×1, 8×256×56×56 to 64", at_most=1.3, small=SMALL)
def pointwise(*, n: int = 8, c: int = 256, k: int = 64, side: int = 56) -> Makers:
    """The first convolution of a bottleneck: the value, and the gradients by images, kernels and biases."""
    return _convolution(n, c, k, side, 1)


def _convolution(n: int, c: int, k: int, side: int, size: int) -> Makers:
    rng = np.random.default_rng(0)
    scale = (c * size * size) ** -0.5
    inputs = [
        normal(rng, n, c, side, side),
        normal(rng, k, c, size, size, scale=scale),
        normal(rng, k),
    ]
    dy = normal(rng, n, k, side, side)

    def dlbook() -> Step:
        from dlbook.ops import conv2d

        return ours(lambda *a: conv2d(*a, padding=size // 2), inputs, dy)

    def torch() -> Step:
        from torch.nn.functional import conv2d

        return torchs(lambda *a: conv2d(*a, padding=size // 2), inputs, dy)

    return {"dlbook": dlbook, "torch": torch}


@workload("batch norm 16×64×56×56", at_most=1.1, small={"n": 3, "c": 2, "side": 4})
def batch_norm(*, n: int = 16, c: int = 64, side: int = 56) -> Makers:
    """A training pass: the value, the gradients by images, scale and shift, and the statistics that move."""
    rng = np.random.default_rng(0)
    x, dy = normal(rng, n, c, side, side), normal(rng, n, c, side, side)
    gamma, beta = normal(rng, c), normal(rng, c)

    def dlbook() -> Step:
        from dlbook.nn import BatchNorm2d

        layer = BatchNorm2d(c)
        layer.gamma.value, layer.beta.value = gamma, beta
        step = ours(lambda x, *_: layer(x, rng=rng), [x, layer.gamma, layer.beta], dy)
        return lambda: (step(), layer.running_mean, layer.running_var)

    def torch() -> Step:
        import torch

        layer = torch.nn.BatchNorm2d(c)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(gamma))
            layer.bias.copy_(torch.from_numpy(beta))
        leaf = torch.tensor(x, requires_grad=True)
        step = torchs(lambda x, *_: layer(x), [leaf, layer.weight, layer.bias], dy)
        return lambda: (step(), layer.running_mean, layer.running_var)

    def passes_alone() -> Step:
        # to scale and shift, and mean and variance; back, four for dx, and two sums
        return passes(n * c * side * side, writing=2 + 4, adding=2 + 2)

    return {"dlbook": dlbook, "torch": torch, "NumPy alone": passes_alone}


@workload("LeNet-5, batch 64, Adam step", at_most=1.0, small={"n": 4}, within=1e-3)
def lenet(*, n: int = 64) -> Makers:
    """The loss of each training step, of the common form."""
    rng = np.random.default_rng(0)
    x, t = normal(rng, n, 1, 32, 32), rng.integers(10, size=n)

    def model() -> Any:
        from dlbook.models import LeNet5

        return LeNet5(rng=np.random.default_rng(1))

    def dlbook() -> Step:
        from dlbook.autograd import grad
        from dlbook.ops import cross_entropy
        from dlbook.optim import Adam

        lenet = model()
        adam = Adam(lenet.parameters())

        def step() -> Any:
            loss = cross_entropy(lenet(x, rng=rng), t)
            adam.step(grad(loss, adam.parameters))
            return loss

        return step

    def torch() -> Step:
        import torch
        from torch import nn

        lenet = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
        with torch.no_grad():
            for theirs, value in zip(
                lenet.parameters(), model().state_dict().values(), strict=True
            ):
                theirs.copy_(torch.from_numpy(value.T if value.ndim == 2 else value))
        adam = torch.optim.Adam(lenet.parameters())
        images, labels = torch.from_numpy(x), torch.from_numpy(t)

        def step() -> Any:
            adam.zero_grad()
            loss = nn.functional.cross_entropy(lenet(images), labels)
            loss.backward()
            adam.step()
            return loss

        return step

    def products_and_windows() -> Step:
        multiply = products(
            ((6, 25), (25, n * 28 * 28)), ((16, 150), (150, n * 10 * 10)),
            ((n, 400), (400, 120)), ((n, 120), (120, 84)), ((n, 84), (84, 10)),
        )  # fmt: skip
        inputs = normal(rng, 1, n, 32, 32), normal(rng, 6, n, 14, 14)
        laid = []
        for each in inputs:
            windows = np.lib.stride_tricks.sliding_window_view(each, (5, 5), (2, 3))
            windows = windows.transpose(0, 4, 5, 1, 2, 3)  # a row for each weight
            laid.append((windows, np.empty(windows.shape, np.float32)))

        def step() -> None:
            multiply()
            for windows, columns in laid:  # forward, and again for the weights
                np.copyto(columns, windows)
                np.copyto(columns, windows)

        return step

    return {"dlbook": dlbook, "torch": torch, "NumPy alone": products_and_windows}
