"""Whole networks of images beside PyTorch's layers, with the same weights: losses, gradients, running statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlbook.autograd import grad
from dlbook.models import LeNet5, ResNet
from dlbook.models.lenet import CONNECTIONS, digit_pictures
from dlbook.ops import cross_entropy
from tests.oracle.cases.comparison import assert_agreement


class Block(nn.Module):  # type: ignore[misc]
    """A block as torchvision writes it; its parts in the order in which the library names them."""

    def __init__(
        self, c: int, k: int, stride: int, bottleneck: bool, pad: bool
    ) -> None:
        super().__init__()
        out = 4 * k if bottleneck else k
        if bottleneck:
            convolutions = [
                nn.Conv2d(c, k, 1, bias=False),
                nn.Conv2d(k, k, 3, stride, 1, bias=False),
                nn.Conv2d(k, out, 1, bias=False),
            ]
        else:
            convolutions = [
                nn.Conv2d(c, k, 3, stride, 1, bias=False),
                nn.Conv2d(k, k, 3, 1, 1, bias=False),
            ]
        self.convolutions = nn.ModuleList(convolutions)
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(conv.out_channels) for conv in convolutions
        )
        self.downsample: Any = None
        if stride > 1 or out != c:
            self.downsample = (
                (lambda x: F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, out - c)))
                if pad
                else nn.Sequential(
                    nn.Conv2d(c, out, 1, stride, bias=False), nn.BatchNorm2d(out)
                )
            )

    def forward(self, x: Any) -> Any:
        identity = x if self.downsample is None else self.downsample(x)
        for conv, norm in zip(self.convolutions[:-1], self.norms[:-1], strict=True):
            x = F.relu(norm(conv(x)))
        return F.relu(self.norms[-1](self.convolutions[-1](x)) + identity)


def residual(blocks: list[int], width: int, bottleneck: bool) -> Any:
    small = width == 16
    first = (
        nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        if small
        else nn.Conv2d(3, 64, 7, 2, 3, bias=False)
    )
    layers = [first, nn.BatchNorm2d(width), nn.ReLU()]
    layers += [] if small else [nn.MaxPool2d(3, 2, 1)]
    c = width
    for stage, n in enumerate(blocks):
        for i in range(n):
            k = width * 2**stage
            layers.append(Block(c, k, 2 if stage and not i else 1, bottleneck, small))
            c = 4 * k if bottleneck else k
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 5)
    )


def with_weights(theirs: Any, model: Any) -> Any:
    """PyTorch's network with the library's weights."""
    theirs = theirs.double()
    with torch.no_grad():
        for own, p in zip(theirs.parameters(), model.parameters(), strict=True):
            own.copy_(torch.from_numpy(p.value.T if p.value.ndim == 2 else p.value))
    return theirs


def in_our_shapes(theirs: Any, loss: Any) -> dict[str, Any]:
    gradients = torch.autograd.grad(loss, list(theirs.parameters()))
    arrays = [g.numpy().T if g.ndim == 2 else g.numpy() for g in gradients]
    return {"loss": loss.detach().numpy()} | {str(i): g for i, g in enumerate(arrays)}


def by_us(model: Any, x: Any, t: Any, rng: np.random.Generator) -> dict[str, Any]:
    loss = cross_entropy(model(x, rng=rng), t)
    gradients = grad(loss, model.parameters())
    return {"loss": loss.value} | {str(i): g for i, g in enumerate(gradients)}


def assert_near(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """To nine digits of each array's largest number: small ones are what is left of large ones."""
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        atol = 1e-9 * np.abs(array).max() + 1e-13
        np.testing.assert_allclose(
            found[name], array, rtol=1e-7, atol=atol, err_msg=name
        )


@pytest.mark.parametrize(
    ("depth", "blocks", "width", "bottleneck", "seed"),
    [
        (20, [3, 3, 3], 16, False, 0),
        (20, [3, 3, 3], 16, False, 1),
        (32, [5, 5, 5], 16, False, 2),
        (18, [2, 2, 2, 2], 64, False, 3),
        (50, [3, 4, 6, 3], 64, True, 4),
    ],
)
def test_residual_networks_are_pytorchs(
    depth: int, blocks: list[int], width: int, bottleneck: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    model = ResNet(depth, num_classes=5, rng=rng, dtype=np.float64)
    for name, p in model.named_parameters():
        if p.ndim == 1:  # norms that do something
            p.value = rng.normal(float(name.endswith("gamma")), 0.3, p.shape)
    theirs = with_weights(residual(blocks, width, bottleneck), model)
    x, t = rng.normal(size=(4, 3, 18, 17)), rng.integers(5, size=4)
    with torch.no_grad():
        before = theirs.eval()(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(model(x).value, before, rtol=1e-9, atol=1e-9)
    theirs.train()
    loss = F.cross_entropy(theirs(torch.from_numpy(x)), torch.from_numpy(t))
    expected = in_our_shapes(theirs, loss)
    found = by_us(model, x, t, rng)
    assert_near(found, expected)
    running = {n: b for n, b in theirs.named_buffers() if "running" in n}
    ours = {n: a for n, a in model.state_dict().items() if "running" in n}
    assert len(running) == len(ours) > 0
    for a, b in zip(ours.values(), running.values(), strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_common_lenet_is_pytorchs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = LeNet5(rng=rng, dtype=np.float64)
    twin = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    theirs = with_weights(twin, model)
    x, t = rng.normal(size=(5, 1, 32, 32)), rng.integers(10, size=5)
    loss = F.cross_entropy(theirs(torch.from_numpy(x)), torch.from_numpy(t))
    assert_agreement(by_us(model, x, t, rng), in_our_shapes(theirs, loss))


@pytest.mark.parametrize("seed", range(3))
def test_the_lenet_of_the_paper_is_the_same_in_pytorchs_functions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = LeNet5(original=True, rng=rng, dtype=np.float64)
    x, t = rng.normal(size=(5, 1, 32, 32)), rng.integers(10, size=5)
    leaves: list[Any] = [
        torch.tensor(p.value, requires_grad=True) for p in model.parameters()
    ]
    w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6 = leaves

    def squash(z: Any) -> Any:
        return 1.7159 * torch.tanh(2 / 3 * z)

    def subsample(a: Any, w: Any, b: Any) -> Any:
        c = len(w)
        four = F.conv2d(a, w.view(c, 1, 1, 1).expand(c, 1, 2, 2), b, stride=2, groups=c)
        return squash(four)

    a = subsample(squash(F.conv2d(torch.from_numpy(x), w1, b1)), w2, b2)
    dense = torch.zeros(16, 6, 5, 5, dtype=torch.float64)
    kernels = iter(w3)
    rows = []
    for k, seen in enumerate(CONNECTIONS):
        row = list(dense[k])
        for c in seen:
            row[c] = next(kernels)
        rows.append(torch.stack(row))
    a = subsample(squash(F.conv2d(a, torch.stack(rows), b3)), w4, b4)
    a = squash(F.conv2d(a, w5, b5)).flatten(1)
    a = squash(a @ w6 + b6)
    z = -(torch.cdist(a, torch.from_numpy(digit_pictures())) ** 2)
    loss = F.cross_entropy(z, torch.from_numpy(t))
    gradients = torch.autograd.grad(loss, leaves)
    expected = {"loss": loss.detach().numpy()}
    expected |= {str(i): g.numpy() for i, g in enumerate(gradients)}
    found = by_us(model, x, t, rng)
    assert_near(found, expected)
