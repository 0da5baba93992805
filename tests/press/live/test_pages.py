"""What the build writes down for the reader's browser, and that a page can be opened from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlbook.press.live import pages
from dlbook.press.live.opening import OpenPage
from dlbook.press.reading.scan import Scan, scan
from dlbook.press.running.session import Outcome
from dlbook.press.running.workers import run_pages

FENCE = "```python {options}\n{code}\n```\n\n"


def block(code: str, options: str = 'exec="on"') -> str:
    return FENCE.format(options=options, code=code)


def built(root: Path, *blocks: str) -> tuple[Scan, list[Outcome]]:
    """A page of these blocks, read and run as a build does."""
    (root / "docs").mkdir(exist_ok=True)
    text = "".join(blocks)
    found = scan("docs/page.md", text, text)
    assert found.problems == []
    ran = run_pages([found], str(root), [], limit=30, progress=False)["docs/page.md"]
    assert [*ran.problems, *(o.problem for o in ran.outcomes if o.problem)] == []
    return found, ran.outcomes


def written(root: Path, *blocks: str) -> dict[str, str]:
    found, outcomes = built(root, *blocks)
    assert list(pages.problems(found, outcomes)) == []
    return pages.files(found, outcomes, "part/page.html", root)


class Reader:
    """A reader who has opened a page."""

    def __init__(self, files: dict[str, str]) -> None:
        self.steps: list[tuple[int, int]] = []
        self.fetched: list[str] = []
        self.files = files
        self.page = OpenPage(files["assets/live/part/page.json"], self.fetch)

    def fetch(self, name: str) -> str:
        self.fetched.append(name)
        return self.files[f"assets/live/{name}"]

    def step(self, *at: int) -> None:
        self.steps.append((at[0], at[1]))

    def run(self, number: int, **edits: str) -> Any:
        asked = {"number": number, "edits": edits}
        return json.loads(self.page.run(json.dumps(asked), lambda _: None, self.step))

    def check(self, exercise: str, answer: str) -> Any:
        asked = {"exercise": exercise, "answer": answer, "edits": {}}
        return json.loads(self.page.check(json.dumps(asked), self.step))


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stored runs are put into the current folder; NumPy's print options are put back."""
    monkeypatch.chdir(tmp_path)
    with np.printoptions():
        yield


def test_a_cell_runs_as_in_the_build(tmp_path: Path) -> None:
    code = "import numpy as np\nx = np.array([1 / 3, 2e-9])"
    reader = Reader(
        written(tmp_path, block(code), block("table([[1, 2]], headers=['a', 'b'])\nx"))
    )
    result = reader.run(1)
    assert result["text"] == "array([0.333333, 0.      ])\n"
    assert (result["replayed"], reader.steps) == (1, [(1, 1)])


def test_a_value_in_the_prose_that_draws_is_replayed_too(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        block("import numpy as np\nrng = np.random.default_rng(0)"),
        "It drew `{python} rng.integers(1000)`.\n\n",
        block("rng.integers(1000)"),
    )
    expected = np.random.default_rng(0).integers(1000, size=2)[1]
    assert Reader(files).run(2)["text"] == f"np.int64({expected})\n"


def test_a_page_without_blocks_needs_no_files(tmp_path: Path) -> None:
    assert written(tmp_path, "Only words.\n") == {}


def test_a_frozen_block_is_kept_as_far_as_later_blocks_read_it(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        block(
            "a, unread, model = [1.5], list(range(100)), object()",
            'exec="on" frozen="on"',
        ),
        block("a"),
    )
    assert json.loads(files["assets/live/part/page/0.json"]) == {"a": {"list": [1.5]}}
    reader = Reader(files)
    assert reader.run(1)["text"] == "[1.5]\n"
    assert reader.fetched == ["part/page/0.json"]


def test_a_frozen_value_that_cannot_be_kept_and_is_read_is_a_problem(
    tmp_path: Path,
) -> None:
    found, outcomes = built(
        tmp_path,
        block("a, model = 1, object()", 'exec="on" frozen="on"'),
        block("a"),
        block("print(model is None)"),
    )
    (problem,) = pages.problems(found, outcomes)
    assert str(problem) == (
        "docs/page.md:2: frozen: 'model', which line 10 reads, is no array, number or text, nor made of these"
    )


def test_a_block_that_a_browser_cannot_run_says_what_it_lacks(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        block("from scipy.special import expit\na = float(expit(0.0))\nfit = expit"),
        block("a"),
        block("fit(0.0)"),
    )
    reader = Reader(files)
    assert reader.run(0) == {"lacking": ["scipy"]}
    assert reader.run(1)["text"] == "0.5\n"
    assert reader.run(2) == {"lacking": ["scipy"]}
    assert reader.run(0, **{"0": "a = 2\na"})["text"] == "2\n"


def test_a_stored_run_comes_with_the_page(tmp_path: Path) -> None:
    run = {
        "script": "benchmarks/quick.py",
        "date": "2024-01-02",
        "machine": {
            "processor": "p",
            "python": "3",
            "numpy": "2",
            "blas": {"version": "1"},
        },
        "sources": {"benchmarks/quick.py": "0" * 64},
        "results": {"seconds": 1.5},
    }
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "quick.json").write_text(json.dumps(run))
    code = "stored_run('quick')['results']['seconds']"
    found = scan("docs/page.md", block(code), block(code))
    files = pages.files(found, [Outcome()], "part/page.html", tmp_path)
    (tmp_path / "benchmarks" / "quick.json").unlink()
    assert Reader(files).run(0)["text"] == "1.5\n"


def part(code: str, name: str) -> str:
    fence = block(code, f'exercise="double" part="{name}"')
    return "".join(f"    {line}".rstrip() + "\n" for line in fence.splitlines())


EXERCISE = (
    block("limit = 3"),
    '!!! exercise "Double"\n    Double it.\n\n',
    part("def f(x):\n    return x", "starter"),
    part("assert f(limit) == 6, f'expected 6, got {f(limit)}'", "check"),
    part("def f(x):\n    return 2 * x", "solution"),
)


def test_an_answer_is_checked_with_the_page_s_own_names(tmp_path: Path) -> None:
    reader = Reader(written(tmp_path, *EXERCISE))
    wrong = reader.check("double", "def f(x):\n    return x")
    assert not wrong["passed"]
    assert wrong["failure"]["message"] == "expected 6, got 3"
    assert reader.check("double", "def f(x):\n    return x + x")["passed"]


def test_an_answer_leaves_the_page_as_it_was(tmp_path: Path) -> None:
    reader = Reader(written(tmp_path, *EXERCISE, block("limit")))
    reader.check("double", "limit = 50\ndef f(x):\n    return x")
    assert reader.run(4)["text"] == "3\n"


def test_what_is_written_is_the_same_every_time(tmp_path: Path) -> None:
    assert written(tmp_path, *EXERCISE) == written(tmp_path, *EXERCISE)
