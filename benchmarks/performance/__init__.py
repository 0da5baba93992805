"""The library beside its peers: the same work, in a process for each, in turns.

`workload.py` says what a workload is, `workloads/` holds them, one file a topic; `peers.py` says who takes part and
what the processes find around them, `worker.py` is such a process, `rounds.py` lets them take turns, `table.py`
prints what came of it. `python -m benchmarks.comparison` runs all.
"""
