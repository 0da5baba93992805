"""Recurrent networks over whole sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import nn, ops
from dlbook.autograd.operators import concatenate
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.oracle.choice import Choice

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _drawn(choice: Choice, name: str) -> tuple[list[Any], Any]:
    """Inputs, initial states, weights, two biases or none; and lengths or None."""
    n, t, d, k = (choice.integer(1, most) for most in (3, 4, 2, 2))
    scores = GATES[name] * k
    biases = choice.integer(0, 1)
    states = [choice.normal(n, k) for _ in range(1 + (name == "LSTM"))]
    weights = [choice.normal(d, scores), choice.normal(k, scores)]
    weights += [choice.normal(scores) if biases else None for _ in range(2)]
    x = choice.normal(n, t, d)
    lengths = choice.among([None, 1 + choice.labels(t, n)])
    return [x, *states, *weights], lengths


def _with_one_bias(inputs: Sequence[Any]) -> list[Any]:
    """The same inputs, the last two of which are added: PyTorch's two biases are one here, but for the GRU."""
    *others, b, b_u = inputs
    return [*others, None if b is None else b + b_u]


def _by_torch(
    torch: Any, name: str, inputs: list[Any], lengths: Any, **settings: Any
) -> tuple[Any, Any]:
    """The states of all steps by PyTorch's module, the last real one in place of padding; and the module's last."""
    x, *states, w, u, b, b_u = inputs
    parameters = {"weight_ih_l0": w.T, "weight_hh_l0": u.T}
    if b is not None:
        parameters |= {"bias_ih_l0": b, "bias_hh_l0": b_u}
    network = getattr(torch.nn, name)(
        len(w),
        len(u),
        bias=b is not None,
        batch_first=True,
        dtype=torch.float64,
        **settings,
    )
    initial = tuple(s[None] for s in states)
    initial = initial if len(states) == 2 else initial[0]
    if lengths is None:
        return torch.func.functional_call(network, parameters, (x, initial))
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        x, torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    y, last = torch.func.functional_call(network, parameters, (packed, initial))
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(
        y, batch_first=True, total_length=x.shape[1]
    )
    runs = torch.arange(x.shape[1]) < torch.tensor(lengths)[:, None]
    h_n = last[0] if isinstance(last, tuple) else last
    return torch.where(runs[..., None], y, h_n[0][:, None]), last


def rnn(choice: Choice) -> Comparison:
    """A simple recurrent network, with lengths and without."""
    inputs, lengths = _drawn(choice, "RNN")
    kind = choice.among(["tanh", "relu"])

    def ours(*inputs: Any) -> Any:
        return ops.rnn(*_with_one_bias(inputs), nonlinearity=kind, lengths=lengths)

    def theirs(torch: Any, *inputs: Any) -> Any:
        return _by_torch(torch, "RNN", [*inputs], lengths, nonlinearity=kind)[0]

    return of_function(choice, inputs, ours, theirs)


def gru(choice: Choice) -> Comparison:
    """A gated recurrent unit, with lengths and without."""
    inputs, lengths = _drawn(choice, "GRU")

    def theirs(torch: Any, *inputs: Any) -> Any:
        return _by_torch(torch, "GRU", [*inputs], lengths)[0]

    return of_function(
        choice, inputs, lambda *inputs: ops.gru(*inputs, lengths=lengths), theirs
    )


def lstm(choice: Choice) -> Comparison:
    """A long short-term memory, with lengths and without: all states, and the last cell."""
    inputs, lengths = _drawn(choice, "LSTM")

    def ours(*inputs: Any) -> Any:
        h, c = ops.lstm(*_with_one_bias(inputs), lengths=lengths)
        return concatenate([h, c[:, -1:]], axis=1)

    def theirs(torch: Any, *inputs: Any) -> Any:
        h, (_, c_n) = _by_torch(torch, "LSTM", [*inputs], lengths)
        return torch.cat([h, c_n[0][:, None]], dim=1)

    return of_function(choice, inputs, ours, theirs)


def lstm_cells(choice: Choice) -> Comparison:
    """The cells of a long short-term memory at all steps, by PyTorch's cell."""
    inputs, _ = _drawn(choice, "LSTM")

    def ours(*inputs: Any) -> Any:
        return ops.lstm(*_with_one_bias(inputs))

    def theirs(torch: Any, *inputs: Any) -> Any:
        x, h, c, w, u, b, b_u = inputs
        steps = []
        for t in range(x.shape[1]):
            h, c = torch.lstm_cell(x[:, t], (h, c), w.T, u.T, b, b_u)
            steps.append(torch.stack([h, c]))
        return torch.stack(steps, dim=2)

    return of_function(choice, inputs, ours, theirs)


def recurrent_cells(choice: Choice) -> Comparison:
    """One step of each of the three."""
    name = choice.among([*GATES])
    inputs, _ = _drawn(choice, name)
    inputs[0] = inputs[0][:, 0]

    def ours(*inputs: Any) -> Any:
        cell: Any = getattr(ops, f"{name.lower()}_cell")
        after = cell(*(inputs if name == "GRU" else _with_one_bias(inputs)))
        return concatenate(after) if name == "LSTM" else after

    def theirs(torch: Any, *inputs: Any) -> Any:
        x, *states, w, u, b, b_u = inputs
        if name == "LSTM":
            return torch.cat(torch.lstm_cell(x, tuple(states), w.T, u.T, b, b_u))
        cell = {"RNN": torch.rnn_tanh_cell, "GRU": torch.gru_cell}[name]
        return cell(x, *states, w.T, u.T, b, b_u)

    return of_function(choice, inputs, ours, theirs)


