"""Workloads are run side by side, held to the same results, and timed in turns."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import _store, comparison
from benchmarks.performance import peers, rounds, table, worker
from benchmarks.performance.peers import SETTINGS, environment, lacking
from benchmarks.performance.rounds import QUICK, Plan, Worker
from benchmarks.performance.workload import Workload, all_workloads, find, workload
from tests.benchmarks import made_up

ROOT = Path(__file__).resolve().parents[2]
USERS, PINNED = SETTINGS


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers that are always there, and one that never is."""
    monkeypatch.setitem(peers.NEEDS, "turtle", "numpy")
    monkeypatch.setitem(peers.NEEDS, "ghost", "no_such_package")


def test_the_ratio_is_the_librarys_time_over_the_references() -> None:
    plan = Plan(block=0.01, budget=0.0, least=7)
    measured, _ = rounds.run(made_up.sums, USERS, plan, {})
    assert measured["rounds"] == 7
    assert set(measured["peers"]) == {"dlbook", "turtle"}
    ours, theirs = measured["peers"]["dlbook"], measured["peers"]["turtle"]
    assert theirs["ratio"] == 1.0 and theirs["quartiles"] == [1.0, 1.0]
    assert 0.03 < ours["ratio"] < 0.5
    assert ours["quartiles"][0] <= ours["ratio"] <= ours["quartiles"][1]
    assert 0 < ours["ms"] < theirs["ms"]
    assert ours["gap"] == theirs["gap"] == 0


def test_rounds_end_with_the_budget_or_when_there_are_enough() -> None:
    measured, _ = rounds.run(made_up.sums, USERS, Plan(0.0, 0.0, least=3), {"n": 3})
    assert measured["rounds"] == 3
    plan = Plan(block=0.0, budget=60.0, least=2, most=5)
    measured, _ = rounds.run(made_up.sums, USERS, plan, {"n": 3})
    assert measured["rounds"] == 5


def test_nothing_is_timed_unless_the_second_step_agrees_too() -> None:
    told = r"drifting, dlbook beside turtle: .* within 0\.0001, got a gap of 0\.001 in array 1"
    with pytest.raises(AssertionError, match=told):
        rounds.run(made_up.drifting, USERS, QUICK, {})


def test_results_are_copied_before_the_next_step_writes_into_them() -> None:
    measured, _ = rounds.run(made_up.rewriting, USERS, QUICK, {})
    assert measured["peers"]["turtle"]["gap"] == 0


@pytest.mark.parametrize(
    ("theirs", "message"),
    [
        ([np.ones(3)], r"same shapes, got \[\(2,\)\] and \[\(3,\)\]"),
        ([np.ones(2), np.ones(2)], r"same shapes"),
        ([np.array([1, np.nan])], r"got a gap of nan in array 0"),
        ([np.array([1.0, 1.0002])], r"got a gap of 0\.0002 in array 0"),
    ],
)
def test_results_that_differ_are_told(theirs: list[Any], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        rounds.gap(made_up.sums, "turtle", [np.ones(2)], theirs)


def test_a_gap_is_measured_beside_the_largest_number_and_zero_has_none() -> None:
    ours, theirs = np.array([1e-9, 1000.0]), np.array([0.0, 1000.05])
    gap = rounds.gap(made_up.sums, "turtle", [ours, np.zeros(2)], [theirs, np.zeros(2)])
    assert gap == pytest.approx(5e-5)
    assert (
        rounds.gap(made_up.sums, "turtle", [np.zeros((0, 2))], [np.zeros((0, 2))]) == 0
    )


def test_a_worker_that_dies_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"dying, turtle: the worker has died"):
        rounds.run(made_up.dying, USERS, QUICK, {})


def test_who_is_missing_is_told_and_left_out() -> None:
    assert lacking("ghost") == "no_such_package is not installed"
    assert lacking("dlbook") == ""
    measured, _ = rounds.run(made_up.sums, USERS, QUICK, made_up.sums.small)
    assert "ghost" not in measured["peers"]


