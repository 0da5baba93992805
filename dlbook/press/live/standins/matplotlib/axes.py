"""Axes: a frame, its ranges and scales, and what is drawn in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib.artists import Shape
from matplotlib.drawing import Drawing

if TYPE_CHECKING:
    from matplotlib.axis import Axis


class _Spine:
    """An edge of the axes."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown

    def set_visible(self, shown: bool) -> None:
        self.shown = shown

    def get_visible(self) -> bool:
        return self.shown


class _Spines(dict[str, _Spine]):
    def __getitem__(self, name: Any) -> Any:
        if isinstance(name, slice):
            return self
        return super().__getitem__(name)

    def set_visible(self, shown: bool) -> None:
        for spine in self.values():
            spine.shown = shown


class Axes(Drawing):
    """A plot's frame and all that stands in it."""

    def __init__(self, figure: Any) -> None:
        super().__init__()
        self.figure = figure
        self.spines = _Spines(
            left=_Spine(True),
            bottom=_Spine(True),
            right=_Spine(False),
            top=_Spine(False),
        )
        self.title = ""
        self.aspect: Any = "auto"
        self.shown = True
        self.position: tuple[float, ...] = ()
        self.box = (0.0, 0.0, 1.0, 1.0)  # left, top, width and height in the picture

    def set(self, **settings: Any) -> None:
        """Several settings at once."""
        for name, value in settings.items():
            getattr(self, f"set_{name}")(value)

    def set_xlabel(self, text: str, **_: Any) -> None:
        """What is on the x axis."""
        self.xaxis.label = text

    def set_ylabel(self, text: str, **_: Any) -> None:
        """What is on the y axis."""
        self.yaxis.label = text

    def set_title(self, text: str, **_: Any) -> None:
        """The title."""
        self.title = text

    def set_xlim(self, low: Any = None, high: Any = None) -> None:
        """The range of x."""
        self._limit(self.xaxis, low, high)

    def set_ylim(self, low: Any = None, high: Any = None) -> None:
        """The range of y."""
        self._limit(self.yaxis, low, high)

    @staticmethod
    def _limit(axis: Axis, low: Any, high: Any) -> None:
        if np.ndim(low):
            low, high = low
        axis.low = axis.low if low is None else float(low)
        axis.high = axis.high if high is None else float(high)

    def get_xlim(self) -> tuple[float, float]:
        """The range of x."""
        return self.xaxis.range(
            [a.points()[0] for a in self.artists if hasattr(a, "points")]
        )

    def get_ylim(self) -> tuple[float, float]:
        """The range of y."""
        return self.yaxis.range(
            [a.points()[1] for a in self.artists if hasattr(a, "points")]
        )

    def set_xscale(self, scale: str) -> None:
        """Linear or logarithmic."""
        self.xaxis.set_scale(scale)

    def set_yscale(self, scale: str) -> None:
        """Linear or logarithmic."""
        self.yaxis.set_scale(scale)

    def set_xticks(self, ticks: Any, labels: Any = None, **_: Any) -> None:
        """Where x has ticks."""
        self.xaxis.ticks, self.xaxis.labels = [float(t) for t in ticks], labels

    def set_yticks(self, ticks: Any, labels: Any = None, **_: Any) -> None:
        """Where y has ticks."""
        self.yaxis.ticks, self.yaxis.labels = [float(t) for t in ticks], labels

    def set_xticklabels(self, labels: Any) -> None:
        """What is written at the ticks of x."""
        self.xaxis.labels = list(labels)

    def set_yticklabels(self, labels: Any) -> None:
        """What is written at the ticks of y."""
        self.yaxis.labels = list(labels)

    def set_aspect(self, aspect: Any, **_: Any) -> None:
        """How long a unit of y is, measured by one of x."""
        self.aspect = 1.0 if aspect == "equal" else aspect

    def set_position(self, shares: Any) -> None:
        """Put it somewhere: left, bottom, width and height as shares of the picture."""
        self.position = tuple(float(share) for share in shares)

    def set_axis_off(self) -> None:
        """No frame, no ticks."""
        self.xaxis.shown = self.yaxis.shown = False
        self.spines.set_visible(False)

    def axis(self, what: str) -> None:
        """`off` or `equal`."""
        if what == "off":
            self.set_axis_off()
        else:
            self.set_aspect(what)

    def margins(self, *_: float, **__: float) -> None:
        """Let the data reach the frame."""
        self.xaxis.tight = self.yaxis.tight = True

    def grid(self, *_: Any, **__: Any) -> None:
        """The book has no grids."""

    def tick_params(self, **_: Any) -> None:
        """Ticks look as they do."""

    def invert_yaxis(self) -> None:
        """Let y grow downwards."""
        low, high = self.get_ylim()
        self.set_ylim(high, low)

    def get_figure(self, root: bool = False) -> Any:
        """The figure that it belongs to."""
        return self.figure

    def remove(self) -> None:
        """Take it out of the figure."""
        self.figure.remove(self)

    @property
    def patches(self) -> list[Shape]:
        """Its outlines."""
        return [artist for artist in self.artists if isinstance(artist, Shape)]

    @property
    def transAxes(self) -> str:
        """Shares of the axes."""
        return "axes fraction"

    @property
    def transData(self) -> Any:
        """From data to the picture."""
        return self.figure.transform_of(self)
