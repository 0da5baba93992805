"""What every network and every layer is: a function with parameters."""

from __future__ import annotations

import inspect
from functools import partial
from textwrap import indent
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dlbook.autograd import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd.core import Array


class Module:
    """A function with parameters: a layer, or a network made of layers.

    A subclass puts parameters and other modules into attributes and computes its output in
    `forward(self, x, *, rng=None)`. Nothing is registered: parameters are found by looking through the
    attributes, in the order in which they were assigned, through lists, tuples, dicts and other modules.
    A parameter that is found twice (tied weights) counts once. A plain array is not trained, but belongs to the
    state that `state_dict` gives: the running statistics of a normalization are such arrays.

    Training is an argument. `model(x, rng=rng)` is a training pass: what a layer draws at random comes from
    `rng`. `model(x)` is an evaluation, in which nothing is random. There is no mode to switch and to forget.
    Every `forward` takes `rng` and hands it, exactly as it came, to the modules that it calls. A layer that
    computes something else in training refuses a gradient that passes through its evaluation, because whoever
    asks for one has most likely forgotten `rng`; `freeze` says that it is meant.

    Attributes:
        is_frozen: Whether the module is left as it is: neither its parameters nor its statistics are trained, and
            it computes in a training pass what it computes in an evaluation.

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
    is_frozen: bool = False

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

    def __call__(
        self, *inputs: Any, rng: np.random.Generator | None = None, **settings: Any
    ) -> Any:
        """The output for the given inputs.

        Args:
            inputs: What `forward` takes.
            rng: Given, this is a training pass and randomness comes from here; left out, an evaluation.
            settings: What `forward` takes by name, such as the lengths of sequences.

        Raises:
            TypeError: If `rng` is not a generator.
        """
        if rng is not None and not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"{type(self).__name__}: rng: expected np.random.default_rng(seed), got {rng!r}"
            )
        return self.forward(*inputs, rng=rng, **settings)

    def parameters(self) -> list[Parameter]:
        """The parameters to train, each once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> list[tuple[str, Parameter]]:
        """The parameters to train, with their dotted names, in the order in which the attributes were assigned.

        Those of frozen modules are left out. One that is shared by a frozen module and another is frozen.

        Examples:
            >>> from dlbook.nn import Linear, Sequential
            >>> model = Sequential(Linear(3, 2, rng=np.random.default_rng(0)))
            >>> [(name, p.shape) for name, p in model.named_parameters()]
            [('0.w', (3, 2)), ('0.b', (2,))]
        """
        found: dict[int, tuple[str, Parameter]] = {}
        frozen = set()
        for path, name, part, owner in self._walk():
            if isinstance(part, Parameter):
                found.setdefault(id(part), (path + name, part))
                if owner.is_frozen:
                    frozen.add(id(part))
        return [named for key, named in found.items() if key not in frozen]

    def named_modules(self) -> list[tuple[str, Module]]:
        """The module itself, under the name "", and all modules in it with their dotted names, each once.

        Examples:
            >>> from dlbook.nn import Linear, Sequential
            >>> model = Sequential(Linear(3, 2, rng=np.random.default_rng(0)), np.tanh)
            >>> [(name, type(module).__name__) for name, module in model.named_modules()]
            [('', 'Sequential'), ('0', 'Linear')]
        """
        inside = [
            (path + name, part)
            for path, name, part, _ in self._walk()
            if isinstance(part, Module)
        ]
        return [("", self), *inside]

    def freeze(self) -> Self:
        """Leave this module and all in it as they are: nothing of it is trained, nothing in it is random.

        Make the optimizer afterwards: it holds the parameters that `parameters()` gave it.

        Examples:
            >>> from dlbook.nn import Linear, Sequential
            >>> rng = np.random.default_rng(0)
            >>> model = Sequential(Linear(3, 2, rng=rng), Linear(2, 1, rng=rng))
            >>> _ = model[0].freeze()
            >>> [name for name, _ in model.named_parameters()]
            ['1.w', '1.b']
        """
        for _, module in self.named_modules():
            module.is_frozen = True
        return self

    def unfreeze(self) -> Self:
        """Take `freeze` back, for this module and all in it."""
        for _, module in self.named_modules():
            module.is_frozen = False
        return self

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that the module has learned: its parameters, frozen ones too, and its plain arrays.

        Returns:
            Arrays by dotted name, in the order in which the attributes were assigned. Tied weights come once.

        Examples:
            >>> from dlbook.nn import Linear
            >>> state = Linear(3, 2, rng=np.random.default_rng(0)).state_dict()
            >>> {name: array.shape for name, array in state.items()}
            {'w': (3, 2), 'b': (2,)}
        """
        return {name: array.copy() for name, array, _ in self._state()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> Self:
        """Take over what a module of the same make has learned.

        Args:
            state: What `state_dict` gave. The arrays are copied, and brought to the module's dtypes.

        Returns:
            The module itself.

        Raises:
            KeyError: If a name is missing or unknown; nothing is changed.
            ValueError: If an array has another shape; nothing is changed.

        Examples:
            >>> from dlbook.nn import Linear
            >>> a, b = (Linear(3, 2, rng=np.random.default_rng(seed)) for seed in (0, 1))
            >>> x = np.ones((1, 3))
            >>> bool((b.load_state_dict(a.state_dict())(x) == a(x)).all())
            True
        """
        where = f"{type(self).__name__}.load_state_dict"
        own = self._state()
        names = [name for name, _, _ in own]
        for told, wrong in (
            ("lacks", [name for name in names if name not in state]),
            ("has the unknown", [name for name in state if name not in names]),
        ):
            if wrong:
                raise KeyError(
                    f"{where}: state: expected the names of this module, got one that {told} {', '.join(wrong)}"
                )
        arrays = {name: np.array(state[name], now.dtype) for name, now, _ in own}
        for name, now, _ in own:
            if arrays[name].shape != now.shape:
                raise ValueError(
                    f"{where}: {name}: expected shape {now.shape}, got {arrays[name].shape}"
                )
        for name, _, take in own:
            take(arrays[name])
        return self

    def to(self, dtype: DTypeLike) -> Self:
        """Convert the parameters and the plain arrays of floats to another float type, in place of the old values.

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
        for _, array, take in self._state():
            if array.dtype.kind == "f":
                take(array.astype(dtype))
        return self

    @property
    def differs_in_training(self) -> bool:
        """Whether a training pass computes something else than an evaluation.

        A layer that does, such as dropout, says so; the training loop then asks for `rng`, and a gradient
        through its evaluation is refused.
        """
        return False

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

    def _state(self) -> list[tuple[str, Array, Callable[[Array], None]]]:
        """All that is learned: its name, its value now, and what takes another value."""
        found: dict[int, tuple[str, Array, Callable[[Array], None]]] = {}
        for path, name, part, owner in self._walk():
            if isinstance(part, Parameter):
                take = partial(setattr, part, "value")
                found.setdefault(id(part), (path + name, part.value, take))
            elif isinstance(part, np.ndarray):
                if name not in vars(owner):
                    raise TypeError(
                        f"{type(owner).__name__}: {name}: expected a plain array as an attribute of its own"
                    )
                take = partial(setattr, owner, name)
                found[id(part)] = path + name, part, take
        return list(found.values())

    def _walk(
        self, path: str = "", entered: set[int] | None = None
    ) -> Iterator[tuple[str, str, Any, Module]]:
        """All parts, depth first, each module once: the path to the owner, the name there, the part, the owner."""
        entered = set() if entered is None else entered
        entered.add(id(self))
        for name, part in self._parts():
            if not isinstance(part, Module):
                yield path, name, part, self
            elif id(part) not in entered:
                yield path, name, part, self
                yield from part._walk(f"{path}{name}.", entered)

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
