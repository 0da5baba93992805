"""A page runs again if, and only if, something that it uses has changed; nothing breaks what is kept."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlbook.press.problems import Problem
from dlbook.press.reading.scan import Scan, scan
from dlbook.press.running import cache as cache_module
from dlbook.press.running.cache import Cache
from dlbook.press.running.session import Outcome
from dlbook.press.running.uses import Uses
from dlbook.press.running.workers import Ran, run_pages
from tests.press.conftest import Book
from tests.press.test_execution import alive, block, read, soon

OPS = "def double(x, by=2):\n    return by * x\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a library of two modules and a file of data."""
    library = tmp_path / "tinylib"
    library.mkdir()
    (library / "__init__.py").write_text("")
    (library / "ops.py").write_text(OPS)
    (library / "nn.py").write_text(
        "from tinylib.ops import double\n\ndef quadruple(x):\n    return double(double(x))\n"
    )
    (library / "text.py").write_text("def shout(x):\n    return x.upper()\n")
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "docs").mkdir()
    return tmp_path


PAGES = {
    "ops": block("from tinylib.ops import double", "double(1)"),
    "nn": block("from tinylib import nn", "nn.quadruple(1)"),
    "text": block("from tinylib.text import shout", "shout('a')"),
    "data": block("with open('data.csv') as file:", "    print(file.read())"),
    "variable": block("import os", "os.environ.get('DLBOOK_TEST')"),
    "nothing": block("1 + 1"),
    "prose": "# T\n\nNo code.\n",
}


def build(root: Path, pages: dict[str, str]) -> tuple[set[str], dict[str, list[str]]]:
    """What a build does with pages: which ones it ran, and what their slots printed."""
    scans = {name: read(name, text) for name, text in pages.items()}
    cache = Cache(root / ".cache" / "press", root)
    found = {name: cache.get(page) for name, page in scans.items()}
    again = [scans[name] for name, outcomes in found.items() if outcomes is None]
    ran = run_pages(again, str(root), [], limit=30, progress=False)
    for page in again:
        cache.put(page, ran[page.page])
    cache.prune()
    texts = {}
    for name, page in scans.items():
        outcomes = found[name] if found[name] is not None else ran[page.page].outcomes
        texts[name] = [outcome.text for outcome in outcomes or []]
    return {name for name in pages if scans[name] in again}, texts


def test_a_book_that_did_not_change_runs_nothing(root: Path) -> None:
    ran, texts = build(root, PAGES)
    assert ran == PAGES.keys() - {"prose"}
    assert build(root, PAGES) == (set(), texts)


def _same_size_same_time(file: Path, old: str, new: str) -> None:
    before = file.stat()
    file.write_text(file.read_text().replace(old, new))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda root: (root / "tinylib/ops.py").write_text(f"{OPS}# more\n"),
            {"ops", "nn"},
        ),
        (
            lambda root: _same_size_same_time(root / "tinylib/ops.py", "by=2", "by=3"),
            {"ops", "nn"},
        ),
        (
            lambda root: (root / "tinylib/nn.py").write_text(
                "def quadruple(x): return 4\n"
            ),
            {"nn"},
        ),
        (
            lambda root: (root / "tinylib/__init__.py").write_text("x = 1\n"),
            {"ops", "nn", "text"},
        ),
        (lambda root: (root / "tinylib/more.py").write_text("x = 1\n"), set()),
        (lambda root: (root / "tinylib/text.py").unlink(), {"text"}),
        (lambda root: (root / "data.csv").write_text("3\n"), {"data"}),
    ],
)
def test_an_edit_runs_the_pages_that_use_it_and_no_others(
    root: Path, change: object, expected: set[str]
) -> None:
    assert callable(change)
    build(root, PAGES)
    change(root)
    assert build(root, PAGES)[0] == expected
    # a page with a problem runs until it has none
    failing = set() if (root / "tinylib/text.py").exists() else {"text"}
    assert build(root, PAGES)[0] == failing


def test_an_edit_is_seen_in_what_the_page_shows(root: Path) -> None:
    assert build(root, PAGES)[1]["nn"] == ["4\n"]
    _same_size_same_time(root / "tinylib/ops.py", "by=2", "by=3")
    assert build(root, PAGES)[1]["nn"] == ["9\n"]


def test_a_variable_runs_the_page_that_reads_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root, PAGES)
    monkeypatch.setenv("DLBOOK_TEST", "one")
    ran, texts = build(root, PAGES)
    assert ran == {"variable"}
    assert texts["variable"] == ["'one'\n"]
    monkeypatch.setenv("PYTHONHASHSEED", "7")  # read by Python itself, before any page
    assert build(root, PAGES)[0] == PAGES.keys() - {"prose"}


def test_words_around_the_code_run_nothing(root: Path) -> None:
    figure = (
        "#| label: fig:a",
        "#| caption: {}",
        "#| alt: A line.",
        "from dlbook import plot",
        "plot.subplots()[0]",
    )
    page = "# T\n\n{}\n\n" + block(*figure) + "It is `{{python}} 1 + 1`.\n\n{}"
    build(root, {"page": page.format("Words.", "A figure.", "")})
    assert (
        build(
            root, {"page": page.format("Other\n\nwords.", "Another caption.", "More.")}
        )[0]
        == set()
    )
    assert build(root, {"page": page.format("Words.", "A figure.", "`{python} 3`")})[
        0
    ] == {"page"}


