"""Needs PyTorch, and fails without it."""
