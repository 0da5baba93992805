"""Layers of attention: shapes, masks, parameters, and what they compute in training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Tensor, grad
from dlbook.nn import (
    BahdanauAttention,
    LearnedPositions,
    LuongAttention,
    MultiHeadAttention,
    count_parameters,
)
from dlbook.ops import scaled_dot_product_attention, softmax


def a_layer(**settings: Any) -> MultiHeadAttention:
    rng = np.random.default_rng(0)
    settings = {"dtype": np.float64} | settings
    layer = MultiHeadAttention(6, 3, rng=rng, **settings)
    for p in layer.parameters():
        p.value = rng.normal(size=p.shape).astype(p.dtype)
    return layer


def test_each_head_attends_by_itself(rng: np.random.Generator) -> None:
    layer, x, memory = a_layer(), rng.normal(size=(4, 6)), rng.normal(size=(5, 6))
    q, k, v = (
        s @ w.value + b.value  # type: ignore[union-attr]
        for s, w, b in (
            (x, layer.w_q, layer.b_q),
            (memory, layer.w_k, layer.b_k),
            (memory, layer.w_v, layer.b_v),
        )
    )
    heads = [
        scaled_dot_product_attention(*(s[:, 2 * i : 2 * i + 2] for s in (q, k, v)))
        for i in range(3)
    ]
    expected = np.concatenate(heads, axis=1) @ layer.w_o.value + layer.b_o.value  # type: ignore[union-attr]
    assert_allclose(layer(x, memory).value, expected, rtol=1e-12)


def test_an_example_does_not_see_the_others(rng: np.random.Generator) -> None:
    layer, x = a_layer(), rng.normal(size=(3, 4, 6))
    alone = np.stack([layer(example).value for example in x])
    assert_allclose(layer(x).value, alone, rtol=1e-12)


def test_the_number_of_parameters_does_not_depend_on_the_heads(
    rng: np.random.Generator,
) -> None:
    for h in (1, 2, 8):
        layer = MultiHeadAttention(8, h, rng=rng)
        assert count_parameters(layer) == 4 * 8 * 8 + 4 * 8
    layer = MultiHeadAttention(8, 2, bias=False, kdim=3, vdim=5, rng=rng)
    assert count_parameters(layer) == 8 * (8 + 3 + 5 + 8)
    assert layer(np.ones((2, 8)), np.ones((4, 3)), np.ones((4, 5))).shape == (2, 8)


def test_weights_start_in_pytorchs_ranges() -> None:
    layer = MultiHeadAttention(64, 4, rng=np.random.default_rng(0))
    for w, bound in (
        (layer.w_q, np.sqrt(6 / 256)),
        (layer.w_k, np.sqrt(6 / 256)),
        (layer.w_v, np.sqrt(6 / 256)),
        (layer.w_o, 1 / 8),
    ):
        assert 0.98 * bound < abs(w.value).max() <= bound * (1 + 1e-6)
    other = MultiHeadAttention(64, 4, kdim=32, rng=np.random.default_rng(0))
    for w, bound in ((other.w_q, np.sqrt(6 / 128)), (other.w_k, np.sqrt(6 / 96))):
        assert 0.98 * bound < abs(w.value).max() <= bound * (1 + 1e-6)
    assert all(not b.value.any() for b in layer.parameters() if b.ndim == 1)


def test_the_order_of_the_keys_makes_no_difference(rng: np.random.Generator) -> None:
    layer, x, memory = a_layer(), rng.normal(size=(4, 6)), rng.normal(size=(5, 6))
    order = rng.permutation(5)
    assert_allclose(layer(x, memory[order]).value, layer(x, memory).value, rtol=1e-11)


def test_with_rotary_positions_only_distances_matter(rng: np.random.Generator) -> None:
    layer, x = a_layer(rotary=True), rng.normal(size=(4, 6))
    first, _ = layer.weights(x).value, layer.weights(x[::-1])
    shifted = layer.weights(np.concatenate([rng.normal(size=(2, 6)), x])).value
    shifted = shifted[:, 2:, 2:] / shifted[:, 2:, 2:].sum(axis=-1, keepdims=True)
    assert_allclose(shifted, first, rtol=1e-10)
    assert not np.allclose(layer.weights(x[::-1]).value[:, ::-1, ::-1], first)


def test_masks_are_for_all_for_each_example_or_for_each_head(
    rng: np.random.Generator,
) -> None:
    layer, x = a_layer(), rng.normal(size=(2, 4, 6))
    mask = rng.random((2, 3, 4, 4)) < 0.5
    mask[..., 0] = True
    whole = layer.weights(x, mask=mask).value
    assert_array_equal(whole == 0, ~mask)
    each = layer.weights(x, mask=mask[:, 0]).value
    assert_array_equal(each == 0, np.broadcast_to(~mask[:, :1], each.shape))
    every = layer.weights(x, mask=mask[0, 0]).value
    assert_array_equal(every == 0, np.broadcast_to(~mask[0, 0], every.shape))
    padding = np.array([[1, 1, 0, 0], [1, 1, 1, 0]], bool)
    o = layer(x, mask=padding[:, None]).value
    assert_allclose(o[0], layer(x[0], x[0, :2]).value, rtol=1e-12)
    assert_allclose(o[1], layer(x[1], x[1, :3]).value, rtol=1e-12)


def test_a_causal_layer_does_not_see_the_future(rng: np.random.Generator) -> None:
    layer, x = a_layer(is_causal=True), rng.normal(size=(5, 6))
    before = layer(x).value
    x[3:] += 1
    assert_allclose(layer(x).value[:3], before[:3], rtol=1e-13)
    assert (layer(x).value[3:] != before[3:]).all()


def test_what_is_left_out_in_training_is_made_up_for_on_average(
    rng: np.random.Generator,
) -> None:
    layer, x = a_layer(dropout=0.5), rng.normal(size=(4, 6))
    trained = [layer(x, rng=rng).value for _ in range(1000)]
    spread = np.std(trained, axis=0) / np.sqrt(1000)
    assert (abs(np.mean(trained, axis=0) - layer(x).value) < 5 * spread).all()
    assert (spread > 0).all()


def test_a_forgotten_rng_is_told_where_dropout_makes_a_difference(
    rng: np.random.Generator,
) -> None:
    x = rng.normal(size=(4, 6))
    layer = a_layer(dropout=0.5)
    with pytest.raises(RuntimeError, match="MultiHeadAttention: expected a training"):
        grad(layer(x).sum(), layer.parameters())
    layer.freeze()
    frozen = Tensor(x)
    (dx,) = grad(layer(frozen, rng=rng).sum(), [frozen])
    plain = a_layer()
    same = Tensor(x)
    (expected,) = grad(plain(same).sum(), [same])
    assert_allclose(dx, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"embed_dim": 0, "num_heads": 1}, "embed_dim: expected at least 1, got 0"),
        ({"embed_dim": 4, "num_heads": 0}, "num_heads: expected at least 1, got 0"),
        ({"embed_dim": 4, "num_heads": 3}, "num_heads: expected a divisor of 4, got 3"),
        ({"embed_dim": 4, "num_heads": 2, "kdim": 0}, "kdim: expected at least 1"),
        ({"embed_dim": 4, "num_heads": 2, "dropout": 1.5}, "dropout: expected a numb"),
        ({"embed_dim": 4, "num_heads": 4, "rotary": True}, "rotary: expected an even"),
    ],
)
def test_sizes_that_make_no_heads_are_refused(
    settings: Any, message: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError, match=f"MultiHeadAttention: {message}"):
        MultiHeadAttention(**settings, rng=rng)


def test_bahdanaus_scores_come_from_hidden_units(rng: np.random.Generator) -> None:
    layer = BahdanauAttention(3, 4, 5, rng=rng, dtype=np.float64)
    s, h = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 7, 4))
    w, u, v = (p.value for p in layer.parameters())
    for n in range(2):
        for i in range(6):
            e = [v @ np.tanh(s[n, i] @ w + h[n, j] @ u) for j in range(7)]
            p = softmax(np.array(e))
            assert_allclose(layer.weights(s, h).value[n, i], p, rtol=1e-11)
            assert_allclose(layer(s, h).value[n, i], p @ h[n], rtol=1e-11)


@pytest.mark.parametrize("score", ["dot", "general", "concat"])
def test_luongs_scores_are_products_or_bahdanaus(
    score: str, rng: np.random.Generator
) -> None:
    layer = LuongAttention(4, score=score, rng=rng, dtype=np.float64)
    s, h = rng.normal(size=(2, 6, 4)), rng.normal(size=(2, 7, 4))
    mask = np.arange(7) < [[[5]], [[7]]]
    if score == "dot":
        assert layer.parameters() == []
        z = s @ h.swapaxes(1, 2)
    elif score == "general":
        (matrix,) = layer.parameters()
        z = s @ matrix.value @ h.swapaxes(1, 2)
    else:
        w, u, v = (p.value for p in layer.parameters())
        above = np.concatenate([w, u])
        pairs = np.zeros((2, 6, 7, 8))
        pairs[..., :4], pairs[..., 4:] = s[:, :, None], h[:, None]
        z = np.tanh(pairs @ above) @ v
    p = softmax(np.where(mask, z, -np.inf))
    assert_allclose(layer.weights(s, h, mask=mask).value, p, rtol=1e-11, atol=1e-15)
    assert_allclose(layer(s, h, mask=mask).value, p @ h, rtol=1e-11)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"score": "cosine"}, "score: expected 'dot', 'general' or 'concat', got 'cos"),
        (
            {"score": "dot", "key_dim": 3},
            "key_dim: expected 4, as query_dim, for 'dot'",
        ),
        ({"key_dim": 0}, "key_dim: expected at least 1, got 0"),
    ],
)
def test_unknown_scores_are_refused(
    settings: Any, message: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError, match=f"LuongAttention: {message}"):
        LuongAttention(4, **settings, rng=rng)


def test_all_stay_in_float32(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 3, 4))
    layers: list[Any] = [
        MultiHeadAttention(4, 2, dropout=0.5, rotary=True, rng=rng),
        BahdanauAttention(4, 4, 3, rng=rng),
        LuongAttention(4, score="general", rng=rng),
        LuongAttention(4, score="concat", rng=rng),
    ]
    for layer in layers:
        y = layer(x, x, rng=rng) if len(layer.parameters()) > 3 else layer(x, x)
        assert y.dtype == np.float32
        assert {g.dtype for g in grad(y.sum(), layer.parameters())} == {y.dtype}


def test_a_layer_without_floats_or_inputs_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match="BahdanauAttention: dtype: expected a float"):
        BahdanauAttention(2, 2, 2, rng=rng, dtype=int)
    with pytest.raises(ValueError, match="BahdanauAttention: hidden_dim: expected at"):
        BahdanauAttention(2, 2, 0, rng=rng)


def test_each_position_has_a_vector_of_its_own(rng: np.random.Generator) -> None:
    layer = LearnedPositions(5, 2, rng=rng, dtype=np.float64)
    x = rng.normal(size=(3, 4, 2))
    assert_array_equal(layer(x).value, x + layer.w.value[:4])
    (dw,) = grad(layer(x).sum(), [layer.w])
    assert_array_equal(dw, [[3, 3]] * 4 + [[0, 0]])


@pytest.mark.parametrize("shape", [(6, 2), (4, 3), (2,)])
def test_a_sequence_without_positions_is_refused(
    shape: Any, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError, match=r"LearnedPositions: x: expected shape \(…, t"):
        LearnedPositions(5, 2, rng=rng)(np.ones(shape))
