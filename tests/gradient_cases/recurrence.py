"""Recurrent networks over whole sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Primitive
from tests.gradient_cases.case import Case, normal


def _case(primitive: Primitive, sizes: tuple[int, ...], **settings: Any) -> Case:
    """One call; `bias=False` leaves the biases out."""
    n, t, d, k = sizes
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[primitive.rule.__name__] * k
    states = [normal(n, k) for _ in range(1 + (primitive is ops.lstm))]
    biases = [normal(gates) for _ in range(1 + (primitive is ops.gru))]
    if not settings.pop("bias", True):
        biases = []
    weights = [normal(d, gates), normal(k, gates), *biases]
    return Case(primitive, (normal(n, t, d), *states, *weights), settings)


def _recurrence() -> list[Case]:
    cases = [
        Case(ops.reverse_sequence, (normal(*shape),))
        for shape in [(1, 1), (3, 4), (2, 3, 1, 2), (0, 3), (2, 0, 4)]
    ]
    for ends in [(3, 1, 0, 2), (3, 3, 3, 3), (0, 0, 0, 0)]:
        cases += [
            Case(
                ops.reverse_sequence,
                (normal(4, 3, *d),),
                {"lengths": np.array(ends)},
            )
            for d in [(), (2,)]
        ]
    for primitive in (ops.rnn, ops.lstm, ops.gru):
        cases += [
            _case(primitive, sizes)
            for sizes in [(1, 1, 1, 1), (2, 1, 3, 2), (3, 4, 2, 5), (1, 7, 1, 3)]
        ]
        cases += [
            _case(primitive, (0, 3, 2, 4)),
            _case(primitive, (2, 3, 2, 3), bias=False),
        ]
        for lengths in [
            (1, 3, 2),
            (0, 3, 0),
            (2, 2, 2),
            (3, 3, 3),
            (0, 0, 0),
            (1, 2, 3),
        ]:
            cases += [_case(primitive, (3, 3, 2, 2), lengths=np.array(lengths))]
    # the weights of `normal` keep the scores of these away from the kink
    cases += [_case(ops.rnn, (2, 2, 3, 2), nonlinearity="relu")]
    cases += [
        _case(ops.rnn, (3, 2, 2, 2), nonlinearity="relu", lengths=np.array([1, 2, 0]))
    ]
    return cases


CASES = _recurrence()
