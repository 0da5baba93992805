"""What a page used is written down while it runs, and compared with what stands there before the next build."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dlbook.press.running.uses import Present, Uses
from dlbook.press.running.workers import Ran
from tests.press.test_execution import block, problems, run, texts


def page_of(root: Path, *lines: str) -> Ran:
    """A page of one block that runs without a problem."""
    ran = run(root, page=block(*lines))["page"]
    assert not problems(ran)
    return ran


def make_project(root: Path) -> None:
    """A project with a small package, some data, and a folder of notes."""
    package = root / "tinylib"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "__init__.py").write_text("")
    (package / "scale.py").write_text(
        "def scale(x, factor=2):\n    return factor * x\n"
    )
    (package / "fast.py").write_text(
        "try:\n    from tinylib.faster import go\nexcept ImportError:\n    def go(): return 'slow'\n"
    )
    (root / "data.csv").write_text("1,2\n")
    (root / "notes").mkdir()
    (root / "notes" / "one.txt").write_text("1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_project(tmp_path)
    return tmp_path


def test_a_module_is_recorded_by_what_was_compiled(root: Path) -> None:
    modules = page_of(root, "from tinylib.scale import scale", "scale(2)").uses.modules
    assert {"tinylib/__init__.py", "tinylib/scale.py"} <= modules.keys()
    assert "tinylib/fast.py" not in modules
    numpy_file = np.__file__
    assert not any(path.startswith(os.path.dirname(numpy_file)) for path in modules)


def test_an_edit_of_the_same_size_in_the_same_second_is_seen_by_the_next_page(
    root: Path,
) -> None:
    file = root / "tinylib" / "scale.py"
    lines = ("from tinylib.scale import scale", "scale(2)")
    before = os.stat(file)
    results = []
    for factor in (2, 3, 2, 5):
        file.write_text(f"def scale(x, factor={factor}):\n    return factor * x\n")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        results.append(texts(page_of(root, *lines))[0])
    assert results == ["4\n", "6\n", "4\n", "10\n"]


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_damaged_compiled_code_is_compiled_anew(
    root: Path, damage: bytes | None
) -> None:
    lines = ("from tinylib.scale import scale", "scale(2)")
    page_of(root, *lines)
    files = list((root / ".cache" / "press" / "pyc").iterdir())
    assert len(files) > 3
    for file in files:
        content = bytearray(file.read_bytes())
        content[-8] ^= 1
        file.write_bytes(content if damage is None else damage)
    assert texts(page_of(root, *lines)) == ["4\n"]


def test_importing_leaves_nothing_beside_the_modules(root: Path) -> None:
    page_of(root, "import tinylib.scale")
    assert not list(root.rglob("__pycache__"))


@pytest.mark.parametrize(
    "reading",
    [
        "open('data.csv').close()",
        "import os; os.close(os.open('data.csv', os.O_RDONLY))",
        "import numpy as np; x = np.loadtxt('data.csv', delimiter=',')",
        "import numpy as np; x = np.fromfile('data.csv', dtype=np.uint8)",
        "from pathlib import Path; x = Path('data.csv').read_text()",
        "import os; os.chdir('notes'); open('../data.csv').close()",
        "open('data.csv', 'rb').close(); open('data.csv').close()",
    ],
)
def test_a_file_is_recorded_by_whatever_way_it_was_opened(
    root: Path, reading: str
) -> None:
    files = page_of(root, reading).uses.files
    assert files["data.csv"] == Present(str(root))._file("data.csv")


def test_a_file_that_is_not_there_is_recorded_as_that(root: Path) -> None:
    uses = page_of(
        root, "try:", "    open('gone.csv')", "except FileNotFoundError:", "    pass"
    ).uses
    assert uses.files["gone.csv"] is None
    (root / "gone.csv").write_text("")
    assert not Present(str(root)).agrees(uses)


def test_what_is_no_part_of_the_project_s_content_is_not_recorded(root: Path) -> None:
    uses = page_of(
        root,
        "import json, os, tempfile, numpy, sklearn.utils",
        "for path in (os.devnull, '/proc/self/stat', json.__file__, numpy.__file__):",
        "    open(path, 'rb').close()",
        "with tempfile.NamedTemporaryFile('w+') as file:",
        "    file.write('x')",
        "    os.listdir(os.path.dirname(file.name))",
        "os.makedirs('.cache', exist_ok=True)",
        "for mode in ('w', 'r'):",
        "    open('.cache/own', mode).close()",
    ).uses
    assert set(uses.files) <= {"matplotlibrc"} | {
        f for f in uses.files if f.endswith("/matplotlibrc")
    }
    assert not uses.listings


def test_a_page_makes_and_removes_its_temporary_folders(root: Path) -> None:
    uses = page_of(
        root,
        "import os, shutil, tempfile",
        "with tempfile.TemporaryDirectory() as folder:",
        "    os.makedirs(f'{folder}/notes')",
        "    open(f'{folder}/notes/one.txt', 'w').close()",
        "    os.rename(f'{folder}/notes/one.txt', f'{folder}/data.csv')",
        "    shutil.copy('data.csv', folder)",
    ).uses
    assert uses.files.keys() - {"matplotlibrc"} >= {"data.csv"}
    assert not uses.listings
    assert not uses.beyond


@pytest.mark.parametrize(
    "writing",
    [
        "os.remove('data.csv')",
        "os.rename('data.csv', 'moved.csv')",
        "os.rename('data.csv', tempfile.gettempdir() + '/data.csv')",
        "shutil.rmtree('notes')",
        "os.remove('one.txt', dir_fd=os.open('notes', os.O_RDONLY))",
        "os.symlink('data.csv', 'link.csv')",
        "os.truncate('data.csv', 0)",
        "os.chmod('data.csv', 0)",
        "open('data.csv', 'r+')",
        "open('data.csv', 'a')",
        "pathlib.Path('tinylib/new.py').touch()",
        "open(f'{os.getcwd()}/tinylib/../data.csv', 'w')",
    ],
)
def test_a_page_changes_nothing_below_the_project(root: Path, writing: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    ran = run(root, page=block("import os, pathlib, shutil, tempfile", writing))["page"]
    (told,) = problems(ran)
    assert told.startswith(
        "docs/page.md:3: PermissionError: a page writes nothing below the project"
    )
    assert {path: path.stat().st_mtime_ns for path in before if path != root} == {
        path: time for path, time in before.items() if path != root
    }


def test_an_import_lists_no_folders_and_a_page_that_lists_one_does(root: Path) -> None:
    assert not page_of(
        root,
        "import tinylib.scale, importlib.metadata",
        "importlib.metadata.version('numpy')",
    ).uses.listings
    for listing in (
        "os.listdir('notes')",
        "list(os.walk('notes'))",
        "list(pathlib.Path('notes').iterdir())",
        "glob.glob('notes/*')",
    ):
        uses = page_of(root, "import glob, os, pathlib", f"x = {listing}", "del x").uses
        assert set(uses.listings) == {"notes"}, listing


def test_variables_are_recorded_by_the_hash_of_their_value(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses = page_of(
        root,
        "import os",
        "x = os.environ.get('DLBOOK_A'), os.getenv('DLBOOK_B', 'b'), 'DLBOOK_C' in os.environ",
        "os.environ['DLBOOK_OWN'] = '1'",
        "x = os.environ['DLBOOK_OWN'], os.environ['PATH'], os.environ['TMPDIR']",
    ).uses
    names = {
        name for name in uses.environment if name.startswith(("DLBOOK", "PATH", "TMP"))
    }
    assert names == {"DLBOOK_A", "DLBOOK_B", "DLBOOK_C", "PATH"}
    assert os.environ["PATH"] not in str(uses.environment)
    assert Present(str(root)).agrees(uses)
    monkeypatch.setenv("DLBOOK_B", "another")
    assert not Present(str(root)).agrees(uses)


def test_a_page_that_looks_at_all_variables_depends_on_all(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses = page_of(root, "import os", "len(dict(os.environ))").uses
    assert Present(str(root)).agrees(uses)
    monkeypatch.setenv("DLBOOK_NEW", "")
    assert not Present(str(root)).agrees(uses)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import subprocess; subprocess.run(['true'])", "it started a process"),
        ("import os; os.system('true')", "it started a process"),
        ("import ctypes; ctypes.CDLL(None).system(b'true')", "it started a process"),
        (
            "import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
            "it started a process",
        ),
        ("import socket; socket.socket().close()", "it opened a socket"),
        ("import sqlite3; sqlite3.connect(':memory:').close()", "it opened a database"),
        ("x = 1", ""),
    ],
)
def test_a_page_that_reaches_beyond_the_record_says_so(
    root: Path, code: str, reason: str
) -> None:
    assert page_of(root, code).uses.beyond == reason


USE = (
    "import os",
    "from tinylib.scale import scale",
    "from tinylib import fast, inner",
    "with open('data.csv') as file:",
    "    text = file.read()",
    "names = os.listdir('notes')",
)


def _change_default(root: Path) -> None:
    file = root / "tinylib" / "scale.py"
    before = os.stat(file)
    file.write_text(file.read_text().replace("factor=2", "factor=3"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(file).st_size == before.st_size


def _shadow_a_module_by_a_package(root: Path) -> None:
    (root / "tinylib" / "scale").mkdir()
    (root / "tinylib" / "scale" / "__init__.py").write_text("def scale(x): return 0\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a default, with size and time as before": _change_default,
    "a module deleted": lambda root: (root / "tinylib" / "fast.py").unlink(),
    "a module that was missed": lambda root: (
        root / "tinylib" / "faster.py"
    ).write_text("def go(): 1\n"),
    "a package that was missed": lambda root: (root / "tinylib" / "faster").mkdir(),
    "a package before a module": _shadow_a_module_by_a_package,
    "a module before an installed one": lambda root: (root / "tinylib.py").write_text(
        ""
    ),
    "the data": lambda root: (root / "data.csv").write_text("3,4\n"),
    "the data gone": lambda root: (root / "data.csv").unlink(),
    "a file in a folder that was listed": lambda root: (
        root / "notes" / "two.txt"
    ).write_text(""),
    "a file less in it": lambda root: (root / "notes" / "one.txt").unlink(),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda root: None,
    "a time": lambda root: (root / "data.csv").touch(),
    "a module that nobody wants": lambda root: (
        root / "tinylib" / "other.py"
    ).write_text("x = 1\n"),
    "a file beside": lambda root: (root / "beside.csv").write_text("x"),
    "content in a folder whose names were read": lambda root: (
        root / "notes" / "one.txt"
    ).write_text("2"),
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Uses:
    """What a page with a bit of everything uses, in a project like that of the tests."""
    root = tmp_path_factory.mktemp("used")
    make_project(root)
    return page_of(root, *USE).uses


@pytest.mark.parametrize("name", [*CHANGES, *NO_CHANGES])
def test_a_change_of_what_was_used_is_seen_and_no_other(
    root: Path, used: Uses, name: str
) -> None:
    assert Present(str(root)).agrees(used)
    (CHANGES | NO_CHANGES)[name](root)
    assert Present(str(root)).agrees(used) == (name in NO_CHANGES)


def test_content_is_read_again_within_a_build_if_the_file_was_touched(
    root: Path, used: Uses
) -> None:
    present = Present(str(root))
    assert present.agrees(used)
    (root / "data.csv").write_text("3,4\n")
    assert not present.agrees(used)


def test_a_file_that_is_opened_again_is_not_read_again(root: Path) -> None:
    (root / "large").write_bytes(bytes(2**25))
    seconds = texts(
        page_of(
            root,
            "import time",
            "begun = time.process_time()",
            "for _ in range(1000):",
            "    open('large').close()",
            "print(time.process_time() - begun)",
        )
    )[0]
    assert float(seconds) < 2  # a thousand readings take half a minute
