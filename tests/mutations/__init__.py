"""Faults planted in a copy of the library: each must be found by some test."""
