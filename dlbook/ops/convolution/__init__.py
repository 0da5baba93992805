"""Convolutions: a small window of weights that slides over a signal or an image."""
