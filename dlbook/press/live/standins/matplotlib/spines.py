"""The edges of an axes' frame."""

from __future__ import annotations

from typing import Any

from matplotlib import Refusing, rcParams
from matplotlib.colors import to_hex
from matplotlib.svg import Page, tag


class Spine(Refusing):
    """An edge of the frame."""

    _kind = "a spine"

    def __init__(self, name: str) -> None:
        self._visible = rcParams[f"axes.spines.{name}"]
        self._color, self._width = (
            rcParams["axes.edgecolor"],
            rcParams["axes.linewidth"],
        )

    def set_visible(self, visible: bool) -> None:
        """Show it, or not."""
        self._visible = visible

    def get_visible(self) -> bool:
        """Whether it is shown."""
        return self._visible

    def set_color(self, color: Any) -> None:
        """Give it another color."""
        self._color = color

    def set_linewidth(self, width: float) -> None:
        """Make it thicker or thinner."""
        self._width = width

    def svg(self, page: Page, ends: list[tuple[float, float]]) -> str:
        """The edge between two corners."""
        d = "M{}L{}".format(*(page.point(*end) for end in ends))
        pen = {"stroke": to_hex(self._color), "stroke_width": self._width}
        drawn = tag("path", d=d, fill="none", stroke_linecap="square", **pen)
        return drawn if self._visible else ""


class Spines(dict[str, Spine]):
    """The edges by their names; several of them at once by a list or a slice."""

    def __getitem__(self, names: Any) -> Any:
        if isinstance(names, str):
            return super().__getitem__(names)
        kept = list(self) if isinstance(names, slice) else names
        return Spines({name: self[name] for name in kept})

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        if not name.startswith("set_"):
            raise AttributeError(name)

        def all_of_them(*args: Any) -> None:
            for spine in self.values():
                getattr(spine, name)(*args)

        return all_of_them
