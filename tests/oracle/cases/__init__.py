"""What is compared with PyTorch: one list for the live comparison and for the stored vectors.

A case is a function of a `Choice`. It returns two computations: `ours()` and `theirs(torch)`, each a
dictionary of arrays by name that must agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.cases import (
    activation,
    attention,
    convolution,
    embedding,
    initial,
    linear,
    loss,
    loss_numbers,
    loss_pairs,
    network,
    normalization,
    operators,
    optim,
    pooling,
    recurrence,
    regions,
    regularization,
    transformer,
)
from tests.oracle.cases.comparison import Comparison as Comparison

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.choice import Choice

CASES: list[Callable[[Choice], Comparison]] = [
    *operators.CASES,
    *activation.CASES,
    *attention.CASES,
    *embedding.CASES,
    *convolution.CASES,
    *linear.CASES,
    *network.CASES,
    *loss.CASES,
    *loss_numbers.CASES,
    *loss_pairs.CASES,
    *optim.CASES,
    *transformer.CASES,
    *initial.CASES,
    *pooling.CASES,
    *recurrence.CASES,
    *normalization.CASES,
    *regularization.CASES,
    *regions.CASES,
    *recurrence.CASES,
]
