from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import grad
from dlbook.models import SequenceClassifier
from dlbook.nn import GRU, LSTM, RNN, Bidirectional, count_parameters
from dlbook.optim import Adam
from dlbook.train import fit, predict

KINDS = [RNN, LSTM, GRU]


def made(**settings: Any) -> SequenceClassifier:
    return SequenceClassifier(
        6, 3, 4, 2, rng=np.random.default_rng(0), dtype=np.float64, **settings
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_last_state_is_scored(
    kind: Any, layers: int, rng: np.random.Generator
) -> None:
    model = made(layer=kind, num_layers=layers)
    i = rng.integers(6, size=(5, 7))
    h, _ = model.recurrent(model.embedding(i))
    assert_array_equal(model(i).value, model.dense(h[:, -1]).value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("both", [False, True])
def test_padding_at_the_end_changes_nothing(kind: Any, layers: int, both: bool) -> None:
    model = made(layer=kind, num_layers=layers, bidirectional=both, padding_idx=5)
    i = np.array([[3, 1, 2, 5, 5], [1, 5, 5, 5, 5], [4, 4, 0, 1, 2]])
    z = model(i).value
    for row, end in enumerate([3, 1, 5]):
        assert_allclose(z[row], model(i[row : row + 1, :end]).value[0], rtol=1e-12)


@pytest.mark.parametrize("layers", [1, 2])
def test_in_both_directions_the_two_last_states_are_scored(
    layers: int, rng: np.random.Generator
) -> None:
    model = made(bidirectional=True, num_layers=layers)
    assert isinstance(model.recurrent, Bidirectional)
    i = rng.integers(6, size=(5, 7))
    h = model.recurrent(model.embedding(i))[0].value
    last = np.concatenate([h[:, -1, :4], h[:, 0, 4:]], axis=1)
    assert_allclose(model(i).value, model.dense(last).value, rtol=1e-12)


def test_its_parameters_are_those_of_its_parts() -> None:
    assert count_parameters(made()) == 6 * 3 + 3 * 4 * (3 + 4 + 2) + (4 + 1) * 2
    assert {name.split(".")[0] for name, _ in made().named_parameters()} == {
        "embedding",
        "recurrent",
        "dense",
    }


def test_the_vector_of_the_padding_is_not_trained() -> None:
    model = made(padding_idx=0)
    (dw,) = grad(
        ops.cross_entropy(model([[3, 0], [2, 1]]), [0, 1]), [model.embedding.w]
    )
    assert_array_equal(dw[0], 0)
    assert (dw[1:4] != 0).all()


@pytest.mark.parametrize(
    ("i", "message"),
    [
        ([3, 1], "i: expected shape (n, t), got (2,)"),
        ([[3, 0, 1]], "i: expected padding at the end only, got a symbol behind it"),
    ],
)
def test_what_is_no_batch_of_sequences_is_refused(i: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:
        made(padding_idx=0)(i)
    assert str(error.value) == f"SequenceClassifier: {message}"


def test_settings_that_make_no_classifier_are_refused() -> None:
    with pytest.raises(
        TypeError, match="SequenceClassifier: layer: expected RNN, LSTM"
    ):
        made(layer=Bidirectional)
    with pytest.raises(ValueError, match="num_classes: expected at least 2, got 1"):
        SequenceClassifier(6, 3, 4, 1, rng=np.random.default_rng(0))


def recall(rng: np.random.Generator, n: int, longest: int) -> tuple[Any, Any]:
    """Sequences of symbols 1 to 8, of random lengths, padded with 0; the class is the first symbol of each."""
    i = rng.integers(1, 9, size=(n, longest))
    ends = rng.integers(longest // 2, longest + 1, size=n)
    i[np.arange(longest) >= ends[:, None]] = 0
    return i, i[:, 0] - 1


@pytest.mark.parametrize("kind", [LSTM, GRU])
def test_it_recalls_the_first_symbol_at_the_end_of_a_sequence(kind: Any) -> None:
    rng = np.random.default_rng(0)
    x, t = recall(rng, 2000, 10)
    model = SequenceClassifier(9, 8, 32, 8, layer=kind, padding_idx=0, rng=rng)
    fit(
        model, x, t, loss=ops.cross_entropy, optimizer=Adam(model.parameters(), 0.01),
        epochs=20, batch_size=50, rng=rng, progress=False,
    )  # fmt: skip
    x, t = recall(rng, 1000, 10)
    # 1.0 for each of five seeds; who guesses is right one time in eight
    assert (predict(model, x).argmax(axis=1) == t).mean() > 0.95


def parity(rng: np.random.Generator, longest: int) -> tuple[Any, Any]:
    """Sequences of 1 and 2, of random lengths, padded with 0; the class is whether the ones are odd in number."""
    i = rng.integers(1, 3, size=(2000, longest))
    i[np.arange(longest) >= rng.integers(1, longest + 1, size=2000)[:, None]] = 0
    return i, (i == 1).sum(axis=1) % 2


@pytest.mark.parametrize("kind", KINDS)
def test_it_counts_modulo_two_beyond_the_lengths_that_it_was_shown(kind: Any) -> None:
    rng = np.random.default_rng(0)
    model = SequenceClassifier(3, 4, 16, 2, layer=kind, padding_idx=0, rng=rng)
    fit(
        model, *parity(rng, 8), loss=ops.cross_entropy,
        optimizer=Adam(model.parameters(), 0.01), epochs=20, batch_size=50, rng=rng,
        progress=False,
    )  # fmt: skip
    x, t = parity(rng, 14)
    # 1.0 for four seeds; who guesses is right half the time
    assert (predict(model, x).argmax(axis=1) == t).mean() > 0.95
