"""What can be drawn in an axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.artists import Line2D, Shape, Text, color
from matplotlib.axis import Axis
from matplotlib.patches import Polygon, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORT = {"c": "color", "ls": "linestyle", "lw": "linewidth", "ms": "markersize"}
_SHORT |= {"mfc": "markerfacecolor", "mec": "markeredgecolor", "mew": "markeredgewidth"}


def _not_drawn(name: str) -> Callable[..., Any]:
    def method(*_: Any, **__: Any) -> None:
        refuse(f"ax.{name}")

    return method


class _Refusing(type):
    """What an axes of matplotlib can draw and this one cannot is refused when it is called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _not_drawn(name)


class Drawing(metaclass=_Refusing):
    """The methods that draw, and what they have drawn."""

    def __init__(self) -> None:
        self.xaxis, self.yaxis = Axis(), Axis()
        self.artists: list[Any] = []
        self.named = False
        self._cycle = list(rcParams.get("axes.prop_cycle") or [{"color": "#0072B2"}])
        self._next = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _not_drawn(name)

    def _add(self, artist: Any) -> Any:
        self.artists.append(artist)
        return artist

    def _turn(self) -> dict[str, Any]:
        self._next += 1
        return self._cycle[(self._next - 1) % len(self._cycle)]

    def plot(self, *args: Any, **style: Any) -> list[Line2D]:
        """Curves through points."""
        full = {_SHORT.get(name, name): value for name, value in style.items()}
        if args and isinstance(args[-1], str):
            full = _read(args[-1]) | full
            args = args[:-1]
        if len(args) > 2:
            refuse("ax.plot with several curves at once")
        y = np.atleast_1d(np.asarray(args[-1], float))
        x = np.asarray(args[0], float) if len(args) == 2 else np.arange(len(y))
        x = np.atleast_1d(x)
        columns = y.T if y.ndim == 2 else [y]
        return [
            self._line(x[:, i] if x.ndim == 2 else x, column, full)
            for i, column in enumerate(columns)
        ]

    def _line(self, x: Any, y: Any, style: dict[str, Any]) -> Line2D:
        if x.shape != y.shape:
            raise ValueError(
                f"x and y must have same first dimension, but have shapes {x.shape} and {y.shape}"
            )
        turn = {} if "color" in style else dict(self._turn())
        if "marker" in style and "linestyle" not in style:
            turn.pop("linestyle", None)
        known = {
            n: v for n, v in (turn | style).items() if n in Line2D.__dataclass_fields__
        }
        return self._add(Line2D(x, y, **known))

    def step(self, x: Any, y: Any, *, where: str = "pre", **style: Any) -> list[Line2D]:
        """A curve in steps."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        if where == "mid":
            middle = (x[1:] + x[:-1]) / 2
            edges = np.concatenate([x[:1], np.repeat(middle, 2), x[-1:]])
            return self.plot(edges, np.repeat(y, 2), **style)
        a, b = np.repeat(x, 2), np.repeat(y, 2)
        return self.plot(
            *((a[:-1], b[1:]) if where == "pre" else (a[1:], b[:-1])), **style
        )

    def scatter(
        self, x: Any, y: Any, s: float = 36.0, c: Any = None, **style: Any
    ) -> Line2D:
        """Marks at points, all alike."""
        if np.ndim(s) or (c is not None and not isinstance(c, str)):
            refuse("ax.scatter with sizes or colors of its own for each point")
        style = {"marker": "o"} | style
        if c is not None:
            style["color"] = c
        names = {
            "facecolor": "markerfacecolor",
            "facecolors": "markerfacecolor",
            "edgecolor": "markeredgecolor",
        }
        names |= {
            "edgecolors": "markeredgecolor",
            "linewidths": "markeredgewidth",
            "linewidth": "markeredgewidth",
        }
        full = {names.get(name, name): value for name, value in style.items()}
        (line,) = self.plot(
            np.ravel(x),
            np.ravel(y),
            linestyle="none",
            markersize=float(s) ** 0.5,
            **full,
        )
        return line

    def bar(
        self,
        x: Any,
        height: Any,
        width: Any = 0.8,
        bottom: Any = 0.0,
        *,
        align: str = "center",
        **style: Any,
    ) -> list[Shape]:
        """Upright bars."""
        return self._bars((x, height, width, bottom), align, style, upright=True)

    def barh(
        self,
        y: Any,
        width: Any,
        height: Any = 0.8,
        left: Any = 0.0,
        *,
        align: str = "center",
        **style: Any,
    ) -> list[Shape]:
        """Lying bars."""
        return self._bars((y, width, height, left), align, style, upright=False)

    def _bars(
        self, sizes: Any, align: str, style: dict[str, Any], *, upright: bool
    ) -> list[Shape]:
        """Bars by their places, lengths, breadths and feet."""
        at, *others = sizes
        if len(at) and isinstance(at[0], str):
            axis = self.xaxis if upright else self.yaxis
            axis.ticks = [float(i) for i in range(len(at))]
            axis.labels = [str(name) for name in at]
            at = range(len(at))
        if not {"color", "facecolor", "fc"} & style.keys():
            style = {"facecolor": self._turn()["color"]} | style
        label = style.pop("label", "")
        made = []
        bars = np.broadcast_arrays(np.asarray(at, float), *others)
        for place, length, breadth, foot in zip(*bars, strict=True):
            side = place - breadth / 2 if align == "center" else place
            box = (
                (side, foot, breadth, length)
                if upright
                else (foot, side, length, breadth)
            )
            made.append(self._add(Rectangle(box[:2], *box[2:], **style)))
        if made:
            made[0].label = label
        return made

    def hist(
        self,
        x: Any,
        bins: Any = 10,
        range: Any = None,
        *,
        density: bool = False,
        **style: Any,
    ) -> Any:
        """Bars as high as there are values between their edges."""
        counts, edges = np.histogram(x, bins, range, density=density)
        return (
            counts,
            edges,
            self.bar(edges[:-1], counts, np.diff(edges), align="edge", **style),
        )

    def stairs(self, values: Any, edges: Any = None, **style: Any) -> Any:
        """The outline of bars."""
        edges = (
            np.arange(len(values) + 1) if edges is None else np.asarray(edges, float)
        )
        x, y = np.repeat(edges, 2), np.concatenate([[0], np.repeat(values, 2), [0]])
        return self.plot(x, y, **style)[0]

    def fill_between(self, x: Any, low: Any, high: Any = 0.0, **style: Any) -> Shape:
        """What lies between two curves."""
        x, low, high = np.broadcast_arrays(np.asarray(x, float), low, high)
        outline = np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])
        return self._add(
            Polygon(outline, **({"facecolor": self._turn()["color"]} | style))
        )

    def fill(self, x: Any, y: Any, **style: Any) -> Shape:
        """What a curve encloses."""
        return self._add(Polygon(np.column_stack([x, y]), **style))

    def axhline(self, y: float = 0.0, **style: Any) -> Line2D:
        """A level line across the axes."""
        return self._across("y", y, style)

    def axvline(self, x: float = 0.0, **style: Any) -> Line2D:
        """An upright line across the axes."""
        return self._across("x", x, style)

    def _across(self, which: str, at: float, style: dict[str, Any]) -> Line2D:
        (line,) = self.plot(
            [np.nan, np.nan], [at, at], **({"color": "#1F2328"} | style)
        )
        if which == "x":
            line.x, line.y = line.y, line.x
        line.across = which
        return line

    def hlines(self, y: Any, xmin: Any, xmax: Any, **style: Any) -> None:
        """Level lines."""
        for a, b, c in zip(
            *np.broadcast_arrays(np.atleast_1d(y), xmin, xmax), strict=True
        ):
            self.plot([b, c], [a, a], **style)

    def vlines(self, x: Any, ymin: Any, ymax: Any, **style: Any) -> None:
        """Upright lines."""
        for a, b, c in zip(
            *np.broadcast_arrays(np.atleast_1d(x), ymin, ymax), strict=True
        ):
            self.plot([a, a], [b, c], **style)

    def axvspan(self, low: float, high: float, **style: Any) -> Shape:
        """A band from bottom to top."""
        band = self._add(Rectangle((low, np.nan), high - low, np.nan, **style))
        band.across = "x"
        return band

    def axhspan(self, low: float, high: float, **style: Any) -> Shape:
        """A band from left to right."""
        band = self._add(Rectangle((np.nan, low), np.nan, high - low, **style))
        band.across = "y"
        return band

    def imshow(
        self,
        image: Any,
        *,
        cmap: str = "gray",
        vmin: Any = None,
        vmax: Any = None,
        origin: str = "upper",
        extent: Any = None,
        **_: Any,
    ) -> None:
        """An image, cell by cell."""
        values = np.asarray(image, float)
        if values.size > 4096 * 3 or cmap not in (
            "gray",
            "gray_r",
            "Greys",
            "binary",
            "viridis",
        ):
            refuse("ax.imshow of an image this large, or in these colors,")
        low, high = (
            values.min() if vmin is None else vmin,
            values.max() if vmax is None else vmax,
        )
        share = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
        dark = cmap in ("gray_r", "Greys", "binary")
        rows, columns = values.shape[:2]
        left, right, bottom, top = extent or (-0.5, columns - 0.5, rows - 0.5, -0.5)
        if origin == "lower" and extent is None:
            bottom, top = top, bottom
        dx, dy = (right - left) / columns, (bottom - top) / rows
        for i, j in np.ndindex(rows, columns):
            part = (
                share[i, j]
                if values.ndim == 3
                else [1 - share[i, j] if dark else share[i, j]] * 3
            )
            cell = Rectangle(
                (left + j * dx, top + i * dy),
                dx,
                dy,
                facecolor=color(part),
                edgecolor="none",
            )
            self._add(cell)
        self.set(xlim=(left, right), ylim=(bottom, top))
        self.set_aspect("equal")

    def add_patch(self, shape: Shape) -> Shape:
        """An outline."""
        return self._add(shape)

    def text(self, x: Any, y: Any, text: str, **style: Any) -> Text:
        """Words at a point of the data, or of the axes by `transform=ax.transAxes`."""
        if style.pop("transform", None) == "axes fraction":
            return self._add(
                _words(x, y, text, style, coords=("axes fraction", "axes fraction"))
            )
        return self._add(_words(x, y, text, style))

    def annotate(
        self,
        text: str,
        xy: Any,
        xytext: Any = None,
        *,
        xycoords: Any = "data",
        textcoords: Any = None,
        arrowprops: Any = None,
        **style: Any,
    ) -> Text:
        """Words beside a point, with an arrow to it if they stand elsewhere."""
        coords = (xycoords, xycoords) if isinstance(xycoords, str) else tuple(xycoords)
        style.pop("annotation_clip", None)
        if xytext is None:
            return self._add(_words(*xy, text, style, coords=coords))
        if textcoords == "offset points":
            words = _words(*xy, text, style, coords=coords)
            words.shift = (float(xytext[0]), float(xytext[1]))
        else:
            words = _words(*xytext, text, style, coords=coords)
            words.arrow_to = xy if arrowprops is not None else None
        return self._add(words)

    def legend(self, *args: Any, **_: Any) -> None:
        """The names of the curves that have one, at the upper right."""
        if args:
            refuse("ax.legend with handles or labels of its own")
        self.named = True


def _words(x: Any, y: Any, text: Any, style: dict[str, Any], **more: Any) -> Text:
    names = {
        "fontsize": "size",
        "c": "color",
        "horizontalalignment": "ha",
        "verticalalignment": "va",
        "fontweight": "weight",
    }
    full = {names.get(name, name): value for name, value in style.items()}
    known = {n: v for n, v in full.items() if n in Text.__dataclass_fields__}
    return Text(x, y, str(text), **known, **more)


def _read(short: str) -> dict[str, Any]:
    """A style such as `o--`."""
    found: dict[str, Any] = {}
    for style in ("--", "-.", "-", ":"):
        if style in short:
            found["linestyle"] = style
            short = short.replace(style, "", 1)
            break
    if short[:1] in "o.sD^vx+|_*" and short:
        found["marker"] = short[0]
        found.setdefault("linestyle", "none")
        short = short[1:]
    if short:
        found["color"] = short
    return found
