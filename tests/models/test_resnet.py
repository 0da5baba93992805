"""Residual networks of both kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.data import load_digits, train_test_split
from dlbook.gradcheck import numerical_gradient
from dlbook.models import ResNet
from dlbook.models.resnet import PadShortcut, ResidualBlock, global_average
from dlbook.nn import BatchNorm2d, Conv2d, Linear, MaxPool2d, count_parameters
from dlbook.optim import Adam
from dlbook.train import fit, predict

COUNTS = {
    20: 269_722,
    32: 464_154,
    44: 658_586,
    56: 853_018,
    110: 1_727_962,
    18: 11_689_512,
    34: 21_797_672,
    50: 25_557_032,
}


@pytest.mark.parametrize("depth", COUNTS)
def test_it_has_the_parameters_and_the_layers_of_the_paper(
    depth: int, rng: np.random.Generator
) -> None:
    model = ResNet(depth, rng=rng)
    assert count_parameters(model) == COUNTS[depth]
    weighted = [
        part
        for name, part in model.named_modules()
        if isinstance(part, Conv2d | Linear) and ".shortcut." not in name
    ]
    assert len(weighted) == depth
    assert all(p.dtype == np.float32 for p in model.parameters())


def test_the_deepest_have_the_blocks_of_the_table(monkeypatch: Any) -> None:
    """Their weights are not drawn: these are 400 MB."""
    model = ResNet.__new__(ResNet)
    made: list[Any] = []
    monkeypatch.setattr("dlbook.models.resnet._convolution", lambda *a, **_: a)
    monkeypatch.setattr("dlbook.models.resnet.Linear", lambda *a, **_: np.tanh)
    monkeypatch.setattr(
        "dlbook.models.resnet.Sequential.__init__",
        lambda _, *layers: made.extend(layers),
    )
    for depth, blocks in {101: 33, 152: 50}.items():
        made.clear()
        ResNet.__init__(model, depth, rng=np.random.default_rng(0))
        found = [each for each in made if isinstance(each, ResidualBlock)]
        assert len(found) == blocks
        assert 2 + sum(len(each.convolutions) for each in found) == depth


@pytest.mark.parametrize(
    ("depth", "side", "maps"),
    [
        (20, 32, [(16, 32), (32, 16), (64, 8)]),
        (20, 9, [(16, 9), (32, 5), (64, 3)]),
        (18, 64, [(64, 32), (64, 16), (128, 8), (256, 4), (512, 2)]),
        (50, 32, [(64, 16), (64, 8), (256, 8), (512, 4), (1024, 2), (2048, 1)]),
    ],
)
def test_stages_halve_the_image_and_double_the_channels(
    depth: int, side: int, maps: list[tuple[int, int]], rng: np.random.Generator
) -> None:
    model = ResNet(depth, rng=rng)
    x: Any = np.zeros((1, 3, side, side), np.float32)
    found: list[tuple[int, int]] = []
    for layer in model[:-2]:
        x = layer(x)
        assert x.shape[2] == x.shape[3]
        if not found or found[-1] != x.shape[1:3]:
            found.append(x.shape[1:3])
    assert found == maps
    assert model[-2:](x).shape == (1, 10 if depth == 20 else 1000)


def test_numbers_of_channels_and_classes_are_free(rng: np.random.Generator) -> None:
    model = ResNet(20, in_channels=1, num_classes=7, rng=rng)
    assert model(np.zeros((2, 1, 8, 8))).shape == (2, 7)
    changed = (3 - 1) * 16 * 9 + (10 - 7) * 65
    assert count_parameters(model) == COUNTS[20] - changed


def test_weights_are_he_s_and_norms_change_nothing_at_first(
    rng: np.random.Generator,
) -> None:
    model = ResNet(32, rng=rng)
    for _, part in model.named_modules():
        if isinstance(part, Conv2d):
            assert part.b is None
            w = part.w.value
            if w.size > 4000:
                assert w.std() == pytest.approx(np.sqrt(2 / w[0].size), rel=0.06)
                assert abs(w.mean()) < 4 * w.std() / np.sqrt(w.size)
        if isinstance(part, BatchNorm2d):
            assert (part.gamma.value == 1).all() and (part.beta.value == 0).all()


@pytest.mark.parametrize("bottleneck", [False, True])
@pytest.mark.parametrize("projection", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_block_adds_what_its_convolutions_make_to_its_shortcut(
    bottleneck: bool, projection: bool, stride: int, rng: np.random.Generator
) -> None:
    """The plain form, layer by layer, in training and in an evaluation."""
    block = ResidualBlock(
        4, 6, stride=stride, bottleneck=bottleneck, projection=projection, rng=rng, dtype=np.float64,
    )  # fmt: skip
    x = rng.normal(size=(3, 4, 5, 5))
    k = block.out_channels
    assert k == (24 if bottleneck else 6)
    for how in (rng, None):
        y: Any = Tensor(x)
        for i, (convolution, norm) in enumerate(
            zip(block.convolutions, block.norms, strict=True)
        ):
            y = norm(convolution(y), rng=how)
            y = ops.relu(y) if i < len(block.norms) - 1 else y
        if projection:
            assert block.shortcut is not None
            beside = block.shortcut(x, rng=how).value
        else:
            beside = np.zeros((3, k, *y.shape[2:]))
            beside[:, :4] = x[:, :, ::stride, ::stride]
        again = block(x, rng=how).value
        assert_allclose(again, np.maximum(y.value + beside, 0), rtol=1e-7, atol=1e-7)


def test_where_the_shape_stays_the_shortcut_is_what_came(
    rng: np.random.Generator,
) -> None:
    block = ResidualBlock(4, 4, rng=rng, dtype=np.float64)
    assert block.shortcut is None
    for convolution in block.convolutions:
        convolution.w.value = np.zeros_like(convolution.w.value)
    x = rng.uniform(0.1, 1, size=(2, 4, 3, 3))
    assert_array_equal(block(x, rng=rng).value, x)
    into = Tensor(x)
    (dx,) = grad((block(into, rng=rng) * x).sum(), [into])
    assert_array_equal(dx, x)


def test_the_shortcut_without_parameters_skips_and_pads() -> None:
    x = np.arange(32.0).reshape(1, 2, 4, 4)
    y = PadShortcut(3, 2)(x).value
    assert y.shape == (1, 5, 2, 2)
    assert_array_equal(y[0, :2], [[[0, 2], [8, 10]], [[16, 18], [24, 26]]])
    assert not y[0, 2:].any()


def test_the_last_maps_are_averaged(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 3, 4, 5))
    assert_allclose(global_average(x), x.reshape(2, 3, 20).mean(axis=2), rtol=1e-12)


@pytest.mark.parametrize("depth", [20, 18])
def test_its_gradients_are_the_central_differences(
    depth: int, rng: np.random.Generator
) -> None:
    model = ResNet(depth, num_classes=3, rng=rng, dtype=np.float64)
    x, t = rng.normal(size=(4, 3, 8, 8)), np.array([0, 2, 1, 2])
    parameters = model.parameters()
    made = grad(ops.cross_entropy(model(x, rng=rng), t), parameters)
    for at in (0, 1, len(parameters) // 2, -3, -1):
        p, value = parameters[at], parameters[at].value
        u = rng.normal(size=p.shape) / np.sqrt(p.size)

        def along(s: Any, p: Any = p, value: Any = value, u: Any = u) -> Any:
            p.value = value + 1e-3 * float(s) * u  # less than a ReLU's next kink
            return ops.cross_entropy(model(x, rng=rng), t).item()

        slope = numerical_gradient(along, np.zeros(())) / 1e-3
        p.value = value
        assert_allclose((made[at] * u).sum(), slope, rtol=1e-4, atol=1e-6)


def test_an_evaluation_looks_at_each_image_alone_and_a_forgotten_rng_is_told(
    rng: np.random.Generator,
) -> None:
    model = ResNet(20, rng=rng, dtype=np.float64)
    x = rng.normal(size=(3, 3, 8, 8))
    model(x, rng=rng)  # the running statistics move
    together = model(x).value
    assert_allclose(model(x[1:2]).value, together[1:2], rtol=1e-9)
    assert np.abs(model(x, rng=rng).value - together).max() > 1e-3
    with pytest.raises(RuntimeError, match=r"expected a training pass"):
        grad(ops.cross_entropy(model(x), np.array([0, 1, 2])), model.parameters())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"depth": 21}, ValueError, r"ResNet: depth: expected one of 20, 32, .*, 152, got 21"),
        ({"depth": 0}, ValueError, r"ResNet: depth: .* got 0"),
        ({"in_channels": 0}, ValueError, r"in_channels: expected .* got 0"),
        ({"num_classes": 0}, ValueError, r"out_features: expected at least 1, got 0"),
        ({"dtype": np.int64}, TypeError, r"dtype: expected a float type, got int64"),
    ],
)  # fmt: skip
def test_what_makes_no_network_is_refused(
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
    rng: np.random.Generator,
) -> None:
    with pytest.raises(error, match=message):
        ResNet(**{"depth": 20, "rng": rng, **arguments})


def test_images_of_other_channels_are_refused(rng: np.random.Generator) -> None:
    model = ResNet(20, rng=rng)
    with pytest.raises(ValueError, match=r"conv2d"):
        model(np.zeros((2, 1, 8, 8)))
    assert isinstance(ResNet(18, rng=rng)[3], MaxPool2d)


def test_it_learns_to_read_digits(rng: np.random.Generator) -> None:
    """The digits as they are, 8 × 8, in a network of 20 layers: seconds of training."""
    images, t = load_digits()
    x = (images / 16.0).astype(np.float32)
    known, others = train_test_split(
        np.arange(len(t)), test_size=0.2, rng=rng, stratify=t
    )
    model = ResNet(20, in_channels=1, rng=rng)
    for rate, epochs in ((3e-3, 3), (5e-4, 2)):
        fit(
            model, x[known], t[known], loss=ops.cross_entropy,
            optimizer=Adam(model.parameters(), rate), epochs=epochs, batch_size=64,
            rng=rng, progress=False,
        )  # fmt: skip
    accuracy = (predict(model, x[others]).argmax(axis=1) == t[others]).mean()
    assert accuracy >= 0.95
