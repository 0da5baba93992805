"""The network of dense layers."""

from __future__ import annotations

import itertools
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.nn import Linear, Sequential
from dlbook.ops import relu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import DTypeLike


class MLP(Sequential):
    r"""The multilayer perceptron: dense layers one after another, with an activation between each two.

    $$a^{[0]} = x, \qquad z^{[l]} = a^{[l-1]} W^{[l]} + b^{[l]}, \qquad a^{[l]} = g(z^{[l]}) \quad (l < L), \qquad
      y = z^{[L]}.$$

    The last layer gives scores; the losses that take scores, such as `cross_entropy`, do the rest. A network of
    $n_0, \dots, n_L$ units has $\sum_l (n_{l-1} + 1)\, n_l$ parameters. It is a `Sequential` of its `Linear`
    layers and its activations, so `model[0]` is the first layer, and `model[:-1]` all but the last.

    Args:
        sizes: The numbers of units $n_0, \dots, n_L$, from the features to the scores.
        activation: $g$, a function of one array or a module; a module's parameters are shared by all layers.
        rng: Draws the initial parameters, layer by layer, as `Linear` does.
        dtype: The dtype of the parameters, and so of the output.

    Raises:
        ValueError: If there are fewer than two sizes, or one is less than 1.
        TypeError: If a size is no whole number, the activation can't be called or is a class, or `dtype` is not a
            float type.

    Source:
        D. E. Rumelhart, G. E. Hinton and R. J. Williams, *Learning representations by back-propagating errors*,
        Nature 323 (1986).

    Examples:
        >>> from dlbook.nn import count_parameters
        >>> model = MLP([64, 128, 10], rng=np.random.default_rng(0))
        >>> model
        MLP(
          (0): Linear(in_features=64, out_features=128, bias=True)
          (1): relu
          (2): Linear(in_features=128, out_features=10, bias=True)
        )
        >>> model(np.zeros((5, 64))).shape, count_parameters(model)
        ((5, 10), 9610)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: Callable[..., Any] = relu,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = _whole_numbers(sizes)
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(
                f"MLP: sizes: expected two numbers or more, each at least 1, got {sizes}"
            )
        if isinstance(activation, type) or not callable(activation):
            raise TypeError(
                f"MLP: activation: expected a function such as relu, or a module, got {activation!r}"
            )
        layers: list[Callable[..., Any]] = []
        for n_in, n_out in itertools.pairwise(sizes):
            layers += [Linear(n_in, n_out, rng=rng, dtype=dtype), activation]
        super().__init__(*layers[:-1])  # the scores have no activation


def _whole_numbers(sizes: Any) -> list[int]:
    try:
        return [index(size) for size in sizes]
    except TypeError:
        raise TypeError(
            f"MLP: sizes: expected whole numbers such as [64, 128, 10], got {sizes!r}"
        ) from None
