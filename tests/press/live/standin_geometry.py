"""Plots that are drawn twice: by matplotlib, and, in a process of its own, by what stands in for it.

Run as a program, it prints the measures of all of them as JSON, made by the stand-in.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
STANDINS = ROOT / "dlbook" / "press" / "live" / "standins"

# Ranges of data: small and large, far from zero, of one value, on both sides of zero.
RANGES = [
    (0, 1), (0, 10), (-1, 1), (-6, 6), (0.1, 0.9), (3, 3), (0, 0), (1e-7, 3e-7), (-4e5, 7e5), (99.5, 100.25),
    (-5, -3), (0, 0.033), (12, 1797), (0.95, 1.0), (-0.2, 0.7), (1e6, 5e6), (-1e-3, 2e-3), (0, 64), (1, 1000),
]  # fmt: skip
LOG_RANGES = [(1, 10), (1e-14, 0.3), (0.02, 0.9), (3, 3), (1e-3, 1e3), (2, 5)]
LOG_RANGES += [(1e-12, 1e4), (0.5, 40), (1, 1e9)]

CODES = {
    f"line {low:g} {high:g}": f"ax.plot([0, 1, 2], [{low}, {(low + high) / 2}, {high}])"
    for low, high in RANGES
}
CODES |= {
    f"log {low:g} {high:g}": f'ax.set_yscale("log"); ax.plot([1, 2], [{low}, {high}])'
    for low, high in LOG_RANGES
}
CODES |= {
    "both log": "ax.set(xscale='log', yscale='log'); ax.plot([1, 1e5], [1e-8, 1])",
    "bars": "ax.bar([1, 2, 3], [4, -2, 5])",
    "lying bars": "ax.barh(['a', 'b'], [0.2, 0.7]); ax.set(xlabel='share')",
    "counts": "ax.hist([1, 2, 2, 3, 3, 3, 9], bins=4)",
    "stairs": "ax.stairs([1, 3, 2], [0, 1, 3, 4])",
    "steps": "ax.step([0, 1, 3], [2, 0, 1], where='post')",
    "between": "ax.fill_between([0, 1, 2], [1, 2, 1], [3, 3, 4])",
    "marks": "ax.scatter([1, 2, 3], [10, 30, 20], s=9)",
    "across": "ax.plot([0, 1], [2, 3]); ax.axhline(7); ax.axvline(-1); ax.axvspan(2, 3)",
    "between ends": "ax.hlines([1, 2], 0, [3, 4]); ax.vlines(2, -1, 1)",
    "errors": "ax.errorbar([1, 2], [3, 4], yerr=[0.5, 1.5], xerr=0.25, fmt='o')",
    "patches": "ax.plot([0, 5], [-2, 1]); ax.add_patch(Rectangle((1, 2), 3, 4))",
    "a triangle": "ax.plot(4, 2, 'o'); ax.add_patch(Polygon([(0, 0), (9, 1), (5, 7)]))",
    "a patch alone": "ax.add_patch(Rectangle((1, 2), 3, 4))",
    "gaps": "ax.plot([0, 1, 2, 3], [1, float('nan'), float('inf'), 2])",
    "image": "ax.imshow([[0, 1, 2], [3, 4, 5]], cmap='gray')",
    "cells": "ax.pcolormesh([0, 2, 5], [1, 2, 4], [[1, 2], [3, 4]], cmap='gray')",
    "heights": "ax.contour([0, 1, 2], [0, 2, 4], [[0, 1, 2], [1, 2, 3], [2, 3, 5]], levels=[1, 2], colors='k')",
    "limits": "ax.plot([0, 1], [0, 1]); ax.set(xlim=(-1, 4), ylim=(3, 1))",
    "one limit": "ax.plot([0, 1], [0, 9]); ax.set_ylim(bottom=0)",
    "inverted": "ax.plot([0, 1], [0, 9]); ax.invert_yaxis()",
    "ticks": "ax.plot([0, 1], [0, 9]); ax.set_xticks([0, 0.5, 2], ['a', 'b', 'c'])",
    "equal": "ax.plot([0, 1], [0, 3]); ax.set_aspect('equal')",
    "whole ticks": "ax.plot([1, 5], [0, 3]); ax.xaxis.set_major_locator(MaxNLocator(integer=True))",
    "margins": "ax.plot([1, 5], [0, 3]); ax.margins(0.2)",
    "labels": "ax.plot([1, 5], [0, 3]); ax.set(xlabel='epoch', ylabel='loss (nats)', title='a title')",
    "two lines": "ax.set_xlabel('one\\ntwo'); ax.set_ylabel('a\\nb')",
    "words": "ax.plot([0, 1], [0, 1]); ax.text(1.2, 0.5, 'beyond the edge')",
    "note": "ax.plot([0, 1], [0, 1]); ax.annotate('named at its end', (1, 1), (4, 0), textcoords='offset points')",
    "turned": "ax.plot([0, 1], [0, 1]); ax.text(-0.3, 0.5, 'axis 0', rotation=90, ha='right', va='center')",
    "off": "ax.plot([0, 1], [0, 1]); ax.set_axis_off()",
    "no ticks": "ax.set(xticks=[], yticks=[]); ax.spines[:].set_visible(False)",
}  # fmt: skip
GRIDS = {
    "grid": "figure, axes = plot.subplots(2, 3)",
    "ratios": "figure, axes = plot.subplots(2, 2, width_ratios=[3, 1], height_ratios=[1, 2])",
    "shared": "figure, axes = plot.subplots(2, 2, sharex=True, sharey=True)\n"
    "axes[0, 0].plot([0, 5], [1, 90]); axes[1, 1].plot([-3, 1], [0, 1])",
    "labeled": "figure, axes = plot.subplots(2, 2)\n"
    "for ax in axes.flat: ax.set(xlabel='x', ylabel='y', title='t', ylim=(0, 1000))",
    "spanning": "figure, axes = plot.subplots(2, 3); below = axes[1, 0].get_gridspec()[1, :]\n"
    "for ax in axes[1]: ax.remove()\nfigure.add_subplot(below).set_xlabel('below')",
    "images": "figure, axes = plot.subplots(1, 3, width=4, height=2)\n"
    "for ax in axes: plot.show_image([[0, 1], [2, 3]], ax=ax)",
}  # fmt: skip


def measure(code: str) -> dict[str, Any]:
    """Each axes' limits, the ticks that are seen, and where its corners lie, in pixels: at first, and laid out.

    They are read as they are drawn, under the settings of the house.
    """
    import matplotlib as mpl
    from matplotlib.patches import Polygon, Rectangle
    from matplotlib.ticker import MaxNLocator

    from dlbook import plot
    from dlbook.plot.style import settings

    names = {"plot": plot, "Rectangle": Rectangle, "Polygon": Polygon}
    names |= {"MaxNLocator": MaxNLocator}
    begun = "" if "plot.subplots" in code else "figure, ax = plot.subplots()\n"
    exec(begun + code, names)
    figure: Any = names["figure"]
    with mpl.rc_context(settings()):
        first = [_of(ax) for ax in figure.axes]
        plot.svg(figure)
        return {"first": first, "laid out": [_of(ax) for ax in figure.axes]}


def _of(ax: Any) -> dict[str, Any]:
    limits = [*ax.get_xlim(), *ax.get_ylim()]
    corners = ax.transData.transform([limits[::2], limits[1::2]])
    seen = [
        [float(t) for t in ticks if low - 1e-9 * (high - low) <= t <= high + 1e-9 * (high - low)]
        for ticks, (low, high) in ((ax.get_xticks(), sorted(limits[:2])), (ax.get_yticks(), sorted(limits[2:])))
    ]  # fmt: skip
    return {"limits": [float(v) for v in limits], "ticks": seen, "corners": corners.tolist()}  # fmt: skip


if __name__ == "__main__":
    sys.path[:0] = [str(STANDINS), str(ROOT)]
    json.dump(
        {name: measure(code) for name, code in (CODES | GRIDS).items()}, sys.stdout
    )
