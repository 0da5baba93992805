from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlbook.metrics import precision, recall
from dlbook.plot import (
    ACTIVATION,
    GRADIENT,
    cost_surface,
    function_curve,
    score_histogram,
    subplots,
    svg,
    threshold_curve,
    training_curve,
    v_curve,
)
from tests.plot.drawing import LABELS, SCORES, foreign_colors, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

STEPS = np.logspace(-12, -1, 12)


def bowl(w: Any, b: Any) -> Any:
    return w**2 + 4 * b**2


FIGURES: dict[str, Callable[[Any], Figure]] = {
    "function_curve": lambda ax: function_curve(
        {"sin": np.sin, "cos": np.cos},
        (0, 6),
        xlabel="x",
        ylabel="y",
        colors=[ACTIVATION, GRADIENT],
        ax=ax,
    ),
    "cost_surface": lambda ax: cost_surface(
        bowl, (-1, 1), (-1, 1), path=[(0.9, 0.9), (0.1, 0)], ax=ax
    ),
    "threshold_curve": lambda ax: threshold_curve(SCORES, LABELS, threshold=0.5, ax=ax),
    "score_histogram": lambda ax: score_histogram(SCORES, LABELS, threshold=0.5, ax=ax),
    "training_curve": lambda ax: training_curve(
        {"training": [3, 2, 1.0], "validation": [3, 2.5, 2]}, log=True, ax=ax
    ),
    "v_curve": lambda ax: v_curve(
        STEPS, {"one": STEPS + 1e-16 / STEPS, "two": STEPS**2 + 1e-16 / STEPS}, ax=ax
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_curve_uses_only_the_palette(name: str) -> None:
    assert foreign_colors(FIGURES[name](None)) == set()


@pytest.mark.parametrize("name", FIGURES)
def test_a_curve_is_the_same_bytes_twice(name: str) -> None:
    assert svg(FIGURES[name](None)) == svg(FIGURES[name](None))


@pytest.mark.parametrize("name", FIGURES)
def test_a_curve_has_no_title_no_legend_and_named_axes(name: str) -> None:
    (ax,) = FIGURES[name](None).axes
    assert ax.get_title() == ""
    assert ax.get_legend() is None
    assert ax.get_xlabel() != ""
    assert ax.get_ylabel() != ""


@pytest.mark.parametrize("name", FIGURES)
def test_a_curve_is_drawn_into_the_axes_given(name: str) -> None:
    figure, (left, right) = subplots(1, 2)
    assert FIGURES[name](right) is figure
    assert right.has_data()
    assert not left.has_data()


def test_functions_are_drawn_as_they_are_and_named() -> None:
    figure = function_curve(
        {"square": np.square}, (0, 2), xlabel="x", ylabel="y", points=5
    )
    (line,) = figure.axes[0].lines
    assert np.array_equal(
        np.column_stack([line.get_xdata(), line.get_ydata()])[:, 1],
        [0, 0.25, 1, 2.25, 4],
    )
    assert texts(figure) == ["square"]


def test_a_function_has_a_gap_where_it_is_not_finite() -> None:
    def reciprocal(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            return 1 / x

    figure = function_curve(
        {"1/x": reciprocal}, (-1, 1), xlabel="x", ylabel="y", points=3
    )
    assert np.isnan(
        np.asarray(figure.axes[0].lines[0].get_ydata(), float)
    ).tolist() == [False, True, False]


def test_curves_differ_in_their_dashes_also_where_colors_are_given() -> None:
    lines = FIGURES["function_curve"](None).axes[0].lines
    assert [line.get_color() for line in lines] == [ACTIVATION, GRADIENT]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()


def test_the_numbers_on_the_contours_are_the_contours_own() -> None:
    figure = cost_surface(bowl, (-1, 1), (-1, 1), levels=6)
    on_lines = {float(text) for text in texts(figure)}
    at = set(figure.axes[0].collections[-1].levels)  # type: ignore[attr-defined]
    assert on_lines
    assert on_lines <= at


def test_contours_stand_where_they_are_asked_for() -> None:
    figure = cost_surface(bowl, (-1, 1), (-1, 1), levels=[1, 2, 3])
    assert list(figure.axes[0].collections[-1].levels) == [1, 2, 3]  # type: ignore[attr-defined]


def test_a_descent_goes_from_an_open_mark_to_a_full_one() -> None:
    steps, start, end = FIGURES["cost_surface"](None).axes[0].lines
    assert np.array_equal(
        np.column_stack([steps.get_xdata(), steps.get_ydata()]), [(0.9, 0.9), (0.1, 0)]
    )
    assert start.get_markerfacecolor() != start.get_markeredgecolor()
    assert end.get_markerfacecolor() == end.get_markeredgecolor()
    assert [float(np.asarray(mark.get_xdata())[0]) for mark in (start, end)] == [
        0.9,
        0.1,
    ]


def test_precision_and_recall_are_those_of_the_metrics_at_every_threshold() -> None:
    by_name = threshold_curve(SCORES, LABELS).axes[0].lines
    for line, metric in zip(by_name, (precision, recall), strict=True):
        for theta, value in zip(
            np.asarray(line.get_xdata()), np.asarray(line.get_ydata()), strict=True
        ):
            assert value == pytest.approx(
                metric(LABELS, (theta <= SCORES).astype(int)), abs=1e-12
            )


def test_a_threshold_is_marked_at_the_values_that_it_has() -> None:
    lines = threshold_curve(SCORES, LABELS, threshold=0.5).axes[0].lines
    marks = [
        float(np.asarray(line.get_ydata())[0])
        for line in lines
        if line.get_marker() == "o"
    ]
    called = (SCORES >= 0.5).astype(int)
    assert marks == pytest.approx(
        [precision(LABELS, called), recall(LABELS, called)], abs=1e-12
    )


def test_between_two_scores_the_curve_has_the_value_of_the_higher_one() -> None:
    assert {
        line.get_drawstyle() for line in threshold_curve(SCORES, LABELS).axes[0].lines
    } == {"steps-pre"}


def test_the_four_counts_of_a_threshold_are_written() -> None:
    written = texts(score_histogram(SCORES, LABELS, threshold=0.5))
    assert {
        "1 false negative",
        "3 true positives",
        "3 true negatives",
        "1 false positive",
    } <= set(written)


def test_positives_rise_and_negatives_hang_and_all_are_counted() -> None:
    bars = [bar.get_height() for bar in score_histogram(SCORES, LABELS).axes[0].patches]  # type: ignore[attr-defined]
    assert sum(height for height in bars if height > 0) == 2 * LABELS.sum(), (
        "each bar is a face and an outline"
    )
    assert -sum(height for height in bars if height < 0) == 2 * (1 - LABELS).sum()


def test_scores_outside_zero_and_one_are_counted_over_their_own_range() -> None:
    figure = score_histogram(10 * SCORES - 5, LABELS, xlabel="score")
    assert figure.axes[0].get_xlim() == pytest.approx((-4.5, 4.5))


def test_epochs_are_counted_from_one() -> None:
    (line,) = training_curve({"training": [0.9, 0.5]}).axes[0].lines
    assert list(np.asarray(line.get_xdata())) == [1, 2]


def test_the_best_step_of_each_difference_is_marked() -> None:
    figure = v_curve(
        STEPS, {"one": STEPS + 1e-16 / STEPS, "two": STEPS**2 + 1e-16 / STEPS}
    )
    marks = [
        float(np.asarray(line.get_xdata())[0])
        for line in figure.axes[0].lines
        if line.get_marker() == "o"
    ]
    assert marks == pytest.approx([1e-8, 1e-6])
    assert [text for text in texts(figure) if text.startswith("best")] == [
        r"best $h \approx$ 1×10$^{\mathdefault{-8}}$",
        r"best $h \approx$ 1×10$^{\mathdefault{-6}}$",
    ]


def test_errors_of_zero_are_left_out_of_the_logarithmic_axis() -> None:
    figure = v_curve([1e-3, 1e-2, 1e-1], {"difference": [0.0, 1e-4, 1e-2]})
    assert list(np.asarray(figure.axes[0].lines[0].get_xdata())) == [1e-2, 1e-1]


def drawn(functions: Any, interval: Any, **settings: Any) -> Figure:
    return function_curve(functions, interval, xlabel="x", ylabel="y", **settings)


ERRORS: dict[str, tuple[Callable[[], Figure], type[Exception], str]] = {
    "none": (
        lambda: drawn({}, (0, 1)),
        ValueError,
        "functions: expected at least one, got none",
    ),
    "interval": (
        lambda: drawn({"f": np.sin}, (1, 0)),
        ValueError,
        r"function_curve: interval: expected two increasing numbers, got \(1, 0\)",
    ),
    "shape": (
        lambda: drawn({"f": np.sum}, (0, 1)),
        ValueError,
        r"function_curve: f: expected one value for each of 401 points, got shape \(\)",
    ),
    "nowhere": (
        lambda: drawn({"f": lambda x: x * np.nan}, (0, 1)),
        ValueError,
        "function_curve: f: expected a finite value somewhere, got none",
    ),
    "colors": (
        lambda: drawn({"f": np.sin}, (0, 1), colors=["red"]),
        ValueError,
        r"function_curve: colors: expected 1 of dlbook\.plot\.PALETTE, got \['red'\]",
    ),
    "range": (
        lambda: cost_surface(bowl, (0, 0), (0, 1)),
        ValueError,
        "cost_surface: x_range: expected two increasing",
    ),
    "flat": (
        lambda: cost_surface(lambda w, b: 0 * w, (0, 1), (0, 1)),
        ValueError,
        "cost_surface: f: expected costs that differ, got 0.0 everywhere",
    ),
    "costs": (
        lambda: cost_surface(lambda w, b: w[:1], (0, 1), (0, 1)),
        ValueError,
        r"cost_surface: f: expected costs of shape \(121, 121\), got \(1, 121\)",
    ),
    "path": (
        lambda: cost_surface(bowl, (0, 1), (0, 1), path=[[1, 2, 3]]),
        ValueError,
        r"cost_surface: path: expected shape \(steps, 2\), got \(1, 3\)",
    ),
    "levels": (
        lambda: cost_surface(bowl, (0, 1), (0, 1), levels=[2, 1]),
        ValueError,
        r"cost_surface: levels: expected increasing values, got \[2, 1\]",
    ),
    "no levels": (
        lambda: cost_surface(bowl, (0, 1), (0, 1), levels=0),
        ValueError,
        "cost_surface: levels: expected a positive number, got 0",
    ),
    "lengths": (
        lambda: threshold_curve([0.1, 0.2], [1]),
        ValueError,
        "threshold_curve: labels: expected 2 of them, one per score, got 1",
    ),
    "label": (
        lambda: score_histogram([0.1, 0.2], [0, 2]),
        ValueError,
        "score_histogram: labels: expected only 0 and 1, got 2",
    ),
    "one class": (
        lambda: threshold_curve([0.1, 0.2], [1, 1]),
        ValueError,
        "threshold_curve: labels: expected both classes, got only 1",
    ),
    "score": (
        lambda: threshold_curve([0.1, np.nan], [0, 1]),
        ValueError,
        "threshold_curve: scores: expected finite numbers, got 1 that are not",
    ),
    "bins": (
        lambda: score_histogram(SCORES, LABELS, bins=0),
        ValueError,
        "bins: expected a positive number, got 0",
    ),
    "no curve": (
        lambda: training_curve({}),
        ValueError,
        "training_curve: curves: expected at least one, got none",
    ),
    "log": (
        lambda: training_curve({"loss": [1, 0]}, log=True),
        ValueError,
        "training_curve: loss: expected positive values for log, got 0",
    ),
    "diverged": (
        lambda: training_curve({"loss": [1, np.inf]}),
        ValueError,
        "training_curve: loss: expected finite numbers, got 1 that are not",
    ),
    "step": (
        lambda: v_curve([0.0], {"e": [1.0]}),
        ValueError,
        r"v_curve: steps: expected positive steps, got 0\.0",
    ),
    "no error": (
        lambda: v_curve([1.0], {}),
        ValueError,
        "v_curve: errors: expected at least one curve, got none",
    ),
    "errors": (
        lambda: v_curve([1.0], {"e": [1.0, 2.0]}),
        ValueError,
        "v_curve: e: expected 1 errors, one per step, got 2",
    ),
    "negative": (
        lambda: v_curve([1.0], {"e": [-1.0]}),
        ValueError,
        "v_curve: e: expected errors of at least 0",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_wrong_argument_is_refused_with_its_name_and_what_came(case: str) -> None:
    draw, error, message = ERRORS[case]
    with pytest.raises(error, match=message):
        draw()
