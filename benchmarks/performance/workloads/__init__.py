"""What is timed, one file a topic.

Each maker of a step imports what it needs itself: a worker then loads nothing of the other implementations, and a
stored run hangs on no file that was not used.
"""
