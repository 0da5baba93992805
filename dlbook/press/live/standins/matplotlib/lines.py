"""Curves."""

from matplotlib.artists import Line2D

__all__ = ["Line2D"]
