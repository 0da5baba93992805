"""What stands in a plot, and how it is written as SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib import refuse
from matplotlib.svg import tag
from matplotlib.text import spans, width

if TYPE_CHECKING:
    from matplotlib.path import Path

_DASHES = {"--": (5.1, 2.2), "-.": (9.2, 2.3, 1.4, 2.3), ":": (1.4, 2.3)}
_DASHES |= {"dashed": _DASHES["--"], "dotted": _DASHES[":"], "dashdot": _DASHES["-."]}
_NAMED = {
    "none": "none",
    "black": "#1F2328",
    "k": "#1F2328",
    "white": "#FFFFFE",
    "w": "#FFFFFE",
}
_SHAPES = {
    "o": "M{r} 0A{r} {r} 0 1 1 -{r} 0A{r} {r} 0 1 1 {r} 0Z",
    ".": "M{q} 0A{q} {q} 0 1 1 -{q} 0A{q} {q} 0 1 1 {q} 0Z",
    "s": "M-{r} -{r}H{r}V{r}H-{r}Z",
    "D": "M0 -{d}L{d} 0L0 {d}L-{d} 0Z",
    "^": "M0 -{r}L{r} {r}H-{r}Z",
    "v": "M0 {r}L{r} -{r}H-{r}Z",
    "x": "M-{r} -{r}L{r} {r}M-{r} {r}L{r} -{r}",
    "+": "M-{r} 0H{r}M0 -{r}V{r}",
    "|": "M0 -{r}V{r}",
    "_": "M-{r} 0H{r}",
    "*": "M0 -{r}L{q} {r}L-{r} -{q}H{r}L-{q} {r}Z",
}


def color(value: Any) -> str:
    """A color as SVG knows it."""
    if isinstance(value, str):
        return _NAMED.get(value, value)
    red, green, blue, *_ = (round(255 * float(part)) for part in value)
    return f"#{red:02X}{green:02X}{blue:02X}"


def dashes(style: Any, line_width: float) -> str:
    """The dashes of a line style, in points; empty for none."""
    lengths = _DASHES.get(style, ()) if isinstance(style, str) else style[1]
    return " ".join(f"{float(length) * line_width:.2f}" for length in lengths)


@dataclass
class Line2D:
    """A curve, with marks at its points if it has a marker."""

    x: Any
    y: Any
    color: Any = "#1F2328"
    linestyle: Any = "-"
    linewidth: float = 1.7
    marker: str = "none"
    markersize: float = 6.0
    alpha: float | None = None
    label: str = ""
    zorder: float = 2.0
    markerfacecolor: Any = None
    markeredgecolor: Any = None
    markeredgewidth: float = 1.0
    clip_on: bool = True
    across: str = ""

    def get_xdata(self) -> Any:
        """The x of its points."""
        return self.x

    def get_ydata(self) -> Any:
        """The y of its points."""
        return self.y

    def get_color(self) -> Any:
        """Its color."""
        return self.color

    def set_color(self, value: Any) -> None:
        """Give it another color."""
        self.color = value

    def set_gid(self, name: str) -> None:
        """A figure does not move here: nobody looks for its parts."""

    def set_data(self, x: Any, y: Any) -> None:
        """Move it."""
        self.x, self.y = np.asarray(x, float), np.asarray(y, float)

    def points(self) -> tuple[Any, Any]:
        """What the axes must show."""
        return self.x, self.y

    def svg(self, place: Any) -> str:
        """The curve, broken where it is not finite, and its marks."""
        px, py = place(self.x, self.y)
        seen = np.isfinite(px) & np.isfinite(py)
        stroke, made = color(self.color), ""
        if self.linestyle not in ("none", "None", "", " "):
            d, pen = "", "M"
            for x, y, drawn in zip(*(a.tolist() for a in (px, py, seen)), strict=True):
                d += f"{pen}{x:.2f} {y:.2f}" if drawn else ""
                pen = "L" if drawn else "M"
            made = tag(
                "path",
                d=d,
                fill="none",
                stroke=stroke,
                stroke_width=self.linewidth,
                stroke_linejoin="round",
                stroke_dasharray=dashes(self.linestyle, self.linewidth),
            )
        if self.marker not in ("none", "None", ""):
            edge, face = self.markeredgecolor, self.markerfacecolor
            d = shape_of(self.marker, self.markersize)
            open_shape = self.marker in "x+|_"
            for x, y in zip(px[seen], py[seen], strict=True):
                made += tag(
                    "path",
                    d=d,
                    transform=f"translate({x:.2f} {y:.2f})",
                    fill="none" if open_shape else color(face or stroke),
                    stroke=color(edge or stroke),
                    stroke_width=self.markeredgewidth,
                )
        return tag("g", made, opacity=self.alpha) if self.alpha is not None else made


def shape_of(marker: str, size: float) -> str:
    """The outline of a mark around the origin."""
    if marker not in _SHAPES:
        refuse(f"the marker {marker!r}")
    r = size / 2
    d = _SHAPES[marker].format(r=f"{r:.2f}", q=f"{r / 2:.2f}", d=f"{r * 1.41:.2f}")
    return d.replace("--", "")


@dataclass
class Shape:
    """An outline in the data's coordinates."""

    path: Path
    facecolor: Any = "#56B4E9"
    edgecolor: Any = "none"
    linewidth: float = 1.0
    linestyle: Any = "-"
    alpha: float | None = None
    label: str = ""
    zorder: float = 1.0
    hatch: str = ""
    clip_on: bool = True
    across: str = ""
    gid: str = ""

    def set_antialiased(self, smooth: bool) -> None:
        """A browser smooths edges as it likes; `gid` says where it must not."""

    def set_gid(self, name: str) -> None:
        """Give it an id."""
        self.gid = name

    def points(self) -> tuple[Any, Any]:
        """What the axes must show."""
        return self.path.vertices[:, 0], self.path.vertices[:, 1]

    def svg(self, place: Any) -> str:
        """The outline."""
        px, py = place(*self.path.vertices.T)
        if self.hatch and color(self.facecolor) != "none":
            refuse("a hatched shape that is filled as well")
        edge = color(self.edgecolor)
        outlined = edge != "none"
        return tag(
            "path",
            id=self.gid,
            d=self.path.svg(np.column_stack([px, py])),
            fill=color(self.facecolor),
            stroke=edge if outlined else None,
            stroke_width=self.linewidth if outlined else None,
            stroke_dasharray=dashes(self.linestyle, self.linewidth) if outlined else "",
            opacity=self.alpha,
        )


