"""Regions: boxes around things, how they overlap, and what the features inside of them are.

A box is $(x_1, y_1, x_2, y_2)$: its left, upper, right and lower border, in pixels, with $x$ to the right and $y$
downward. It is half-open: its width is $x_2 - x_1$, and two boxes that share a border share no area. A box without area
is one; a box whose borders are in the wrong order, or that holds a NaN, is refused. Names and definitions are
torchvision's.
"""
