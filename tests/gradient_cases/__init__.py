"""A grid of calls for every primitive: where its derivative is held against differences.

The grid has what breaks rules in practice: axes of length 1, odd sizes, stretched axes, negative and several
axes, every kind of index, every reduction with and without weights. Points where a function has a kink (ties,
zero under a relu) are not here, since differences say nothing there; they have tests of their own.
"""

from __future__ import annotations

import importlib
import pkgutil

import dlbook
from dlbook.autograd import Primitive
from tests.gradient_cases import (
    activation,
    attention,
    convolution,
    embedding,
    linear,
    loss,
    loss_numbers,
    loss_pairs,
    normalization,
    operators,
    pooling,
    recurrence,
    regions,
    regularization,
)
from tests.gradient_cases.case import Case as Case

CASES = [
    *operators.CASES,
    *activation.CASES,
    *attention.CASES,
    *embedding.CASES,
    *convolution.CASES,
    *linear.CASES,
    *loss.CASES,
    *loss_numbers.CASES,
    *loss_pairs.CASES,
    *recurrence.CASES,
    *pooling.CASES,
    *normalization.CASES,
    *regularization.CASES,
    *regions.CASES,
]


def primitives() -> dict[str, Primitive]:
    """Every primitive of the package, by the name of its module and its own."""
    found = {}
    for module in pkgutil.walk_packages(dlbook.__path__, "dlbook."):
        if not module.name.startswith(("dlbook.plot", "dlbook.press")):
            for name, value in vars(importlib.import_module(module.name)).items():
                if (
                    isinstance(value, Primitive)
                    and value.rule.__module__ == module.name
                ):
                    found[f"{module.name}.{name}"] = value
    return found
