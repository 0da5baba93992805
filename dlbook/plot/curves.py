"""Functions, cost surfaces, training and the error of a numerical gradient: curves named at their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from dlbook.plot import checks
from dlbook.plot.notation import number
from dlbook.plot.palette import ACTIVATION, INK, PALETTE, PAPER, PARAMETER
from dlbook.plot.style import SIZE, canvas, label_ends, label_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


def function_curve(
    functions: Mapping[str, Callable[[NDArray[Any]], ArrayLike]],
    interval: tuple[float, float],
    *,
    xlabel: str,
    ylabel: str,
    colors: Sequence[str] | None = None,
    points: int = 401,
    ax: Axes | None = None,
) -> Figure:
    r"""Draw functions of one variable, each named at its right end.

    Args:
        functions: For each name a function that takes an array; mathematics in a name stands between dollars.
        interval: The ends of the range of the variable.
        xlabel: The variable, with its unit.
        ylabel: The value, with its unit.
        colors: One color of the palette for each function; by default in the palette's order.
        points: At how many places the functions are evaluated.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure. Where a function is not finite its curve has a gap.

    Raises:
        ValueError: If there is no function, the interval is empty, the colors are not as many as the
            functions or not the palette's, or a function does not return one value for each point.

    Examples:
        >>> figure = function_curve({r"$x^2$": np.square}, (-1, 1), xlabel="$x$", ylabel="value")
    """
    where = "function_curve"
    if not functions:
        raise ValueError(f"{where}: functions: expected at least one, got none")
    lo, hi = _interval(f"{where}: interval", interval)
    if colors is not None and (
        len(colors) != len(functions) or not set(colors) <= set(PALETTE)
    ):
        raise ValueError(
            f"{where}: colors: expected {len(functions)} of dlbook.plot.PALETTE, got {colors!r}"
        )
    figure, ax = canvas("function_curve", ax)
    x = np.linspace(lo, hi, points)
    lines = []
    for k, (name, f) in enumerate(functions.items()):
        y = checks.numbers(f"{where}: {name}", f(x), finite=False)
        if y.shape != x.shape:
            raise ValueError(
                f"{where}: {name}: expected one value for each of {points} points, got shape {y.shape}"
            )
        if not np.isfinite(y).any():
            raise ValueError(
                f"{where}: {name}: expected a finite value somewhere, got none"
            )
        (line,) = ax.plot(x, np.where(np.isfinite(y), y, np.nan))
        if colors is not None:
            line.set_color(colors[k])
        lines.append(line)
    ax.set(xlim=(lo, hi), xlabel=xlabel, ylabel=ylabel)
    label_ends(ax, lines, list(functions))
    return figure


def cost_surface(
    f: Callable[[NDArray[Any], NDArray[Any]], ArrayLike],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    path: ArrayLike | None = None,
    levels: int | Sequence[float] = 10,
    points: int = 121,
    xlabel: str = "$w$",
    ylabel: str = "$b$",
    ax: Axes | None = None,
) -> Figure:
    """Draw a function of two parameters by its contours, darker where it is higher, and a descent on it.

    Args:
        f: Takes two arrays of shape `(points, points)` and returns one: the cost at each pair.
        x_range: The ends of the range of the first parameter.
        y_range: The ends of the range of the second parameter.
        path: The steps of a descent, `(steps, 2)`: from the open mark to the full one.
        levels: How many contours, denser near the minimum, or their values in increasing order.
        points: How many values of each parameter.
        xlabel: The first parameter.
        ylabel: The second parameter.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If the costs or the path are not numbers.
        ValueError: If a range is empty, a cost or a step is not finite, the costs are all the same, a shape
            is wrong, or the levels do not increase.

    Examples:
        >>> figure = cost_surface(lambda w, b: w**2 + b**2, (-1, 1), (-1, 1), path=[(0.9, 0.9), (0, 0)])
    """
    where = "cost_surface"
    x_ends, y_ends = (
        _interval(f"{where}: x_range", x_range),
        _interval(f"{where}: y_range", y_range),
    )
    x, y = np.meshgrid(np.linspace(*x_ends, points), np.linspace(*y_ends, points))
    z = checks.numbers(f"{where}: f", f(x, y), 2)
    if z.shape != x.shape:
        raise ValueError(
            f"{where}: f: expected costs of shape {x.shape}, got {z.shape}"
        )
    if z.min() == z.max():
        raise ValueError(
            f"{where}: f: expected costs that differ, got {z.min()} everywhere"
        )
    heights = _heights(levels, float(z.min()), float(z.max()))

    figure, ax = canvas("cost_surface", ax, width=4.4, height=3.6)
    alpha = 0.5 / len(heights)
    for height in heights:  # layer on layer: shapes that only touch would show the seam
        ax.contourf(x, y, z, levels=[height, np.inf], colors=[ACTIVATION], alpha=alpha)
    lines = ax.contour(x, y, z, levels=heights, colors=[ACTIVATION], linewidths=0.8)
    ax.clabel(
        lines,
        heights[1::2],
        fmt=number,
        fontsize=SIZE - 1,
        colors=[INK],
        inline=True,
        inline_spacing=3,
    )
    if path is not None:
        steps = checks.numbers(f"{where}: path", path, 2)
        if steps.shape[1] != 2:
            raise ValueError(
                f"{where}: path: expected shape (steps, 2), got {steps.shape}"
            )
        ax.plot(
            *steps.T,
            color=PARAMETER,
            linestyle="-",
            linewidth=1.4,
            marker="o",
            markersize=2.6,
        )
        ax.plot(
            *steps[0],
            color=PARAMETER,
            linestyle="none",
            marker="o",
            markersize=7,
            markerfacecolor=PAPER,
        )
        ax.plot(*steps[-1], color=PARAMETER, linestyle="none", marker="o", markersize=7)
    ax.set(xlim=x_ends, ylim=y_ends, xlabel=xlabel, ylabel=ylabel)
    return figure


def training_curve(
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss (nats)",
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw what was measured once per epoch, each curve named at its right end.

    Args:
        curves: For each name the values after epoch 1, 2, …, each of shape `(epochs,)`.
        xlabel: What is counted along the axis.
        ylabel: What was measured, with its unit.
        log: Whether the values' axis is logarithmic.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If a curve is not made of numbers.
        ValueError: If there is no curve, one is empty or has a value that is not finite, or `log` is asked
            for and a value is not positive.

    Examples:
        >>> figure = training_curve({"training": [0.9, 0.5, 0.3], "validation": [0.9, 0.6, 0.5]})
    """
    if not curves:
        raise ValueError("training_curve: curves: expected at least one, got none")
    arrays = {
        name: checks.numbers(f"training_curve: {name}", curve, 1)
        for name, curve in curves.items()
    }
    for name, array in arrays.items():
        if log and array.min() <= 0:
            raise ValueError(
                f"training_curve: {name}: expected positive values for log, got {array.min()}"
            )
    figure, ax = canvas("training_curve", ax)
    if log:
        ax.set_yscale("log")
    longest = max(len(array) for array in arrays.values())
    mark = "o" if longest <= 30 else ""
    lines = [
        line
        for array in arrays.values()
        for line in ax.plot(
            np.arange(1, len(array) + 1),
            array,
            marker=mark,
            markersize=3.5,
            clip_on=False,
        )
    ]
    ax.set(xlim=(1 - 0.02 * longest, longest), xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_locator(
        MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10])
    )
    label_ends(ax, lines, list(arrays))
    return figure


