"""What a classifier's scores look like for the two classes, and what a threshold makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from dlbook.plot import checks
from dlbook.plot.notation import number
from dlbook.plot.palette import INK, MUTED, ORANGE, SKY
from dlbook.plot.style import SIZE, canvas, label_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


def threshold_curve(
    scores: ArrayLike,
    labels: ArrayLike,
    *,
    threshold: float | None = None,
    xlabel: str = "threshold",
    ax: Axes | None = None,
) -> Figure:
    r"""Draw precision and recall against the threshold from which an example is called positive.

    With $\hat y = [s \ge \theta]$ the precision is the share of true positives among the called ones, the
    recall their share among the positive ones. Above the largest score nothing is called positive, and the
    precision does not exist.

    Args:
        scores: One score per example, `(n,)`; larger means more likely positive.
        labels: 1 for positive, 0 for negative, `(n,)`; both must occur.
        threshold: One threshold to mark, with its two values.
        xlabel: The threshold's name, with its unit.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If scores or labels are not numbers.
        ValueError: If the lengths differ, a score is not finite, a label is neither 0 nor 1, or a class is missing.

    Examples:
        >>> figure = threshold_curve([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1])
    """
    s, y = _checked("threshold_curve", scores, labels)
    theta = np.unique(s)
    positives = np.sort(s[y])
    called = len(s) - np.searchsorted(np.sort(s), theta)
    right = len(positives) - np.searchsorted(positives, theta)
    figure, ax = canvas("threshold_curve", ax)
    curves = (
        ("precision", right / called, INK, "-"),
        ("recall", right / len(positives), ORANGE, "--"),
    )
    span = (theta[-1] - theta[0]) or 1.0
    for name, values, color, dashes in curves:
        # between two scores every threshold calls what the higher of them calls
        (line,) = ax.step(theta, values, where="pre", color=color, linestyle=dashes)
        if threshold is not None and theta[0] <= threshold <= theta[-1]:
            value = values[np.searchsorted(theta, threshold)]
            ax.plot(
                threshold,
                value,
                color=color,
                linestyle="none",
                marker="o",
                markersize=5,
            )
        label_line(ax, line, name)
    if threshold is not None:
        _mark(ax, threshold, "bottom")
    ax.set(
        xlim=(theta[0] - 0.01 * span, theta[-1]),
        ylim=(0, 1.03),
        xlabel=xlabel,
        ylabel="share",
    )
    return figure


def score_histogram(
    scores: ArrayLike,
    labels: ArrayLike,
    *,
    threshold: float | None = None,
    names: tuple[str, str] = ("negative", "positive"),
    bins: int = 20,
    xlabel: str = "predicted probability",
    ax: Axes | None = None,
) -> Figure:
    """Draw how the scores of both classes are spread: positive examples upwards, negative ones downwards.

    Args:
        scores: One score per example, `(n,)`; larger means more likely positive.
        labels: 1 for positive, 0 for negative, `(n,)`; both must occur.
        threshold: From which score on an example is called positive; the four counts that follow are written.
        names: The names of the negative and the positive class.
        bins: The number of bars; probabilities are counted from 0 to 1, other scores over their range.
        xlabel: What the score is, with its unit.
        ax: Axes to draw into, from `subplots`; by default those of a new figure.

    Returns:
        The figure.

    Raises:
        TypeError: If scores or labels are not numbers.
        ValueError: If the lengths differ, a score is not finite, a label is neither 0 nor 1, a class is
            missing, or `bins` is not positive.

    Examples:
        >>> figure = score_histogram([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], threshold=0.5)
    """
    s, y = _checked("score_histogram", scores, labels)
    if bins < 1:
        raise ValueError(
            f"score_histogram: bins: expected a positive number, got {bins}"
        )
    low, high = (
        (0.0, 1.0)
        if s.min() >= 0 and s.max() <= 1
        else (float(s.min()), float(s.max()))
    )
    edges = np.histogram_bin_edges(s, bins, (low, high))
    counts = [np.histogram(s[y == side], edges)[0] for side in (False, True)]
    largest = max(count.max() for count in counts)
    below, above = (1.3 * max(int(count.max()), 0.4 * largest) for count in counts)
    figure, ax = canvas("score_histogram", ax)
    width = np.diff(edges)
    for count, sign, color, hatch in (
        (counts[1], 1, SKY, ""),
        (counts[0], -1, ORANGE, "////"),
    ):
        ax.bar(
            edges[:-1],
            sign * count,
            width,
            align="edge",
            facecolor=color,
            edgecolor="none",
            alpha=0.35,
        )
        ax.bar(
            edges[:-1],
            sign * count,
            width,
            align="edge",
            facecolor="none",
            edgecolor=color,
            linewidth=1.0,
            hatch=hatch,
        )
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.set(
        xlim=(edges[0], edges[-1]),
        ylim=(-below, above),
        xlabel=xlabel,
        ylabel="examples",
    )
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))
    for height, name, n in (
        (above, names[1], int(y.sum())),
        (-below, names[0], int((~y).sum())),
    ):
        label_line(ax, (edges[-1], 0.5 * height), f"{name}\n({n})", dx=6)
    if threshold is not None:
        _mark(ax, threshold, "top")
        called = s >= threshold
        for verdict, side, x, ha, dx in (
            ("negative", ~called, low, "left", 6),
            ("positive", called, high, "right", -6),
        ):
            for truth, height in ((y, above), (~y, -below)):
                right = (verdict == "positive") == (truth is y)
                n = int((side & truth).sum())
                text = f"{n} {'true' if right else 'false'} {verdict}{'s' * (n != 1)}"
                label_line(ax, (x, 0.9 * height), text, dx=dx, ha=ha)
    return figure


def _mark(ax: Axes, threshold: float, end: str) -> None:
    ax.axvline(threshold, color=INK, linestyle=(0, (2, 2)), linewidth=1.0)
    y = 1.0 if end == "top" else 0.0
    ax.annotate(
        f"threshold {number(threshold)}",
        (threshold, y),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3) if end == "top" else (5, 6),
        textcoords="offset points",
        ha="center" if end == "top" else "left",
        va="bottom",
        size=SIZE - 1,
    )


def _checked(
    where: str, scores: ArrayLike, labels: ArrayLike
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    s = checks.numbers(f"{where}: scores", scores, 1)
    y = checks.numbers(f"{where}: labels", labels, 1)
    if s.shape != y.shape:
        raise ValueError(
            f"{where}: labels: expected {len(s)} of them, one per score, got {len(y)}"
        )
    if not np.isin(y, (0, 1)).all():
        raise ValueError(
            f"{where}: labels: expected only 0 and 1, got {np.setdiff1d(y, (0, 1))[0]}"
        )
    y = y.astype(bool)
    if y.all() or not y.any():
        raise ValueError(
            f"{where}: labels: expected both classes, got only {int(y[0])}"
        )
    return s, y
