"""Outlines: points, and what leads to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


class Path:
    """Points `(n, 2)`, each with a code; without codes they are joined by lines."""

    STOP, MOVETO, LINETO, CURVE3, CURVE4, CLOSEPOLY = 0, 1, 2, 3, 4, 79

    def __init__(self, vertices: Any, codes: Any = None, closed: bool = False) -> None:
        self.vertices = np.asarray(vertices, float).reshape(-1, 2)
        count = len(self.vertices)
        if codes is None:
            codes = [self.MOVETO, *[self.LINETO] * (count - 1)]
            if closed and count:
                codes[-1] = self.CLOSEPOLY
        self.codes = np.asarray(codes)

    @classmethod
    def make_compound_path(cls, *paths: Path) -> Path:
        """Several outlines as one."""
        vertices = [p.vertices for p in paths] or [np.zeros((0, 2))]
        codes = [p.codes for p in paths] or [np.zeros(0, int)]
        return cls(np.concatenate(vertices), np.concatenate(codes))

    def svg(self, points: Any) -> str:
        """The `d` of an SVG path through transformed points."""
        letters = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
        made, last = [], ""
        for code, (x, y) in zip(self.codes.tolist(), points.tolist(), strict=True):
            letter = letters.get(code, "")
            if letter == "Z":
                made.append("Z")
            elif letter:
                # the further points of a curve belong to the letter before
                more = letter in "QC" and last == letter and self._inside(made, letter)
                made.append(f"{'' if more else letter}{x:.2f} {y:.2f}")
            last = letter
        return " ".join(made)

    @staticmethod
    def _inside(made: Iterable[str], letter: str) -> bool:
        """Whether a curve that has been begun is not yet complete."""
        count = 0
        for part in reversed(list(made)):
            count += 1
            if part.startswith(letter):
                break
        return count < {"Q": 2, "C": 3}[letter]
