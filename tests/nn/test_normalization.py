"""Layers that normalize."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import nn, ops
from dlbook.autograd import Parameter, Tensor, grad, no_grad
from dlbook.optim import SGD

BATCH_NORMS = [(nn.BatchNorm1d, ()), (nn.BatchNorm1d, (5,)), (nn.BatchNorm2d, (5, 2))]
each_batch_norm = pytest.mark.parametrize(
    ("layer_type", "dims"), BATCH_NORMS, ids=["rows", "sequences", "images"]
)


@each_batch_norm
def test_training_uses_the_batch_and_an_evaluation_the_running_statistics(
    layer_type: Any, dims: Any, rng: np.random.Generator
) -> None:
    layer = layer_type(3, dtype=np.float64)
    layer.gamma.value, layer.beta.value = rng.normal(size=(2, 3))
    x = rng.normal(2, 3, size=(8, 3, *dims))
    gamma, beta = layer.gamma.value, layer.beta.value
    assert_array_equal(layer(x, rng=rng).value, ops.batch_norm(x, gamma, beta))
    mean, var = layer.running_mean, layer.running_var
    expected = ops.batch_norm(x, gamma, beta, mean, var)
    assert_array_equal(layer(x).value, expected)
    assert_array_equal(layer(x[:1]).value, expected[:1])


@each_batch_norm
def test_the_running_statistics_move_a_tenth_of_the_way(
    layer_type: Any, dims: Any, rng: np.random.Generator
) -> None:
    layer = layer_type(3, dtype=np.float64)
    assert_array_equal(layer.running_mean, np.zeros(3))
    assert_array_equal(layer.running_var, np.ones(3))
    x = rng.normal(2, 3, size=(8, 3, *dims))
    axes = (0, *range(2, x.ndim))
    layer(x, rng=rng)
    assert_allclose(layer.running_mean, 0.1 * x.mean(axes), rtol=1e-12)
    unbiased = x.var(axes, ddof=1)
    assert_allclose(layer.running_var, 0.9 + 0.1 * unbiased, rtol=1e-12)


def test_with_momentum_one_the_last_batch_is_all_and_with_zero_nothing(
    rng: np.random.Generator,
) -> None:
    x = rng.normal(size=(8, 3))
    for momentum, mean in [(1, x.mean(0)), (0, np.zeros(3))]:
        layer = nn.BatchNorm1d(3, momentum=momentum, dtype=np.float64)
        layer(x, rng=rng)
        assert_allclose(layer.running_mean, mean, rtol=1e-12)


def test_statistics_are_bound_anew_and_never_written_into(
    rng: np.random.Generator,
) -> None:
    layer = nn.BatchNorm1d(3)
    mean, var = layer.running_mean, layer.running_var
    kept = mean.copy(), var.copy()
    y = layer(rng.normal(2, 3, size=(8, 3)))
    layer(rng.normal(2, 3, size=(8, 3)), rng=rng)
    assert layer.running_mean is not mean
    assert layer.running_var is not var
    assert_array_equal((mean, var), kept)
    assert layer.running_mean.dtype == layer.running_var.dtype == np.float32
    assert y.dtype == np.float32


def test_an_evaluation_and_a_frozen_pass_leave_the_statistics_alone(
    rng: np.random.Generator,
) -> None:
    layer = nn.BatchNorm2d(3)
    x = rng.normal(2, 3, size=(4, 3, 5, 5))
    mean, var = layer.running_mean, layer.running_var
    y = layer(x)
    layer.freeze()
    assert_array_equal(layer(x, rng=rng).value, y.value)
    assert layer.running_mean is mean
    assert layer.running_var is var
    layer.unfreeze()
    layer(x, rng=rng)
    assert layer.running_mean is not mean


def test_statistics_move_also_without_a_graph(rng: np.random.Generator) -> None:
    layer = nn.BatchNorm1d(3)
    with no_grad():
        y = layer(np.ones((4, 3)), rng=rng)
    assert y.inputs == ()
    assert_allclose(layer.running_mean, 0.1)


def test_the_state_holds_the_statistics(rng: np.random.Generator) -> None:
    layer = nn.BatchNorm1d(3)
    layer(rng.normal(2, 3, size=(8, 3)), rng=rng)
    state = layer.state_dict()
    assert [*state] == ["gamma", "beta", "running_mean", "running_var"]
    assert [name for name, _ in layer.named_parameters()] == ["gamma", "beta"]
    other = nn.BatchNorm1d(3).load_state_dict(state)
    x = rng.normal(size=(2, 3))
    assert_array_equal(other(x).value, layer(x).value)
    assert other.to(np.float64).running_var.dtype == np.float64
    assert other(x).dtype == np.float64


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm1d(3), nn.Dropout(0.5)], ids=["batch norm", "dropout"]
)
def test_a_training_loop_without_rng_is_told(
    layer: Any, rng: np.random.Generator
) -> None:
    """And `freeze` says that it is meant."""
    model = nn.Sequential(nn.Linear(4, 3, rng=rng), layer, nn.Linear(3, 1, rng=rng))
    optimizer = SGD(model.parameters(), lr=0.1)
    x = rng.normal(size=(8, 4))
    name = type(layer).__name__
    with pytest.raises(
        RuntimeError,
        match=rf"{name}: expected a training pass, model\(x, rng=rng\), got a gradient through an evaluation",
    ):
        optimizer.step(grad((model(x) ** 2).mean(), model.parameters()))
    optimizer.step(grad((model(x, rng=rng) ** 2).mean(), model.parameters()))
    layer.freeze()
    evaluation = model(x).value
    assert_array_equal(model(x, rng=rng).value, evaluation)
    gradients = grad((model(x) ** 2).mean(), model.parameters())
    assert len(gradients) == 4
    layer.unfreeze()


def test_one_value_for_a_channel_cannot_be_trained_on(
    rng: np.random.Generator,
) -> None:
    for layer, shape in [
        (nn.BatchNorm1d(3), (1, 3)),
        (nn.BatchNorm1d(3), (1, 3, 1)),
        (nn.BatchNorm2d(3), (1, 3, 1, 1)),
        (nn.BatchNorm2d(3), (0, 3, 2, 2)),
    ]:
        x = np.ones(shape)
        message = (
            f"{type(layer).__name__}: x: expected at least two values for each channel in a training pass, "
            f"got shape {shape}"
        )
        with pytest.raises(ValueError) as error:
            layer(x, rng=rng)
        assert str(error.value) == message
        assert layer(x).shape == shape


def test_a_layer_starts_by_changing_neither_scale_nor_shift() -> None:
    for layer in (
        nn.BatchNorm1d(3),
        nn.BatchNorm2d(3),
        nn.GroupNorm(3, 3),
        nn.InstanceNorm2d(3, affine=True),
        nn.LayerNorm(3),
        nn.RMSNorm(3),
    ):
        assert isinstance(layer.gamma, Parameter)
        assert_array_equal(layer.gamma.value, np.ones(3, np.float32))
        assert layer.gamma.dtype == np.float32
        beta = getattr(layer, "beta", None)
        assert beta is None or beta.value.tolist() == [0, 0, 0]


def test_layers_compute_their_operations(rng: np.random.Generator) -> None:
    x, (gamma, beta) = rng.normal(size=(2, 4, 3, 4)), rng.normal(size=(2, 4))
    layers: list[tuple[Any, Any]] = [
        (nn.LayerNorm(4, eps=0.1), ops.layer_norm(x, gamma, beta, eps=0.1)),
        (nn.RMSNorm(4, eps=0.1), ops.rms_norm(x, gamma, eps=0.1)),
        (nn.RMSNorm(4), ops.rms_norm(x, gamma)),
        (
            nn.GroupNorm(2, 4, eps=0.1),
            ops.group_norm(x, gamma, beta, num_groups=2, eps=0.1),
        ),
        (
            nn.InstanceNorm2d(4, eps=0.1, affine=True),
            ops.instance_norm(x, gamma, beta, eps=0.1),
        ),
    ]
    for layer, expected in layers:
        layer.to(np.float64)
        layer.gamma.value = gamma
        if hasattr(layer, "beta"):
            layer.beta.value = beta
        assert_array_equal(layer(x).value, expected)
        assert_array_equal(layer(x, rng=rng).value, expected)
        gradients = grad((layer(x) ** 2).sum(), layer.parameters())
        assert [g.shape for g in gradients] == [p.shape for p in layer.parameters()]
    plain = nn.InstanceNorm2d(4, eps=0.1)
    assert plain.parameters() == []
    assert_array_equal(plain(x).value, ops.instance_norm(x, eps=0.1))
    assert plain(Tensor(x.astype(np.float32))).dtype == np.float32


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.LayerNorm(0), ValueError, "LayerNorm: d: expected at least 1"),
        (lambda: nn.RMSNorm(0), ValueError, "RMSNorm: d: expected at least 1"),
        (
            lambda: nn.BatchNorm2d(-1),
            ValueError,
            "BatchNorm2d: num_features: expected at least 1, got -1",
        ),
        (
            lambda: nn.BatchNorm1d(3, momentum=2),
            ValueError,
            "BatchNorm1d: momentum: expected a number from 0 to 1, got 2",
        ),
        (
            lambda: nn.GroupNorm(2, 5),
            ValueError,
            "GroupNorm: num_groups: expected a divisor of num_channels=5, got 2",
        ),
        (
            lambda: nn.GroupNorm(0, 5),
            ValueError,
            "GroupNorm: num_groups: expected a divisor of num_channels=5, got 0",
        ),
        (
            lambda: nn.LayerNorm(3, dtype=int),
            TypeError,
            "LayerNorm: dtype: expected a float type, got int64",
        ),
        (lambda: nn.Dropout(1.5), ValueError, "Dropout: p: expected a number from 0"),
    ],
)
def test_a_layer_that_cannot_be_is_refused(
    make: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            nn.BatchNorm1d(3),
            (2, 3, 4, 4),
            r"BatchNorm1d: x: expected 2 or 3 axes, got shape \(2, 3, 4, 4\)",
        ),
        (
            nn.BatchNorm2d(3),
            (2, 3),
            r"BatchNorm2d: x: expected 4 axes, got shape \(2, 3\)",
        ),
        (
            nn.BatchNorm2d(3),
            (2, 4, 5, 5),
            r"batch_norm: gamma: expected shape \(c=4,\)",
        ),
        (
            nn.InstanceNorm2d(3),
            (2, 4, 5, 5),
            r"InstanceNorm2d: x: expected shape \(n, c=3, h, w\), got \(2, 4, 5, 5\)",
        ),
        (nn.InstanceNorm2d(3), (2, 3, 5), "InstanceNorm2d: x: expected shape"),
        (nn.LayerNorm(3), (2, 4), r"layer_norm: gamma: expected shape \(d=4,\)"),
    ],
)
def test_what_does_not_fit_a_layer_is_refused(
    layer: Any, shape: Any, message: str, rng: np.random.Generator
) -> None:
    for settings in ({}, {"rng": rng}):
        with pytest.raises(ValueError, match=message):
            layer(np.ones(shape), **settings)


def test_layers_show_their_settings() -> None:
    assert [
        repr(layer)
        for layer in (
            nn.BatchNorm2d(3),
            nn.GroupNorm(3, 6),
            nn.InstanceNorm2d(3),
            nn.LayerNorm(3),
            nn.RMSNorm(3),
            nn.Dropout(),
        )
    ] == [
        "BatchNorm2d(3, eps=1e-05, momentum=0.1)",
        "GroupNorm(3, 6, eps=1e-05)",
        "InstanceNorm2d(3, eps=1e-05, affine=False)",
        "LayerNorm(3, eps=1e-05)",
        "RMSNorm(3, eps=None)",
        "Dropout(p=0.5)",
    ]


def test_dropout_changes_nothing_but_in_training(rng: np.random.Generator) -> None:
    layer, x = nn.Dropout(0.5), rng.normal(size=(20, 20))
    assert_array_equal(layer(x).value, x)
    y = layer(x, rng=rng).value
    assert_array_equal(np.unique((y / x).round(6)), [0, 2])
    assert_array_equal(layer.freeze()(x, rng=rng).value, x)
    assert isinstance(layer(x), Tensor)
    assert layer.parameters() == []
