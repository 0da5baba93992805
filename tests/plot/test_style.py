from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.figure
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgba

from dlbook.plot import DATA, INK, MUTED, PALETTE, label_line, subplots, svg
from dlbook.plot.layout import spread
from dlbook.plot.style import label_ends
from tests.plot.drawing import foreign_colors

if TYPE_CHECKING:
    from collections.abc import Callable


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_importing_the_package_and_its_colors_does_not_import_matplotlib() -> None:
    code = "import sys, dlbook.plot; from dlbook.plot import DATA, PALETTE; print('matplotlib' in sys.modules)"
    assert run(code) == "False"


def test_drawing_never_imports_pyplot() -> None:
    code = "import sys; from dlbook.plot import *; svg(show_image([[1, 0]])); print('matplotlib.pyplot' in sys.modules)"
    assert run(code) == "False"


def test_the_palette_has_nine_colors_written_as_the_site_expects_them() -> None:
    assert len(set(PALETTE)) == 9
    assert all(color == to_hex(color).upper() for color in PALETTE)


def test_a_figure_changes_no_setting_of_the_program() -> None:
    before = dict(mpl.rcParams)
    figure, ax = subplots()
    ax.plot([0, 1], [0, 1])
    svg(figure)
    assert dict(mpl.rcParams) == before


def test_only_the_left_and_the_bottom_spine_are_drawn_on_a_transparent_ground() -> None:
    figure, ax = subplots()
    assert {name for name, spine in ax.spines.items() if spine.get_visible()} == {
        "left",
        "bottom",
    }
    assert to_rgba(figure.get_facecolor())[3] == 0
    assert to_rgba(ax.get_facecolor())[3] == 0


ADDITIONS: dict[str, Callable[[Any], object]] = {
    "plot": lambda ax: [ax.plot([0, 1], [k, 1]) for k in range(7)],
    "text": lambda ax: ax.text(0, 0, "note"),
    "annotate": lambda ax: ax.annotate(
        "note", (0, 0), (1, 1), arrowprops={"arrowstyle": "->"}
    ),
    "scatter": lambda ax: ax.scatter([0, 1], [0, 1]),
    "axhline": lambda ax: ax.axhline(0.5),
    "hlines": lambda ax: ax.hlines([0.5], 0, 1),
    "bar": lambda ax: ax.bar([0, 1], [1, 2]),
    "hist": lambda ax: ax.hist([0, 1, 1]),
    "boxplot": lambda ax: ax.boxplot([1, 2, 3, 9]),
    "errorbar": lambda ax: ax.errorbar([0, 1], [0, 1], yerr=0.1),
    "fill_between": lambda ax: ax.fill_between([0, 1], [0, 1], hatch="//"),
    "stem": lambda ax: ax.stem([0, 1], [0, 1]),
    "legend": lambda ax: (ax.plot([0, 1], [0, 1], label="a"), ax.legend()),
    "grid": lambda ax: ax.grid(True),
    "log axes": lambda ax: ax.loglog([1, 100], [1, 100]),
    "title": lambda ax: ax.set_title("title"),
    "minor ticks": lambda ax: ax.minorticks_on(),
}


@pytest.mark.parametrize("what", ADDITIONS)
def test_what_is_added_later_is_drawn_in_the_palette_too(what: str) -> None:
    figure, ax = subplots()
    ADDITIONS[what](ax)
    ax.set(xlabel="x", ylabel="y")
    assert foreign_colors(figure) == set()


def test_the_check_for_foreign_colors_finds_one() -> None:
    figure, ax = subplots()
    ax.plot([0, 1], [0, 1], color="crimson")
    assert foreign_colors(figure) == {"#dc143c"}


