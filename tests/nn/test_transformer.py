"""The transformer block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Tensor, grad
from dlbook.gradcheck import numerical_gradient
from dlbook.nn import Linear, PReLU, TransformerBlock, count_parameters
from dlbook.ops import gelu, layer_norm


def a_block(**settings: Any) -> TransformerBlock:
    rng = np.random.default_rng(0)
    made: dict[str, Any] = {"dropout": 0.0, "dtype": np.float64} | settings
    return TransformerBlock(4, 2, 6, rng=rng, **made)


@pytest.mark.parametrize("norm_first", [False, True])
def test_norms_stand_behind_the_sums_or_before_the_parts(
    norm_first: bool, rng: np.random.Generator
) -> None:
    block, x = a_block(norm_first=norm_first, activation=gelu), rng.normal(size=(3, 4))

    def norm(x: Any) -> Any:
        return layer_norm(x)

    def network(x: Any) -> Any:
        return block.linear2(gelu(block.linear1(x))).value

    if norm_first:
        a = x + block.self_attn(norm(x)).value
        y = a + network(norm(a))
    else:
        a = norm(x + block.self_attn(x).value)
        y = norm(a + network(a))
    assert_allclose(block(x).value, y, rtol=1e-11)


@pytest.mark.parametrize("norm_first", [False, True])
def test_the_gradient_agrees_with_central_differences(
    norm_first: bool, rng: np.random.Generator
) -> None:
    block = a_block(
        norm_first=norm_first, activation=gelu, is_causal=True, cross_attention=True
    )
    x, memory, dy = (rng.normal(size=(2, n, 4)) for n in (3, 5, 3))
    leaves = Tensor(x), Tensor(memory)
    for got, leaf in zip(
        grad((block(*leaves) * dy).sum(), leaves), leaves, strict=True
    ):

        def moved(value: Any, leaf: Tensor = leaf) -> float:
            kept, leaf.value = leaf.value, value
            loss = float((block(*leaves).value * dy).sum())
            leaf.value = kept
            return loss

        assert_allclose(
            got, numerical_gradient(moved, leaf.value), rtol=1e-6, atol=1e-8
        )


def test_a_block_has_the_parameters_of_its_parts(rng: np.random.Generator) -> None:
    d, hidden = 4, 6
    attention, norm = 4 * d * d + 4 * d, 2 * d
    network = 2 * d * hidden + hidden + d
    assert count_parameters(a_block()) == attention + network + 2 * norm
    both = 2 * attention + network + 3 * norm
    assert count_parameters(a_block(cross_attention=True)) == both
    less = 8 * d + hidden + d + 4 * d - 4 * d
    without = count_parameters(a_block(cross_attention=True, bias=False))
    assert without == both - less


def test_a_decoder_sees_its_past_and_the_whole_memory(rng: np.random.Generator) -> None:
    block = a_block(is_causal=True, cross_attention=True)
    x, memory = rng.normal(size=(4, 4)), rng.normal(size=(5, 4))
    before = block(x, memory).value
    x[2:] += rng.normal(size=(2, 4))
    after = block(x, memory).value
    assert_allclose(after[:2], before[:2], rtol=1e-13)
    memory[-1] += rng.normal(size=4)
    assert (block(x, memory).value != after).any(axis=1).all()
    seen = np.arange(5) < 4
    masked = block(x, memory, memory_mask=seen).value
    memory[-1] = 9
    assert_array_equal(block(x, memory, memory_mask=seen).value, masked)


def test_a_padded_batch_is_its_sequences_one_by_one(rng: np.random.Generator) -> None:
    block, x = a_block(), rng.normal(size=(2, 5, 4))
    seen = np.arange(5) < np.array([[3], [5]])
    y = block(x, mask=seen[:, None]).value
    assert_allclose(y[0, :3], block(x[0, :3]).value, rtol=1e-11)
    assert_allclose(y[1], block(x[1]).value, rtol=1e-11)


def test_training_leaves_out_at_random_and_an_evaluation_does_not(
    rng: np.random.Generator,
) -> None:
    block, x = a_block(dropout=0.3), rng.normal(size=(3, 4))
    assert_array_equal(block(x).value, a_block()(x).value)
    first, again = (block(x, rng=np.random.default_rng(1)).value for _ in range(2))
    assert_array_equal(first, again)
    assert (first != block(x, rng=np.random.default_rng(2)).value).any()
    with pytest.raises(RuntimeError, match="expected a training pass"):
        grad(block(x).sum(), block.parameters())
    grad(a_block()(x).sum(), [])


def test_the_activation_may_be_a_module(rng: np.random.Generator) -> None:
    block = a_block(activation=PReLU(dtype=np.float64))
    assert "activation.weight" in dict(block.named_parameters())
    assert block(rng.normal(size=(3, 4))).shape == (3, 4)


def test_float32_is_float64_to_four_digits(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 7, 4))
    low, high = a_block(dtype=np.float32), a_block()
    assert low(x).dtype == np.float32
    assert_allclose(low(x).value, high(x).value, rtol=1e-4, atol=1e-5)


def test_a_memory_comes_where_one_is_attended_to() -> None:
    x = np.ones((3, 4))
    with pytest.raises(ValueError, match="memory: expected none, got a sequence"):
        a_block()(x, x)
    with pytest.raises(ValueError, match="memory: expected a sequence, got none"):
        a_block(cross_attention=True)(x)


@pytest.mark.parametrize("activation", [Linear, "relu", None])
def test_what_is_no_activation_is_refused(activation: Any) -> None:
    with pytest.raises(TypeError, match="TransformerBlock: activation: expected"):
        a_block(activation=activation)
