"""The dense layer and the chain of layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Tensor, grad, no_grad
from dlbook.gradcheck import numerical_gradient
from dlbook.nn import Linear, PReLU, Sequential
from dlbook.ops import relu, tanh


def test_a_linear_layer_is_a_weighted_sum_and_a_bias(rng: np.random.Generator) -> None:
    layer = Linear(3, 2, rng=rng, dtype=np.float64)
    x = rng.normal(size=(5, 3))
    expected = [
        [sum(x[i, j] * layer.w.value[j, k] for j in range(3)) for k in range(2)]
        for i in range(5)
    ]
    assert layer.b is not None
    assert_allclose(layer(x).value, expected + layer.b.value, rtol=1e-12)


def test_without_a_bias_zero_goes_to_zero(rng: np.random.Generator) -> None:
    layer = Linear(3, 2, bias=False, rng=rng)
    assert layer.b is None
    assert [name for name, _ in layer.named_parameters()] == ["w"]
    assert_array_equal(layer(np.zeros((1, 3))).value, [[0, 0]])


@pytest.mark.parametrize("d", [1, 4, 100])
def test_the_first_weights_fill_the_promised_range_evenly(d: int) -> None:
    layer = Linear(d, 4000, rng=np.random.default_rng(d), dtype=np.float64)
    bound = 1 / np.sqrt(d)
    assert layer.b is not None
    for values in (layer.w.value, layer.b.value):
        assert abs(values).max() <= bound
        # Uniform: each tenth of the range holds a tenth of the values, to five standard deviations.
        shares = np.histogram(values, bins=10, range=(-bound, bound))[0] / values.size
        assert_allclose(shares, 0.1, atol=5 * np.sqrt(0.09 / values.size))


def test_the_seed_decides_the_weights_in_every_dtype() -> None:
    low, high = (
        Linear(5, 4, rng=np.random.default_rng(3), dtype=dtype)
        for dtype in (np.float32, np.float64)
    )
    assert_array_equal(low.w.value, high.w.value.astype(np.float32))
    assert (low.w.value != Linear(5, 4, rng=np.random.default_rng(4)).w.value).any()


def test_float32_is_the_default(rng: np.random.Generator) -> None:
    layer = Linear(3, 2, rng=rng)
    assert {p.dtype for p in layer.parameters()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, np.int64, bool])
def test_data_are_brought_to_the_dtype_of_the_weights(
    dtype: Any, rng: np.random.Generator
) -> None:
    layer = Linear(3, 2, rng=rng)
    x = np.array([[0, 1, 1]], dtype)
    assert layer(x).dtype == np.float32
    assert x.dtype == dtype
    assert_array_equal(layer(x).value, layer([[0.0, 1.0, 1.0]]).value)


def test_a_tensor_of_another_dtype_is_a_mistake(rng: np.random.Generator) -> None:
    with pytest.raises(
        TypeError,
        match="Linear: x: expected float32, the dtype of its weights, got float64",
    ):
        Linear(3, 2, rng=rng)(Tensor(np.ones((1, 3))))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.zeros((5, 4)), ValueError, r"linear: .*got"),
        ([["a", "b", "c"]], TypeError, "Linear: x: expected numbers, got <U1"),
        (
            np.zeros((1, 3), complex),
            TypeError,
            "Linear: x: expected numbers, got complex128",
        ),
    ],
)
def test_what_cannot_be_weighted_is_refused(
    x: Any, error: type[Exception], message: str, rng: np.random.Generator
) -> None:
    with pytest.raises(error, match=message):
        Linear(3, 2, rng=rng)(x)


@pytest.mark.parametrize(
    ("d", "k", "name"),
    [(0, 2, "in_features"), (3, 0, "out_features"), (-1, 2, "in_features")],
)
def test_a_layer_has_at_least_one_input_and_one_output(
    d: int, k: int, name: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError, match=f"Linear: {name}: expected at least 1, got"):
        Linear(d, k, rng=rng)


def test_the_output_is_a_tensor_also_without_a_graph(rng: np.random.Generator) -> None:
    layer = Linear(3, 2, rng=rng)
    with no_grad():
        z = layer(np.ones((1, 3)))
    assert isinstance(z, Tensor)
    assert z.inputs == ()


def test_the_gradient_of_a_network_agrees_with_central_differences(
    rng: np.random.Generator,
) -> None:
    model = Sequential(
        Linear(3, 4, rng=rng), tanh, Linear(4, 2, bias=False, rng=rng)
    ).to(np.float64)
    x = rng.normal(size=(6, 3))

    def loss() -> Tensor:
        return (model(x) ** 2).mean()

    for p, gradient in zip(
        model.parameters(), grad(loss(), model.parameters()), strict=True
    ):
        kept = p.value

        def moved(value: Any, p: Any = p) -> float:
            p.value = value
            return float(loss().item())

        assert_allclose(gradient, numerical_gradient(moved, kept), rtol=1e-7, atol=1e-9)
        p.value = kept


def test_layers_act_one_after_another() -> None:
    model = Sequential(lambda x: x + 1, lambda x: 10 * x)
    assert_array_equal(model(np.array([1.0, 2.0])), [20, 30])


def test_a_chain_of_nothing_changes_nothing() -> None:
    assert Sequential()(5.0) == 5


def test_layers_are_counted_and_picked(rng: np.random.Generator) -> None:
    first, last = Linear(2, 3, rng=rng), Linear(3, 1, rng=rng)
    model = Sequential(first, relu, last)
    assert len(model) == 3
    assert list(model) == [first, relu, last]
    assert model[0] is first
    assert model[-1] is last
    head = model[:2]
    assert type(head) is Sequential
    assert list(head) == [first, relu]
    assert head.parameters()[0] is first.w
    with pytest.raises(IndexError):
        model[3]


def test_a_subclass_of_a_chain_may_have_parameters_of_its_own(
    rng: np.random.Generator,
) -> None:
    class Scaled(Sequential):
        pass

    model = Scaled(Linear(2, 1, rng=rng))
    model.extra = Linear(1, 1, rng=rng)  # type: ignore[attr-defined]
    assert [name for name, _ in model.named_parameters()] == [
        "0.w",
        "0.b",
        "extra.w",
        "extra.b",
    ]


def test_a_class_or_a_number_is_no_layer(rng: np.random.Generator) -> None:
    with pytest.raises(
        TypeError,
        match=r"Sequential: layers: expected an instance as number 1, write Linear\(…\)",
    ):
        Sequential(relu, Linear)
    with pytest.raises(
        TypeError,
        match="Sequential: layers: expected a module or a function as number 0, got 3",
    ):
        Sequential(3)  # type: ignore[arg-type]


def test_the_slope_of_a_prelu_is_a_parameter_and_is_learned() -> None:
    layer = PReLU(2, 0.5, dtype=np.float64)
    x = np.array([[-2.0, 1.0], [3.0, -4.0]])
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert_array_equal(layer(x).value, [[-1, 1], [3, -2]])
    (gradient,) = grad(layer(x).sum(), layer.parameters())
    assert_array_equal(gradient, [-2, -4])


def test_a_prelu_starts_with_one_slope_of_a_quarter_in_float32() -> None:
    layer = PReLU()
    assert_array_equal(layer.weight.value, np.array([0.25], np.float32))
    assert layer(np.array([-4, 4])).dtype == np.float32
    with pytest.raises(
        ValueError, match="PReLU: num_parameters: expected at least 1, got 0"
    ):
        PReLU(0)
