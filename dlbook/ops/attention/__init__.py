"""Attention: queries that ask keys, and are answered by a mean of values."""
