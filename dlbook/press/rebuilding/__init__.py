"""What need not be made again is kept, and what has to be is found."""
