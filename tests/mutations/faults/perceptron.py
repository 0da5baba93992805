"""Faults in the perceptron."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

PERCEPTRON = "models/perceptron.py"
TESTS = ("tests/models/test_perceptron.py",)

FAULTS = [
    Fault(
        "a score of zero is no mistake to the perceptron",
        PERCEPTRON,
        "@ w) <= 0",
        "@ w) < 0",
        TESTS,
    ),
    Fault(
        "the perceptron moves away from its mistakes",
        PERCEPTRON,
        "w += lr * s[i] * x[i]",
        "w -= lr * s[i] * x[i]",
        TESTS,
    ),
    Fault(
        "the perceptron forgets whose side the example is on",
        PERCEPTRON,
        "w += lr * s[i] * x[i]",
        "w += lr * x[i]",
        TESTS,
    ),
    Fault(
        "after a mistake the perceptron looks at it again",
        PERCEPTRON,
        "made, i = made + 1, i + 1",
        "made, i = made + 1, i",
        TESTS,
    ),
    Fault(
        "the perceptron's mean counts an update one example late",
        PERCEPTRON,
        "late += (seen + i) * lr",
        "late += (seen + i + 1) * lr",
        TESTS,
    ),
    Fault(
        "the perceptron's mean forgets the epochs before",
        PERCEPTRON,
        "seen, made, i = n * len(updates), 0, 0",
        "seen, made, i = 0, 0, 0",
        TESTS,
    ),
    Fault(
        "the perceptron goes on when there is nothing left to learn",
        PERCEPTRON,
        "(not updates or updates[-1] > 0)",
        "True",
        TESTS,
    ),
    Fault(
        "the perceptron, left alone, looks once more than it says",
        PERCEPTRON,
        "epochs: int = 100",
        "epochs: int = 101",
        TESTS,
    ),
]
