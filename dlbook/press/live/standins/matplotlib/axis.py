"""One axis: its limits, its scale, its ticks and its label."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import Refusing, rcParams, refuse
from matplotlib.artists import Place
from matplotlib.limits import Range, chosen
from matplotlib.svg import Page, tag
from matplotlib.ticker import (
    AutoLocator,
    FixedFormatter,
    FixedLocator,
    LogFormatter,
    LogLocator,
    NullFormatter,
    NullLocator,
    ScalarFormatter,
    nonsingular,
)
from matplotlib.words import Text

_UNIT = {"x": 3.0, "y": 2.0}  # the room for a tick's label, as a multiple of its size


class Axis(Refusing):
    """One direction of an axes.

    Args:
        axes: The axes that it belongs to.
        which: 0 for x, 1 for y.
    """

    _kind = "ax.xaxis"

    def __init__(self, axes: Any, which: int) -> None:
        self.axes, self.which, self.name = axes, which, "xy"[which]
        self.margin, self.visible, self.grid = 0.05, True, False
        self.labelpad = rcParams["axes.labelpad"]
        self.label = Text(
            0.5,
            0.5,
            "",
            color=rcParams["axes.labelcolor"],
            size=rcParams["axes.labelsize"],
        )
        at = self.name
        color = rcParams[f"{at}tick.labelcolor"]
        color = rcParams[f"{at}tick.color"] if color == "inherit" else color
        size = rcParams[f"{at}tick.labelsize"]
        self.ticks = {
            "shown": True,
            "length": 3.5,
            "width": 0.8,
            "pad": 3.5,
            "labels": True,
        }
        self.ticks |= {"color": rcParams[f"{at}tick.color"], "labelsize": size}
        self.ticks |= {"labelcolor": color, "minor": 2.0, "labelrotation": 0.0}
        self.join(Range())

    def join(self, shared: Range) -> None:
        """Take limits, scale and ticks from others."""
        self.range = shared
        shared.members.append(self)

    # limits

    def limits(self) -> tuple[float, float]:
        """From where to where it goes."""
        if self.range.fixed is None:
            low, high = chosen(self)
            return (high, low) if self.range.inverted else (low, high)
        return self.range.fixed

    get_lim = limits

    def set_lim(self, low: Any = None, high: Any = None) -> tuple[float, float]:
        """Fix the limits; None leaves an end where it is."""
        if high is None and np.ndim(low):
            low, high = low
        now = self.limits()
        low = float(now[0] if low is None else low)
        high = float(now[1] if high is None else high)
        if self.range.scale == "log" and min(low, high) <= 0:
            refuse(f"a logarithmic {self.name} axis from {low:g} to {high:g}")
        if low == high:
            low, high = nonsingular(low, high, 0.05)
        self.range.fixed = (low, high)
        return low, high

    def invert(self) -> None:
        """Let it grow the other way."""
        self.range.inverted = not self.range.inverted
        self.range.fixed = self.range.fixed and self.range.fixed[::-1]

    def set_margin(self, margin: float) -> None:
        """How much room is left around the data, as a share of their range."""
        self.margin = margin

    def set_label(self, text: Any, labelpad: float | None = None, **style: Any) -> None:
        """What is on it."""
        self.labelpad = self.labelpad if labelpad is None else labelpad
        self.label.set(text=str(text), **style)

    def get_label(self) -> str:
        """What is on it."""
        return str(self.label["text"])

    def get_scale(self) -> str:
        """Linear or logarithmic."""
        return self.range.scale

    def share(self, values: Any) -> Any:
        """How far along the axis values are, from 0 to 1."""
        a, b = self.range.flat(np.array(self.limits()))
        return (self.range.flat(values) - a) / (b - a)

    def length(self) -> float:
        """Its length in points."""
        return float(self.axes.box[2 + self.which])

    # ticks

    def tick_space(self) -> int:
        """How many ticks there is room for."""
        return int(self.length() // (self.ticks["labelsize"] * _UNIT[self.name]))

    def set_scale(self, scale: str) -> None:
        """Make it linear or logarithmic."""
        if scale not in ("linear", "log"):
            refuse(f"a {scale} scale")
        is_log = scale == "log"
        self.range.scale = scale
        self.range.locators = (
            [LogLocator(), LogLocator(minor=True)]
            if is_log
            else [AutoLocator(), NullLocator()]
        )
        self.range.formatters = (
            [LogFormatter(), LogFormatter()]
            if is_log
            else [ScalarFormatter(), NullFormatter()]
        )

    def set_major_locator(self, locator: Any) -> None:
        """Put the ticks elsewhere."""
        self.range.locators[0] = locator

    def set_major_formatter(self, formatter: Any) -> None:
        """Write the ticks in another way."""
        self.range.formatters[0] = formatter

    def set_visible(self, visible: bool) -> None:
        """Show ticks and label, or not."""
        self.visible = visible

    def set_ticks(self, places: Any, labels: Any = None) -> None:
        """Where ticks are, and what is written at them; the limits grow to show them."""
        self.range.locators = [FixedLocator(places), NullLocator()]
        if labels is not None:
            self.set_ticklabels(labels)
        if len(places):
            low, high = self.limits()
            low, high = (high, low) if low > high else (low, high)
            inside = min([low, *places]), max([high, *places])
            if inside != (low, high):
                self.range.fixed = (
                    inside if self.limits() == (low, high) else inside[::-1]
                )

    def set_ticklabels(self, labels: Any) -> None:
        """What is written at the ticks."""
        self.range.formatters[0] = FixedFormatter(labels)

    def get_ticks(self) -> Any:
        """Where ticks are; one beyond each end may be among them."""
        low, high = sorted(self.limits())
        for part in (*self.range.locators, *self.range.formatters):
            part.axis = self
        return self.range.locators[0].tick_values(low, high)

    get_ticklocs = get_majorticklocs = get_ticks

    def marks(self, minor: bool = False) -> list[tuple[float, str]]:
        """The ticks that are seen, and what is written at them."""
        low, high = sorted(self.limits())
        if not (self.visible and self.ticks["shown"]) or low == high:
            return []
        self.get_ticks()
        places = self.range.locators[minor].tick_values(low, high)
        texts = self.range.formatters[minor].format_ticks(places)
        shares = self.share(np.asarray(places, float))
        slack = 1e-9
        return [
            (float(place), text)
            for place, text, share in zip(places, texts, shares, strict=True)
            if -slack <= share <= 1 + slack
        ]

    # how it is drawn

    def _words(self, minor: bool) -> list[Text]:
        made = []
        if not self.ticks["labels"]:
            return made
        reach = self.ticks["minor" if minor else "length"] + self.ticks["pad"]
        for place, text in self.marks(minor):
            along = self.axes.box[self.which] + self.length() * float(self.share(place))
            aside = self.axes.box[1 - self.which] - reach
            x, y = (along, aside) if self.which == 0 else (aside, along)
            ha, va = (
                ("center", "top") if self.which == 0 else ("right", "center_baseline")
            )
            words = Text(
                x,
                y,
                text,
                ha=ha,
                va=va,
                size=self.ticks["labelsize"],
                color=self.ticks["labelcolor"],
            )
            words.set(rotation=self.ticks["labelrotation"], transform=self._own())
            made.append(words)
        return [words for words in made if words["text"]]

    def _own(self) -> Place:
        return Place(self.axes, "points", "points")

    def words(self) -> list[Text]:
        """All that is written along the axis, its label last if it has one."""
        if not self.visible:
            return []
        made = [*self._words(False), *self._words(True)]
        x, y, w, h = self.axes.box
        edge = self.axes.box[1 - self.which]
        ends = [words.box()[1 - self.which] for words in made]
        ticks = self.ticks["length"] if self.marks() else 0.0
        aside = min([edge - ticks, *ends])
        common = self.range.formatters[0].get_offset() if self.ticks["labels"] else ""
        if common and self.marks():
            at = (x + w, min([edge, *ends]) - 3) if self.which == 0 else (x, y + h + 3)
            ha, va = ("right", "top") if self.which == 0 else ("left", "baseline")
            made.append(
                Text(
                    *at,
                    common,
                    ha=ha,
                    va=va,
                    size=self.ticks["labelsize"],
                    color=self.ticks["labelcolor"],
                    transform=self._own(),
                )
            )
        if self.label["text"]:
            aside -= self.labelpad
            self.label.set(transform=self._own())
            if self.which == 0:
                self.label.set(ha="center", va="top")
                self.label.set_position((x + w / 2, aside))
            else:
                self.label.set(ha="center", va="bottom", rotation=90, turning="anchor")
                self.label.set_position((aside, y + h / 2))
            made.append(self.label)
        return made

    def lines(self, page: Page) -> str:
        """The grid, and the ticks."""
        if not self.visible:
            return ""
        edge, grid, made = self.axes.box[1 - self.which], "", ""
        end = edge + self.axes.box[3 - self.which]
        for minor in (False, True):
            d = ""
            length = self.ticks["minor" if minor else "length"]
            for place, _ in self.marks(minor):
                along = self.axes.box[self.which] + self.length() * float(
                    self.share(place)
                )
                d += self._stroke(page, along, edge, edge - length)
                if self.grid and not minor:
                    grid += self._stroke(page, along, edge, end)
            width = self.ticks["width"] * (0.75 if minor else 1)
            made += (
                tag(
                    "path",
                    d=d,
                    fill="none",
                    stroke=self.ticks["color"],
                    stroke_width=width,
                )
                if d and length
                else ""
            )
        style = {
            name: rcParams[f"grid.{name}"] for name in ("color", "linewidth", "alpha")
        }
        under = tag(
            "path",
            d=grid,
            fill="none",
            stroke=style["color"],
            stroke_width=style["linewidth"],
            stroke_opacity=style["alpha"],
        )
        return (under if grid else "") + made

    def _stroke(self, page: Page, along: float, a: float, b: float) -> str:
        points = [(along, a), (along, b)]
        if self.which:
            points = [(y, x) for x, y in points]
        return "M{}L{}".format(*(page.point(*p) for p in points))
