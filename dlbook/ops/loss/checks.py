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
