from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.autograd.operators import stack, where
from dlbook.ops import reverse_sequence

NAMES = ["rnn", "lstm", "gru"]
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
STATES = {"rnn": 1, "lstm": 2, "gru": 1}
each = pytest.mark.parametrize("name", NAMES)


def arrays(
    name: str, rng: np.random.Generator, sizes: Sequence[int] = (4, 5, 3, 2)
) -> list[Any]:
    """Inputs, initial states, weights and biases for a network."""
    n, t, d, k = sizes
    scores = GATES[name] * k
    states = [rng.normal(size=(n, k)) for _ in range(STATES[name])]
    biases = [rng.normal(size=scores) for _ in range(1 + (name == "gru"))]
    weights = [rng.normal(size=(d, scores)), rng.normal(size=(k, scores)), *biases]
    return [rng.normal(size=(n, t, d)), *states, *weights]


def loop(name: str, inputs: list[Any], lengths: Any = None, **settings: Any) -> Any:
    """The states of all steps, by the cell, which is the definition; a sequence that has ended keeps its state."""
    x, (states, weights) = (
        inputs[0],
        (inputs[1 : 1 + STATES[name]], inputs[1 + STATES[name] :]),
    )
    cell, steps = getattr(ops, f"{name}_cell"), []
    for t in range(x.shape[1]):
        after = cell(x[:, t], *states, *weights, **settings)
        after = after if isinstance(after, tuple) else (after,)
        if lengths is not None:
            runs = (t < np.asarray(lengths))[:, None]
            after = [
                where(runs, new, old) for new, old in zip(after, states, strict=True)
            ]
        states = after
        steps.append(states)
    kinds = [stack(states, axis=1) for states in zip(*steps, strict=True)]
    return kinds[0] if len(kinds) == 1 else stack(kinds)


def assert_equal_with_gradients(
    name: str, inputs: list[Any], rng: np.random.Generator, **settings: Any
) -> None:
    tensors = [Tensor(x) for x in inputs]
    fused = getattr(ops, name)(*tensors, **settings)
    plain = loop(name, tensors, **settings)
    assert_allclose(fused.value, plain.value, rtol=1e-12, atol=1e-14)
    dy = rng.normal(size=fused.shape)
    ours, expected = (
        grad((fused * dy).sum(), tensors),
        grad((plain * dy).sum(), tensors),
    )
    for dx, by_loop in zip(ours, expected, strict=True):
        assert_allclose(dx, by_loop, rtol=1e-11, atol=1e-12)


@each
@pytest.mark.parametrize(
    "sizes", [(4, 5, 3, 2), (1, 1, 1, 1), (2, 9, 1, 4), (5, 2, 4, 1)]
)
def test_the_fused_rule_is_the_loop_over_the_cell(
    name: str, sizes: tuple[int, ...], rng: np.random.Generator
) -> None:
    assert_equal_with_gradients(name, arrays(name, rng, sizes), rng)


@each
@pytest.mark.parametrize(
    "lengths", [(2, 5, 1, 3), (5, 5, 5, 5), (1, 2, 3, 5), (0, 4, 0, 2), (0, 0, 0, 0)]
)
def test_so_it_is_for_sequences_of_several_lengths(
    name: str, lengths: tuple[int, ...], rng: np.random.Generator
) -> None:
    assert_equal_with_gradients(name, arrays(name, rng), rng, lengths=list(lengths))


@each
def test_so_it_is_without_biases(name: str, rng: np.random.Generator) -> None:
    inputs = arrays(name, rng)[: 3 + STATES[name]]
    assert_equal_with_gradients(name, inputs, rng)


@pytest.mark.parametrize("lengths", [None, (3, 5, 0, 2)])
def test_so_it_is_with_a_rectifier(lengths: Any, rng: np.random.Generator) -> None:
    inputs = arrays("rnn", rng)
    assert_equal_with_gradients(
        "rnn", inputs, rng, lengths=lengths, nonlinearity="relu"
    )


def test_the_gru_takes_either_bias_alone(rng: np.random.Generator) -> None:
    x, h0, w, u, b, b_u = map(Tensor, arrays("gru", rng))
    for one, other in ((b, None), (None, b_u)):
        fused = ops.gru(x, h0, w, u, one, other)
        zero = np.zeros(6)
        plain = ops.gru(x, h0, w, u, *(zero if z is None else z for z in (one, other)))
        assert_array_equal(fused.value, plain.value)
        given = b if other is None else b_u
        assert_allclose(
            grad(fused.sum(), [given])[0], grad(plain.sum(), [given])[0], rtol=1e-12
        )


