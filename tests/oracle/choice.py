"""Where the shapes, options and numbers of an oracle case come from.

A case asks a `Choice` for everything that is random in it. Hypothesis can stand behind the choice (live, so
that a failure is shrunk), a seed (when vectors are stored) or the stored record (when they are replayed):
replaying needs neither PyTorch nor the same stream of random numbers.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class Choice(ABC):
    """What a case may ask for."""

    @abstractmethod
    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""

    @abstractmethod
    def numbers(self, low: float, high: float, shape: tuple[int, ...]) -> Any:
        """A float64 array of numbers between `low` and `high`."""

    def among(self, options: list[T]) -> T:
        """One of the options."""
        return options[self.integer(0, len(options) - 1)]

    def shape(self, least: int = 0, most: int = 3) -> tuple[int, ...]:
        """A shape of `least` to `most` axes, each of length 1 to 4."""
        return tuple(self.integer(1, 4) for _ in range(self.integer(least, most)))

    def normal(self, *shape: int) -> Any:
        """Numbers of either sign."""
        return self.numbers(-3, 3, shape)

    def uneven(self, *shape: int) -> Any:
        """Numbers that are hardly ever all the same: divided by a spread of zero, rounding would be all there is."""
        return self.normal(*shape) + np.sin(np.arange(np.prod(shape))).reshape(shape)

    def positive(self, *shape: int) -> Any:
        """Numbers from 0.3 to 3."""
        return self.numbers(0.3, 3, shape)

    def probabilities(self, *shape: int) -> Any:
        """Numbers from 0.01 to 0.99."""
        return self.numbers(0.01, 0.99, shape)

    def labels(self, k: int, *shape: int) -> Any:
        """Whole numbers from 0 to k - 1."""
        return np.floor(self.numbers(0, k, shape)).astype(np.int64)


class Seeded(Choice):
    """Choices by a seed, each of which is recorded."""

    def __init__(self, seed: int) -> None:
        self.integers: list[int] = []
        self.arrays: list[Any] = []
        self._random = random.Random(seed)
        self._rng = np.random.default_rng(seed)

    def integer(self, low: int, high: int) -> int:
        """One more number, noted."""
        self.integers.append(self._random.randint(low, high))
        return self.integers[-1]

    def numbers(self, low: float, high: float, shape: tuple[int, ...]) -> Any:
        """One more array, noted. Four digits suffice, and are stored well."""
        self.arrays.append(np.asarray(self._rng.uniform(low, high, shape).round(4)))
        return self.arrays[-1]


class Recorded(Choice):
    """The choices of another day, in their order."""

    def __init__(self, integers: list[int], arrays: list[Any]) -> None:
        self._integers, self._arrays = iter(integers), iter(arrays)

    def integer(self, low: int, high: int) -> int:
        """The next number of the record."""
        value = next(self._integers)
        assert low <= value <= high, (
            "the cases have changed since the vectors were stored; run make oracle"
        )
        return value

    def numbers(self, low: float, high: float, shape: tuple[int, ...]) -> Any:
        """The next array of the record."""
        value = next(self._arrays)
        assert value.shape == shape, (
            "the cases have changed since the vectors were stored; run make oracle"
        )
        return value
