"""The faults, and for each the tests that are to find it.

A fault is a small and plausible mistake: a sign, an axis, a factor, a transpose left out. The tests are named
so that each runs in a second; that all tests would find it follows.
"""

from __future__ import annotations

from tests.mutations.faults import (
    activation,
    attention,
    autograd,
    calibration,
    convolution,
    embedding,
    gradcheck,
    initial,
    linear,
    loss,
    loss_numbers,
    loss_pairs,
    network,
    normalization,
    optim,
    perceptron,
    pooling,
    recurrence,
    regions,
    regression,
    training,
    vision,
)
from tests.mutations.faults.fault import Fault as Fault

FAULTS = [
    *autograd.FAULTS,
    *activation.FAULTS,
    *attention.FAULTS,
    *embedding.FAULTS,
    *convolution.FAULTS,
    *linear.FAULTS,
    *loss.FAULTS,
    *loss_numbers.FAULTS,
    *loss_pairs.FAULTS,
    *network.FAULTS,
    *vision.FAULTS,
    *normalization.FAULTS,
    *optim.FAULTS,
    *initial.FAULTS,
    *perceptron.FAULTS,
    *recurrence.FAULTS,
    *pooling.FAULTS,
    *regions.FAULTS,
    *gradcheck.FAULTS,
    *regression.FAULTS,
    *calibration.FAULTS,
    *training.FAULTS,
]
