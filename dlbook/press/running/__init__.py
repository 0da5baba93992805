"""The pages' code is run, each page in a process of its own, and what it came to is kept."""
