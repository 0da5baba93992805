"""One call of a primitive, and the drawing of its arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlbook.autograd import Primitive
from dlbook.gradcheck import check_vjp

_rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Case:
    """One call: the primitive, its arrays and settings; `constants` are float inputs that get no gradient."""

    primitive: Primitive
    inputs: tuple[Any, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    constants: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        arrays = (None if x is None else np.asarray(x) for x in self.inputs)
        object.__setattr__(self, "inputs", tuple(arrays))

    @property
    def variables(self) -> list[int]:
        """The places of the inputs that a gradient is due to."""
        return [
            i
            for i, x in enumerate(self.inputs)
            if x is not None and x.dtype.kind == "f" and i not in self.constants
        ]

    def gap(self, rng: np.random.Generator) -> float:
        """The rule's largest gap to central differences, along two directions of each variable."""

        def rule(*variables: Any) -> Any:
            inputs = list(self.inputs)
            for i, x in zip(self.variables, variables, strict=True):
                inputs[i] = x
            value, vjp = self.primitive.rule(*inputs, **self.settings)

            def vjp_of_the_variables(dy: Any) -> tuple[Any, ...]:
                dxs = vjp(np.asarray(dy))
                dxs = dxs if isinstance(dxs, tuple) else (dxs,)
                return tuple(dxs[i] for i in self.variables)

            return value, vjp_of_the_variables

        variables = (self.inputs[i] for i in self.variables)
        return check_vjp(rule, *variables, rng=rng, directions=2)

    def __str__(self) -> str:
        shapes = [
            "None" if x is None else f"{x.dtype.kind}{list(x.shape)}"
            for x in self.inputs
        ]
        settings = [
            f"{key}={np.shape(value) if isinstance(value, np.ndarray) else value}"
            for key, value in self.settings.items()
        ]
        return (
            f"{self.primitive.rule.__name__}({', '.join(shapes + settings)})".replace(
                " ", ""
            )
        )


def normal(*shape: int) -> Any:
    """Standard normal numbers, as an array even where the shape is ()."""
    return np.asarray(_rng.normal(size=shape))


def positive(*shape: int) -> Any:
    """Numbers from 0.5 to 2."""
    return np.asarray(_rng.uniform(0.5, 2, size=shape))


def apart_from_zero(*shape: int) -> Any:
    """Numbers of either sign whose size is between 0.5 and 2."""
    return positive(*shape) * _rng.choice([-1.0, 1.0], size=shape)


def probabilities(*shape: int) -> Any:
    """Numbers from 0.2 to 0.8."""
    return np.asarray(_rng.uniform(0.2, 0.8, size=shape))


def labels(k: int, *shape: int) -> Any:
    """Labels from 0 to k - 1."""
    return np.asarray(_rng.integers(k, size=shape))


def truths(*shape: int) -> Any:
    """Truth values."""
    return np.asarray(_rng.random(shape) < 0.5)