def recurrent_modules(choice: Choice) -> Comparison:
    """Networks of one or two layers, with initial states or zeros: states, and the last ones of each layer."""
    name = choice.among([*GATES])
    n, t, d, k, layers = (choice.integer(1, most) for most in (2, 3, 2, 2, 2))
    scores, pair = GATES[name] * k, name == "LSTM"
    given = choice.integer(0, 1)
    initial = [choice.normal(layers, n, k) for _ in range(given * (1 + pair))]
    parameters = [
        choice.normal(*shape)
        for j in range(layers)
        for shape in ((k if j else d, scores), (k, scores), (scores,), (scores,))
    ]

    def ours(x: Any, *rest: Any) -> Any:
        network = getattr(nn, name)(
            d, k, num_layers=layers, rng=np.random.default_rng(0), dtype=np.float64
        )
        states, rest = rest[: len(initial)], rest[len(initial) :]
        for j, layer in enumerate(network.layers):
            layer.w, layer.u, b, b_u = rest[4 * j : 4 * j + 4]
            if name == "GRU":
                layer.b, layer.b_u = b, b_u
            else:
                layer.b = b + b_u
        start = None if not states else states if pair else states[0]
        y, last = network(x, start)
        last = concatenate(last) if pair else last
        return concatenate([y.reshape(-1), last.reshape(-1)])

    def theirs(torch: Any, x: Any, *rest: Any) -> Any:
        network = getattr(torch.nn, name)(
            d, k, layers, batch_first=True, dtype=torch.float64
        )
        states, rest = rest[: len(initial)], rest[len(initial) :]
        values: dict[str, Any] = {}
        for j in range(layers):
            w, u, b, b_u = rest[4 * j : 4 * j + 4]
            values |= {f"weight_ih_l{j}": w.T, f"weight_hh_l{j}": u.T}
            values |= {f"bias_ih_l{j}": b, f"bias_hh_l{j}": b_u}
        start = None if not states else states if pair else states[0]
        y, last = torch.func.functional_call(network, values, (x, start))
        last = torch.cat(last) if pair else last
        return torch.cat([y.reshape(-1), last.reshape(-1)])

    return of_function(
        choice, [choice.normal(n, t, d), *initial, *parameters], ours, theirs
    )


def bidirectional_modules(choice: Choice) -> Comparison:
    """Both directions, with lengths and without: states at the real steps, and the last ones of each direction."""
    name = choice.among([*GATES])
    n, t, d, k = (choice.integer(1, most) for most in (3, 3, 2, 2))
    scores, pair = GATES[name] * k, name == "LSTM"
    lengths = choice.among([None, 1 + choice.labels(t, n)])
    initial = [choice.normal(2, n, k) for _ in range(1 + pair)]
    parameters = [
        choice.normal(*shape)
        for _ in range(2)
        for shape in ((d, scores), (k, scores), (scores,), (scores,))
    ]
    runs = np.arange(t) < (np.full(n, t) if lengths is None else lengths)[:, None]
    real = np.flatnonzero(np.repeat(runs, 2 * k))

    def ours(x: Any, *rest: Any) -> Any:
        states, rest = rest[: len(initial)], rest[len(initial) :]
        directions = []
        for j in range(2):
            network = getattr(nn, name)(
                d, k, rng=np.random.default_rng(0), dtype=np.float64
            )
            (layer,) = network.layers
            layer.w, layer.u, b, b_u = rest[4 * j : 4 * j + 4]
            if name == "GRU":
                layer.b, layer.b_u = b, b_u
            else:
                layer.b = b + b_u
            directions.append(network)
        y, last = nn.Bidirectional(*directions)(
            x, states if pair else states[0], lengths=lengths
        )
        last = concatenate(last) if pair else last
        return concatenate([y.reshape(-1)[real], last.reshape(-1)])

    def theirs(torch: Any, x: Any, *rest: Any) -> Any:
        network = getattr(torch.nn, name)(
            d, k, batch_first=True, bidirectional=True, dtype=torch.float64
        )
        states, rest = rest[: len(initial)], rest[len(initial) :]
        values: dict[str, Any] = {}
        for j, suffix in enumerate(("", "_reverse")):
            w, u, b, b_u = rest[4 * j : 4 * j + 4]
            values |= {f"weight_ih_l0{suffix}": w.T, f"weight_hh_l0{suffix}": u.T}
            values |= {f"bias_ih_l0{suffix}": b, f"bias_hh_l0{suffix}": b_u}
        start = states if pair else states[0]
        counts = torch.tensor(np.full(n, t) if lengths is None else lengths)
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            x, counts, batch_first=True, enforce_sorted=False
        )
        y, last = torch.func.functional_call(network, values, (packed, start))
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(
            y, batch_first=True, total_length=t
        )
        last = torch.cat(last) if pair else last
        return torch.cat([y.reshape(-1)[real], last.reshape(-1)])

    return of_function(
        choice, [choice.normal(n, t, d), *initial, *parameters], ours, theirs
    )


CASES = [
    rnn,
    gru,
    lstm,
    lstm_cells,
    recurrent_cells,
    recurrent_modules,
    bidirectional_modules,
]
