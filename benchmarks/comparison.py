"""The library beside PyTorch and other peers, on one core: the same work, in turns, and the targets.

Each implementation of a workload runs in a process of its own, with one thread and without the garbage collector.
First all must compute the same. Then they take turns in rotated order; a ratio compares times of one round, and the
median over the rounds stands with its quartiles. All is done twice: with the memory allocator as users have it, and
told to keep what it has (`pinned`). The clock is the processor time of the process. PyTorch is required; another
implementation that is not installed is told and left out.

`python -m benchmarks.comparison` runs all, in at most six minutes, stores it, and writes the README's table.
`--only NAME …` runs some of the workloads, `--quick` all at small sizes, to see that they work and agree; neither
stores anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks._store import store
from benchmarks.performance import rounds, table
from benchmarks.performance.peers import NEEDS, ONE_THREAD, SETTINGS, lacking
from benchmarks.performance.rounds import QUICK, Plan
from benchmarks.performance.workload import Workload, all_workloads

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = (
    "<!-- python -m benchmarks.comparison writes this -->\n",
    "\n<!-- to here -->",
)


def measured(
    workload: Workload, plan: Plan, sizes: Mapping[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a workload comes to in each setting, whether it meets its target, and what its workers used."""
    found, reports = {}, []
    for setting in SETTINGS:
        found[setting], used = rounds.run(workload, setting, plan, sizes)
        reports += used
    judged = "pinned" if workload.pinned else "as users have it"
    ratio = found[judged]["peers"]["dlbook"].get("ratio")
    return {
        "what": workload.what,
        "over": workload.over,
        "at_most": workload.at_most,
        "judged": judged,
        "holds": None if ratio is None else ratio <= workload.at_most,
        "settings": found,
    }, reports


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison")
    workloads = {workload.name: workload for workload in all_workloads()}
    parser.add_argument("--only", nargs="+", choices=workloads, default=[])
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)

    left_out = {peer: reason for peer in NEEDS if (reason := lacking(peer))}
    for peer, reason in left_out.items():
        print(f"{peer} is left out: {reason}")
    if not given.quick:
        print(table.HEAD)
    results, reports = {}, []
    for name, workload in workloads.items():
        if name in given.only or not given.only:
            sizes = workload.small if given.quick else {}
            plan = QUICK if given.quick else Plan()
            results[name], used = measured(workload, plan, sizes)
            reports += used
            told = f"{name}: works" if given.quick else table.line(results[name])
            print(told, flush=True)  # at small sizes, times say nothing
    if not (given.only or given.quick):
        if "torch" in left_out:
            raise SystemExit(
                "comparison: nothing is stored without PyTorch: make bench"
            )
        store(
            __file__,
            {
                "environment": ONE_THREAD,
                "settings": SETTINGS,
                "left_out": left_out,
                "workloads": results,
            },
            reports,
        )
        write_into(README, table.markdown(results))


def write_into(document: Path, text: str) -> None:
    """Put the table where the document has one, between two comments."""
    before, _, rest = document.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, f"{document.name}: expected {BEGIN.strip()} and {END.strip()}"
    document.write_text(f"{before}{BEGIN}{text}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
