"""What optimizers share: the parameters as one long vector, stepped block by block.

Most update rules treat every number alike, so they need not know where one parameter ends. All values lie end
to end in one vector and are updated in blocks that stay in the processor's cache. A rule that looks at a
parameter as a whole says so, and gets one parameter at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from dlbook.autograd import Parameter, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array

_BLOCK = 32_768  # numbers; the five arrays of Adam then take 640 kB in float32


class Optimizer(ABC):
    """Holds parameters and replaces their values, step by step. Subclasses state the rule.

    A step binds `parameter.value` to a new array. Nothing is ever written into an old one, so graphs built
    before the step keep the values they were built with.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate, at least 0. It may be assigned anew between steps.
        slots: How many numbers the rule remembers for each number that it trains.

    Attributes:
        parameters: The parameters, in the order in which gradients are expected.
        steps: The number of steps taken.
        whole: Whether the rule is given each parameter by itself and in its shape.

    Raises:
        TypeError: If there is anything but parameters, or their dtypes differ.
        ValueError: If there is none, one comes twice, or the learning rate is negative.

    Examples:
        >>> class SignDescent(Optimizer):
        ...     def rule(self, w, g, new, /):
        ...         new[:] = w - self.lr * np.sign(g)
        >>> w = Parameter([4.0, -2.0])
        >>> optimizer = SignDescent([w], lr=0.5, slots=0)
        >>> optimizer.step([np.array([8.0, -4.0])])
        >>> w
        Parameter([ 3.5, -1.5])
    """

    whole: ClassVar[bool] = False

    def __init__(
        self, parameters: Iterable[Parameter], lr: float, *, slots: int
    ) -> None:
        self.parameters = _checked(type(self).__name__, parameters)
        self.lr = lr
        self.steps = 0
        ends = np.cumsum([0, *(p.size for p in self.parameters)])
        self._spans = [slice(start, end) for start, end in pairwise(ends.tolist())]
        self._dtype = self.parameters[0].dtype
        self._gradient = np.empty(ends[-1], self._dtype)
        self._state = [np.zeros_like(self._gradient) for _ in range(slots)]
        self._shapes = [p.shape for p in self.parameters]
        self._values: list[
            Array
        ] = []  # what the last step bound the parameters to: views of self._flat
        self._flat = np.empty(0, self._dtype)

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = self._number("lr", lr)

    def step(self, gradients: Iterable[ArrayLike]) -> None:
        """Replace the value of every parameter.

        Args:
            gradients: One per parameter, in the same order and of the same shapes, as `grad` returns them.
                They are not written to.

        Raises:
            TypeError: If a gradient is not an array of numbers, or a parameter's dtype or shape was changed.
            ValueError: If the number or a shape is wrong.
            FloatingPointError: If a gradient has a NaN or an infinite element; no parameter was changed.
        """
        self._gather(gradients)
        if not self._values or any(p.value is not value for p, value in self._bound()):
            self._flat = np.concatenate([p.value.reshape(-1) for p in self.parameters])
        self.steps += 1
        new = np.empty_like(self._flat)
        vectors = (self._flat, self._gradient, new, *self._state)
        for block, shape in self._blocks():
            self.rule(*(vector[block].reshape(shape) for vector in vectors))
        self._flat = new
        self._values = [
            new[span].reshape(shape)
            for span, shape in zip(self._spans, self._shapes, strict=True)
        ]
        for p, value in self._bound():
            p.value = value

    @abstractmethod
    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The update, for one block of numbers, or one parameter; `self.steps` counts from 1.

        Args:
            w: The values. They must not be written to.
            g: The gradient; it may be overwritten.
            new: Where the next values are written.
            state: What is remembered, `slots` arrays, zero at first; to be brought up to date in place.
        """

    def state_dict(self) -> dict[str, Any]:
        """A copy of what the optimizer remembers: its steps, its learning rate, and what its rule keeps.

        The parameters' values are the model's to save. Both together go on exactly where they stopped.

        Returns:
            Arrays by name.

        Examples:
            >>> from dlbook.optim import SGD
            >>> optimizer = SGD([Parameter([4.0, -2.0])], lr=0.1, momentum=0.9)
            >>> optimizer.step([np.array([8.0, -4.0])])
            >>> {name: array.tolist() for name, array in optimizer.state_dict().items()}
            {'steps': 1, 'lr': 0.1, 'state.0': [8.0, -4.0]}
        """
        kept = {f"state.{i}": slot.copy() for i, slot in enumerate(self._state)}
        return {"steps": np.array(self.steps), "lr": np.array(self.lr), **kept}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Take over what an optimizer of the same kind remembered.

        Args:
            state: What `state_dict` gave.

        Raises:
            KeyError: If a name is missing or unknown; nothing is changed.
            ValueError: If an array has another shape; nothing is changed.
        """
        where = f"{type(self).__name__}.load_state_dict: state"
        now = self.state_dict()
        if state.keys() != now.keys():
            raise KeyError(
                f"{where}: expected {', '.join(now)}, got {', '.join(state)}"
            )
        given = {name: np.array(state[name], now[name].dtype) for name in now}
        for name, array in given.items():
            if array.shape != now[name].shape:
                raise ValueError(
                    f"{where}: {name}: expected shape {now[name].shape}, got {array.shape}"
                )
        self.lr, self.steps = float(given.pop("lr")), int(given.pop("steps"))
        self._state = list(given.values())

    def _blocks(self) -> Iterable[tuple[slice, tuple[int, ...]]]:
        """The parts of the long vector that the rule is given, each with its shape."""
        if self.whole:
            return zip(self._spans, self._shapes, strict=True)
        starts = range(0, len(self._flat), _BLOCK)
        return ((slice(start, start + _BLOCK), (-1,)) for start in starts)

    def _number(self, name: str, value: float, *, below: float = inf) -> float:
        number = float(value)
        if not 0 <= number < below:  # a NaN fails too
            wanted = (
                "at least 0" if below == inf else f"at least 0 and less than {below:g}"
            )
            raise ValueError(
                f"{type(self).__name__}: {name}: expected a number of {wanted}, got {value}"
            )
        return number

    def _betas(self, betas: tuple[float, float]) -> tuple[float, float]:
        first, second = betas
        return (
            self._number("betas[0]", first, below=1),
            self._number("betas[1]", second, below=1),
        )

    def _gather(self, gradients: Iterable[ArrayLike]) -> None:
        where = f"{type(self).__name__}.step: gradients"
        gathered = list(gradients)
        if len(gathered) != len(self.parameters):
            raise ValueError(
                f"{where}: expected {len(self.parameters)}, one per parameter, got {len(gathered)}"
            )
        for i, (p, given, span) in enumerate(
            zip(self.parameters, gathered, self._spans, strict=True)
        ):
            if (p.dtype, p.shape) != (self._dtype, self._shapes[i]):
                raise TypeError(
                    f"{type(self).__name__}.step: parameter {i}: expected {self._dtype} of shape {self._shapes[i]}, "
                    f"as when the optimizer was made, got {p.dtype} of shape {p.shape}; make it after model.to(dtype)"
                )
            g = np.asarray(given)
            if g.dtype.kind not in "fiu":
                raise TypeError(
                    f"{where}: expected numbers, got {g.dtype} as number {i}"
                )
            if g.shape != p.shape:
                raise ValueError(
                    f"{where}: expected shape {p.shape} as number {i}, got {g.shape}"
                )
            self._gradient[span] = g.reshape(-1)
        if not np.isfinite(self._gradient).all():
            i = next(
                i
                for i, span in enumerate(self._spans)
                if not np.isfinite(self._gradient[span]).all()
            )
            raise FloatingPointError(
                f"{where}: expected finite numbers, got NaN or infinity in number {i}, "
                f"of shape {self.parameters[i].shape}; the parameters were left as they are"
            )

    def _bound(self) -> Iterator[tuple[Parameter, Array]]:
        return zip(self.parameters, self._values, strict=True)


def _checked(name: str, parameters: Iterable[Any]) -> tuple[Parameter, ...]:
    if isinstance(parameters, Tensor):
        raise TypeError(
            f"{name}: parameters: expected a sequence, got one {type(parameters).__name__}; write [w]"
        )
    checked = tuple(parameters)
    if not checked:
        raise ValueError(f"{name}: parameters: expected at least one, got none")
    number: dict[int, int] = {}
    for i, p in enumerate(checked):
        if not isinstance(p, Parameter):
            raise TypeError(
                f"{name}: parameters: expected Parameters, got {type(p).__name__} as number {i}"
            )
        if id(p) in number:
            raise ValueError(
                f"{name}: parameters: expected each once, got number {number[id(p)]} again as number {i}"
            )
        number[id(p)] = i
        if p.dtype.kind != "f" or p.dtype != checked[0].dtype:
            wanted = (
                checked[0].dtype if checked[0].dtype.kind == "f" else "a float type"
            )
            raise TypeError(
                f"{name}: parameters: expected {wanted} for all, got {p.dtype} as number {i}"
            )
    return checked
