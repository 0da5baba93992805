"""What all pages would do first, done once: the server that they are forked from draws a figure and forgets it.

Matplotlib reads fonts, styles and its tables for formulas when a figure is first drawn. Nothing of the book's
library is loaded here: a page loads that itself, as it stands on disk.
"""

from __future__ import annotations

import io
import os
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

_STYLE: dict[Any, Any] = {
    "font.family": ["Source Sans 3", "DejaVu Sans"],
    "mathtext.fontset": "cm",
    "svg.fonttype": "path",
    "svg.hashsalt": "dlbook",
}

for path in filter(None, os.environ.get("DLBOOK_PRESS_FONTS", "").split(os.pathsep)):
    fontManager.addfont(path)
with mpl.rc_context(_STYLE):
    _figure = Figure(layout="constrained")
    _axes = _figure.subplots()
    _axes.plot([0, 1], [0, 1], label="$z_1$")
    _axes.set(xlabel="score $z$", ylabel="value")
    _figure.savefig(io.StringIO(), format="svg", metadata={"Date": None})
