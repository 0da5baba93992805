"""Images, matrices and vectors, each number a cell.

Ink is drawn in the color of the page's text, as strong as the number says, on the bare page: a digit looks
written by the same pen as the words around it, on light paper and on dark. Everything is drawn as shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from dlbook.plot import checks
from dlbook.plot.cells import frame, shade
from dlbook.plot.notation import number
from dlbook.plot.palette import DATA, INK, PARAMETER
from dlbook.plot.style import SIZE, TEXT_WIDTH, canvas, subplots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

_SHADE = (
    0.45  # of a matrix's largest number: pale, so that every number can be read on it
)


def show_image(
    image: ArrayLike, *, vmax: float | None = None, ax: Axes | None = None
) -> Figure:
    """Draw one image.

    Args:
        image: Ink per pixel, at least 0, of shape `(h, w)` or `(1, h, w)`; row 0 is the top one.
        vmax: The number that is full ink; by default the image's largest.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If the image is not an array of numbers.
        ValueError: If its shape is another, a number is negative or not finite, or `vmax` is too small.

    Examples:
        >>> figure = show_image([[0, 16], [8, 0]], vmax=16)
    """
    ink = checks.image("show_image: image", image)
    strength = ink / checks.full_scale("show_image: vmax", vmax, ink)
    figure, ax = canvas(
        "show_image", ax, width=2.4, height=2.4 * ink.shape[0] / ink.shape[1]
    )
    shade(ax, strength, INK)
    frame(ax, ink.shape)
    return figure


def show_matrix(
    matrix: ArrayLike,
    *,
    vmax: float | None = None,
    fmt: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Write a matrix as a table of its numbers, each cell shaded by the number's size.

    Args:
        matrix: Numbers of shape `(n, k)`.
        vmax: The size that is shaded in full; by default the largest.
        fmt: How to write a number, such as `".2f"`; by default in at most three significant digits.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If the matrix is not an array of numbers.
        ValueError: If it does not have two axes, a number is not finite, or `vmax` is too small.

    Examples:
        >>> figure = show_matrix([[1.0, 0.5], [0.25, -1.0]], fmt=".2f")
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['1.00', '0.50', '0.25', '−1.00']
    """
    array = checks.numbers("show_matrix: matrix", matrix, 2)
    strength = np.abs(array.astype(float)) / checks.full_scale(
        "show_matrix: vmax", vmax, array
    )
    rows, columns = array.shape
    written = [[_written(value, fmt) for value in row] for row in array]
    cell = max(0.3, 0.11 * max(len(text) for row in written for text in row))
    figure, ax = canvas(
        "show_matrix",
        ax,
        width=min(TEXT_WIDTH, cell * columns + 0.3),
        height=0.3 * rows + 0.3,
    )
    shade(ax, _SHADE * strength, INK)
    for i, row in enumerate(written):
        for j, text in enumerate(row):
            ax.text(
                j + 0.5, i + 0.5, text, size=SIZE - 1, ha="center", va="center_baseline"
            )
    frame(ax, (rows, columns), square=cell == 0.3)
    return figure