def test_a_page_that_prints_the_numbers_of_its_lines_runs_when_they_move(
    root: Path,
) -> None:
    page = block(
        "import traceback",
        "try:",
        "    1 / 0",
        "except ZeroDivisionError:",
        "    traceback.print_exc()",
    )
    _, texts = build(root, {"page": page})
    assert "line 4" in texts["page"][0]
    assert build(root, {"page": page})[0] == set()
    ran, texts = build(root, {"page": f"One line more.\n\n{page}"})
    assert ran == {"page"}
    assert "line 6" in texts["page"][0]


@pytest.mark.parametrize(
    "code", ["import os; os.system('true')", "1 / 0", "import os; os._exit(0)"]
)
def test_what_reaches_beyond_the_record_or_fails_is_not_kept(
    root: Path, code: str
) -> None:
    pages = {"page": block(code)}
    assert build(root, pages)[0] == {"page"}
    assert build(root, pages)[0] == {"page"}


def test_identical_blocks_after_different_ones_are_kept_apart(root: Path) -> None:
    same = block("print(x + 1)")
    pages = {"a": block("x = 1") + same, "b": block("x = 2") + same}
    texts = build(root, pages)[1]
    assert texts == {"a": ["", "2\n"], "b": ["", "3\n"]}
    assert build(root, pages) == (set(), texts)


def entries(folder: Path) -> list[Path]:
    return sorted((folder / ".cache" / "press" / "pages").iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"2", b"3"),
        lambda data: b"\xff" * 100,
        lambda data: b"[1, 2, 3]",
        lambda data: data.partition(b"\n")[2],
    ],
)
def test_a_damaged_entry_is_as_good_as_none(root: Path, damage: object) -> None:
    assert callable(damage)
    pages = {"nothing": PAGES["nothing"], "nn": PAGES["nn"]}
    texts = build(root, pages)[1]
    for file in entries(root):
        file.write_bytes(damage(file.read_bytes()))
    assert build(root, pages) == (set(pages), texts)
    assert build(root, pages)[0] == set()


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        [],
        {},
        {"lines": None},
        {"lines": None, "uses": {"other": 1}, "outcomes": []},
    ],
)
def test_an_entry_of_another_form_is_as_good_as_none(root: Path, data: object) -> None:
    page = read("page", PAGES["nothing"])
    cache = Cache(root / ".cache" / "press", root)
    cache._store.put(cache._key(page), data)
    assert cache.get(page) is None