@each
def test_a_padded_sequence_is_the_shorter_one(
    name: str, rng: np.random.Generator
) -> None:
    x, *rest = arrays(name, rng)
    lengths = np.array([2, 5, 1, 3])
    rule = getattr(ops, name)
    y = rule(x, *rest, lengths=lengths)
    states = STATES[name]
    for i, length in enumerate(lengths):
        alone = rule(
            x[i : i + 1, :length],
            *(s[i : i + 1] for s in rest[:states]),
            *rest[states:],
        )
        assert_allclose(y[..., i, :length, :], alone[..., 0, :, :], rtol=1e-12)
        for t in range(length, 5):
            assert_array_equal(y[..., i, t, :], y[..., i, length - 1, :])


@each
def test_what_stands_in_the_padding_counts_for_nothing(
    name: str, rng: np.random.Generator
) -> None:
    x, *rest = arrays(name, rng)
    lengths = np.array([3, 5, 0, 2])
    padding = np.arange(5) >= lengths[:, None]
    results = []
    for filling in (0.0, 7.0, np.nan, np.inf):
        x = x.copy()
        x[padding] = filling
        y, vjp = getattr(ops, name).rule(x, *rest, lengths=lengths)
        results.append([y, *vjp(np.ones_like(y))])
    assert_array_equal(results[0][1][padding], 0)
    for result in results[1:]:
        for ours, expected in zip(result, results[0], strict=True):
            assert_array_equal(ours, expected)


@each
def test_the_state_goes_on_where_a_part_of_the_sequence_ended(
    name: str, rng: np.random.Generator
) -> None:
    x, *rest = arrays(name, rng)
    rule, states = getattr(ops, name), STATES[name]
    whole = rule(x, *rest)
    first = rule(x[:, :2], *rest)
    kept = [s[:, -1] for s in (first if states == 2 else [first])]
    second = rule(x[:, 2:], *kept, *rest[states:])
    assert_allclose(np.concatenate([first, second], axis=-2), whole, rtol=1e-13)


@each
def test_a_gradient_that_is_not_needed_is_not_paid_for(
    name: str, rng: np.random.Generator
) -> None:
    inputs = arrays(name, rng)
    y, vjp = getattr(ops, name).rule(*inputs)
    dy = np.ones_like(y)
    all_of_them = vjp(dy)
    states = STATES[name]
    for i in [0, *range(1 + states, len(inputs))]:
        needs = [False] * len(inputs)
        needs[i] = True
        dxs = vjp(dy, tuple(needs))
        assert_array_equal(dxs[i], all_of_them[i])
        others = [dx for j, dx in enumerate(dxs) if j != i and not 0 < j <= states]
        assert all(dx is None for dx in others)


@each
def test_a_batch_of_no_sequences_gives_none(
    name: str, rng: np.random.Generator
) -> None:
    inputs = arrays(name, rng, (0, 5, 3, 2))
    for settings in ({}, {"lengths": np.zeros(0, int)}):
        y, vjp = getattr(ops, name).rule(*inputs, **settings)
        assert y.shape[-3:] == (0, 5, 2)
        for x, dx in zip(inputs, vjp(y), strict=True):
            assert_array_equal(dx, np.zeros_like(x))


@each
@pytest.mark.parametrize("lengths", [None, (3, 40, 7, 22)])
def test_float32_keeps_its_digits_over_many_steps(
    name: str, lengths: Any, rng: np.random.Generator
) -> None:
    inputs = arrays(name, rng, (4, 40, 8, 16))
    inputs = [inputs[0], *(x / 4 for x in inputs[1:])]
    rule = getattr(ops, name).rule
    y, vjp = rule(*inputs, lengths=lengths)
    low, low_vjp = rule(*(x.astype(np.float32) for x in inputs), lengths=lengths)
    assert low.dtype == np.float32
    assert_allclose(low, y, atol=1e-4)
    dy = rng.normal(size=y.shape)
    for dx, low_dx in zip(vjp(dy), low_vjp(dy.astype(np.float32)), strict=True):
        assert low_dx.dtype == np.float32
        assert_allclose(low_dx, dx, atol=1e-4 * max(1, abs(dx).max()))


