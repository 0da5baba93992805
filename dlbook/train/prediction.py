"""What a model says about many examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import Tensor, no_grad
from dlbook.data.batch import batches

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def predict(
    model: Callable[[Array], Any], x: ArrayLike, *, batch_size: int = 1024
) -> Array:
    """The model's outputs for many examples: an evaluation, without a graph, in batches.

    Args:
        model: Called as `model(batch)`.
        x: The examples, one per entry of the first axis.
        batch_size: How many are computed at once; it limits the memory and changes nothing else.

    Returns:
        The outputs of all examples as one array.

    Raises:
        ValueError: If there are no examples.

    Examples:
        >>> predict(lambda x: 2 * x, [1.0, 2.0, 3.0], batch_size=2)
        array([2., 4., 6.])
    """
    with no_grad():
        outputs = [model(batch) for (batch,) in batches(x, batch_size=batch_size)]
    return np.concatenate(
        [output.value if isinstance(output, Tensor) else output for output in outputs]
    )
