"""Normalization: scores brought to a mean of zero and a variance of one, then scaled and shifted as is learned."""
