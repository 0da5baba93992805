"""How long a book of 80 pages takes: built from nothing, built again, and served while it is written.

`python -m benchmarks.book` makes the book, checks that its contestants show the same, times them in turns and
holds the times against their targets.
"""
