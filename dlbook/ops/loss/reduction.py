"""What every loss needs: weights, a reduction, and a look at the probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlbook.autograd.core import Array


def reduced(name: str, losses: Array, reduction: str, total: Any) -> tuple[Array, Any]:
    """The losses reduced, and the factor by which the reduction scales each one's gradient."""
    if reduction == "none":
        return losses, 1
    if reduction == "sum":
        return losses.sum(), 1
    if reduction != "mean":
        raise ValueError(
            f"{name}: reduction: expected 'mean', 'sum' or 'none', got {reduction!r}"
        )
    if total == 0:
        raise ValueError(
            f"{name}: reduction: expected something to take the mean of, got none"
        )
    return losses.sum() / total, 1 / total


def weighted(
    name: str, losses: Array, weight: Array | None, reduction: str
) -> tuple[Array, Any]:
    """The losses reduced, a mean by the weights' sum, and the factor of each one's gradient."""
    if weight is None:
        return reduced(name, losses, reduction, losses.size)
    loss, scale = reduced(name, weight * losses, reduction, weight.sum())
    return loss, scale * weight


def stretched(where: str, weight: Array | None, like: Array) -> Any:
    """The weights as they meet the losses; they may be stretched, the losses may not."""
    if weight is None:
        return 1
    try:
        return np.broadcast_to(weight, like.shape)
    except ValueError:
        raise ValueError(
            f"{where}: expected a shape that broadcasts to {like.shape}, got {weight.shape}"
        ) from None