def test_another_format_another_press_other_fonts_or_packages_are_another_ground(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read("page", PAGES["nothing"])
    font = root / "font.ttf"
    font.write_bytes(b"1")

    def key() -> str:
        return Cache(root, root, [str(font)])._key(page)

    keys = [key()]
    assert key() == keys[0]
    font.write_bytes(b"2")
    keys.append(key())
    for name, value in (("FORMAT", 0), ("_press", lambda: "another")):
        monkeypatch.setattr(cache_module, name, value)
        keys.append(key())
    monkeypatch.setattr(sys, "version", "4.0")
    keys.append(key())
    monkeypatch.syspath_prepend(root)
    (root / "numpy-9.0.dist-info").mkdir()
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    page = read("page", PAGES["nothing"])
    cache = Cache(tmp_path / "file", tmp_path)
    cache.put(page, Ran([Outcome("2\n")]))
    assert cache.get(page) is None
    cache.prune()


def test_what_was_not_used_for_longest_goes_first(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "PAGES", 60_000)
    pages = [read(f"page{i}", PAGES["nothing"]) for i in range(6)]
    folder = root / ".cache" / "press"
    cache = Cache(folder, root)
    for i, page in enumerate(pages):
        cache.put(page, Ran([Outcome("x" * 20_000)]))
        for file in entries(root):
            if file.stat().st_mtime > 1000:
                os.utime(file, (i, i))
    assert cache.get(pages[0])  # now it is the one that was used last
    unfinished = folder / "pages" / "abc.part"
    unfinished.write_bytes(b"x")
    os.utime(unfinished, (1, 1))
    cache.prune()
    kept = [i for i, page in enumerate(pages) if cache.get(page)]
    assert kept == [0, 5]
    assert not unfinished.exists()


def test_compiled_modules_go_when_they_are_too_many(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root, PAGES)
    monkeypatch.setattr(cache_module, "COMPILED", 10)
    Cache(root / ".cache" / "press", root).prune()
    assert not (root / ".cache" / "press" / "pyc").exists()


def test_a_book_of_eighty_pages_is_looked_up_in_a_tenth_of_a_second(root: Path) -> None:
    imports = "from dlbook import data, metrics, models, nn, ops, optim, plot, train; nn.Linear, ops.linear"
    ran = run_pages(
        [read("page", block(imports))], str(root), [], limit=30, progress=False
    )["docs/page.md"]
    assert len(ran.uses.modules) > 15
    ran.outcomes = [Outcome("x", "<svg>" + 'd="M 0 0"' * 5000)]
    pages = [read(f"page{i}", block(imports)) for i in range(80)]
    for page in pages:
        Cache(root, root).put(page, ran)
    seconds = []
    for _ in range(3):
        begun = time.process_time()
        cache = Cache(root, root)
        assert all(cache.get(page) for page in pages)
        seconds.append(time.process_time() - begun)
    assert min(seconds) < 0.1


def test_nothing_is_kept_of_a_problem_of_the_whole_page(tmp_path: Path) -> None:
    page = read("page", PAGES["nothing"])
    cache = Cache(tmp_path, tmp_path)
    cache.put(page, Ran([Outcome("2\n")], [Problem("docs/page.md", 1, "unfinished")]))
    assert cache.get(page) is None
    cache.put(page, Ran([Outcome("2\n")], uses=Uses(beyond="it opened a socket")))
    assert cache.get(page) is None
    cache.put(page, Ran([Outcome("2\n")]))
    assert cache.get(page) == [Outcome("2\n")]


COUNTED = block(
    "import os",
    "from tinylib import ops",
    "os.makedirs('.cache', exist_ok=True)",
    "with open('.cache/ran', 'a') as file:",
    "    print('{0}', file=file)",
    "print('σ', ops.double({0}))",
)


def small_book(book: Book, extra: str = "") -> None:
    library = book.folder / "tinylib"
    library.mkdir()
    (library / "__init__.py").write_text("")
    (library / "ops.py").write_text(OPS)
    for i in range(4):
        book.write(
            f"part/p{i}.md", f"# Page {i}\n\n" + COUNTED.replace("{0}", str(i)) + extra
        )


def ran(book: Book) -> list[str]:
    """The pages that ran since this was last asked."""
    file = book.folder / ".cache" / "ran"
    names = sorted(file.read_text().split()) if file.exists() else []
    file.unlink(missing_ok=True)
    return names


def site(book: Book) -> dict[str, str]:
    pages = sorted((book.folder / "site" / "part").glob("*.html"))
    return {page.name: page.read_text(encoding="utf-8") for page in pages}


def test_a_book_is_built_from_what_is_kept_and_looks_the_same(book: Book) -> None:
    small_book(book)
    assert book.build().returncode == 0
    first = site(book)
    assert ran(book) == ["0", "1", "2", "3"]
    for file in entries(book.folder):
        file.write_bytes(file.read_bytes()[:-50])
        break
    assert book.build().returncode == 0
    assert len(ran(book)) == 1
    assert site(book) == first
    (book.folder / "tinylib" / "ops.py").write_text(OPS.replace("by=2", "by=3"))
    assert book.build().returncode == 0
    assert ran(book) == ["0", "1", "2", "3"]
    assert re.search(r">σ 9</pre>", site(book)["p3.html"])


def start(book: Book) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=book.folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_build_that_is_killed_leaves_no_process_and_nothing_broken(
    book: Book,
) -> None:
    slow = block(
        "import os, time",
        "with open('.cache/pids', 'a') as file:",
        "    print(os.getpid(), file=file)",
    )
    wait = block("while os.path.exists('.cache/wait'):", "    time.sleep(0.01)")
    small_book(book, slow + wait)
    (book.folder / ".cache").mkdir()
    waiting, pids = book.folder / ".cache" / "wait", book.folder / ".cache" / "pids"
    waiting.touch()
    build = start(book)
    try:
        assert soon(pids.exists)
    finally:
        build.send_signal(signal.SIGKILL)
        build.wait()
    assert soon(lambda: not any(alive(int(pid)) for pid in pids.read_text().split()))
    waiting.unlink()
    ran(book)
    run = book.build()
    assert run.returncode == 0, run.stderr
    killed_before = site(book)
    assert ran(book) == ["0", "1", "2", "3"]
    assert book.build().returncode == 0
    assert ran(book) == []
    assert site(book) == killed_before


def test_two_builds_at_once_disturb_neither_each_other_nor_what_is_kept(
    book: Book,
) -> None:
    small_book(book)
    other = Book(book.folder)
    config = (book.folder / "mkdocs.yml").read_text()
    (book.folder / "other.yml").write_text(f"{config}\nsite_dir: other\n")
    second = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "other.yml"],
        cwd=book.folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    first = start(book)
    assert first.wait() == 0
    assert second.wait() == 0
    one = site(other)
    assert {
        name: (book.folder / "other" / "part" / name).read_text() for name in one
    } == one
    ran(book)
    assert book.build().returncode == 0
    assert ran(book) == []
    assert site(book) == one


def test_a_scan_of_windows_line_ends_is_the_same_page_to_the_cache(root: Path) -> None:
    text = PAGES["ops"]
    build(root, {"page": text})
    source = text.replace("\n", "\r\n")
    page: Scan = scan("docs/page.md", source, text)
    assert Cache(root / ".cache" / "press", root).get(page) is not None