@dataclass
class Text:
    """Words at a point, shifted by points if need be."""

    x: Any
    y: Any
    text: str
    color: Any = "#1F2328"
    ha: str = "left"
    va: str = "baseline"
    size: float = 10.0
    shift: tuple[float, float] = (0.0, 0.0)
    coords: tuple[str, str] = ("data", "data")
    arrow_to: tuple[float, float] | None = None
    weight: str = "normal"
    zorder: float = 3.0
    rotation: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def xy(self) -> tuple[float, float]:
        """The point."""
        return self.x, self.y

    def set_gid(self, name: str) -> None:
        """A figure does not move here: nobody looks for its parts."""

    def get_text(self) -> str:
        """The words."""
        return self.text

    def lines(self) -> list[str]:
        """The words, line by line."""
        return str(self.text).split("\n")

    def box(self) -> tuple[float, float, float, float]:
        """About how far it reaches from its point to the left, right, top and bottom, in points."""
        wide = max(width(line, self.size) for line in self.lines())
        high = 1.25 * self.size * len(self.lines())
        left = {"left": 0.0, "center": wide / 2, "right": wide}[self.ha]
        top = {"top": 0.0, "center": high / 2, "center_baseline": high / 2}.get(
            self.va, high
        )
        dx, dy = self.shift
        return left - dx, wide - left + dx, top + dy, high - top - dy

    def svg_at(self, x: float, y: float) -> str:
        """The words at a place of the picture."""
        dx, dy = self.shift
        anchor = {"left": "start", "center": "middle", "right": "end"}[self.ha]
        step, lines = 1.25 * self.size, self.lines()
        _, _, top, _ = self.box()
        first = y - top + 0.95 * self.size
        if self.va == "baseline":
            first = y - dy - step * (len(lines) - 1)
        turned = f"rotate({-self.rotation:g} {x + dx:.2f} {y - dy:.2f})"
        return "".join(
            tag(
                "text",
                spans(line),
                x=x + dx,
                y=first + i * step,
                text_anchor=anchor,
                font_size=self.size,
                fill=color(self.color),
                font_weight=self.weight if self.weight != "normal" else None,
                transform=turned if self.rotation else None,
            )
            for i, line in enumerate(lines)
        )
