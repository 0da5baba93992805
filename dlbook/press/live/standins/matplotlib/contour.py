"""Lines of equal height, and what lies between them, by marching squares."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from matplotlib import Refusing, rcParams, refuse
from matplotlib.artists import DPI
from matplotlib.mathtext import width
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDS = {
    1: "ab",
    2: "bc",
    3: "ac",
    4: "cd",
    6: "bd",
    7: "ad",
    8: "ad",
    9: "bd",
    11: "cd",
    12: "ac",
    13: "bc",
    14: "ab",
}
# For each case, which corners are high (1 lower left, 2 lower right, 4 upper right, 8 upper left), the two edges that
# the line crosses: a on the left, b below, c on the right, d above. Cases 5 and 10 have two lines.


def lines_at(x: Any, y: Any, z: Any, level: float) -> list[Any]:
    """The lines on which a surface has a height: arrays of points; one that is closed ends where it begins."""
    high = z >= level
    corners = (high[:-1, :-1], high[:-1, 1:], high[1:, 1:], high[1:, :-1])
    case = sum(corner * (1 << k) for k, corner in enumerate(corners))
    middle = (z[:-1, :-1] + z[1:, :-1] + z[:-1, 1:] + z[1:, 1:]) / 4 >= level
    next_to: dict[Any, list[Any]] = {}
    for i, j in np.argwhere((case > 0) & (case < 15)).tolist():
        kind = int(case[i, j])
        edges = {"a": (i, j, 1), "b": (i, j, 0), "c": (i, j + 1, 1), "d": (i + 1, j, 0)}
        pairs = [_ENDS.get(kind, "")]
        if kind in (5, 10):
            pairs = ["ad", "bc"] if (kind == 5) == bool(middle[i, j]) else ["ab", "cd"]
        for first, second in pairs:
            a, b = edges[first], edges[second]
            next_to.setdefault(a, []).append(b)
            next_to.setdefault(b, []).append(a)

    def point(edge: tuple[int, int, int]) -> tuple[float, float]:
        i, j, up = edge
        k, m = (i + 1, j) if up else (i, j + 1)
        t = (level - z[i, j]) / (z[k, m] - z[i, j])
        return x[j] + t * (x[m] - x[j]), y[i] + t * (y[k] - y[i])

    found = []
    for start in [e for e in next_to if len(next_to[e]) == 1] + list(next_to):
        line, at = [start], start
        while next_to[at]:  # each piece of a line is gone along once
            after = next_to[at].pop(0)
            next_to[after].remove(at)
            line.append(after)
            at = after
        if len(line) > 1:
            found.append(np.array([point(edge) for edge in line]))
    return found


def region_above(x: Any, y: Any, z: Any, level: float) -> Path:
    """Where a surface is at least so high, as closed outlines: those of what is lower are holes in it."""
    wide = np.pad(z, 1, constant_values=0.0)
    wide[[0, -1]] = wide[:, [0, -1]] = level - max(1.0, abs(level))
    edges = (np.concatenate([v[:1], v, v[-1:]]) for v in (x, y))
    return Path.make_compound_path(
        *(Path(line, closed=True) for line in lines_at(*edges, wide, level))
    )


class Contours(Refusing):
    """The contours of one call.

    Args:
        axes: The axes.
        args: `x, y, z` or `z`, and the levels or their number.
        style: `levels`, `colors`, `alpha` and the like.
        filled: Whether what lies between levels is filled.
    """

    _kind = "a contour"

    def __init__(
        self, axes: Any, args: Any, style: dict[str, Any], filled: bool
    ) -> None:
        known = {"levels", "colors", "alpha", "linewidths", "linestyles", "zorder"}
        name = "ax.contourf" if filled else "ax.contour"
        for option in style.keys() - known:
            refuse(f"{name} with {option}")
        if style.get("colors") is None:
            refuse(f"{name} with a colormap")
        x, y, z, levels = _read(args, style.get("levels"))
        self.axes, self.levels, self._filled = axes, levels, filled
        colors = style["colors"]
        colors = [colors] if isinstance(colors, str) else list(colors)
        layers = list(itertools.pairwise(levels)) if filled else levels
        self._layers = []
        for k, layer in enumerate(layers):
            color = colors[k % len(colors)]
            if filled:
                low, high = layer
                parts = [region_above(x, y, z, low)]
                parts += [region_above(x, y, z, high)] if math.isfinite(high) else []
                path = Path.make_compound_path(*parts)
                pen = {"facecolor": color, "edgecolor": "none", "linewidth": 0}
            else:
                path = Path.make_compound_path(*map(Path, lines_at(x, y, z, layer)))
                broad = style.get("linewidths") or rcParams["lines.linewidth"]
                broad = broad if np.isscalar(broad) else broad[k % len(broad)]
                dash = style.get("linestyles") or "-"
                pen = {"fill": False, "edgecolor": color, "linewidth": broad}
                pen["linestyle"] = (
                    dash if isinstance(dash, str) else dash[k % len(dash)]
                )
            order = style.get("zorder", 1.0 if filled else 2.0)
            patch = PathPatch(path, name, alpha=style.get("alpha"), zorder=order, **pen)
            patch.even_odd = filled
            patch.sticky_edges.x += [float(x.min()), float(x.max())]
            patch.sticky_edges.y += [float(y.min()), float(y.max())]
            self._layers.append(axes.add(patch))
        # the data reach as far as the grid, whatever lines there are
        frame = PathPatch(Path([(x.min(), y.min()), (x.max(), y.max())]), visible=False)
        axes.add(frame)

    def label(
        self,
        levels: Any = None,
        *,
        fontsize: Any = None,
        inline: bool = True,
        inline_spacing: float = 5,
        fmt: str | Callable[[float], str] = "%1.3f",
        colors: Any = None,
    ) -> list[Text]:
        """Write heights on their lines, where these are straight, and open the lines for them."""
        if self._filled:
            refuse("numbers on filled contours")
        size = rcParams["font.size"] if fontsize is None else fontsize
        wanted = list(self.levels if levels is None else levels)
        taken: list[Any] = []
        made = []
        for level, patch in zip(self.levels, self._layers, strict=True):
            if level not in wanted:
                continue
            text = fmt(level) if callable(fmt) else fmt % level
            broad = width(text, size) * DPI / 72
            color = (
                colors
                if colors is None or isinstance(colors, str)
                else colors[wanted.index(level) % len(colors)]
            )
            color = patch["edgecolor"] if color is None else color
            starts = np.flatnonzero(patch.path.codes == Path.MOVETO)
            pieces = []
            for line in (
                np.split(patch.path.vertices, starts[1:]) if len(starts) else []
            ):
                place = _straightest(self._pixels(line), broad, taken)
                if place is None:
                    pieces.append(Path(line))
                    continue
                angle, parts = self._opened(line, place, broad, inline_spacing)
                taken.append(self._pixels(line[place : place + 1])[0])
                made.append(
                    self.axes.text(
                        *line[place],
                        text,
                        rotation=angle,
                        ha="center",
                        va="center",
                        size=size,
                        color=color,
                        clip_on=True,
                    )
                )
                pieces += map(Path, parts) if inline else [Path(line)]
            patch.path = Path.make_compound_path(*pieces)
        return made

    def _pixels(self, points: Any) -> Any:
        return self.axes.transData.transform(points)

    def _opened(
        self, line: Any, at: int, broad: float, spacing: float
    ) -> tuple[float, list[Any]]:
        """A line without the piece under a label, and the label's slope."""
        closed = bool(np.allclose(line[0], line[-1]))
        if closed:
            line, at = np.concatenate([line[at:-1], line[: at + 1]]), 0
        seen = self._pixels(line)
        along = np.insert(np.cumsum(np.hypot(*np.diff(seen, axis=0).T)), 0, 0)
        along -= along[at]
        whole = along[-1] if closed else 0.0
        ends = np.array([-broad / 2 + whole, broad / 2])
        (x0, x1), (y0, y1) = (np.interp(ends, along, column) for column in seen.T)
        angle = (math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90) % 180 - 90
        before, after = ends[0] - spacing, ends[1] + spacing

        def cut(length: float) -> Any:
            return np.array([[np.interp(length, along, column) for column in line.T]])

        if closed:
            kept = line[(along > after) & (along < before)]
            return angle, [np.concatenate([cut(after), kept, cut(before)])]
        parts = []
        if before > along[0]:
            parts.append(np.concatenate([line[along < before], cut(before)]))
        if after < along[-1]:
            parts.append(np.concatenate([cut(after), line[along > after]]))
        return angle, parts