def test_without_its_reference_a_workload_is_neither_ok_nor_a_miss() -> None:
    measured, _ = comparison.measured(made_up.alone, QUICK, {})
    assert measured["holds"] is None
    line = table.line(measured)
    assert line.startswith("without its reference ") and line.endswith("no ghost")
    assert "ratio" not in measured["settings"][USERS]["peers"]["dlbook"]


def test_workers_have_one_thread_and_the_memory_of_their_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "5")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
    names += ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"]
    for setting, memory in [(USERS, [-1, -1]), (PINNED, [2**32, 2**30])]:
        sizes = {"names": names}
        with Worker(made_up.surroundings, "dlbook", setting, sizes) as each:
            assert values(each) == [1, 1, 1, *memory] * worker.CHECKED
    assert "MALLOC_TRIM_THRESHOLD_" not in environment(USERS)


def values(each: Worker) -> list[float]:
    """What a worker's steps return."""
    with tempfile.TemporaryDirectory() as folder:
        each.ask("results", Path(folder, "0.npz"))
        with np.load(Path(folder, "0.npz")) as stored:
            return [float(stored[name]) for name in stored.files]


def test_a_stored_run_hangs_on_what_the_workers_used_and_on_nothing_else() -> None:
    """Softmax cross-entropy uses neither the modules nor the optimizers."""
    (chosen,) = (w for w in all_workloads() if w.name == "softmax_cross_entropy")
    with Worker(chosen, "dlbook", USERS, chosen.small) as each:
        each.ask("count", 0.0)
        files = set(each.ask("report")["files"])
    assert {
        "benchmarks/performance/worker.py",
        "benchmarks/performance/workload.py",
        "benchmarks/performance/workloads/losses.py",
        "dlbook/ops/loss/categorical.py",
        "dlbook/autograd/core.py",
    } <= files
    assert not any(
        re.search(r"dlbook/(nn|optim|press)/|/dense|_store", f) for f in files
    )
    script = ROOT / "benchmarks" / "comparison.py"
    sources = _store.sources(script, files | {"benchmarks/comparison.json"})
    assert set(sources) == files | {"benchmarks/comparison.py"}


def test_a_report_of_another_process_is_stored_with_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("race.py", "worker.py"):
        (tmp_path / "benchmarks" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "benchmarks" / name).write_text("1")
    monkeypatch.setattr(_store, "ROOT", tmp_path)
    monkeypatch.setattr(_store, "_BEGAN", np.inf)
    monkeypatch.setattr(_store, "_read", set())
    script = tmp_path / "benchmarks" / "race.py"
    theirs = {"files": ["benchmarks/worker.py"], "packages": {"torch": "2.99"}}
    _store.store(str(script), {"ms": 1.5}, [theirs])
    run = json.loads(script.with_suffix(".json").read_text())
    assert list(run["sources"]) == ["benchmarks/race.py", "benchmarks/worker.py"]
    assert run["machine"]["torch"] == "2.99"


MEASURED = {
    "what": "the work",
    "over": "turtle",
    "at_most": 0.9,
    "judged": USERS,
    "holds": True,
    "settings": {
        setting: {
            "rounds": 7,
            "peers": {
                "dlbook": {"ms": 12.34, "gap": 0.0, "ratio": r, "quartiles": [r, r + 0.1]},
                "turtle": {"ms": 15.0, "gap": 0.0, "ratio": 1.0, "quartiles": [1.0, 1.0]},
            },
        }
        for setting, r in [(USERS, 0.8), (PINNED, 0.7)]
    },
}  # fmt: skip


def test_a_line_has_both_settings_the_target_and_the_verdict() -> None:
    first, second = table.line(MEASURED).split("\n")
    assert re.split(r"  +", first) == [
        "the work", "12.34", "0.80 (0.80–0.90)", "0.70 (0.70–0.80)", "≤ 0.9 turtle", "OK",
    ]  # fmt: skip
    assert second.split()[:2] == ["turtle", "15"]
    assert table.line(MEASURED | {"holds": False}).split("\n")[0].endswith(" MISS")
    pinned = MEASURED | {"judged": PINNED, "what": "x" * 60}
    assert "x… " in table.line(pinned) and "≤ 0.9 turtle pinned " in table.line(pinned)