def v_curve(
    steps: ArrayLike,
    errors: Mapping[str, ArrayLike],
    *,
    xlabel: str = "step $h$",
    ylabel: str = "relative error",
    ax: Axes | None = None,
) -> Figure:
    r"""Draw the error of a finite difference against its step: truncation on the right, rounding on the left.

    Both axes are logarithmic. An error of order $h^p$ falls along a line of slope $p$ as the step shrinks,
    until rounding, of order $\epsilon / h$, takes over; each curve's best step is marked.

    Args:
        steps: Positive step sizes of shape `(n,)`.
        errors: For each name the errors at these steps, not negative, of shape `(n,)`. Errors of exactly
            zero have no place on the axis and are left out.
        xlabel: The step.
        ylabel: The error.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If steps or errors are not numbers.
        ValueError: If there is no curve, a step is not positive, an error is negative or not finite, or the
            errors are not as many as the steps or all zero.

    Examples:
        >>> h = np.logspace(-12, -1, 12)
        >>> figure = v_curve(h, {"central": h**2 + 1e-16 / h})
    """
    h = checks.numbers("v_curve: steps", steps, 1)
    if h.min() <= 0:
        raise ValueError(f"v_curve: steps: expected positive steps, got {h.min()}")
    if not errors:
        raise ValueError("v_curve: errors: expected at least one curve, got none")
    order = np.argsort(h, kind="stable")
    figure, ax = canvas("v_curve", ax)
    ax.set_xscale("log")
    ax.set_yscale("log")
    lines, bests = [], []
    for name, values in errors.items():
        error = checks.numbers(f"v_curve: {name}", values, 1)
        if error.shape != h.shape:
            raise ValueError(
                f"v_curve: {name}: expected {len(h)} errors, one per step, got {len(error)}"
            )
        if error.min() < 0 or error.max() == 0:
            raise ValueError(
                f"v_curve: {name}: expected errors of at least 0 and not all 0, got {error.min()}"
            )
        seen = order[error[order] > 0]
        (line,) = ax.plot(h[seen], error[seen], marker=".", markersize=5)
        best = seen[np.argmin(error[seen])]
        ax.plot(
            h[best],
            error[best],
            color=line.get_color(),
            linestyle="none",
            marker="o",
            markersize=8,
            fillstyle="none",
        )
        bests.append((float(h[best]), float(error[best]), line))
        lines.append(line)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    low, high = ax.get_ylim()
    floor = low / 10 ** (0.3 + 0.5 * len(bests))  # room for the names of the best steps
    ax.set_ylim(floor, high)
    for k, (x, y, line) in enumerate(sorted(bests, key=lambda best: best[0])):
        ax.plot(
            [x, x],
            [floor, y],
            color=line.get_color(),
            linestyle=(0, (1, 2)),
            linewidth=1.0,
        )
        to_the_left = (
            k < len(bests) // 2
        )  # where no other best step's line is in the way
        text = rf"best $h \approx$ {number(x, 2)}"
        label_line(
            ax,
            (x, floor),
            text,
            dx=-4 if to_the_left else 4,
            dy=8 + 1.3 * SIZE * k,
            ha="right" if to_the_left else "left",
        )
    label_ends(ax, lines, list(errors))
    return figure


def _interval(where: str, ends: Sequence[float]) -> tuple[float, float]:
    if len(ends) != 2 or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise ValueError(f"{where}: expected two increasing numbers, got {ends!r}")
    return float(ends[0]), float(ends[1])


def _heights(levels: int | Sequence[float], low: float, high: float) -> list[float]:
    if isinstance(levels, int):
        if levels < 1:
            raise ValueError(
                f"cost_surface: levels: expected a positive number, got {levels}"
            )
        wanted = [
            low + (high - low) * (k / (levels + 1)) ** 2 for k in range(1, levels + 1)
        ]
        digits = 2 - int(
            np.floor(np.log10(high - low))
        )  # the numbers on the contours are exact
        return sorted(
            {
                round(height, digits)
                for height in wanted
                if low < round(height, digits) < high
            }
        )
    heights = [float(level) for level in levels]
    if not heights or sorted(set(heights)) != heights:
        raise ValueError(
            f"cost_surface: levels: expected increasing values, got {levels!r}"
        )
    return heights
