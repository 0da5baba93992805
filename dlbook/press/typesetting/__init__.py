"""Cells, outputs, figures and formulas are set into the pages."""