def test_the_table_for_readers_has_a_row_for_each_workload_and_the_others_ratios() -> (
    None
):
    peers = {p: dict(s["peers"]) for p, s in MEASURED["settings"].items()}  # type: ignore[attr-defined]
    for each in peers.values():
        each["snail"] = {"ms": 90.0, "ratio": 6.0}
        each["ghost"] = {"ms": 1.0}
    settings = {p: {"peers": each} for p, each in peers.items()}
    more = MEASURED | {"holds": False, "judged": PINNED, "settings": settings}
    assert table.rows({"a": MEASURED, "b": more}) == [
        ["the work", "12.34", "0.80 (0.80–0.90)", "0.70 (0.70–0.80)", "", "≤ 0.9 of turtle", "OK"],
        ["the work", "12.34", "0.80 (0.80–0.90)", "0.70 (0.70–0.80)", "snail 6.00", "≤ 0.9 of turtle, pinned", "MISS"],
    ]  # fmt: skip
    lines = table.markdown({"a": MEASURED}).split("\n")
    assert len(lines) == 3 and {line.count("|") for line in lines} == {8}


def test_the_readme_shows_the_stored_run(tmp_path: Path) -> None:
    run = json.loads((ROOT / "benchmarks" / "comparison.json").read_text("utf-8"))
    readme = comparison.README.read_text("utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(readme.replace("OK", "MISS"), "utf-8")
    comparison.write_into(copy, table.markdown(run["results"]["workloads"]))
    assert copy.read_text("utf-8") == readme
    copy.write_text("nothing", "utf-8")
    with pytest.raises(AssertionError, match=r"README\.md: expected <!--"):
        comparison.write_into(copy, "")


def test_the_floor_computes_nothing_that_is_compared() -> None:
    measured, _ = rounds.run(made_up.floored, USERS, QUICK, {})
    assert measured["peers"][peers.FLOOR]["ratio"] > 0


@pytest.mark.parametrize(
    ("pinned", "ratios", "holds"),
    [(False, (0.8, 2.0), True), (False, (1.1, 0.8), False), (True, (1.1, 0.9), True)],
)
def test_the_target_is_held_against_the_setting_that_it_is_for(
    pinned: bool,
    ratios: tuple[float, float],
    holds: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = dict(zip(SETTINGS, ratios, strict=True))

    def run(_: Workload, setting: str, *__: Any) -> Any:
        return {"peers": {"dlbook": {"ratio": given[setting]}}}, [{"files": [setting]}]

    monkeypatch.setattr(rounds, "run", run)
    made = workload("w", at_most=0.9, small={}, pinned=pinned)(lambda: {})
    measured, reports = comparison.measured(made, QUICK, {})
    assert measured["holds"] is holds
    assert [each["files"] for each in reports] == [[USERS], [PINNED]]


def test_a_quick_round_tells_a_line_for_what_was_asked_and_stores_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "store", lambda *_: pytest.fail("it was stored"))
    comparison.main(["--quick", "--only", "softmax_cross_entropy"])
    told = capsys.readouterr().out
    assert "ghost is left out: no_such_package is not installed" in told
    assert told.endswith("\nsoftmax_cross_entropy: works\n")


def test_workloads_have_names_of_their_own_targets_and_both_sides() -> None:
    workloads = all_workloads()
    assert len({each.name for each in workloads}) == len(workloads) >= 2
    for each in workloads:
        assert find(each.address) is each
        made = each.makers(**each.small)
        assert {"dlbook", each.over} <= made.keys() <= peers.NEEDS.keys(), each.name
        assert 0 < each.at_most <= 3 and each.within <= 1e-3 and len(each.what) <= 46


@pytest.mark.parametrize("each", all_workloads(), ids=lambda each: each.name)
def test_the_library_does_each_workload_with_finite_results(each: Workload) -> None:
    step = each.makers(**each.small)["dlbook"]()
    for _ in range(worker.CHECKED):
        found = list(worker.arrays(step()))
        assert found
        assert all(np.isfinite(array).all() for array in found)