def show_vector(
    vector: ArrayLike,
    *,
    row: int | None = None,
    vmax: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw a vector as a strip of shaded cells, numbered from 0.

    Args:
        vector: Numbers of shape `(d,)`.
        row: The length of the image rows that the vector was unrolled from; each is marked with its number.
        vmax: The size that is shaded in full; by default the largest.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If the vector is not an array of numbers.
        ValueError: If it does not have one axis, a number is not finite, `row` does not divide its length, or
            `vmax` is too small.

    Examples:
        >>> figure = show_vector([0, 16, 8, 0], row=2, vmax=16)
    """
    array = checks.numbers("show_vector: vector", vector, 1)
    strength = np.abs(array.astype(float)) / checks.full_scale(
        "show_vector: vmax", vmax, array
    )
    n = len(array)
    if row is not None and (row < 1 or n % row):
        raise ValueError(
            f"show_vector: row: expected a length that divides {n}, got {row}"
        )
    figure, ax = canvas("show_vector", ax, height=0.95)
    shade(ax, strength[None], INK)
    frame(ax, (1, n), square=False)
    starts = list(range(0, n, row or max(1, n // 8)))
    if row is not None:
        for k, start in enumerate(starts):
            ax.plot(
                [start + 0.15, start + row - 0.15],
                [-0.14, -0.14],
                color=DATA,
                linestyle="-",
                clip_on=False,
            )
            text = f"row {k}" if row * TEXT_WIDTH / n > 0.5 else str(k)
            ax.text(
                start + row / 2,
                -0.24,
                text,
                color=DATA,
                size=SIZE - 1,
                ha="center",
                va="bottom",
            )
            if start:
                ax.plot(
                    [start, start], [0, 1], color=DATA, linestyle="-", linewidth=1.0
                )
    ticks = sorted(
        {*starts, n - 1} - ({starts[-1]} if 0 < n - 1 - starts[-1] < 3 else set())
    )
    ax.set_xticks([k + 0.5 for k in ticks], [str(k) for k in ticks])
    ax.tick_params(bottom=True, labelbottom=True, length=3)
    return figure


def digit_panel(image: ArrayLike, *, vmax: float | None = None) -> Figure:
    """Show the three faces of an image: as it looks, as a matrix of numbers, as one long vector.

    Args:
        image: Ink per pixel, at least 0, of shape `(h, w)` or `(1, h, w)`.
        vmax: The number that is full ink; by default the image's largest.

    Returns:
        The figure, with the image and the matrix above and the vector below.

    Raises:
        TypeError: If the image is not an array of numbers.
        ValueError: If its shape is another, a number is negative or not finite, or `vmax` is too small.

    Examples:
        >>> figure = digit_panel([[0, 16], [8, 0]], vmax=16)
        >>> len(figure.axes)
        3
    """
    ink = checks.image("digit_panel: image", image)
    full = checks.full_scale("digit_panel: vmax", vmax, ink)
    h, w = ink.shape
    side = 3.4 * min(h / w, 2)
    figure, axes = subplots(2, 2, height=side + 1.25, height_ratios=[side, 0.85])
    below = axes[1, 0].get_gridspec()[1, :]
    for ax in axes[1]:
        ax.remove()
    left, right = axes[0]
    bottom = figure.add_subplot(below)
    show_image(ink, vmax=full, ax=left)
    show_matrix(ink, vmax=full, ax=right)
    show_vector(ink.ravel(), row=w, vmax=full, ax=bottom)
    for ax, text in (
        (left, "the image"),
        (right, f"its matrix, {h} × {w}"),
        (bottom, f"its vector of {h * w} features"),
    ):
        ax.set_xlabel(text)
    return figure


def image_grid(
    images: ArrayLike,
    captions: Sequence[Any] | None = None,
    *,
    columns: int = 8,
    vmax: float | None = None,
) -> Figure:
    """Draw many images, each with its caption below.

    Args:
        images: Ink per pixel, at least 0, of shape `(n, h, w)` or `(n, 1, h, w)`.
        captions: One for each image: a text or a label.
        columns: The number of images side by side.
        vmax: The number that is full ink; by default the largest of all images.

    Returns:
        The figure.

    Raises:
        TypeError: If the images are not an array of numbers.
        ValueError: If the shape is another, the captions are not as many as the images, `columns` is not
            positive, a number is negative or not finite, or `vmax` is too small.

    Examples:
        >>> figure = image_grid(np.eye(3)[None].repeat(4, axis=0), ["a", "b", "c", "d"], columns=2)
        >>> len(figure.axes)
        4
    """
    array = checks.numbers("image_grid: images", images)
    if array.ndim == 4 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 3:
        raise ValueError(
            f"image_grid: images: expected shape (n, h, w) or (n, 1, h, w), got {array.shape}"
        )
    if array.min() < 0:
        raise ValueError(
            f"image_grid: images: expected ink of at least 0, got {array.min()}"
        )
    if columns < 1:
        raise ValueError(
            f"image_grid: columns: expected a positive number, got {columns}"
        )
    if captions is not None and len(captions) != len(array):
        raise ValueError(
            f"image_grid: captions: expected {len(array)} of them, one per image, got {len(captions)}"
        )
    full = checks.full_scale("image_grid: vmax", vmax, array)
    columns = min(columns, len(array))
    rows = -(-len(array) // columns)
    width = min(TEXT_WIDTH, 1.5 * columns)
    lines = (
        0
        if captions is None
        else 1 + max(str(caption).count("\n") for caption in captions)
    )
    side = width / columns - 0.1
    height = side * array.shape[1] / array.shape[2] + 0.19 * lines + 0.12
    figure, axes = subplots(rows, columns, width=width, height=rows * height)
    for k, ax in enumerate(np.ravel(axes)):
        if k >= len(array):
            ax.remove()
            continue
        show_image(array[k], vmax=full, ax=ax)
        if captions is not None:
            ax.set_xlabel(str(captions[k]), size=SIZE - 1, labelpad=3)
    return figure


def weight_image(
    w: ArrayLike,
    *,
    shape: tuple[int, int] | None = None,
    vmax: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw weights as an image: positive ones vermillion with a plus, negative ones blue with a minus.

    Args:
        w: Weights of shape `(h, w)`, or `(h * w,)` with `shape` given.
        shape: Height and width of the image whose pixels the weights belong to.
        vmax: The size that is drawn in full; by default the largest. Give one for several images to compare.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure. Weights below a tenth of `vmax` go without a sign.

    Raises:
        TypeError: If the weights are not an array of numbers.
        ValueError: If they do not fill the shape, one is not finite, or `vmax` is too small.

    Examples:
        >>> figure = weight_image([0.5, -1.0, 0.0, 0.25], shape=(2, 2))
    """
    array = checks.numbers("weight_image: w", w)
    if shape is not None:
        if array.size != shape[0] * shape[1]:
            raise ValueError(
                f"weight_image: w: expected {shape[0]}·{shape[1]} weights, got shape {array.shape}"
            )
        array = array.reshape(shape)
    if array.ndim != 2:
        raise ValueError(
            f"weight_image: w: expected shape (h, w), or one axis and a shape, got {array.shape}"
        )
    share = array / checks.full_scale("weight_image: vmax", vmax, array)
    figure, ax = canvas(
        "weight_image", ax, width=2.4, height=2.4 * array.shape[0] / array.shape[1]
    )
    shade(ax, 0.9 * np.maximum(share, 0), PARAMETER)
    shade(ax, 0.9 * np.maximum(-share, 0), DATA)
    frame(ax, array.shape)
    signs = []
    for (i, j), value in np.ndenumerate(share):
        if abs(value) >= 0.1:
            reach = 0.12 + 0.12 * abs(value)
            x, y = j + 0.5, i + 0.5
            signs.append([(x - reach, y), (x + reach, y)])
            if value > 0:
                signs.append([(x, y - reach), (x, y + reach)])
    path = (
        Path.make_compound_path(*[Path(sign) for sign in signs])
        if signs
        else Path(np.zeros((0, 2)))
    )
    ax.add_patch(PathPatch(path, facecolor="none", edgecolor=INK, linewidth=0.8))
    return figure


def _written(value: Any, fmt: str | None) -> str:
    return number(value, 3) if fmt is None else format(value, fmt).replace("-", "−")
