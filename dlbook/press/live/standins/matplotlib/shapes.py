"""What an axes draws of outlines: bars, bands, what lies between curves or heights."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import rcParams, refuse
from matplotlib.artists import Artist, Place
from matplotlib.contour import Contours
from matplotlib.images import Images
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path


class BarContainer(list[Rectangle]):
    """The bars of one call."""

    @property
    def patches(self) -> list[Rectangle]:
        """The bars."""
        return list(self)


class Shapes(Images):
    """The methods that draw outlines."""

    def add_patch(self, patch: Patch) -> Patch:
        """Take an outline into the axes."""
        return self.add(patch, asks=False)

    def add_artist(self, artist: Artist) -> Artist:
        """Take anything into the axes."""
        return self.add(artist, asks=False)

    def bar(
        self,
        x: Any,
        height: Any,
        width: Any = 0.8,
        bottom: Any = 0.0,
        *,
        align: str = "center",
        **style: Any,
    ) -> BarContainer:
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
    ) -> BarContainer:
        """Lying bars."""
        return self._bars((y, width, height, left), align, style, upright=False)

    def _bars(
        self, sizes: Any, align: str, style: dict[str, Any], *, upright: bool
    ) -> BarContainer:
        """Bars by their places, lengths, breadths and feet."""
        if align not in ("center", "edge"):
            refuse(f"bars aligned by {align}")
        at, *others = sizes
        places = np.atleast_1d(np.asarray(at))
        if places.dtype.kind in "US":
            axis = self.axis_of(0 if upright else 1)
            axis.set_ticks(np.arange(len(places)), [str(name) for name in places])
            axis.range.fixed = None
            places = np.arange(len(places))
        style = {Patch.others.get(name, name): value for name, value in style.items()}
        for name in ("xerr", "yerr", "tick_label"):
            if name in style:
                refuse(f"bars with {name}")
        face = style.pop("facecolor", None)
        color = style.pop("color", None)
        face = next((c for c in (face, color) if c is not None), None)
        face = self.next_color() if face is None else face
        if color is not None:
            style.setdefault("edgecolor", "none" if np.ndim(color) else color)
        faces = list(face) if np.ndim(face) and isinstance(face[0], str) else [face]
        label = style.pop("label", "")
        made = BarContainer()
        lists = [np.atleast_1d(np.asarray(v, float)) for v in (places, *others)]
        for k, (place, length, breadth, foot) in enumerate(
            zip(*np.broadcast_arrays(*lists), strict=True)
        ):
            side = place - breadth / 2 if align == "center" else place
            corner = (side, foot) if upright else (foot, side)
            size = (breadth, length) if upright else (length, breadth)
            bar = Rectangle(
                corner, *size, where="ax.bar", facecolor=faces[k % len(faces)], **style
            )
            (bar.sticky_edges.y if upright else bar.sticky_edges.x).append(float(foot))
            made.append(self.add(bar))
        if made and label:
            made[0].set(label=label)
        return made

    def hist(
        self,
        x: Any,
        bins: Any = 10,
        range: Any = None,
        *,
        density: bool = False,
        weights: Any = None,
        **style: Any,
    ) -> Any:
        """Bars as high as there are values between their edges."""
        if np.ndim(x) != 1 or style.pop("histtype", "bar") != "bar":
            refuse("ax.hist of several sets or of another kind")
        counts, edges = np.histogram(x, bins, range, density=density, weights=weights)
        counts = counts.astype(float)
        style.setdefault("color", self._turn({})["color"])
        bars = self.bar(edges[:-1], counts, np.diff(edges), align="edge", **style)
        return counts, edges, bars

    def stairs(
        self, values: Any, edges: Any = None, *, baseline: Any = 0, **style: Any
    ) -> Patch:
        """The outline of bars."""
        values = np.asarray(values, float)
        edges = (
            np.arange(len(values) + 1) if edges is None else np.asarray(edges, float)
        )
        ends = [] if baseline is None else [float(baseline)]
        x, y = np.repeat(edges, 2), np.concatenate([ends, np.repeat(values, 2), ends])
        x = x if ends else x[1:-1]
        fill = style.pop("fill", False)
        style = {Patch.others.get(name, name): value for name, value in style.items()}
        if "color" not in style:
            color = self._turn({})["color"]
            style = {("facecolor" if fill else "edgecolor"): color, **style}
        patch = PathPatch(
            Path(np.column_stack([x, y])),
            "ax.stairs",
            fill=fill,
            **{"linewidth": rcParams["patch.linewidth"], **style},
        )
        patch.sticky_edges.y += ends
        return self.add(patch)

    def fill_between(
        self, x: Any, y1: Any, y2: Any = 0.0, where: Any = None, **style: Any
    ) -> Patch:
        """What lies between two curves over x, as far as `where` is true."""
        arrays = (np.asarray(v, float) for v in (x, y1, y2))
        along, low, high = np.broadcast_arrays(*arrays)
        seen = np.isfinite(along) & np.isfinite(low) & np.isfinite(high)
        if where is not None:
            seen = seen & np.asarray(where, bool)
        edges = np.flatnonzero(
            np.diff(np.concatenate([[False], seen, [False]]).astype(int))
        )
        outlines = []
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            there = np.column_stack([along[a:b], low[a:b]])
            back = np.column_stack([along[a:b], high[a:b]])[::-1]
            points = np.vstack([there, back, there[:1]])
            outlines.append(Path(points, closed=True))
        style = {Patch.others.get(n, n): value for n, value in style.items()}
        if not {"color", "facecolor"} & style.keys():
            style["facecolor"] = self.next_color()
        return self.add(
            PathPatch(Path.make_compound_path(*outlines), "ax.fill_between", **style)
        )

    def axhspan(
        self, ymin: float, ymax: float, xmin: float = 0, xmax: float = 1, **style: Any
    ) -> Patch:
        """A band from left to right."""
        across = Place(self, "axes fraction", "data")
        return self.add(
            Rectangle(
                (xmin, ymin),
                xmax - xmin,
                ymax - ymin,
                where="ax.axhspan",
                transform=across,
                **style,
            )
        )

    def axvspan(
        self, xmin: float, xmax: float, ymin: float = 0, ymax: float = 1, **style: Any
    ) -> Patch:
        """A band from bottom to top."""
        across = Place(self, "data", "axes fraction")
        return self.add(
            Rectangle(
                (xmin, ymin),
                xmax - xmin,
                ymax - ymin,
                where="ax.axvspan",
                transform=across,
                **style,
            )
        )

    # heights

    def contour(self, *args: Any, **style: Any) -> Contours:
        """Lines of equal height."""
        return Contours(self, args, style, filled=False)

    def contourf(self, *args: Any, **style: Any) -> Contours:
        """What lies between two heights."""
        return Contours(self, args, style, filled=True)

    def clabel(self, lines: Contours, levels: Any = None, **style: Any) -> Any:
        """Write the heights of lines on them."""
        return lines.label(levels, **style)
