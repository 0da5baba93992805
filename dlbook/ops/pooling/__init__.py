"""Pooling: a plane made smaller, each number the largest or the mean of a window.

A window is a rectangle, and both the maximum and the sum of a rectangle can be taken along one axis, then along
the other: $k_h + k_w$ passes over whole arrays instead of $k_h k_w$. There is no loop but over these taps.
"""