def _straightest(seen: Any, broad: float, taken: list[Any]) -> int | None:
    """The place on a line, in pixels, where a label fits best; None if the line is too short."""
    count = len(seen)
    if count <= 10 * broad and not (np.ptp(seen, axis=0) > 1.2 * broad).any():
        return None
    blocks = math.ceil(count / broad) if broad > 1 else 1
    size = count if blocks == 1 else int(broad)
    x, y = (np.resize(column, (blocks, size)) for column in seen.T)
    dx, dy = x[:, -1:] - x[:, :1], y[:, -1:] - y[:, :1]
    off = (y[:, :1] - y) * dx - (x[:, :1] - x) * dy
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = (np.abs(off) / np.hypot(dx, dy)).sum(axis=-1)
    order = np.argsort(bent).tolist()
    for block in [*order, order[0]]:
        point = np.array([x[block, size // 2], y[block, size // 2]])
        ends = [] if np.allclose(seen[0], seen[-1]) else [seen[0], seen[-1]]
        near = [(other, 1.2) for other in taken] + [(end, 0.7) for end in ends]
        if not any(np.hypot(*(point - other)) < far * broad for other, far in near):
            break
    return (block * size + size // 2) % count


def _read(args: Any, levels: Any) -> tuple[Any, Any, Any, list[float]]:
    """The grid's coordinates, the heights, and the levels."""
    arrays = [np.asarray(value, float) for value in args]
    if len(arrays) in (2, 4):
        *arrays, last = arrays
        levels = int(last) if last.ndim == 0 else last
    z = arrays[-1]
    x, y = arrays[:2] if len(arrays) == 3 else map(np.arange, z.shape[::-1])
    x, y = (x[0] if x.ndim == 2 else x), (y[:, 0] if y.ndim == 2 else y)
    if not np.isfinite(z).all():
        refuse("a contour of heights that are not finite")
    if levels is None or np.ndim(levels) == 0:
        most = 7 if levels is None else int(levels)
        levels = MaxNLocator(most + 1, min_n_ticks=1).tick_values(z.min(), z.max())
        inside = [k for k, v in enumerate(levels) if z.min() <= v <= z.max()]
        levels = levels[max(inside[0] - 1, 0) : inside[-1] + 2] if inside else levels
    return np.asarray(x, float), np.asarray(y, float), z, [float(v) for v in levels]