def test_the_style_does_not_depend_on_the_programs_own_settings() -> None:
    drawings = []
    others: list[dict[Any, Any]] = [
        {},
        {
            "font.size": 30,
            "text.color": "red",
            "lines.linewidth": 9,
            "svg.fonttype": "none",
        },
    ]
    for settings in others:
        with mpl.rc_context(settings):
            figure, ax = subplots()
            ax.plot([0, 1], [0, 1])
            ax.text(0, 0, "note")
            ax.set_xlabel("x")
            drawings.append(svg(figure))
    assert drawings[0] == drawings[1]


def test_a_figure_is_a_matplotlib_figure() -> None:
    figure, _ = subplots()
    assert isinstance(figure, matplotlib.figure.Figure)


def test_axes_come_as_one_as_a_row_or_as_a_grid() -> None:
    assert isinstance(subplots()[1], matplotlib.axes.Axes)
    assert subplots(1, 3)[1].shape == (3,)
    assert subplots(2, 1)[1].shape == (2,)
    assert subplots(2, 3)[1].shape == (2, 3)


@pytest.mark.parametrize("argument", ["nrows", "ncols", "width", "height"])
def test_a_size_that_is_not_positive_is_refused(argument: str) -> None:
    with pytest.raises(
        ValueError, match=rf"subplots: {argument}: expected a positive number, got 0"
    ):
        subplots(**{argument: 0})  # type: ignore[arg-type]


def test_a_line_is_named_at_its_right_end_in_its_color() -> None:
    _, ax = subplots()
    (line,) = ax.plot([2, 0, 1], [4, 0, 1], color=DATA)
    text = label_line(ax, line, "curve")
    assert text.xy == (2, 4)
    assert text.get_color() == DATA


def test_a_line_is_named_at_the_place_asked_for() -> None:
    _, ax = subplots()
    (line,) = ax.plot([0, 1, 2], [0, 1, 4])
    assert label_line(ax, line, "curve", x=1.5).xy == (1.5, 2.5)


def test_a_line_that_ends_in_nan_is_named_at_its_last_point() -> None:
    _, ax = subplots()
    (line,) = ax.plot([0, 1, 2], [0, 1, np.nan])
    assert label_line(ax, line, "curve").xy == (1, 1)


def test_a_point_is_named_in_ink() -> None:
    _, ax = subplots()
    text = label_line(ax, (0.5, 0.5), "here")
    assert (text.xy, text.get_color()) == ((0.5, 0.5), INK)


def test_a_line_without_a_finite_point_cannot_be_named() -> None:
    _, ax = subplots()
    (line,) = ax.plot([0, 1], [np.nan, np.nan])
    with pytest.raises(
        ValueError,
        match="label_line: line: expected a curve with a finite point, got none",
    ):
        label_line(ax, line, "curve")


def test_names_of_curves_that_end_together_do_not_overlap() -> None:
    figure, ax = subplots()
    lines = [ax.plot([0, 1], [k, 1 + 0.001 * k])[0] for k in range(4)]
    label_ends(ax, lines, ["one", "two", "three", "four"])
    figure.draw_without_rendering()
    boxes = sorted(
        (text.get_window_extent() for text in ax.texts), key=lambda box: float(box.y0)
    )
    assert len(boxes) == 4
    assert all(low.y1 <= high.y0 + 0.5 for low, high in itertools.pairwise(boxes))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=12), st.floats(0.1, 20))
def test_spread_positions_keep_their_order_and_their_distance(
    wanted: list[float], gap: float
) -> None:
    got = spread(wanted, [gap] * len(wanted))
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(got))
    assert np.isclose(np.mean(got), np.mean(wanted), rtol=0, atol=1e-9), (
        "least squares keeps the mean"
    )


def test_spread_leaves_alone_what_is_far_enough_apart() -> None:
    assert spread([0.0, 5.0, 9.0], [2.0, 2.0, 2.0]) == [0.0, 5.0, 9.0]


def test_ticks_are_muted_and_their_numbers_are_ink() -> None:
    figure, ax = subplots()
    figure.draw_without_rendering()
    tick = ax.xaxis.get_major_ticks()[0]
    assert (tick.tick1line.get_color(), tick.label1.get_color()) == (MUTED, INK)
