"""Activation functions: what a unit makes of its score."""
