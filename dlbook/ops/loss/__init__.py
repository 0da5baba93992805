"""Losses: how wrong a prediction is, as one number to be made small.

Each takes predictions, targets and optional weights, and is PyTorch's function of the same name, option by
option. Weights are constants: they get no gradient. With `reduction="mean"` an empty batch is an error,
since the mean of nothing is not a number.
"""
