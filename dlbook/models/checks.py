"""What models refuse: sizes that no model has, examples that are no table of features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook.nn.inputs import as_input

if TYPE_CHECKING:
    from dlbook.autograd import Tensor


def expect_at_least(least: int, where: str, **numbers: int) -> None:
    """Refuse a number below the least, and name its argument."""
    for argument, number in numbers.items():
        if number < least:
            raise ValueError(
                f"{where}: {argument}: expected at least {least}, got {number}"
            )


def as_examples(where: str, x: Any, w: Tensor) -> Any:
    """Examples in rows, as a model with a row of weights per feature works on them."""
    x = as_input(where, x, w)
    if x.ndim != 2 or x.shape[1] != len(w):
        raise ValueError(f"{where}: x: expected shape (n, d={len(w)}), got {x.shape}")
    return x
