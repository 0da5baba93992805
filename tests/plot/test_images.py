from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from dlbook.data import load_digits
from dlbook.plot import (
    DATA,
    INK,
    PARAMETER,
    digit_panel,
    image_grid,
    show_image,
    show_matrix,
    show_vector,
    subplots,
    svg,
    weight_image,
)
from tests.plot.drawing import foreign_colors, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

DIGIT = load_digits().images[0]
WEIGHTS = np.array([[0.5, -1.0], [0.0, 0.05]])

FIGURES: dict[str, Callable[[], Figure]] = {
    "show_image": lambda: show_image(DIGIT, vmax=16),
    "show_matrix": lambda: show_matrix(WEIGHTS, fmt=".2f"),
    "show_vector": lambda: show_vector(DIGIT.ravel(), row=8, vmax=16),
    "digit_panel": lambda: digit_panel(DIGIT, vmax=16),
    "image_grid": lambda: image_grid(
        load_digits().images[:10], list(range(10)), columns=4, vmax=16
    ),
    "weight_image": lambda: weight_image(WEIGHTS),
}


def opacity_at(figure: Figure, x: float, y: float, color: str, ax: int = 0) -> float:
    """How much of the ground the shapes of one color cover at a point."""
    through = 1.0
    for patch in figure.axes[ax].patches:
        face: Any = patch.get_facecolor()
        if (
            isinstance(patch, PathPatch)
            and to_hex(face).upper() == color
            and face[3] > 0
        ):
            inside = any(loop.contains_point((x, y)) for loop in loops(patch))
            through *= 1 - face[3] * inside
    return 1 - through


def loops(patch: PathPatch) -> list[Any]:
    path = patch.get_path()
    return [type(path)(corners) for corners in path.to_polygons()]


@pytest.mark.parametrize("name", FIGURES)
def test_an_image_uses_only_the_palette(name: str) -> None:
    assert foreign_colors(FIGURES[name]()) == set()


@pytest.mark.parametrize("name", FIGURES)
def test_an_image_is_the_same_bytes_twice(name: str) -> None:
    assert svg(FIGURES[name]()) == svg(FIGURES[name]())


@pytest.mark.parametrize("name", FIGURES)
def test_an_image_is_drawn_as_shapes_and_not_as_pixels(name: str) -> None:
    assert "<image" not in svg(FIGURES[name]())


def test_cells_are_drawn_with_crisp_edges_and_each_shape_has_an_id_of_its_own() -> None:
    drawing = svg(digit_panel(DIGIT, vmax=16))
    crisp = re.findall(r'<g shape-rendering="crispEdges" id="(crisp-[^"]*)">', drawing)
    assert len(crisp) == 3 * len(np.unique(DIGIT[DIGIT > 0]))
    ids = re.findall(r'id="([^"]*)"', drawing)
    assert len(ids) == len(set(ids))


def test_each_pixel_is_as_opaque_as_its_ink() -> None:
    figure = show_image(DIGIT, vmax=16)
    for (i, j), ink in np.ndenumerate(DIGIT[0]):
        assert opacity_at(figure, j + 0.5, i + 0.5, INK) == pytest.approx(
            ink / 16, abs=1e-12
        )


def test_many_different_strengths_are_drawn_in_levels_of_one_part_in_thirty_two(
    rng: np.random.Generator,
) -> None:
    ink = rng.random((9, 9))
    figure = show_image(ink, vmax=1)
    for (i, j), strength in np.ndenumerate(ink):
        assert (
            0 <= opacity_at(figure, j + 0.5, i + 0.5, INK) - strength < 1 / 32 + 1e-12
        )


def test_row_zero_is_on_top() -> None:
    ax = show_image([[1.0, 0.0], [0.0, 0.0]]).axes[0]
    bottom, top = ax.get_ylim()
    assert (bottom, top) == (2, 0)


def test_an_image_with_its_channel_axis_is_the_same_image() -> None:
    assert svg(show_image(DIGIT)) == svg(show_image(DIGIT[0]))


def test_a_blank_image_is_drawn_blank() -> None:
    figure = show_image(np.zeros((2, 2)))
    assert opacity_at(figure, 0.5, 0.5, INK) == 0


def test_a_matrix_shows_each_number() -> None:
    assert texts(show_matrix([[1, 2, 3], [4, 5, -6]])) == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "−6",
    ]


def test_a_matrix_is_shaded_by_size_whatever_the_sign() -> None:
    figure = show_matrix([[1.0, -1.0, 0.5]])
    left, middle, right = (opacity_at(figure, x, 0.5, INK) for x in (0.5, 1.5, 2.5))
    assert left == middle == pytest.approx(2 * right, abs=1e-12)
    assert left > 0


def test_a_vector_marks_the_rows_that_it_was_unrolled_from() -> None:
    figure = show_vector(DIGIT.ravel(), row=8)
    assert texts(figure) == [f"row {k}" for k in range(8)]
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [
        *(str(8 * k) for k in range(8)),
        "63",
    ]


def test_a_digit_panel_shows_the_same_pixel_in_image_and_vector() -> None:
    figure = digit_panel(DIGIT, vmax=16)
    for i, j in ((0, 3), (3, 2), (7, 5)):
        in_image = opacity_at(figure, j + 0.5, i + 0.5, INK)
        in_vector = opacity_at(figure, 8 * i + j + 0.5, 0.5, INK, ax=2)
        assert in_image == in_vector == pytest.approx(DIGIT[0, i, j] / 16, abs=1e-12)


def test_a_digit_panel_writes_its_matrix() -> None:
    figure = digit_panel(DIGIT)
    assert [text.get_text() for text in figure.axes[1].texts] == [
        str(ink) for ink in DIGIT.ravel()
    ]


