"""A figure is written in few bytes, and is the same picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from dlbook import plot
from dlbook.press.typesetting.svg import figure_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Leaf = tuple[str, str, str, frozenset[str], tuple[str, ...]]


@pytest.fixture
def figure() -> Figure:
    """Two clouds of marks, one of them with a name, a curve, and numbers at the axes."""
    figure, ax = plot.subplots()
    rng = np.random.default_rng(0)
    ax.scatter(*rng.normal(size=(2, 50)), color=plot.DATA)
    (named,) = ax.plot(*rng.normal(size=(2, 20)), "x", color=plot.INK)
    named.set_gid("play-cloud")
    ax.plot([-1, 1], [2, 3], color=plot.GRADIENT)
    return figure


def drawn(
    element: ElementTree.Element,
    look: tuple[str, ...] = (),
    place: tuple[str, ...] = (),
) -> Iterator[Leaf]:
    """Each shape in its order: its kind, its place, how it looks by its own word and those of the groups around it."""
    tag = element.tag.rpartition("}")[2]
    if tag != "svg":
        look = *look, *element.get("style", "").lower().split("; ")
    place = *place, rounded(element.get("transform", ""))
    if tag in {"path", "use"}:
        said = dict(each.split(": ", 1) for each in look if each)
        style = frozenset(f"{name}: {value}" for name, value in said.items())
        x, y = (rounded(element.get(name, "0")) for name in "xy")
        yield tag, x, y, style, tuple(each for each in place if each)
    for child in element:
        yield from drawn(child, look, place)


def rounded(text: str) -> str:
    return re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), 2):g}", text)


def test_the_picture_is_what_matplotlib_drew(figure: Figure) -> None:
    svg = figure_svg(figure, name="fig", alt="Two clouds.")
    plain = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", svg)
    found = list(drawn(ElementTree.fromstring(plain)))
    assert len(found) > 100
    assert found == list(drawn(ElementTree.fromstring(plot.svg(figure))))


def test_what_marks_have_in_common_is_said_once(figure: Figure) -> None:
    svg = figure_svg(figure, name="fig", alt="Two clouds.")
    assert "<g>" not in svg
    assert "<defs>\n</defs>" not in svg
    cloud = svg[svg.index('id="fig-play-cloud"') :]
    marks = cloud[cloud.index("<use") : cloud.index("</g>")]
    assert marks.count("<use") == 20
    assert "style" not in marks
