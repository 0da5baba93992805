"""Recurrent networks: one step, repeated over a sequence.

Sequences are `(n, t, d)`: examples, steps, features. Each network has a cell, its equations for one step, as
they are written on paper; and a rule of its own for whole sequences, which gives the same and is many times
faster. A state holds all that a network knows of the steps before.
"""
