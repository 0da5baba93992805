"""Outlines: points, and what leads to each of them."""

from __future__ import annotations

from typing import Any

import numpy as np


class Path:
    """Points `(n, 2)`, each with a code; without codes they are joined by lines."""

    STOP, MOVETO, LINETO, CURVE3, CURVE4, CLOSEPOLY = 0, 1, 2, 3, 4, 79

    def __init__(self, vertices: Any, codes: Any = None, closed: bool = False) -> None:
        self.vertices = np.asarray(vertices, float).reshape(-1, 2)
        count = len(self.vertices)
        if codes is None:
            codes = [self.MOVETO, *[self.LINETO] * (count - 1)][:count]
            if closed and count:
                codes[-1] = self.CLOSEPOLY
        self.codes = np.asarray(codes, int)

    @classmethod
    def make_compound_path(cls, *paths: Path) -> Path:
        """Several outlines as one."""
        vertices = [p.vertices for p in paths] or [np.zeros((0, 2))]
        codes = [p.codes for p in paths] or [np.zeros(0, int)]
        return cls(np.concatenate(vertices), np.concatenate(codes))

    def reach(self) -> Any:
        """Points that lie on the outline, all its corners and enough of its curves among them."""
        found, at = [np.zeros((0, 2))], 0
        while at < len(self.codes):
            code = self.codes[at]
            size = {self.CURVE3: 2, self.CURVE4: 3}.get(code, 1)
            ends = self.vertices[at : at + size]
            if size > 1:  # Bézier's curve by de Casteljau's rule, at 65 places
                t = np.linspace(0, 1, 65)[:, None, None]
                points = np.vstack([self.vertices[at - 1], ends])[None]
                while points.shape[1] > 1:
                    points = (1 - t) * points[:, :-1] + t * points[:, 1:]
                ends = points[:, 0]
            if code not in (self.CLOSEPOLY, self.STOP):
                found.append(ends)
            at += size
        return np.concatenate(found)

    def written(self, points: Any, page: Any) -> str:
        """The `d` of an SVG path with this one's codes through other points."""
        letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
        made, more = [], 0
        for code, point in zip(self.codes.tolist(), points.tolist(), strict=True):
            if code == self.CLOSEPOLY:
                made.append("Z")
            elif more:
                made.append(f" {page.point(*point)}")
                more -= 1
            elif code in letters:
                made.append(letters[code] + page.point(*point))
                more = {self.CURVE3: 1, self.CURVE4: 2}.get(code, 0)
        return "".join(made)
