"""Axes: a frame, two axis, and what is drawn in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib import rcParams, refuse
from matplotlib.artists import Artist, Place
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.legend import Legend
from matplotlib.shapes import Shapes
from matplotlib.spines import Spine, Spines
from matplotlib.svg import Page, tag
from matplotlib.words import Box, Text

if TYPE_CHECKING:
    from collections.abc import Callable

_SIDES = ("left", "bottom", "right", "top")


class Axes(Shapes):
    """A plot's frame and all that stands in it.

    Args:
        figure: The figure.
        spec: Its cells in a grid, if it stands in one.
    """

    def __init__(self, figure: Any, spec: Any = None) -> None:
        super().__init__()
        self.figure, self.spec = figure, spec
        self.box: Box = (
            0.0,
            0.0,
            1.0,
            1.0,
        )  # left, bottom, width and height, in points
        self.room = self.box  # the same, before the aspect is heeded
        self.spines = Spines({name: Spine(name) for name in _SIDES})
        self.xaxis, self.yaxis = Axis(self, 0), Axis(self, 1)
        self.axison, self._visible, self._label = True, True, ""
        self._aspect: Any = "auto"
        self._legend: Legend | None = None
        self._titles: dict[str, Text] = {}
        self._facecolor = rcParams["axes.facecolor"]

    def axis_of(self, which: int) -> Axis:
        """The axis of x, 0, or of y, 1."""
        return self.yaxis if which else self.xaxis

    def set(self, **settings: Any) -> None:
        """Several settings at once."""
        for name, value in settings.items():
            getattr(self, f"set_{name}")(value)

    # words

    def set_title(
        self, text: str, loc: str = "center", pad: float | None = None, **style: Any
    ) -> None:
        """The title, on the left, in the middle or on the right."""
        words = Text(
            0,
            0,
            text,
            "ax.set_title",
            **{"size": rcParams["axes.titlesize"], "ha": loc, **style},
        )
        words.axes, words.pad = self, rcParams["axes.titlepad"] if pad is None else pad
        self._titles[loc] = words

    def get_title(self, loc: str = "center") -> str:
        """The title."""
        return self._titles[loc]["text"] if loc in self._titles else ""

    def legend(self, handles: Any = None, labels: Any = None, **style: Any) -> Legend:
        """The names of what has one, beside its looks."""
        self._legend = Legend(self, handles, labels, style)
        return self._legend

    def get_legend_handles_labels(self) -> tuple[list[Artist], list[str]]:
        """What has a name, and the names."""
        named = [a for a in self.artists if a["label"] and a["label"][0] != "_"]
        return named, [artist["label"] for artist in named]

    # ticks and limits

    def tick_params(
        self, axis: str = "both", which: str = "major", **style: Any
    ) -> None:
        """How ticks look, and whether they are there."""
        sides = {"bottom": ("x", "shown"), "labelbottom": ("x", "labels")}
        sides |= {"left": ("y", "shown"), "labelleft": ("y", "labels")}
        for name in ("xaxis", "yaxis"):
            ticks = getattr(self, name).ticks
            if axis not in ("both", name[0]):
                continue
            for option, value in style.items():
                side, key = sides.get(option, (name[0], option))
                if option in ("top", "right", "labeltop", "labelright") and not value:
                    continue
                if option in ("colors", "rotation"):
                    keys = (
                        ("color", "labelcolor")
                        if option == "colors"
                        else ("labelrotation",)
                    )
                    ticks |= dict.fromkeys(keys, value)
                elif key not in ticks or key == "minor" or which == "minor":
                    refuse(f"ax.tick_params with {option} of {which} ticks")
                elif side == name[0]:
                    ticks[key] = value
            if ticks["shown"] is False:  # labels may stay without their ticks
                ticks |= {"shown": ticks["labels"], "length": 0.0, "minor": 0.0}

    def margins(self, *both: float, x: Any = None, y: Any = None) -> None:
        """How much room is left around the data, as a share of their range."""
        x, y = (both[0], both[-1]) if both else (x, y)
        self.xaxis.margin = self.xaxis.margin if x is None else x
        self.yaxis.margin = self.yaxis.margin if y is None else y

    def grid(
        self, visible: bool = True, which: str = "major", axis: str = "both"
    ) -> None:
        """Lines from the ticks across the axes."""
        if which != "major":
            refuse("a grid of small ticks")
        for one in (self.xaxis, self.yaxis):
            one.grid = visible if axis in ("both", one.name) else one.grid

    # the frame

    def set_aspect(self, aspect: Any) -> None:
        """How long a unit of y is, measured by one of x."""
        self._aspect = 1.0 if aspect == "equal" else aspect

    def set_facecolor(self, color: Any) -> None:
        """The color behind it."""
        self._facecolor = color

    def set_position(self, shares: Any) -> None:
        """Put it somewhere: left, bottom, width and height as shares of the picture."""
        self.spec = None
        self.figure.put(self, shares)

    def set_visible(self, visible: bool) -> None:
        """Show it, or not."""
        self._visible = visible

    def set_axis_off(self) -> None:
        """No frame, no ticks."""
        self.axison = False

    def axis(self, what: str) -> None:
        """`off`, or `scaled` by units of one length."""
        if what == "off":
            self.set_axis_off()
        elif what != "on":
            refuse(f"ax.axis({what!r})")

    def get_figure(self, root: bool = False) -> Any:
        """The figure that it belongs to."""
        return self.figure

    def get_gridspec(self) -> Any:
        """The grid that it stands in."""
        return self.spec.grid

    def get_subplotspec(self) -> Any:
        """Its cells in the grid."""
        return self.spec

    def remove(self) -> None:
        """Take it out of the figure; its cells stay empty."""
        self.figure.axes.remove(self)
        for axis in (self.xaxis, self.yaxis):
            axis.range.members.remove(axis)

    @property
    def transData(self) -> Place:
        """From data to the picture."""
        return Place(self)

    @property
    def transAxes(self) -> Place:
        """From shares of the axes to the picture."""
        return Place(self, "axes fraction", "axes fraction")

    def get_xaxis_transform(self) -> Place:
        """From data in x and shares of the axes in y to the picture."""
        return Place(self, "data", "axes fraction")

    def get_yaxis_transform(self) -> Place:
        """From shares of the axes in x and data in y to the picture."""
        return Place(self, "axes fraction", "data")

    def apply_aspect(self) -> None:
        """Take as much of its room as its aspect allows, in the middle."""
        x, y, w, h = self.room
        if self._aspect != "auto":
            if "log" in (self.xaxis.get_scale(), self.yaxis.get_scale()):
                refuse("an aspect of logarithmic axes")
            (x0, x1), (y0, y1) = self.xaxis.limits(), self.yaxis.limits()
            ratio = float(self._aspect) * abs((y1 - y0) / (x1 - x0))
            wide, high = (w, w * ratio) if w * ratio <= h else (h / ratio, h)
            x, y, w, h = x + (w - wide) / 2, y + (h - high) / 2, wide, high
        self.box = (x, y, w, h)

    # how it is drawn

    def _placed_titles(self) -> list[Text]:
        x, y, w, h = self.box
        share = {"left": 0.0, "center": 0.5, "right": 1.0}
        for loc, words in self._titles.items():
            words.set(transform=Place(self, "points", "points"))
            words.set_position((x + share[loc] * w, y + h + words.pad))
        return [words for words in self._titles.values() if words["text"]]

    def tight_box(self) -> Box:
        """All that it needs of the picture, as the layout counts it: left, bottom, right and top."""
        x, y, w, h = self.box
        boxes: list[Box] = [(x, y, x + w, y + h)]
        if self.axison:
            for axis in (self.xaxis, self.yaxis):
                for words in axis.words():
                    box = list(words.box())
                    if (
                        words is axis.label
                    ):  # more room does not help a label that is too long
                        middle = (box[axis.which] + box[axis.which + 2]) / 2
                        box[axis.which], box[axis.which + 2] = (
                            middle - 0.4,
                            middle + 0.4,
                        )
                    boxes.append(tuple(box))  # type: ignore[arg-type]
                ends = [x, y, x + w, y + h]
                if (
                    axis.marks()
                    and self.spines[("bottom", "left")[axis.which]].get_visible()
                ):
                    ends[1 - axis.which] -= axis.ticks["length"]
                boxes.append(tuple(ends))  # type: ignore[arg-type]
        for words in self._placed_titles():
            left, low, right, top = words.box()
            boxes.append(((left + right) / 2 - 0.4, low, (left + right) / 2 + 0.4, top))
        for artist in self.artists:
            box = artist.extent() if artist["visible"] and artist["in_layout"] else None
            if box and box[2] > box[0] and box[3] > box[1]:
                boxes.append(box)
        left, low, right, top = zip(*boxes, strict=True)
        return min(left), min(low), max(right), max(top)

    def svg(self, page: Page) -> str:
        """The axes and all that stands in it."""
        if not self._visible:
            return ""
        x, y, w, h = self.box
        below = rcParams["axes.axisbelow"]
        layers: list[tuple[float, str]] = []
        if self.axison:
            face = to_hex(self._facecolor)
            if face != "none":
                back = tag(
                    "rect", x=x, y=page.height - y - h, width=w, height=h, fill=face
                )
                layers.append((-1.0, back))
            order = {True: 0.5, "line": 1.5, False: 2.5}[below]
            layers += [(order, axis.lines(page)) for axis in (self.xaxis, self.yaxis)]
            corners = {"left": ((x, y), (x, y + h)), "bottom": ((x, y), (x + w, y))}
            corners |= {
                "right": ((x + w, y), (x + w, y + h)),
                "top": ((x, y + h), (x + w, y + h)),
            }
            for name, spine in self.spines.items():
                layers.append((2.5, spine.svg(page, list(corners[name]))))
        layers += [(artist["zorder"], artist.svg(page)) for artist in self.artists]
        if self.axison:
            for axis in (self.xaxis, self.yaxis):
                layers += [(2.6, words.svg(page)) for words in axis.words()]
        layers += [(3.0, words.svg(page)) for words in self._placed_titles()]
        if self._legend:
            layers.append((5.0, self._legend.svg(page)))
        return "".join(drawn for _, drawn in sorted(layers, key=lambda layer: layer[0]))


_ENDS = {"left": "low", "bottom": "low", "right": "high", "top": "high"}


def _of_axis(which: int, name: str) -> Callable[..., Any]:
    """A method of an axes that is one of its axis: `ax.set_xlim` is `set_lim` of `ax.xaxis`."""

    def method(axes: Axes, *args: Any, **style: Any) -> Any:
        known = {_ENDS.get(option, option): value for option, value in style.items()}
        return getattr(axes.axis_of(which), name)(*args, **known)

    return method


for _name in ("label", "lim", "scale", "ticks", "ticklabels", "margin"):
    for _verb in ("set", "get"):
        for _which in (0, 1):
            _method = _of_axis(_which, f"{_verb}_{_name}")
            setattr(Axes, f"{_verb}_{'xy'[_which]}{_name}", _method)
for _which in (0, 1):
    setattr(Axes, f"invert_{'xy'[_which]}axis", _of_axis(_which, "invert"))
