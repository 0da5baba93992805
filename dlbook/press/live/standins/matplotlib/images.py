"""What an axes draws of images: gray cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from matplotlib import refuse
from matplotlib.colors import gray
from matplotlib.curves import Curves
from matplotlib.patches import PathPatch
from matplotlib.path import Path

_CELLS = 4096  # of an image; each is a shape


class Images(Curves):
    """The methods that draw images."""

    def imshow(
        self,
        image: Any,
        cmap: Any = None,
        *,
        vmin: Any = None,
        vmax: Any = None,
        origin: str = "upper",
        extent: Any = None,
        aspect: Any = "equal",
        interpolation: Any = "nearest",
        alpha: Any = None,
    ) -> None:
        """An image of gray cells."""
        if interpolation not in ("nearest", "none", "antialiased", "auto", None):
            refuse("a smoothed image")
        rows, columns = np.shape(image)[:2]
        half = (-0.5, columns - 0.5, rows - 0.5, -0.5)
        flipped = half if origin == "upper" else (*half[:2], *half[:1:-1])
        left, right, bottom, top = flipped if extent is None else extent
        x = np.linspace(left, right, columns + 1)
        start, end = (top, bottom) if origin == "upper" else (bottom, top)
        y = np.linspace(start, end, rows + 1)
        self._cells(x, y, image, (cmap or "viridis", vmin, vmax), alpha)
        self.set(xlim=(left, right), ylim=(bottom, top), aspect=aspect)

    def pcolormesh(
        self,
        *args: Any,
        cmap: Any = None,
        vmin: Any = None,
        vmax: Any = None,
        alpha: Any = None,
    ) -> None:
        """Gray cells between given edges."""
        values = np.asarray(args[-1], float)
        edges = [np.arange(n + 1.0) for n in values.shape[::-1]]
        if len(args) == 3:
            edges = [np.asarray(edge, float) for edge in args[:2]]
        if [len(edge) for edge in edges] != [n + 1 for n in values.shape[::-1]]:
            refuse("ax.pcolormesh without the edges of its cells")
        self._cells(*edges, values, (cmap or "viridis", vmin, vmax), alpha)

    def _cells(self, x: Any, y: Any, values: Any, colors: Any, alpha: Any) -> None:
        """Cells of one shade are one shape, whose edges are left crisp: they join without a seam."""
        numbers = np.asarray(values, float)
        if numbers.ndim != 2 or numbers.size > _CELLS:
            refuse("an image in colors or of many pixels")
        shades = np.reshape(gray(numbers, *colors), numbers.shape)
        number = self.figure.axes.index(self)
        for shade in sorted(set(shades.ravel())):
            seen = np.argwhere((shades == shade) & np.isfinite(numbers))
            cells = [
                Path(
                    [
                        (x[j], y[i]),
                        (x[j + 1], y[i]),
                        (x[j + 1], y[i + 1]),
                        (x[j], y[i + 1]),
                        (x[j], y[i]),
                    ],
                    closed=True,
                )
                for i, j in seen
            ]
            shape = PathPatch(
                Path.make_compound_path(*cells),
                facecolor=str(shade),
                edgecolor="none",
                alpha=alpha,
                zorder=0,
            )
            shape.set(gid=f"crisp-{number}-{len(self.artists)}")
            shape.sticky_edges.x += [float(min(x)), float(max(x))]
            shape.sticky_edges.y += [float(min(y)), float(max(y))]
            self.add(shape)
