"""Figures that move: one Python function, drawn by matplotlib as a still, run by the reader's browser as JavaScript.

The still is the frame, so no plotting library is needed in the browser: the artists that move are handed over by name,
and a script puts new points into them. The function is written once. PScript translates it, and the build runs both and
compares them (`translation.py`).
"""

from dlbook.press.play.figure import play
from dlbook.press.play.parts import Choice, Guess, Handle, Readout, Slider

__all__ = ["Choice", "Guess", "Handle", "Readout", "Slider", "play"]
