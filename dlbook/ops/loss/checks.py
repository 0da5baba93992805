"""What losses refuse: settings out of their range, targets that no count or class can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dlbook.autograd.core import Array


def expect_setting(where: str, wanted: str, value: float, fits: bool) -> None:
    """Refuse a setting that does not fit, and say what would."""
    if not fits:
        raise ValueError(f"{where}: expected {wanted}, got {value}")


def expect_values(where: str, wanted: str, values: Array, fit: Array) -> None:
    """Refuse an array that holds a value that does not fit, and name the first of them."""
    if not fit.all():
        strange = values[np.logical_not(fit)].flat[0]
        raise ValueError(f"{where}: expected {wanted}, got {strange:g}")


def expect_probabilities(where: str, p: Array) -> None:
    """Refuse what is no probability."""
    if p.size and not (p.min() >= 0 and p.max() <= 1):  # a NaN fails too
        raise ValueError(
            f"{where}: expected probabilities from 0 to 1, got values from {p.min():g} to {p.max():g}"
        )


def expect_label_each(name: str, t: Array, positions: tuple[int, ...]) -> None:
    """Refuse labels that are not one for each position."""
    if t.shape != positions:
        raise ValueError(
            f"{name}: t: expected labels of shape {positions}, got {t.shape}"
        )


def expect_labels(name: str, t: Array, k: int) -> None:
    """Refuse labels that are none of k classes."""
    if t.size and not (t.min() >= 0 and t.max() < k):
        raise ValueError(
            f"{name}: t: expected labels from 0 to {k - 1}, got {t.min()} to {t.max()}"
        )
