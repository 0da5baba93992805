"""Figures of the book are made by `dlbook.plot`; there is no window to draw into here."""

from matplotlib import refuse

refuse("matplotlib.pyplot")