def test_a_grid_has_one_axes_and_one_caption_per_image() -> None:
    figure = image_grid(
        load_digits().images[:10], [f"no. {k}" for k in range(10)], columns=4
    )
    assert [ax.get_xlabel() for ax in figure.axes] == [f"no. {k}" for k in range(10)]


def test_a_grid_draws_all_images_on_one_scale() -> None:
    figure = image_grid(np.array([[[2.0]], [[1.0]]]))
    assert opacity_at(figure, 0.5, 0.5, INK, ax=0) == 1
    assert opacity_at(figure, 0.5, 0.5, INK, ax=1) == pytest.approx(0.5)


def test_positive_weights_are_vermillion_and_negative_ones_blue_in_proportion() -> None:
    figure = weight_image(WEIGHTS)
    assert opacity_at(figure, 0.5, 0.5, PARAMETER) == pytest.approx(0.45)
    assert opacity_at(figure, 0.5, 0.5, DATA) == 0
    assert opacity_at(figure, 1.5, 0.5, DATA) == pytest.approx(0.9)
    assert opacity_at(figure, 1.5, 0.5, PARAMETER) == 0


def test_signs_are_drawn_in_the_cells_and_not_in_those_near_zero() -> None:
    (signs,) = [
        patch
        for patch in weight_image(WEIGHTS).axes[0].patches
        if isinstance(patch, PathPatch) and to_hex(patch.get_edgecolor()).upper() == INK
    ]
    strokes = {
        tuple(np.floor(np.asarray(points)[0]).astype(int))
        for points in signs.get_path().to_polygons(closed_only=False)
    }
    assert strokes == {(0, 0), (1, 0)}
    assert len(signs.get_path().to_polygons(closed_only=False)) == 3, (
        "two for the plus, one for the minus"
    )


def test_flat_weights_take_the_shape_given() -> None:
    assert svg(weight_image(WEIGHTS.ravel(), shape=(2, 2))) == svg(
        weight_image(WEIGHTS)
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: show_image(DIGIT, ax=ax),
        lambda ax: show_matrix(WEIGHTS, ax=ax),
        lambda ax: show_vector([1, 2], ax=ax),
        lambda ax: weight_image(WEIGHTS, ax=ax),
    ],
)
def test_a_function_draws_into_the_axes_given_and_returns_their_figure(
    draw: Callable[[Any], Figure],
) -> None:
    figure, (left, right) = subplots(1, 2)
    assert draw(right) is figure
    assert len(right.patches) > 0
    assert len(left.patches) == 0


ERRORS: dict[str, tuple[Callable[[], Figure], type[Exception], str]] = {
    "words": (
        lambda: show_image([["a"]]),
        TypeError,
        "show_image: image: expected an array of numbers, got list",
    ),
    "axes": (
        lambda: show_image([1, 2]),
        ValueError,
        r"show_image: image: expected shape \(h, w\) or .*, got \(2,\)",
    ),
    "channels": (
        lambda: show_image(np.ones((3, 2, 2))),
        ValueError,
        r"show_image: image: expected shape .*\(3, 2, 2\)",
    ),
    "negative": (
        lambda: show_image([[-1.0]]),
        ValueError,
        "show_image: image: expected ink of at least 0, got -1.0",
    ),
    "nan": (
        lambda: show_image([[np.nan]]),
        ValueError,
        "show_image: image: expected finite numbers, got 1 that are not",
    ),
    "empty": (
        lambda: show_image(np.ones((0, 2))),
        ValueError,
        "show_image: image: expected at least one element",
    ),
    "vmax": (
        lambda: show_image([[9.0]], vmax=8),
        ValueError,
        "vmax: expected a positive number of at least 9, got 8",
    ),
    "matrix": (
        lambda: show_matrix([1, 2]),
        ValueError,
        r"show_matrix: matrix: expected an array with 2 axes, got .*\(2,\)",
    ),
    "vector": (
        lambda: show_vector([[1]]),
        ValueError,
        "show_vector: vector: expected an array with 1 axis, got",
    ),
    "row": (
        lambda: show_vector([1, 2, 3], row=2),
        ValueError,
        "show_vector: row: expected a length that divides 3, got 2",
    ),
    "panel": (
        lambda: digit_panel([1.0]),
        ValueError,
        r"digit_panel: image: expected shape \(h, w\)",
    ),
    "grid": (
        lambda: image_grid([[1]]),
        ValueError,
        r"image_grid: images: expected shape \(n, h, w\)",
    ),
    "grid ink": (
        lambda: image_grid([[[-1]]]),
        ValueError,
        "image_grid: images: expected ink of at least 0, got -1",
    ),
    "captions": (
        lambda: image_grid([[[1]]], []),
        ValueError,
        "captions: expected 1 of them, one per image, got 0",
    ),
    "columns": (
        lambda: image_grid([[[1]]], columns=0),
        ValueError,
        "columns: expected a positive number, got 0",
    ),
    "weights": (
        lambda: weight_image([1.0]),
        ValueError,
        r"weight_image: w: expected shape \(h, w\), or one axis",
    ),
    "shape": (
        lambda: weight_image([1.0], shape=(2, 2)),
        ValueError,
        r"w: expected 2·2 weights, got shape \(1,\)",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_wrong_image_is_refused_with_its_name_and_what_came(case: str) -> None:
    draw, error, message = ERRORS[case]
    with pytest.raises(error, match=message):
        draw()


def test_axes_of_another_figure_are_refused() -> None:
    import matplotlib.figure

    ax = matplotlib.figure.Figure().add_subplot()
    with pytest.raises(
        TypeError, match=r"show_image: ax: expected axes made by dlbook\.plot\.subplots"
    ):
        show_image(DIGIT, ax=ax)
