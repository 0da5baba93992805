"""Faults in recurrent networks."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences, oracle

STEPS, GATES, REVERSE = (
    f"ops/recurrence/{name}.py" for name in ("steps", "gates", "reverse")
)
RNN, LSTM, GRU = (f"ops/recurrence/{name}.py" for name in ("rnn", "lstm", "gru"))
LAYERS, BIDIRECTIONAL = "nn/recurrence.py", "nn/bidirectional.py"
CLASSIFIER = "models/sequence_classifier.py"
IN_RULES = ("tests/ops/test_recurrence.py", "-k")
IN_LAYERS = ("tests/nn/test_recurrence.py", "-k")

FAULTS = [
    Fault(
        "the shortest sequence comes first",
        STEPS,
        "np.argsort(-lengths",
        "np.argsort(lengths",
        differences("rnn"),
    ),
    Fault(
        "sequences come back in the order of their lengths",
        STEPS,
        "self.back = np.argsort(self.order)",
        "self.back = self.order",
        differences("gru"),
    ),
    Fault(
        "the first step of the padding is read",
        STEPS,
        "np.arange(t)[:, None] < lengths",
        "np.arange(t)[:, None] <= lengths",
        oracle("gru"),
    ),
    Fault(
        "what stands in the padding reaches the gradient of the weights",
        STEPS,
        "self.x[~runs] = 0",
        "pass",
        (*IN_RULES, "what_stands_in_the_padding"),
    ),
    Fault(
        "a hyperbolic tangent is lifted as a sigmoid is",
        GATES,
        "z += 1 - scale",
        "z += 0.5",
        oracle("lstm"),
    ),
    Fault(
        "a sigmoid is taken at twice its score",
        GATES,
        "z *= scale\n    np.tanh",
        "np.tanh",
        oracle("gru"),
    ),
    Fault(
        "the state of a sequence that has ended is a score",
        RNN,
        "h[t + 1, m:] = h[t, m:]",
        "pass",
        differences("rnn"),
    ),
    Fault(
        "the slope is taken at the state before",
        RNN,
        "1 - h[1:] * h[1:]",
        "1 - h[:-1] * h[:-1]",
        differences("rnn"),
    ),
    Fault(
        "the weights are paid for steps of the padding",
        RNN,
        "dz[t, m:] = 0",
        "pass",
        differences("rnn"),
    ),
    Fault(
        "the weights of the state are paid with the state after",
        RNN,
        "rows(h[:-1]).T",
        "rows(h[1:]).T",
        oracle("rnn"),
    ),
    Fault(
        "the candidate and the output gate have changed places",
        LSTM,
        "[0.5, 0.5, 1, 0.5]",
        "[0.5, 0.5, 0.5, 1]",
        oracle("lstm"),
    ),
    Fault(
        "the gradient of a cell goes through the input gate",
        LSTM,
        "dc[:m] *= gates[1, t, :m]",
        "dc[:m] *= gates[0, t, :m]",
        differences("lstm"),
    ),
    Fault(
        "the forget gate is paid with the cell after",
        LSTM,
        "states[1, :-1], tanh_c)",
        "states[1, 1:], tanh_c)",
        differences("lstm"),
    ),
    Fault(
        "an output pays the cell without the slope of its tangent",
        LSTM,
        "o * (1 - tanh_c * tanh_c)",
        "o * tanh_c",
        differences("lstm"),
    ),
    Fault(
        "the gradient of the cells that were given out is lost",
        LSTM,
        "dc += dy_c[t]",
        "pass",
        oracle("lstm"),
    ),
    Fault(
        "the update gate resets the past",
        GRU,
        "np.multiply(r, q[2], out=n)",
        "np.multiply(z, q[2], out=n)",
        oracle("gru"),
    ),
    Fault(
        "a state that is kept hands back its gradient through the reset gate",
        GRU,
        "dh[:m] *= gates[1, t, :m]",
        "dh[:m] *= gates[0, t, :m]",
        differences("gru"),
    ),
    Fault(
        "the inputs of the candidate are paid behind the reset gate",
        GRU,
        "dq_by_gate[2] = dp_n",
        "pass",
        differences("gru"),
    ),
    Fault(
        "the padding pays the candidate",
        GRU,
        "dp_n[t, m:] = 0",
        "pass",
        differences("gru"),
    ),
    Fault(
        "the two biases of a gated unit are paid alike",
        GRU,
        "dx, dh[steps.back], dw, du, db, db_u",
        "dx, dh[steps.back], dw, du, db, db",
        oracle("gru"),
    ),
    Fault(
        "a reversed sequence begins behind its last step",
        REVERSE,
        "end - 1 - step",
        "end - step",
        (*IN_RULES, "reversing_twice"),
    ),
    Fault(
        "the first state of a layer passes for its last",
        LAYERS,
        "state[:, -1]",
        "state[:, 0]",
        (*IN_LAYERS, "one_layer"),
    ),
    Fault(
        "the initial range is that of the inputs' number",
        LAYERS,
        "bound = 1 / np.sqrt(hidden_size)",
        "bound = 1 / np.sqrt(input_size)",
        (*IN_LAYERS, "promised_range"),
    ),
    Fault(
        "all layers start from the first one's states",
        LAYERS,
        "state[j] for state in initial",
        "state[0] for state in initial",
        (*IN_LAYERS, "two_parts"),
    ),
    Fault(
        "the backward states are left in the order in which they were read",
        BIDIRECTIONAL,
        "y_back = ops.reverse_sequence(y_back, lengths=lengths)",
        "pass",
        (*IN_LAYERS, "backward_network"),
    ),
    Fault(
        "the backward network begins in the padding",
        BIDIRECTIONAL,
        "x = ops.reverse_sequence(x, lengths=lengths)",
        "x = ops.reverse_sequence(x)",
        (*IN_LAYERS, "backward_network"),
    ),
    Fault(
        "the first layer of the forward network is scored",
        CLASSIFIER,
        "h_n[middle - 1]",
        "h_n[0]",
        ("tests/models/test_sequence_classifier.py", "-k", "both_directions"),
    ),
    Fault(
        "the classifier reads the padding",
        CLASSIFIER,
        "lengths=self._lengths(i)",
        "lengths=None",
        ("tests/models/test_sequence_classifier.py", "-k", "padding"),
    ),
]
