"""What the book claims about speed and scores, measured. `python -m benchmarks.NAME` renews `benchmarks/NAME.json`."""