@each
def test_scores_of_a_thousand_saturate_without_a_warning(
    name: str, rng: np.random.Generator
) -> None:
    for dtype in (np.float32, np.float64):
        x, *rest = (a.astype(dtype) for a in arrays(name, rng))
        y, vjp = getattr(ops, name).rule(
            x * 1000, *(1000 * a for a in rest), lengths=np.array([5, 3, 0, 1])
        )
        assert np.isfinite(y).all()
        assert all(np.isfinite(dx).all() for dx in vjp(np.ones_like(y)))


def test_the_lstm_keeps_a_gradient_as_long_as_its_forget_gate_is_open() -> None:
    zero = np.zeros((1, 4))
    c0 = Tensor([[2.0]])
    b = np.array([-50.0, 50.0, 0.0, 50.0])
    _, c = ops.lstm(np.ones((1, 300, 1)), [[0.0]], c0, zero, zero, b)
    assert_allclose(c.value, 2, rtol=1e-12)
    assert_allclose(grad(c[0, -1, 0], [c0])[0], 1, rtol=1e-12)


def test_the_gru_keeps_a_gradient_as_long_as_its_update_gate_is_open() -> None:
    zero = np.zeros((1, 3))
    h0 = Tensor([[2.0]])
    h = ops.gru(np.ones((1, 300, 1)), h0, zero, zero, np.array([0.0, 50.0, 0.0]))
    assert_allclose(h.value, 2, rtol=1e-12)
    assert_allclose(grad(h[0, -1, 0], [h0])[0], 1, rtol=1e-12)


def test_a_simple_network_forgets() -> None:
    h0 = Tensor([[0.5]])
    h = ops.rnn(np.zeros((1, 60, 1)), h0, [[1.0]], [[0.9]])
    slopes = [grad(h[0, t, 0], [h0])[0].item() for t in (0, 29, 59)]
    assert 0.5 < slopes[0] < 0.9
    assert slopes[1] < 0.9**30
    assert slopes[2] < 0.9**60


def test_the_two_states_of_an_lstm_are_unpacked_from_arrays_and_tensors(
    rng: np.random.Generator,
) -> None:
    inputs = arrays("lstm", rng)
    h, c = ops.lstm(*inputs)
    assert h.shape == c.shape == (4, 5, 2)
    tensor_h, tensor_c = ops.lstm(Tensor(inputs[0]), *inputs[1:])
    assert_array_equal(tensor_h.value, h)
    assert_array_equal(tensor_c.value, c)


def test_the_gates_stand_in_the_promised_order() -> None:
    x, zero, b = np.zeros((1, 1)), np.zeros((1, 4)), np.zeros(4)
    b[:] = -50, 50, 50, 50  # input closed, forget and output open, candidate 1
    h, c = ops.lstm_cell(x, [[0.0]], [[3.0]], zero, zero, b)
    assert_allclose((h[0, 0], c[0, 0]), (np.tanh(3), 3))
    b[:] = 50, -50, 50, 50
    h, c = ops.lstm_cell(x, [[0.0]], [[3.0]], zero, zero, b)
    assert_allclose((h[0, 0], c[0, 0]), (np.tanh(1), 1))
    zero, b = np.zeros((1, 3)), np.array([0.0, -50.0, 50.0])  # update closed: all new
    assert_allclose(ops.gru_cell(x, [[0.25]], zero, zero, b), 1)
    # the reset gate acts on the product and on its bias
    b[:] = -50, -50, 0.5
    u, b_u = np.array([[0.0, 0.0, 9.0]]), np.array([0.0, 0.0, 9.0])
    assert_allclose(ops.gru_cell(x, [[0.25]], zero, u, b, b_u), np.tanh(0.5))


