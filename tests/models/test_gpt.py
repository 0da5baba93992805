"""The language model: its size, its parts, what it learns, what it writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import grad
from dlbook.models import GPT
from dlbook.nn import count_parameters
from dlbook.ops import cross_entropy, softmax
from dlbook.optim import Adam

SMALL: dict[str, Any] = {"n_positions": 6, "n_embd": 8, "n_layer": 2, "n_head": 2}


def a_model(vocab_size: int = 11, **settings: Any) -> GPT:
    rng = np.random.default_rng(0)
    settings = SMALL | {"dropout": 0.0} | settings
    return GPT(vocab_size, rng=rng, **settings)


def test_gpt_2_small_has_the_published_number_of_parameters() -> None:
    assert GPT.count() == 124_439_808
    assert GPT.count(n_embd=1024, n_layer=24) == 354_823_168
    assert GPT.count(n_embd=1280, n_layer=36) == 774_030_080
    assert GPT.count(n_embd=1600, n_layer=48) == 1_557_611_200


@pytest.mark.parametrize("vocab_size", [1, 11])
def test_the_count_is_that_of_the_parameters(vocab_size: int) -> None:
    sizes = {k: v for k, v in SMALL.items() if k != "n_head"}
    model = a_model(vocab_size)
    assert count_parameters(model) == GPT.count(vocab_size, **sizes)


def test_the_table_that_reads_is_the_one_that_writes() -> None:
    model = a_model(dtype=np.float64)
    names = [name for name, _ in model.named_parameters()]
    assert names[:2] == ["wte.w", "wpe.w"]
    x = model([1, 2, 3]).value
    model.wte.w.value = 2 * model.wte.w.value
    model.wpe.w.value = 2 * model.wpe.w.value
    assert not np.allclose(model([1, 2, 3]).value, x)
    (dw,) = grad(model([1]).sum(), [model.wte.w])
    assert (dw != 0).all(
        axis=1
    ).sum() == 11  # each row is written with, only one is read


def test_weights_start_small_and_smaller_where_sums_end() -> None:
    model = a_model(200, n_embd=64, n_layer=8)
    for name, p in model.named_parameters():
        if name.endswith(("w_o", "linear2.w")):
            assert_allclose(p.value.std(), 0.02 / 4, rtol=0.1)
        elif p.ndim == 2:
            assert_allclose(p.value.std(), 0.02, rtol=0.1)
        else:
            assert_array_equal(p.value, float(name.endswith("gamma")))
    i, t = np.random.default_rng(0).integers(200, size=(2, 20, 6))
    loss = cross_entropy(model(i).value.reshape(-1, 200), t.reshape(-1))
    assert_allclose(loss, np.log(200), rtol=0.02)


def test_scores_depend_on_the_past_only() -> None:
    model = a_model(dtype=np.float64)
    before = model([[1, 2, 3, 4]]).value
    after = model([[1, 2, 9, 9]]).value
    assert_allclose(after[:, :2], before[:, :2], rtol=1e-12)
    assert (after[:, 2:] != before[:, 2:]).all()


def test_dropout_spares_the_hidden_units() -> None:
    model = a_model(dropout=0.1)
    assert {block.dropout.p for block in model.blocks} == {0.0}
    assert {block.dropout1.p for block in model.blocks} == {0.1}
    rng = np.random.default_rng(0)
    assert (model([1, 2], rng=rng).value != model([1, 2], rng=rng).value).any()
    with pytest.raises(RuntimeError, match="expected a training pass"):
        grad(model([1, 2]).sum(), model.parameters())


def trained(model: GPT, texts: Any, counts: Any, steps: int) -> float:
    """Train on whole batches of texts; only positions that count are in the loss, which is returned."""
    parameters = model.parameters()
    optimizer = Adam(parameters, lr=3e-3)
    rng = np.random.default_rng(1)
    loss = None
    for _ in range(steps):
        batch = texts(rng)
        t = np.where(counts, batch[:, 1:], -100)
        z = model(batch[:, :-1], rng=rng).reshape(t.size, -1)
        loss = cross_entropy(z, t.reshape(-1))
        optimizer.step(grad(loss, parameters))
    assert loss is not None
    return float(loss)


def test_it_learns_to_copy_what_it_has_read() -> None:
    """Five random digits, a comma, and the five again: no text comes twice, so it must look back."""
    model = a_model(11, n_positions=11, n_embd=32, n_layer=2, n_head=4)

    def texts(rng: np.random.Generator) -> Any:
        digits = rng.integers(10, size=(64, 5))
        return np.concatenate([digits, np.full((64, 1), 10), digits], axis=1)

    assert trained(model, texts, np.arange(10) >= 5, 400) < 0.05
    unseen = texts(np.random.default_rng(77))
    copied = model.generate(unseen[:, :6], 5, temperature=0)
    assert (copied == unseen).mean() > 0.99


def test_it_learns_a_poem_by_heart() -> None:
    """W. Blake, *The Tyger* (in the public domain), letter by letter."""
    poem = (
        "Tyger Tyger, burning bright,\nIn the forests of the night;\n"
        "What immortal hand or eye,\nCould frame thy fearful symmetry?\n"
    )
    letters = sorted(set(poem))
    numbers = np.array([letters.index(letter) for letter in poem])
    model = a_model(len(letters), n_positions=32, n_embd=48, n_layer=2, n_head=4)

    def texts(rng: np.random.Generator) -> Any:
        starts = rng.integers(len(numbers) - 32, size=(16, 1))
        return numbers[starts + np.arange(33)]

    assert trained(model, texts, np.ones(32, bool), 250) < 0.2
    start = len("Tyger Tyger, burning")
    written = model.generate(numbers[:start], len(poem) - start, temperature=0)
    assert "".join(letters[i] for i in written) == poem


def test_at_temperature_zero_the_likeliest_token_is_taken() -> None:
    model = a_model()
    text = model.generate([[3, 1], [2, 2]], 3, temperature=0)
    for row in text:
        for t in (2, 3, 4):
            assert row[t] == model(row[:t]).value[-1].argmax()


def test_only_the_last_positions_are_seen() -> None:
    model = a_model()
    long = model.generate([9, 9, 1, 2, 3, 4, 5, 6], 1, temperature=0)
    assert long[-1] == model.generate([1, 2, 3, 4, 5, 6], 1, temperature=0)[-1]


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({}, [0, 1, 2, 3]),
        ({"top_k": 2}, [1, 3]),
        ({"top_p": 0.45}, [3]),
        ({"top_p": 0.6}, [1, 3]),
        ({"top_k": 3, "top_p": 0.6}, [1, 3]),
        ({"temperature": 0.5}, [0, 1, 2, 3]),
    ],
)
def test_tokens_are_drawn_from_those_that_are_left(settings: Any, left: Any) -> None:
    model = a_model(4)
    wanted = np.array([0.2, 0.3, 0.0, 0.5]) + 1e-3
    model.norm.gamma.value, model.norm.beta.value = np.zeros(8, "f"), np.ones(8, "f")
    model.wte.w.value = np.tile(np.log(wanted)[:, None] / 8, 8).astype("f")
    starts = np.zeros((20_000, 1), int)
    drawn = model.generate(starts, 1, **settings, rng=np.random.default_rng(0))[:, 1]
    p = softmax(np.log(wanted) / settings.get("temperature", 1))
    p = np.where(np.isin(np.arange(4), left), p, 0)
    p /= p.sum()
    shares = np.bincount(drawn, minlength=4) / 20_000
    assert_allclose(shares, p, atol=5 * np.sqrt(0.25 / 20_000))
    assert (shares[p == 0] == 0).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_new_tokens": -1}, "max_new_tokens: expected at least 0, got -1"),
        ({"temperature": -1.0}, "temperature: expected at least 0, got -1.0"),
        ({"temperature": np.nan}, "temperature: expected at least 0, got nan"),
        ({"top_k": 0}, "top_k: expected at least 1, got 0"),
        ({"top_p": 0.0}, "top_p: expected more than 0 and at most 1, got 0.0"),
        ({"top_p": 1.1}, "top_p: expected more than 0 and at most 1, got 1.1"),
        ({"i": []}, "i: expected at least one token"),
        ({"i": 3}, "i: expected at least one token"),
    ],
)
def test_settings_that_write_nothing_are_refused(settings: Any, message: str) -> None:
    settings = {"i": [1], "max_new_tokens": 1} | settings
    i, n = settings.pop("i"), settings.pop("max_new_tokens")
    with pytest.raises(ValueError, match=f"GPT.generate: {message}"):
        a_model().generate(i, n, rng=np.random.default_rng(0), **settings)


def test_a_draw_needs_a_generator() -> None:
    with pytest.raises(TypeError, match="rng: expected np"):
        a_model().generate([1], 1)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="embedding: i: "):
        a_model()([11])
    with pytest.raises(ValueError, match="LearnedPositions: x: expected shape"):
        a_model()([1] * 7)
    with pytest.raises(ValueError, match="GPT: n_layer: expected at least 1, got 0"):
        a_model(n_layer=0)
