"""Attention: what its masks mean, the fused rule beside its formula, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Tensor, grad
from dlbook.ops import (
    additive_scores,
    masked_softmax,
    rotary_embedding,
    scaled_dot_product_attention,
    sinusoidal_positions,
    softmax,
    tanh,
)


def drawn(rng: np.random.Generator, *batch: int) -> list[Any]:
    """Queries, keys, values: 5 queries, 7 keys."""
    shapes = (5, 4), (7, 4), (7, 3)
    return [rng.normal(size=(*batch, *shape)) for shape in shapes]


def one_by_one(q: Any, k: Any, v: Any, takes_part: Any) -> Any:
    """Attention as its definition reads: query by query, key by key."""
    o = np.zeros((len(q), v.shape[1]))
    for i in range(len(q)):
        seen = [j for j in range(len(k)) if takes_part[i, j]]
        weights = [np.exp(q[i] @ k[j] / np.sqrt(len(q[i]))) for j in seen]
        for j, weight in zip(seen, weights, strict=True):
            o[i] += weight / sum(weights) * v[j]
    return o


def test_each_query_is_answered_by_a_weighted_mean_of_the_values(
    rng: np.random.Generator,
) -> None:
    q, k, v = drawn(rng)
    every = np.ones((5, 7), bool)
    some = rng.random((5, 7)) < 0.5
    some[2] = False
    causal = np.tri(5, 7, dtype=bool)
    o = scaled_dot_product_attention
    assert_allclose(o(q, k, v), one_by_one(q, k, v, every), rtol=1e-13)
    assert_allclose(o(q, k, v, some), one_by_one(q, k, v, some), rtol=1e-13)
    assert_allclose(o(q, k, v, is_causal=True), one_by_one(q, k, v, causal), rtol=1e-13)
    assert_allclose(
        o(q, k, v, some, is_causal=True),
        one_by_one(q, k, v, some & causal),
        rtol=1e-13,
    )


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("t", [1, 64, 65, 150, 300])
def test_blocks_change_nothing(
    t: int, is_causal: bool, rng: np.random.Generator
) -> None:
    arrays = [rng.normal(size=(3, t, 4)) for _ in range(3)]
    dy = rng.normal(size=(3, t, 4))

    def plain(q: Any, k: Any, v: Any) -> Any:
        z = q @ k.transpose(0, 2, 1) * 0.5
        z = z + np.where(np.tri(t), 0, -np.inf) if is_causal else z
        return softmax(z) @ v

    def fused(q: Any, k: Any, v: Any) -> Any:
        return scaled_dot_product_attention(q, k, v, is_causal=is_causal)

    values, gradients = [], []
    for f in (plain, fused):
        tensors = [Tensor(x) for x in arrays]
        o = f(*tensors)
        values.append(o.value)
        gradients.append(grad((o * dy).sum(), tensors))
    assert_allclose(values[1], values[0], rtol=1e-11, atol=1e-13)
    for expected, got in zip(*gradients, strict=True):
        assert_allclose(got, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("shift", [-900.0, -30.0, 30.0, 900.0])
def test_a_shift_of_all_scores_changes_nothing(
    shift: float, rng: np.random.Generator
) -> None:
    q, k, v = drawn(rng)
    q[:, 0], k[:, 0] = 1, 0
    o, vjp = scaled_dot_product_attention.rule(q, k, v)
    expected = vjp(np.ones_like(o))
    k[:, 0] = shift * 2  # the scores are halved
    shifted, vjp = scaled_dot_product_attention.rule(q, k, v)
    assert_allclose(shifted, o, rtol=1e-11)
    for dx, wanted in zip(vjp(np.ones_like(o))[1:3], expected[1:3], strict=True):
        assert_allclose(dx, wanted, rtol=1e-10, atol=1e-13)


def test_many_small_batches_are_taken_in_parts(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    q, k, v = drawn(rng, 5, 2)
    once, vjp = scaled_dot_product_attention.rule(q, k, v)
    expected = vjp(np.ones_like(once))
    place = "dlbook.ops.attention.scaled_dot_product.WEIGHTS"
    monkeypatch.setattr(place, 2 * 2 * 5 * 7)
    o, vjp = scaled_dot_product_attention.rule(q, k, v)
    assert_array_equal(o, once)
    for dx, wanted in zip(vjp(np.ones_like(o)), expected, strict=True):
        assert_array_equal(dx, wanted)


@pytest.mark.parametrize("kind", ["truth values", "floats"])
def test_a_query_without_keys_is_answered_by_zeros_and_has_no_gradient(
    kind: str, rng: np.random.Generator
) -> None:
    q, k, v = drawn(rng)
    mask: Any = np.ones((5, 7), bool)
    mask[3] = False
    if kind == "floats":
        mask = np.where(mask, 0, -np.inf)
    o, vjp = scaled_dot_product_attention.rule(q, k, v, mask)
    assert_array_equal(o[3], 0)
    dq, dk, dv = vjp(np.eye(5, 3) * 0 + (np.arange(5) == 3)[:, None])[:3]
    for dx in (dq, dk, dv):
        assert_array_equal(dx, 0)
    p, vjp = masked_softmax.rule(rng.normal(size=(5, 7)), mask)
    assert_array_equal(p[3], 0)
    assert_array_equal(vjp(rng.normal(size=(5, 7)))[0][3], 0)


def test_without_any_key_all_answers_are_zero() -> None:
    o, vjp = scaled_dot_product_attention.rule(
        np.ones((2, 3, 4)), np.ones((2, 0, 4)), np.ones((2, 0, 5))
    )
    assert_array_equal(o, np.zeros((2, 3, 5)))
    dq, dk, dv = vjp(np.ones((2, 3, 5)))[:3]
    assert_array_equal(dq, np.zeros((2, 3, 4)))
    assert (dk.shape, dv.shape) == ((2, 0, 4), (2, 0, 5))


def test_an_empty_batch_is_answered_by_an_empty_batch() -> None:
    o, vjp = scaled_dot_product_attention.rule(
        np.ones((0, 3, 4)), np.ones((0, 2, 4)), np.ones((0, 2, 5)), is_causal=True
    )
    assert o.shape == (0, 3, 5)
    assert [dx.shape for dx in vjp(o)[:3]] == [(0, 3, 4), (0, 2, 4), (0, 2, 5)]


def test_what_a_mask_leaves_out_changes_nothing(rng: np.random.Generator) -> None:
    q, k, v = drawn(rng, 2)
    mask = np.arange(7) < 4
    o = scaled_dot_product_attention(q, k, v, mask)
    k[:, 4:], v[:, 4:] = 1e6, 1e6
    assert_array_equal(scaled_dot_product_attention(q, k, v, mask), o)
    assert_allclose(o, scaled_dot_product_attention(q, k[:, :4], v[:, :4]), rtol=1e-14)


def test_the_future_changes_nothing(rng: np.random.Generator) -> None:
    q, k, v = rng.normal(size=(3, 100, 4))
    before = scaled_dot_product_attention(q, k, v, is_causal=True)
    k[80:], v[80:] = 7, 7
    after = scaled_dot_product_attention(q, k, v, is_causal=True)
    assert_array_equal(after[:80], before[:80])
    assert (after[80:] != before[80:]).any(axis=1).all()


def test_equal_keys_share_the_weight() -> None:
    o = scaled_dot_product_attention(np.ones((1, 2)), np.ones((4, 2)), np.eye(4))
    assert_array_equal(o, [[0.25] * 4])


def test_large_scores_do_not_overflow() -> None:
    q, k = np.array([[1e4, 0.0]], np.float32), np.array([[1e4, 0], [-1e4, 0]], "f")
    o, vjp = scaled_dot_product_attention.rule(q, k, np.eye(2, dtype="f"))
    assert_array_equal(o, [[1, 0]])
    assert all(np.isfinite(dx).all() for dx in vjp(np.ones((1, 2), "f"))[:3])


def test_float32_is_float64_to_four_digits(rng: np.random.Generator) -> None:
    arrays = [rng.normal(size=(2, 3, 200, 16)) for _ in range(4)]
    results = []
    for dtype in (np.float32, np.float64):
        q, k, v, do = (x.astype(dtype) for x in arrays)
        o, vjp = scaled_dot_product_attention.rule(q, k, v, is_causal=True)
        results.append([o, *vjp(do)[:3]])
    for low, high in zip(*results, strict=True):
        assert low.dtype == np.float32
        assert_allclose(low, high, rtol=1e-4, atol=1e-5)


def test_the_layout_in_memory_makes_no_difference(rng: np.random.Generator) -> None:
    arrays = [rng.normal(size=(2, 9, 3, 4)).transpose(0, 2, 1, 3) for _ in range(4)]
    results = []
    for form in (np.asarray, np.ascontiguousarray, np.asfortranarray):
        q, k, v, do = map(form, arrays)
        o, vjp = scaled_dot_product_attention.rule(q, k, v, is_causal=True)
        results.append([o, *vjp(do)[:3]])
    for first, second, third in zip(*results, strict=True):
        assert_allclose(second, first, rtol=1e-12, atol=1e-14)
        assert_allclose(third, first, rtol=1e-12, atol=1e-14)


def test_a_learned_bias_of_the_scores_gets_its_gradient(
    rng: np.random.Generator,
) -> None:
    q, k, v = drawn(rng, 2)
    bias = Tensor(rng.normal(size=(5, 7)))
    (got,) = grad(scaled_dot_product_attention(q, k, v, bias)[0, 0].sum(), [bias])
    z = Tensor(q @ k.swapaxes(1, 2) / 2)
    (expected,) = grad((softmax(z + bias) @ v)[0, 0].sum(), [bias])
    assert_allclose(got, expected, atol=1e-14)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (np.ones((5, 7), int), TypeError, "expected truth values or floats, got int64"),
        (np.ones((7, 5), bool), ValueError, "broadcasts to (5, 7), got (7, 5)"),
        (np.ones((2, 5, 7), bool), ValueError, "broadcasts to (5, 7), got (2, 5, 7)"),
        (np.full((5, 7), np.nan), ValueError, "finite floats or -inf, got nan"),
        (np.full((5, 7), np.inf), ValueError, "finite floats or -inf, got inf"),
    ],
)
def test_a_mask_that_says_nothing_clear_is_refused(
    mask: Any, error: type[Exception], message: str, rng: np.random.Generator
) -> None:
    q, k, v = drawn(rng)
    with pytest.raises(error) as raised:
        scaled_dot_product_attention(q, k, v, mask)
    assert str(raised.value).startswith("scaled_dot_product_attention: mask: expected")
    assert message in str(raised.value)
    with pytest.raises(error) as raised:
        masked_softmax(q @ k.T, mask)
    assert str(raised.value).startswith("masked_softmax: mask: expected")


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((5, 4), (7, 3), (7, 3)), "k: expected shape (s, d=4), got (7, 3)"),
        (((5, 4), (7, 4), (6, 3)), "v: expected shape (s=7, f), got (6, 3)"),
        (
            ((2, 5, 4), (3, 7, 4), (3, 7, 4)),
            "k: expected shape (2, s, d=4), got (3, 7, 4)",
        ),
        (((5, 0), (7, 0), (7, 3)), "q: expected at least one feature, got none"),
    ],
)
def test_what_does_not_fit_is_named(shapes: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:
        scaled_dot_product_attention(*map(np.ones, shapes))
    assert str(error.value) == f"scaled_dot_product_attention: {message}"


def test_weights_add_up_to_one_over_the_keys_that_take_part(
    rng: np.random.Generator,
) -> None:
    z, mask = rng.normal(size=(2, 5, 7)), rng.random((2, 5, 7)) < 0.5
    mask[..., 0] = True
    p = masked_softmax(z, mask)
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    assert_array_equal(p[~mask], 0)
    assert_allclose(masked_softmax(z), softmax(z), rtol=1e-14)


def test_the_fused_additive_scores_are_those_composed(
    rng: np.random.Generator,
) -> None:
    arrays = [rng.normal(size=shape) for shape in ((2, 3, 4), (2, 5, 4), (4,))]
    dz = rng.normal(size=(2, 3, 5))

    def composed(q: Any, k: Any, w: Any) -> Any:
        return tanh(q.reshape(2, 3, 1, 4) + k.reshape(2, 1, 5, 4)) @ w

    results = []
    for f in (additive_scores, composed):
        tensors = [Tensor(x) for x in arrays]
        z = f(*tensors)
        results.append([z.value, *grad((z * dz).sum(), tensors)])
    for fused, plain in zip(*results, strict=True):
        assert_allclose(fused, plain, rtol=1e-12)


def test_a_misfit_of_additive_scores_is_named() -> None:
    with pytest.raises(ValueError, match=r"k: expected shape \(s, a=3\), got \(2, 4\)"):
        additive_scores(np.ones((2, 3)), np.ones((2, 4)), np.ones(3))


def test_the_code_of_the_next_position_is_a_rotation_of_this_one() -> None:
    codes = sinusoidal_positions(50, 6, dtype=np.float64)
    step = 10000.0 ** (-np.arange(0, 6, 2) / 6)
    sines, cosines = codes[:, 0::2], codes[:, 1::2]
    turned = sines * np.cos(step) + cosines * np.sin(step)
    assert_allclose(turned[:-1], sines[1:], atol=1e-14)
    assert_allclose(sines**2 + cosines**2, 1, rtol=1e-14)


def test_codes_of_far_positions_keep_their_digits_in_float32() -> None:
    low, high = (sinusoidal_positions(100_000, 4, dtype=d) for d in ("f", "d"))
    assert low.dtype == np.float32
    assert_allclose(low, high, atol=1e-7)


@pytest.mark.parametrize(
    ("n", "d", "base", "message"),
    [
        (-1, 4, 10.0, "n: expected at least 0, got -1"),
        (3, -2, 10.0, "d: expected at least 0, got -2"),
        (3, 4, 0.0, "base: expected a positive number, got 0.0"),
        (3, 4, np.nan, "base: expected a positive number, got nan"),
    ],
)
def test_sizes_without_codes_are_refused(
    n: int, d: int, base: float, message: str
) -> None:
    with pytest.raises(ValueError, match=f"sinusoidal_positions: {message}"):
        sinusoidal_positions(n, d, base=base)


@pytest.mark.parametrize("interleaved", [True, False])
def test_products_of_turned_vectors_depend_on_the_distance_only(
    interleaved: bool, rng: np.random.Generator
) -> None:
    q, k = rng.normal(size=(2, 1, 6))
    at = [
        np.vdot(
            rotary_embedding(q, [s], interleaved=interleaved),
            rotary_embedding(k, [s + 3], interleaved=interleaved),
        )
        for s in (0, 1, 40)
    ]
    assert_allclose(at, at[0], rtol=1e-12)
    assert abs(at[0] - np.vdot(q, k)) > 1e-3


def test_turning_keeps_lengths_and_the_first_position(
    rng: np.random.Generator,
) -> None:
    x = rng.normal(size=(2, 5, 6))
    y = rotary_embedding(x)
    assert_array_equal(y[:, 0], x[:, 0])
    assert_allclose((y * y).sum(axis=-1), (x * x).sum(axis=-1), rtol=1e-13)


def test_neighbors_are_paired_or_halves() -> None:
    x = np.array([[1.0, 2.0, 3.0, 4.0]])
    neighbors = rotary_embedding(x, [np.pi / 2], base=1.0)
    halves = rotary_embedding(x, [np.pi / 2], base=1.0, interleaved=False)
    assert_allclose(neighbors, [[-2, 1, -4, 3]], atol=1e-15)
    assert_allclose(halves, [[-3, -4, 1, 2]], atol=1e-15)


@pytest.mark.parametrize(
    ("x", "positions", "error", "message"),
    [
        (np.ones((2, 3)), None, ValueError, "x: expected an even number of features"),
        (np.ones((2, 4)), [1, 2, 3], ValueError, "positions: expected a shape that"),
        (np.ones((2, 4)), [[1, 2]], ValueError, "positions: expected a shape that"),
        (np.ones((2, 4)), [True, True], TypeError, "positions: expected numbers"),
    ],
)
def test_what_cannot_be_turned_is_refused(
    x: Any, positions: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"rotary_embedding: {message}"):
        rotary_embedding(x, positions)
