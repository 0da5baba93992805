"""Learning rates that change on the way, each a function of the number of steps taken.

A schedule remembers nothing: `optimizer.lr = schedule(optimizer.steps)` before a step is all there is to it, and
a run that is resumed goes on with the right rate. Whether a step is one of the optimizer or an epoch is the
caller's choice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class StepLR:
    r"""A rate that is cut at regular intervals, $\eta_k = \eta\, \gamma^{\lfloor k / s \rfloor}$.

    Args:
        lr: The first rate, $\eta$.
        step_size: The interval, $s$.
        gamma: The factor, $\gamma$.

    Raises:
        ValueError: If `step_size` is less than 1, or a number is negative.

    Examples:
        >>> schedule = StepLR(0.5, step_size=2)
        >>> [round(schedule(k), 4) for k in range(5)]
        [0.5, 0.5, 0.05, 0.05, 0.005]
    """

    lr: float
    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        _expect(self, 0, "lr", "gamma")
        _expect(self, 1, "step_size")

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        return self.lr * self.gamma ** (k // self.step_size)


@dataclass(frozen=True)
class MultiStepLR:
    r"""A rate that is cut at given steps, $\eta_k = \eta\, \gamma^{j}$ after the $j$ milestones up to $k$.

    Args:
        lr: The first rate, $\eta$.
        milestones: The steps from which on the rate is lower, in rising order.
        gamma: The factor, $\gamma$.

    Raises:
        ValueError: If the milestones fall, or a number is negative.

    Examples:
        >>> schedule = MultiStepLR(1.0, milestones=(2, 3), gamma=0.5)
        >>> [schedule(k) for k in range(5)]
        [1.0, 1.0, 0.5, 0.25, 0.25]
    """

    lr: float
    milestones: Sequence[int]
    gamma: float = 0.1

    def __post_init__(self) -> None:
        _expect(self, 0, "lr", "gamma")
        _expect_rising("MultiStepLR", self.milestones)

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        return self.lr * self.gamma ** bisect_right(self.milestones, k)


@dataclass(frozen=True)
class ExponentialLR:
    r"""A rate that shrinks by the same factor at every step, $\eta_k = \eta\, \gamma^k$.

    Args:
        lr: The first rate, $\eta$.
        gamma: The factor, $\gamma$.

    Raises:
        ValueError: If a number is negative.

    Examples:
        >>> schedule = ExponentialLR(1.0, gamma=0.5)
        >>> [schedule(k) for k in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """

    lr: float
    gamma: float

    def __post_init__(self) -> None:
        _expect(self, 0, "lr", "gamma")

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        return self.lr * self.gamma**k


@dataclass(frozen=True)
class LinearLR:
    r"""A rate on a straight line, which ends after $s$ steps: $\eta_k = \eta\, \bigl(a + (b - a) \min(k/s, 1)\bigr)$.

    With $a < b$ it is a warm-up.

    Args:
        lr: The rate that the factors multiply, $\eta$.
        start_factor: The first factor, $a$.
        end_factor: The last factor, $b$.
        total_iters: How many steps it takes, $s$.

    Raises:
        ValueError: If `total_iters` is less than 1, or a number is negative.

    Examples:
        >>> schedule = LinearLR(1.0, start_factor=0.2, total_iters=4)
        >>> [round(schedule(k), 2) for k in range(6)]
        [0.2, 0.4, 0.6, 0.8, 1.0, 1.0]
    """

    lr: float
    start_factor: float = 1 / 3
    end_factor: float = 1.0
    total_iters: int = 5

    def __post_init__(self) -> None:
        _expect(self, 0, "lr", "start_factor", "end_factor")
        _expect(self, 1, "total_iters")

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        share = min(k / self.total_iters, 1)
        rise = self.end_factor - self.start_factor
        return self.lr * (self.start_factor + rise * share)


@dataclass(frozen=True)
class CosineAnnealingLR:
    r"""A rate that falls along half a wave.

    $$\eta_k = \eta_0 + \tfrac12 (\eta - \eta_0) \bigl(1 + \cos(\pi k / T)\bigr), \qquad k \le T .$$
    It stays at its lowest afterwards. (PyTorch's rises again.)

    Args:
        lr: The first rate, $\eta$.
        T_max: How many steps it takes, $T$.
        eta_min: The last rate, $\eta_0$.

    Raises:
        ValueError: If `T_max` is less than 1, or a number is negative.

    Source:
        I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts* (2017).

    Examples:
        >>> schedule = CosineAnnealingLR(1.0, T_max=4)
        >>> [round(schedule(k), 3) for k in range(6)]
        [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """

    lr: float
    T_max: int
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        _expect(self, 0, "lr", "eta_min")
        _expect(self, 1, "T_max")

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        return _wave(self.lr, self.eta_min, k / self.T_max)


@dataclass(frozen=True)
class OneCycleLR:
    r"""A rate that rises along half a wave to its maximum, and falls along another far below where it began.

    It starts at the maximum divided by `div_factor` and ends, after `total_steps` rates, at that start divided by
    `final_div_factor`.

    Args:
        max_lr: The highest rate.
        total_steps: How many rates there are, at least 2.
        pct_start: The share of the steps that the rise takes.
        div_factor: The maximum over the first rate.
        final_div_factor: The first rate over the last.

    Raises:
        ValueError: If a number is out of its range.

    Source:
        L. N. Smith and N. Topin, *Super-convergence: very fast training of neural networks using large learning
        rates* (2019).

    Examples:
        >>> schedule = OneCycleLR(1.0, total_steps=10, pct_start=0.3)
        >>> [round(schedule(k), 2) for k in (0, 2, 9)]
        [0.04, 1.0, 0.0]
    """

    max_lr: float
    total_steps: int
    pct_start: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4

    def __post_init__(self) -> None:
        _expect(self, 0, "max_lr", "pct_start")
        _expect(self, 1, "div_factor", "final_div_factor")
        _expect(self, 2, "total_steps")
        if self.pct_start > 1:
            raise ValueError(
                f"OneCycleLR: pct_start: expected a share from 0 to 1, got {self.pct_start}"
            )

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        first = self.max_lr / self.div_factor
        top, last = self.pct_start * self.total_steps - 1, self.total_steps - 1
        if k <= top:
            return _wave(first, self.max_lr, k / top if top > 0 else 1)
        return _wave(
            self.max_lr, first / self.final_div_factor, (k - top) / (last - top)
        )


@dataclass(frozen=True)
class SequentialLR:
    r"""One schedule after another: from each milestone on the next one, which counts its steps from there.

    Args:
        schedules: One more than there are milestones.
        milestones: The steps at which the next schedule begins, in rising order.

    Raises:
        ValueError: If the milestones fall, or their number does not fit.

    Examples:
        A warm-up and a fall, as transformers are trained:

        >>> warm_up = LinearLR(1.0, start_factor=0.0, total_iters=2)
        >>> schedule = SequentialLR([warm_up, CosineAnnealingLR(1.0, T_max=4)], milestones=[2])
        >>> [round(schedule(k), 2) for k in range(7)]
        [0.0, 0.5, 1.0, 0.85, 0.5, 0.15, 0.0]
    """

    schedules: Sequence[Schedule]
    milestones: Sequence[int]

    def __post_init__(self) -> None:
        _expect_rising("SequentialLR", self.milestones)
        if len(self.schedules) != len(self.milestones) + 1:
            raise ValueError(
                f"SequentialLR: schedules: expected {len(self.milestones) + 1}, one more than milestones, "
                f"got {len(self.schedules)}"
            )

    def __call__(self, k: int) -> float:
        """The rate after `k` steps."""
        i = bisect_right(self.milestones, k)
        return self.schedules[i](k - (self.milestones[i - 1] if i else 0))


def _wave(start: float, end: float, share: float) -> float:
    """From start to end along half a cosine wave, and no further."""
    return end + (start - end) * (1 + cos(pi * min(share, 1))) / 2


def _expect(schedule: object, least: int, *names: str) -> None:
    for name in names:
        value = getattr(schedule, name)
        if not value >= least:  # a NaN fails too
            raise ValueError(
                f"{type(schedule).__name__}: {name}: expected at least {least}, got {value}"
            )


def _expect_rising(where: str, milestones: Sequence[int]) -> None:
    if list(milestones) != sorted(milestones) or min(milestones, default=0) < 0:
        raise ValueError(
            f"{where}: milestones: expected steps in rising order, got {list(milestones)}"
        )
