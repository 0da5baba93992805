"""Layers one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from dlbook.nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np


class Sequential(Module):
    r"""Layers one after another: the output of each is the input of the next.

    $$y = (f_L \circ \dots \circ f_2 \circ f_1)(x).$$

    Args:
        layers: Modules, and functions of one array such as `relu`. Modules are handed `rng`, functions get
            the value alone: what draws at random has to be a module.

    Raises:
        TypeError: If a layer can't be called, or is a class instead of an instance.

    Examples:
        >>> import numpy as np
        >>> from dlbook.nn import Linear
        >>> from dlbook.ops import relu
        >>> rng = np.random.default_rng(0)
        >>> model = Sequential(Linear(64, 32, rng=rng), relu, Linear(32, 10, rng=rng))
        >>> model
        Sequential(
          (0): Linear(in_features=64, out_features=32, bias=True)
          (1): relu
          (2): Linear(in_features=32, out_features=10, bias=True)
        )
        >>> model(np.zeros((5, 64))).shape
        (5, 10)
    """

    def __init__(self, *layers: Callable[..., Any]) -> None:
        for i, layer in enumerate(layers):
            if isinstance(layer, type):
                raise TypeError(
                    f"Sequential: layers: expected an instance as number {i}, write {layer.__name__}(…)"
                )
            if not callable(layer):
                raise TypeError(
                    f"Sequential: layers: expected a module or a function as number {i}, got {layer!r}"
                )
        self.layers = layers

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        """The output of the last layer."""
        for layer in self.layers:
            x = layer(x, rng=rng) if isinstance(layer, Module) else layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return iter(self.layers)

    @overload
    def __getitem__(self, index: int) -> Callable[..., Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...

    def __getitem__(self, index: int | slice) -> Callable[..., Any]:
        """The layer at an index, or the layers of a slice as a model that shares their parameters."""
        return (
            Sequential(*self.layers[index])
            if isinstance(index, slice)
            else self.layers[index]
        )

    def _parts(self) -> Iterator[tuple[str, Any]]:
        # A layer's name is its number, as in PyTorch: "0.w" and not "layers.0.w".
        for name, part in super()._parts():
            yield name.removeprefix("layers."), part