REFUSED: list[tuple[str, dict[int, Any], dict[str, Any], type[Exception], str]] = [
    ("rnn", {0: np.zeros((4, 3))}, {}, ValueError, "x: expected shape (n, t, d), got (4, 3)"),
    ("gru", {1: np.zeros((3, 2))}, {}, ValueError, "h0: expected shape (n=4, k), got (3, 2)"),
    ("lstm", {2: np.zeros((4, 3))}, {}, ValueError, "c0: expected shape (n=4, k=2), got (4, 3)"),
    ("lstm", {3: np.zeros((3, 6))}, {}, ValueError, "w: expected shape (d=3, 4*k=8), got (3, 6)"),
    ("lstm", {4: np.zeros((2, 6))}, {}, ValueError, "u: expected shape (k=2, 4*k=8), got (2, 6)"),
    ("lstm", {5: np.zeros(2)}, {}, ValueError, "b: expected shape (4*k=8,), got (2,)"),
    ("gru", {2: np.zeros((3, 8))}, {}, ValueError, "w: expected shape (d=3, 3*k=6), got (3, 8)"),
    ("gru", {5: np.zeros(2)}, {}, ValueError, "b_u: expected shape (3*k=6,), got (2,)"),
    ("rnn", {3: np.zeros((2, 3))}, {}, ValueError, "u: expected shape (k=2, k=2), got (2, 3)"),
    (
        "rnn", {}, {"nonlinearity": "sigmoid"}, ValueError,
        "nonlinearity: expected 'tanh' or 'relu', got 'sigmoid'",
    ),
    ("gru", {0: np.zeros((4, 0, 3))}, {}, ValueError, "x: expected at least one step, got (4, 0, 3)"),
    ("gru", {}, {"lengths": [1, 2, 3]}, ValueError, "lengths: expected shape (n=4,), got (3,)"),
    (
        "lstm", {}, {"lengths": [1, 2, 3, 6]}, ValueError,
        "lengths: expected numbers of steps from 0 to 5, got 1 to 6",
    ),
    (
        "rnn", {}, {"lengths": [1, 2, 3, -1]}, ValueError,
        "lengths: expected numbers of steps from 0 to 5, got -1 to 3",
    ),
    ("rnn", {}, {"lengths": [1.0, 2.0, 3.0, 4.0]}, TypeError, "lengths: expected integers, got float64"),
    ("gru", {0: np.zeros((4, 5, 3), complex)}, {}, TypeError, "x: expected numbers, got complex128"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "settings", "error", "message"), REFUSED)
def test_a_misfit_is_named(  # noqa: PLR0917
    name: str,
    changed: dict[int, Any],
    settings: Any,
    error: type[Exception],
    message: str,
    rng: np.random.Generator,
) -> None:
    inputs = arrays(name, rng)
    for i, x in changed.items():
        inputs[i] = x
    with pytest.raises(error) as caught:
        getattr(ops, name)(*inputs, **settings)
    assert str(caught.value) == f"{name}: {message}"


def test_a_cell_names_a_nonlinearity_that_it_does_not_know(
    rng: np.random.Generator,
) -> None:
    x, *rest = arrays("rnn", rng)
    with pytest.raises(ValueError, match="rnn_cell: nonlinearity: expected 'tanh'"):
        ops.rnn_cell(x[:, 0], *rest, nonlinearity="Relu")


@pytest.mark.parametrize("lengths", [None, (3, 4, 0, 1)])
def test_reversing_twice_changes_nothing(
    lengths: Any, rng: np.random.Generator
) -> None:
    x = rng.normal(size=(4, 4, 3))
    y = reverse_sequence(x, lengths=lengths)
    assert_array_equal(reverse_sequence(y, lengths=lengths), x)
    for i, end in enumerate(lengths or [4] * 4):
        assert_array_equal(y[i, :end], x[i, :end][::-1])
        assert_array_equal(y[i, end:], x[i, end:])


def test_reversal_is_told_the_lengths_in_integers() -> None:
    x = np.zeros((2, 3))
    with pytest.raises(TypeError, match="reverse_sequence: lengths: expected integers"):
        reverse_sequence(x, lengths=[1.0, 2.0])
    with pytest.raises(
        ValueError,
        match="reverse_sequence: lengths: expected numbers of steps from 0 to 3, got 1 to 4",
    ):
        reverse_sequence(x, lengths=[1, 4])


def test_a_network_read_backward_is_that_of_the_reversed_sequences(
    rng: np.random.Generator,
) -> None:
    x, h0, *weights = arrays("gru", rng)
    lengths = [2, 5, 1, 3]
    h = ops.gru(reverse_sequence(x, lengths=lengths), h0, *weights, lengths=lengths)
    for i, end in enumerate(lengths):
        alone = ops.gru(x[i : i + 1, :end][:, ::-1], h0[i : i + 1], *weights)
        assert_allclose(h[i, :end], alone[0], rtol=1e-12)
