"""The built site, as a reader's browser meets it: what it moves, how quickly it runs, how it is rated."""
