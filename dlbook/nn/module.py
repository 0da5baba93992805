"""What every network and every layer is: a function with parameters."""

from __future__ import annotations

import inspect
from textwrap import indent
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dlbook.autograd import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import DTypeLike


class Module:
    """A function with parameters: a layer, or a network made of layers.

    A subclass puts parameters and other modules into attributes and computes its output in
    `forward(self, x, *, rng=None)`. Nothing is registered: parameters are found by looking through the
    attributes, in the order in which they were assigned, through lists, tuples, dicts and other modules.
    A parameter that is found twice (tied weights) counts once. A plain `Tensor` or array is not trained.

    Training is an argument. `model(x, rng=rng)` is a training pass: what a layer draws at random comes from
    `rng`. `model(x)` is an evaluation, in which nothing is random. There is no mode to switch and to forget.
    Every `forward` takes `rng` and hands it, exactly as it came, to the modules that it calls.

    Raises:
        TypeError: When a subclass is defined whose `forward` does not take the keyword `rng`. Its layers
            would never learn that they are being trained.

    Examples:
        >>> class Scale(Module):
        ...     def __init__(self):
        ...         self.factor = Parameter(2.0)
        ...
        ...     def forward(self, x, *, rng=None):
        ...         return self.factor * x
        >>> double = Scale()
        >>> double(np.array([1.0, 3.0]))
        Tensor([2., 6.])
        >>> double.named_parameters()
        [('factor', Parameter(2.))]
    """

    forward: Callable[..., Any]

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if "forward" in vars(cls):
            rng = inspect.signature(cls.forward).parameters.get("rng")
            if (
                rng is None
                or rng.kind is not rng.KEYWORD_ONLY
                or rng.default is not None
            ):
                raise TypeError(
                    f"{cls.__name__}.forward: rng: expected the keyword-only argument rng=None, "
                    "to be handed on to the modules inside: def forward(self, x, *, rng=None)"
                )

    def __call__(self, *inputs: Any, rng: np.random.Generator | None = None) -> Any:
        """The output for the given inputs.

        Args:
            inputs: What `forward` takes.
            rng: Given, this is a training pass and randomness comes from here; left out, an evaluation.

        Raises:
            TypeError: If `rng` is not a generator.
        """
        if rng is not None and not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"{type(self).__name__}: rng: expected np.random.default_rng(seed), got {rng!r}"
            )
        return self.forward(*inputs, rng=rng)

    def parameters(self) -> list[Parameter]:
        """The parameters, each once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> list[tuple[str, Parameter]]:
        """The parameters with their dotted names, in the order in which the attributes were assigned.

        Examples:
            >>> from dlbook.nn import Linear, Sequential
            >>> model = Sequential(Linear(3, 2, rng=np.random.default_rng(0)))
            >>> [(name, p.shape) for name, p in model.named_parameters()]
            [('0.w', (3, 2)), ('0.b', (2,))]
        """
        found: dict[int, tuple[str, Parameter]] = {}
        entered: set[int] = set()

        def enter(module: Module, path: str) -> None:
            entered.add(id(module))
            for name, part in module._parts():
                if isinstance(part, Parameter):
                    found.setdefault(id(part), (path + name, part))
                elif isinstance(part, Module) and id(part) not in entered:
                    enter(part, f"{path}{name}.")

        enter(self, "")
        return list(found.values())

    def to(self, dtype: DTypeLike) -> Self:
        """Convert the parameters to another float type, in place of the old values.

        Args:
            dtype: `np.float32` to train fast, `np.float64` to check gradients.

        Returns:
            The module itself.

        Raises:
            TypeError: If `dtype` is not a float type.
        """
        if np.dtype(dtype).kind != "f":
            raise TypeError(
                f"{type(self).__name__}.to: dtype: expected a float type, got {np.dtype(dtype)}"
            )
        for parameter in self.parameters():
            parameter.value = parameter.value.astype(dtype)
        return self

    def extra_repr(self) -> str:
        """The settings that `repr` shows between the brackets; none unless a subclass says so."""
        return ""

    def __repr__(self) -> str:
        lines = []
        for name, part in self._parts():
            if callable(part):
                shown = (
                    repr(part)
                    if isinstance(part, Module)
                    else getattr(part, "__name__", repr(part))
                )
                lines.append(indent(f"({name}): {shown}", "  "))
        inside = "\n".join(["", *lines, ""]) if lines else ""
        return f"{type(self).__name__}({self.extra_repr()}{inside})"

    def _parts(self) -> Iterator[tuple[str, Any]]:
        """The attributes with their names; of a list, tuple or dict the elements, as `name.0` or `name.key`."""
        for name, value in vars(self).items():
            yield from _unpacked(name, value)


def _unpacked(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, element in value.items():
            yield from _unpacked(f"{name}.{key}", element)
    elif isinstance(value, (set, frozenset)) and any(
        isinstance(v, (Module, Parameter)) for v in value
    ):
        raise TypeError(
            f"Module: {name}: expected a list, got a set; the parameters need an order"
        )
    else:
        yield name, value


def count_parameters(module: Module) -> int:
    """How many numbers training adjusts; tied weights count once.

    Args:
        module: A layer or a network.

    Examples:
        >>> from dlbook.nn import Linear
        >>> count_parameters(Linear(784, 10, rng=np.random.default_rng(0)))
        7850
    """
    return sum(parameter.size for parameter in module.parameters())
