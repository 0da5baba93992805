"""The colors of the book: one for each role, the same from the first page to the last.

The hues are those that Okabe and Ito chose so that color-blind readers can tell them apart. A figure uses
these strings and no others: the site replaces each by a variable of its style sheet, and so the same drawing
is right on light and on dark paper. Nothing is said by color alone; marks, dashes and labels say it too.

Source:
    M. Okabe and K. Ito, *Color Universal Design (CUD)* (2008).
"""

from __future__ import annotations

DATA = "#0072B2"
"""Blue: what is given, such as inputs and targets."""

PARAMETER = "#D55E00"
"""Vermillion: what is learned."""

ACTIVATION = "#009E73"
"""Bluish green: what the network computes on the way forward."""

GRADIENT = "#CC79A7"
"""Reddish purple: what it computes on the way back."""

ORANGE = "#E69F00"
"""A fifth hue, without a role."""

SKY = "#56B4E9"
"""A sixth hue, without a role."""

INK = "#1F2328"
"""Text, lines and the ink of images: dark on light paper, light on dark."""

MUTED = "#6E7781"
"""Axes, ticks and grids."""

PAPER = "#FFFFFE"
"""The background, for what must cover something or stand out on ink."""

PALETTE = (DATA, PARAMETER, ACTIVATION, GRADIENT, ORANGE, SKY, INK, MUTED, PAPER)
"""Every color that a figure may contain."""
