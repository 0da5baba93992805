"""A stored run is shown while its sources are what they were, and says where it comes from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import digit_reader
from dlbook.press import digests
from dlbook.press.runs import StaleRunError, StoredRun, stored_run

ROOT = Path(__file__).resolve().parents[2]
SHOWN = sorted(
    {
        name
        for page in (ROOT / "docs").rglob("*.md")
        for name in re.findall(
            r"""stored_run\(["'](\w+)["']\)""", page.read_text(encoding="utf-8")
        )
    }
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one stored run, `race`, of two sources; the tests run in it."""
    texts = {"benchmarks/race.py": "store(1)\n", "dlbook/data/ink.npz": "ink"}
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    run = {
        "script": "benchmarks/race.py",
        "date": "2026-11-21",
        "seconds": 1.0,
        "machine": {
            "processor": "A <fast>(R) Processor",
            "cores": 2,
            "python": "CPython 3.11.7",
            "numpy": "2.4.6",
            "torch": "2.13.0",
            "blas": {"internal_api": "openblas", "version": "0.3", "num_threads": 1},
            "environment": {},
        },
        "sources": {name: digests.digest(name, texts, tmp_path) for name in texts},
        "results": {"ms": 1.5},
    }
    (tmp_path / "benchmarks" / "race.json").write_text(json.dumps(run))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_run_is_the_dictionary_that_was_stored(project: Path) -> None:
    run = stored_run("race")
    assert run == json.loads((project / "benchmarks" / "race.json").read_text())
    assert run["results"]["ms"] == 1.5


def test_run_says_in_one_line_when_on_what_and_with_what_it_was_made(
    project: Path,
) -> None:
    run = stored_run("race")
    assert run.provenance == (
        "benchmarks/race.py, run on 2026-11-21: A <fast> Processor, 1 thread, CPython 3.11.7, NumPy 2.4.6, "
        "torch 2.13.0, openblas 0.3"
    )
    assert run._repr_html_() == (
        f'<p class="press-provenance">{run.provenance.replace("<fast>", "&lt;fast&gt;")}</p>'
    )


def test_run_whose_source_has_changed_is_refused(project: Path) -> None:
    (project / "dlbook/data/ink.npz").write_text("INK")
    told = (
        r"race\.json is of 2026-11-21, and not of the files as they are now: "
        r"dlbook/data/ink\.npz has changed; run python -m benchmarks\.race to renew it"
    )
    with pytest.raises(StaleRunError, match=told):
        stored_run("race")


def test_all_sources_that_changed_or_went_are_told(project: Path) -> None:
    (project / "dlbook/data/ink.npz").unlink()
    (project / "benchmarks/race.py").write_text("store(2)\n")
    told = r"race\.py has changed, dlbook/data/ink\.npz is gone"
    with pytest.raises(StaleRunError, match=told):
        stored_run("race")


def test_run_that_nobody_made_is_told_with_the_way_to_make_it(project: Path) -> None:
    told = (
        r"no benchmarks/walk\.json, there are race; python -m benchmarks\.walk makes it"
    )
    with pytest.raises(FileNotFoundError, match=told):
        stored_run("walk")


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("date", None, "expected a date, got None"),
        ("date", "yesterday", "expected a date, got 'yesterday'"),
        ("machine", None, "expected a machine with processor"),
        ("machine", {"processor": "A"}, "expected a machine with processor"),
        ("sources", None, r"expected sources with benchmarks/race\.py among them"),
        ("sources", {}, r"expected sources with benchmarks/race\.py among them"),
        ("script", "benchmarks/walk.py", r"expected script benchmarks/race\.py"),
        ("results", None, "expected results, got none"),
    ],
)
def test_run_without_a_sound_part_is_refused(
    project: Path, part: str, value: Any, message: str
) -> None:
    path = project / "benchmarks" / "race.json"
    run = json.loads(path.read_text())
    run[part] = value
    path.write_text(json.dumps({k: v for k, v in run.items() if v is not None}))
    with pytest.raises(
        ValueError, match=f"{message}.*; run python -m benchmarks.race to make it anew"
    ):
        stored_run("race")


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda _: b"[1]", lambda _: b"\xff{}"]
)
def test_damaged_run_is_told(project: Path, damage: Any) -> None:
    path = project / "benchmarks" / "race.json"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(
        ValueError, match=r"stored_run: benchmarks/race\.json: expected a"
    ):
        stored_run("race")


LAZY = """
from dlbook._lazy import attach
__getattr__, __dir__, __all__ = attach(__name__, {"nms": "region", "relu": "activation"})
"""
SCRIPT = """
from pathlib import Path
from benchmarks._store import store
from benchmarks import lane
from dlbook.ops import nms
(Path(__file__).parents[1] / "dlbook" / "ink.txt").read_text()
{more}
store(__file__, {{"ms": 1.5}})
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A project with the real way of storing, one script and what it uses."""
    texts = {
        "benchmarks/__init__.py": "",
        "benchmarks/_store.py": (ROOT / "benchmarks" / "_store.py").read_text(),
        "benchmarks/lane.py": "",
        "benchmarks/unused.py": "",
        "dlbook/__init__.py": "",
        "dlbook/_lazy.py": (ROOT / "dlbook" / "_lazy.py").read_text(),
        "dlbook/ink.txt": "ink",
        "dlbook/press/__init__.py": "",
        "dlbook/press/digests.py": Path(digests.__file__).read_text(),
        "dlbook/ops/__init__.py": LAZY,
        "dlbook/ops/region.py": "nms = 1",
        "benchmarks/race.py": SCRIPT.format(more=""),
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def race(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.race"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_script_stores_what_it_used_and_the_press_reads_it(
    workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(
        2
    ):  # the second run finds compiled files, and the first one's result
        assert race(workshop).returncode == 0
        monkeypatch.chdir(workshop)
        run = stored_run("race")
        assert run["results"] == {"ms": 1.5}
        assert list(run["sources"]) == [
            "benchmarks/lane.py",
            "benchmarks/race.py",
            "dlbook/_lazy.py",
            "dlbook/ink.txt",
            "dlbook/ops/__init__.py",
            "dlbook/ops/region.py",
        ]
        assert {"processor", "python", "numpy", "blas"} <= run["machine"].keys()
    names = {path.name for path in (workshop / "benchmarks").iterdir()}
    assert names - {"__pycache__"} == {
        "__init__.py",
        "_store.py",
        "lane.py",
        "unused.py",
        "race.py",
        "race.json",
    }


def test_words_about_the_code_are_no_change_and_the_code_is_one(
    workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = workshop / "dlbook" / "ops" / "region.py"
    region.write_text('"""One."""\nnms = 1\ndef f():\n    """Two."""\n    return "#"\n')
    assert race(workshop).returncode == 0
    monkeypatch.chdir(workshop)
    region.write_text(
        '"""Other\nwords."""\n\nnms = 1  # so much\n\ndef f():\n    """Of\n    two."""\n    return "#"\n'
    )
    assert stored_run("race")["results"] == {"ms": 1.5}
    for old, new in [("nms = 1", "nms = 2"), ('return "#"', 'return "# "')]:
        text = region.read_text()
        region.write_text(text.replace(old, new))
        with pytest.raises(StaleRunError, match=r"region\.py has changed"):
            stored_run("race")
        region.write_text(text)


@pytest.mark.parametrize(
    ("table", "stale"),
    [
        ('{"nms": "region", "relu": "activation", "tanh": "activation"}', False),
        ('{"nms": "region"}', False),
        ('{"nms": "region", "roi_pool": "region", "relu": "activation"}', True),
        ('{"nms": "activation", "relu": "activation"}', True),
    ],
)
def test_of_a_lazy_package_only_the_names_of_the_files_used_count(
    table: str, stale: bool, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(workshop).returncode == 0
    monkeypatch.chdir(workshop)
    package = workshop / "dlbook" / "ops" / "__init__.py"
    package.write_text(re.sub(r"\{.*\}", table, package.read_text()))
    if stale:
        with pytest.raises(StaleRunError, match=r"dlbook/ops/__init__\.py has changed"):
            stored_run("race")
    else:
        assert stored_run("race")["results"] == {"ms": 1.5}


@pytest.mark.parametrize("name", ["dlbook/ops/region.py", "dlbook/ink.txt"])
def test_nothing_is_stored_when_a_source_changes_meanwhile(
    workshop: Path, name: str
) -> None:
    (workshop / "benchmarks" / "race.json").write_text("the run before")
    change = f'(Path(__file__).parents[1] / "{name}").write_text("changed = 1")'
    (workshop / "benchmarks" / "race.py").write_text(SCRIPT.format(more=change))
    run = race(workshop)
    assert run.returncode != 0
    assert f"store: {name} changed while race.py ran: run it again" in run.stderr
    assert (workshop / "benchmarks" / "race.json").read_text() == "the run before"


def test_source_that_an_older_file_replaces_meanwhile_is_a_change_too(
    workshop: Path,
) -> None:
    old = workshop / "old.py"
    old.write_text("")
    os.utime(old, (1, 1))
    change = 'Path("old.py").replace("dlbook/ops/region.py")'
    (workshop / "benchmarks" / "race.py").write_text(SCRIPT.format(more=change))
    assert "dlbook/ops/region.py changed while" in race(workshop).stderr


def test_results_that_are_no_json_leave_the_run_before_whole(workshop: Path) -> None:
    before = workshop / "benchmarks" / "race.json"
    before.write_text("the run before")
    script = SCRIPT.format(more="").replace("1.5", "object()")
    (workshop / "benchmarks" / "race.py").write_text(script)
    assert race(workshop).returncode != 0
    assert before.read_text() == "the run before"


@pytest.mark.parametrize("name", SHOWN)
def test_run_that_a_page_shows_is_fresh(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    run = stored_run(name)  # its message names the command that renews it
    assert isinstance(run, StoredRun)
    assert run.provenance.startswith(f"benchmarks/{name}.py, run on 20")


def test_pages_show_stored_runs() -> None:
    assert {"digit_reader", "speed", "vectorization"} <= set(SHOWN)


@pytest.mark.parametrize("name", ["nearest neighbor", "softmax regression"])
def test_stored_scores_of_the_digit_reader_are_reached_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    stored = stored_run("digit_reader")["results"]["methods"][name]
    assert stored["shuffled"]["mean"] >= 0.960
    method = digit_reader.METHODS[name]
    for seed, expected in [
        (0, stored["shuffled"]["seeds"][0]),
        (None, stored["contiguous"]["mean"]),
    ]:
        again = np.mean(digit_reader.accuracies(method, seed))
        assert again == pytest.approx(expected, rel=1e-12)
