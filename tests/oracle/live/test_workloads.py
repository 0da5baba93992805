"""What the benchmarks time is the same work: at small sizes, every implementation that is there computes the same."""

from __future__ import annotations

import pytest

from benchmarks.performance.peers import FLOOR, lacking
from benchmarks.performance.rounds import gap
from benchmarks.performance.worker import CHECKED, arrays
from benchmarks.performance.workload import Workload, all_workloads


@pytest.mark.parametrize("each", all_workloads(), ids=lambda each: each.name)
def test_all_implementations_of_a_workload_compute_the_same(each: Workload) -> None:
    makers = each.makers(**each.small)
    assert "torch" in makers or each.over == "C"
    steps = {
        peer: make()
        for peer, make in makers.items()
        if peer != FLOOR and not lacking(peer)
    }
    for _ in range(CHECKED):
        found = {peer: list(arrays(step())) for peer, step in steps.items()}
        for peer, theirs in found.items():
            assert gap(each, peer, found["dlbook"], theirs) <= each.within
