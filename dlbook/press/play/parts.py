"""What a figure that moves is made of: controls, readouts, and the question that comes first."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlbook.press.table import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np


@dataclass(frozen=True)
class Slider:
    """A number to choose.

    Args:
        name: The parameter of the figure's function.
        value: Where it stands at first.
        low: The least value.
        high: The greatest value.
        step: From one stop to the next.
        text: What the reader sees, with `$…$` for formulas.
        form: How a value is written, such as `.2f`.
    """

    name: str
    value: float
    low: float
    high: float
    step: float
    text: str
    form: str = ".2f"

    def __post_init__(self) -> None:
        if not (self.low <= self.value <= self.high and self.step > 0):
            told = (
                f"Slider {self.name}: expected low <= value <= high and a step above 0"
            )
            raise ValueError(
                f"{told}, got {self.low}, {self.value}, {self.high}, {self.step}"
            )

    def draw(self, rng: np.random.Generator) -> float:
        """One of its stops."""
        stops = round((self.high - self.low) / self.step)
        return float(min(self.high, self.low + self.step * rng.integers(0, stops + 1)))

    def control(self, ident: str) -> str:
        """Its HTML."""
        return (
            f'<label class="play-control"><span>{inline(self.text)}</span>'
            f'<input type="range" name="{self.name}" min="{self.low:g}" max="{self.high:g}" '
            f'step="{self.step:g}" value="{self.value:g}" aria-describedby="{ident}">'
            f"<output>{format(self.value, self.form)}</output></label>"
        )


@dataclass(frozen=True)
class Choice:
    """One of several things to choose; the function gets its place in the list."""

    name: str
    value: int
    options: Sequence[str]
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.value < len(self.options):
            told = f"Choice {self.name}: expected a value below {len(self.options)}"
            raise ValueError(f"{told}, got {self.value}")

    def draw(self, rng: np.random.Generator) -> int:
        """One of them."""
        return int(rng.integers(0, len(self.options)))

    def control(self, ident: str) -> str:
        """Its HTML."""
        options = "".join(
            f'<option value="{i}"{" selected" * (i == self.value)}>{html.escape(option)}</option>'
            for i, option in enumerate(self.options)
        )
        return (
            f'<label class="play-control"><span>{inline(self.text)}</span>'
            f'<select name="{self.name}" aria-describedby="{ident}">{options}</select></label>'
        )


@dataclass(frozen=True)
class Handle:
    """A point to drag, in the data of an axes; the function gets a list of its `x` and `y`.

    Args:
        name: The parameter of the figure's function.
        value: Where it stands at first.
        ax: The axes that it is dragged in; its limits hold it.
        text: What it is, for a screen reader.
    """

    name: str
    value: tuple[float, float]
    ax: Any
    text: str

    def draw(self, rng: np.random.Generator) -> list[float]:
        """A place within the axes."""
        return [
            float(rng.uniform(*sorted(lim)))
            for lim in (self.ax.get_xlim(), self.ax.get_ylim())
        ]

    def control(self, ident: str) -> str:
        """It has none: it stands in the figure."""
        return ""


@dataclass(frozen=True)
class Readout:
    """A number or words below the figure.

    Args:
        text: What it is, with `$…$` for formulas.
        form: How a number is written: `.2f` or `.0%`; words stay as they are.
    """

    text: str
    form: str = ".2f"


@dataclass(frozen=True)
class Guess:
    """The question before the figure moves.

    Args:
        question: What the reader is to guess, with `$…$` for formulas.
        answer: What it is, computed.
        low: The least that can be guessed.
        high: The most that can be guessed.
        step: From one guess to the next.
        form: How a number is written.
    """

    question: str
    answer: float
    low: float
    high: float
    step: float
    form: str = ".2f"

    def __post_init__(self) -> None:
        if not self.low <= self.answer <= self.high:
            raise ValueError(
                f"Guess: answer: expected one between {self.low} and {self.high}, got {self.answer}"
            )

    def panel(self) -> str:
        """Its HTML."""
        middle = self.low + self.step * round((self.high - self.low) / self.step / 2)
        return (
            f'<form class="play-guess"><label><span><b>First a guess.</b> {inline(self.question)}</span>'
            f'<input type="range" min="{self.low:g}" max="{self.high:g}" step="{self.step:g}" value="{middle:g}">'
            f"<output>{format(middle, self.form)}</output></label>"
            '<button type="submit" class="live-button">That is my guess</button>'
            '<button type="button" class="live-button play-skip">Skip</button>'
            '<p role="status"></p></form>'
        )
