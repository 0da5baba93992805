"""The network of dense layers against its equation, by hand and by PyTorch's stored values."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import Tensor, grad, ops
from dlbook.gradcheck import numerical_gradient
from dlbook.models import MLP
from dlbook.nn import Linear, Module, Sequential, count_parameters
from dlbook.optim import Adam
from dlbook.train import fit


def network(*sizes: int, rng: np.random.Generator, activation: Any = ops.relu) -> MLP:
    return MLP(sizes, activation=activation, rng=rng, dtype=np.float64)


def test_it_is_its_equation_layer_by_layer(rng: np.random.Generator) -> None:
    model = network(5, 4, 3, 2, rng=rng, activation=ops.tanh)
    x = rng.normal(size=(6, 5))
    a = x
    W1, b1, W2, b2, W3, b3 = (p.value for p in model.parameters())
    for w, b in [(W1, b1), (W2, b2)]:
        a = np.tanh(a @ w + b)
    assert_allclose(model(x).value, a @ W3 + b3, rtol=1e-12)


def test_without_a_hidden_layer_it_is_a_dense_layer(rng: np.random.Generator) -> None:
    model = network(3, 2, rng=np.random.default_rng(5))
    layer = Linear(3, 2, rng=np.random.default_rng(5), dtype=np.float64)
    x = rng.normal(size=(4, 3))
    assert_array_equal(model(x).value, layer(x).value)


def test_it_draws_what_a_sequential_of_linears_draws() -> None:
    rng = np.random.default_rng(7)
    parts = Linear(4, 3, rng=rng), ops.relu, Linear(3, 2, rng=rng)
    model = MLP([4, 3, 2], rng=np.random.default_rng(7))
    for ours, theirs in zip(
        model.parameters(), Sequential(*parts).parameters(), strict=True
    ):
        assert ours.dtype == np.float32
        assert_array_equal(ours.value, theirs.value)


@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 1), (4, 3, 2, 1), (5, 1, 7, 3)])
def test_it_has_the_parameters_of_the_formula(
    sizes: tuple[int, ...], rng: np.random.Generator
) -> None:
    model = MLP(sizes, rng=rng)
    assert count_parameters(model) == sum(
        (a + 1) * b for a, b in itertools.pairwise(sizes)
    )
    names = [name for name, _ in model.named_parameters()]
    assert names == [f"{2 * i}.{p}" for i in range(len(sizes) - 1) for p in "wb"]


def test_its_gradients_are_the_central_differences(rng: np.random.Generator) -> None:
    model = network(3, 4, 3, 2, rng=rng, activation=ops.tanh)
    x, t = rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    made = grad(ops.cross_entropy(model(x), t), model.parameters())
    for parameter, ours in zip(model.parameters(), made, strict=True):
        value = parameter.value

        def loss(changed: Any, parameter: Any = parameter) -> Any:
            parameter.value = changed
            return ops.cross_entropy(model(x), t).item()

        assert_allclose(ours, numerical_gradient(loss, value), atol=1e-8)
        parameter.value = value


def test_a_slice_shares_the_layers(rng: np.random.Generator) -> None:
    model = network(4, 3, 2, rng=rng)
    x = rng.normal(size=(5, 4))
    hidden = model[:2](x)
    assert hidden.shape == (5, 3) and (hidden.value >= 0).all()
    assert_allclose(model[2:](hidden).value, model(x).value, rtol=1e-12)


def test_a_module_may_be_the_activation_and_is_handed_rng() -> None:
    class Noisy(Module):
        def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
            return ops.tanh(x if rng is None else x + rng.normal(size=x.shape))

    rng = np.random.default_rng(0)
    model = MLP([3, 4, 4, 1], activation=Noisy(), rng=rng, dtype=np.float64)
    x = rng.normal(size=(5, 3))
    assert_array_equal(model(x).value, model(x).value)
    assert (model(x, rng=rng).value != model(x).value).all()


def test_it_learns_what_no_line_divides(rng: np.random.Generator) -> None:
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    t = np.array([0, 1, 1, 0])
    model = MLP([2, 8, 2], activation=ops.tanh, rng=rng)
    fit(
        model, x, t, loss=ops.cross_entropy, optimizer=Adam(model.parameters(), 0.05),
        epochs=200, rng=None, progress=False,
    )  # fmt: skip
    assert_array_equal(model(x).value.argmax(axis=1), t)


def test_the_dtype_is_that_of_the_parameters_and_a_tensor_must_have_it(
    rng: np.random.Generator,
) -> None:
    assert MLP([3, 2], rng=rng)(np.zeros((4, 3))).dtype == np.float32
    assert network(3, 2, rng=rng)(np.zeros((4, 3), np.float32)).dtype == np.float64
    with pytest.raises(TypeError, match=r"expected float32, the dtype of its weights"):
        MLP([3, 2], rng=rng)(Tensor(np.zeros((4, 3))))


def test_sizes_may_be_numpys_numbers_and_any_sequence(rng: np.random.Generator) -> None:
    assert count_parameters(MLP(np.array([2, 2, 1]), rng=rng)) == 9  # type: ignore[arg-type]
    assert len(MLP(range(1, 5), rng=rng)) == 5


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sizes": [3]}, ValueError, r"MLP: sizes: expected two numbers or more.*\[3\]"),
        ({"sizes": []}, ValueError, r"MLP: sizes: expected two numbers or more.*\[\]"),
        ({"sizes": [3, 0, 2]}, ValueError, r"each at least 1, got \[3, 0, 2\]"),
        ({"sizes": [3, -1]}, ValueError, r"each at least 1, got \[3, -1\]"),
        ({"sizes": [3, 2.5]}, TypeError, r"MLP: sizes: expected whole numbers"),
        ({"sizes": 64}, TypeError, r"MLP: sizes: expected whole numbers.* got 64"),
        ({"activation": "relu"}, TypeError, r"MLP: activation: expected a function.*'relu'"),
        ({"activation": Linear}, TypeError, r"MLP: activation: .* got <class"),
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
        MLP(**{"sizes": [3, 2], "rng": rng, **arguments})
