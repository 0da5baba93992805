"""What an axes draws of points and words: curves, marks, level and upright lines, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib import Refusing, rcParams, refuse
from matplotlib.artists import NOTHING, Place
from matplotlib.lines import Line2D, Marks
from matplotlib.patches import Patch
from matplotlib.words import Annotation, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.artists import Artist


def _not_drawn(name: str) -> Callable[..., Any]:
    def method(*_: Any, **__: Any) -> None:
        refuse(f"ax.{name}")

    return method


class _OfAxes(type):
    """What an axes of matplotlib can draw and this one cannot is refused when it is called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _not_drawn(name)


class Curves(Refusing, metaclass=_OfAxes):
    """The methods that draw curves, marks and words."""

    _kind = "ax"

    def __init__(self) -> None:
        self.artists: list[Any] = []
        self._cycle = list(rcParams["axes.prop_cycle"])
        self._turns = {"line": 0, "patch": 0}

    def add(self, artist: Artist, asks: bool = True) -> Any:
        """Take something into the axes, in the order of the calls.

        Args:
            artist: What is drawn.
            asks: Whether the axes chooses its limits anew, as for what its own methods draw.
        """
        artist.axes, artist.asks = self, asks
        self.artists.append(artist)
        return artist

    def add_line(self, line: Line2D) -> Line2D:
        """Take a line into the axes."""
        return self.add(line, asks=False)

    def next_color(self) -> Any:
        """The next color of the cycle for what is filled."""
        self._turns["patch"] += 1
        return self._cycle[(self._turns["patch"] - 1) % len(self._cycle)]["color"]

    def plot(self, *args: Any, **style: Any) -> list[Line2D]:
        """Curves through points: `plot(y)`, `plot(x, y)`, each with a style such as `"o--"`, and several in a row."""
        drawn, rest = [], list(args)
        while rest:
            arrays = [rest.pop(0)]
            if rest and not isinstance(rest[0], str):
                arrays.append(rest.pop(0))
            short = rest.pop(0) if rest and isinstance(rest[0], str) else ""
            drawn += self._curves(arrays, _read(short), style, short)
        return drawn

    def _curves(
        self, arrays: list[Any], short: dict[str, Any], style: Any, fmt: str
    ) -> list[Line2D]:
        y = np.atleast_1d(np.asarray(arrays[-1], float))
        x = np.arange(len(y)) if len(arrays) == 1 else arrays[0]
        x = np.atleast_1d(np.asarray(x, float))
        if x.shape[0] != y.shape[0] or max(x.ndim, y.ndim) > 2:
            told = f"x and y must have same first dimension, but have shapes {x.shape} and {y.shape}"
            raise ValueError(told)
        x, y = (v[:, None] if v.ndim == 1 else v for v in (x, y))
        count = max(x.shape[1], y.shape[1])
        labels = style.get("label", "")
        many = isinstance(labels, list | tuple)
        made = []
        for k in range(count):
            own = {Line2D.others.get(n, n): v for n, v in style.items()}
            own = {**short, **own, "label": labels[k] if many else labels}
            line = Line2D(
                x[:, k % x.shape[1]],
                y[:, k % y.shape[1]],
                "ax.plot",
                **self._turn(own),
            )
            made.append(self.add(line))
        return made

    def _turn(self, style: dict[str, Any]) -> dict[str, Any]:
        """A style, with what it lacks from the cycle; the cycle goes on only if something was lacking."""
        row = self._cycle[self._turns["line"] % len(self._cycle)]
        if all(style.get(name) is not None for name in row):
            return style
        self._turns["line"] += 1
        return {**row, **{n: v for n, v in style.items() if v is not None}}

    def step(self, x: Any, y: Any, *args: Any, where: str = "pre", **style: Any) -> Any:
        """A curve in steps."""
        return self.plot(x, y, *args, drawstyle=f"steps-{where}", **style)

    def scatter(
        self, x: Any, y: Any, s: Any = None, c: Any = None, **style: Any
    ) -> Marks:
        """Marks at points, each with a size and a color of its own if need be."""
        known = {Marks.others.get(name, name): value for name, value in style.items()}
        color = known.pop("color", c)
        if color is not None and not isinstance(color, str):
            numbers = np.asarray(color)
            if numbers.dtype.kind in "fiub" and numbers.ndim == 1:
                refuse("ax.scatter with numbers as colors")
        s = rcParams["lines.markersize"] ** 2 if s is None else s
        if known.get("facecolor") is None:
            known["facecolor"] = self.next_color() if color is None else color
        elif color is not None:
            refuse("ax.scatter with two colors for a face")
        known.setdefault("linewidth", rcParams["lines.linewidth"])
        if known.get("marker", "o") in "x+|_":
            known["edgecolor"] = known.get("edgecolor", "face")
        return self.add(Marks(x, y, "ax.scatter", sizes=s, **known))

    def errorbar(
        self,
        x: Any,
        y: Any,
        yerr: Any = None,
        xerr: Any = None,
        fmt: str = "",
        *,
        capsize: float = 0.0,
        ecolor: Any = None,
        elinewidth: Any = None,
        **style: Any,
    ) -> tuple[Any, Any, Any]:
        """A curve whose points have bars that say how sure they are."""
        x, y = (np.atleast_1d(np.asarray(v, float)) for v in (x, y))
        line = None
        if fmt.lower() != "none":
            (line,) = self.plot(x, y, *([fmt] if fmt else []), **style)
        color = ecolor or (line["color"] if line else self._turn({})["color"])
        pen = {
            "color": color,
            "linewidth": elinewidth
            or style.get("linewidth", rcParams["lines.linewidth"]),
        }
        bars, caps = [], []
        for error, draw, marker, upright in (
            (yerr, self.vlines, "_", True),
            (xerr, self.hlines, "|", False),
        ):
            if error is None:
                continue
            sizes = np.asarray(error, float)
            below, above = sizes if sizes.ndim == 2 else (sizes, sizes)
            at, value = (x, y) if upright else (y, x)
            ends = value - below, value + above
            bars.append(draw(at, *ends, **pen))
            for end in ends if capsize else ():
                points = (at, end) if upright else (end, at)
                points = tuple(map(np.array, np.broadcast_arrays(*points)))
                caps += self.plot(
                    *points,
                    linestyle="none",
                    marker=marker,
                    markersize=2 * capsize,
                    color=color,
                )
        return line, tuple(caps), tuple(bars)

    # lines from edge to edge, and between given ends

    def axhline(
        self, y: float = 0, xmin: float = 0, xmax: float = 1, **style: Any
    ) -> Line2D:
        """A level line across the axes."""
        across = Place(self, "axes fraction", "data")
        return self.add(
            Line2D([xmin, xmax], [y, y], "ax.axhline", transform=across, **style)
        )

    def axvline(
        self, x: float = 0, ymin: float = 0, ymax: float = 1, **style: Any
    ) -> Line2D:
        """An upright line across the axes."""
        across = Place(self, "data", "axes fraction")
        return self.add(
            Line2D([x, x], [ymin, ymax], "ax.axvline", transform=across, **style)
        )

    def hlines(self, y: Any, xmin: Any, xmax: Any, **style: Any) -> Line2D:
        """Level lines between given ends."""
        return self._lines(y, xmin, xmax, "ax.hlines", style)

    def vlines(self, x: Any, ymin: Any, ymax: Any, **style: Any) -> Line2D:
        """Upright lines between given ends."""
        return self._lines(x, ymin, ymax, "ax.vlines", style)

    def _lines(
        self, at: Any, low: Any, high: Any, where: str, style: dict[str, Any]
    ) -> Line2D:
        plural = {f"{name}s": name for name in ("color", "linestyle", "linewidth")}
        style = {plural.get(name, name): value for name, value in style.items()}
        arrays = np.broadcast_arrays(
            *(np.ravel(np.asarray(v, float)) for v in (at, low, high))
        )
        gap = np.full(len(arrays[0]), np.nan)
        at, ends = (
            np.stack(v, 1).ravel()
            for v in ((arrays[0], arrays[0], gap), (*arrays[1:], gap))
        )
        style = {"solid_capstyle": "butt", **style}
        points = (at, ends) if where == "ax.vlines" else (ends, at)
        return self.add(Line2D(*points, where, **style))

    # words

    def text(self, x: Any, y: Any, text: Any, **style: Any) -> Text:
        """Words at a point of the data, or of the axes by `transform=ax.transAxes`."""
        return self.add(Text(x, y, text, "ax.text", **style))

    def annotate(
        self, text: Any, xy: Any, xytext: Any = None, **style: Any
    ) -> Annotation:
        """Words beside a point, with an arrow to it if there is to be one."""
        return self.add(Annotation(text, xy, xytext, self, **style))

    # what was drawn

    @property
    def lines(self) -> list[Line2D]:
        """Its lines."""
        return [a for a in self.artists if isinstance(a, Line2D)]

    @property
    def texts(self) -> list[Text]:
        """Its words."""
        return [a for a in self.artists if isinstance(a, Text)]

    @property
    def patches(self) -> list[Patch]:
        """Its outlines."""
        return [a for a in self.artists if isinstance(a, Patch)]


def _read(short: str) -> dict[str, Any]:
    """A style such as `o--`, as matplotlib reads it."""
    found: dict[str, Any] = {}
    rest = short
    for style in ("--", "-.", "-", ":"):
        if style in rest:
            found["linestyle"] = style
            rest = rest.replace(style, "", 1)
            break
    color = ""
    while rest:
        if rest[:2].startswith("C") and rest[1:2].isdigit():
            color, rest = rest[:2], rest[2:]
        elif rest[0] in "o.sDd^v<>x+|_*" and "marker" not in found:
            found["marker"], rest = rest[0], rest[1:]
        elif rest[0] in "bgrcmykw" and not color:
            color, rest = rest[0], rest[1:]
        else:
            refuse(f"the style {short!r}")
    if color:
        found["color"] = color
    if short and "linestyle" not in found and "marker" in found:
        found["linestyle"] = "None"
    if short and "marker" not in found and "linestyle" in found:
        found["marker"] = "None"
    return {
        name: value
        for name, value in found.items()
        if value not in NOTHING or name == "linestyle"
    }
