"""A page's code in its process: what it prints, how it fails, what it leaves behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from dlbook.press.derivation.parse import parse
from dlbook.press.reading.scan import Scan, scan
from dlbook.press.running import workers
from dlbook.press.running.workers import Ran, run_pages
from tests.press.conftest import Book


def block(*lines: str, options: str = 'exec="on"') -> str:
    return "\n".join([f"```python {options}", *lines, "```", "", ""])


def read(name: str, text: str) -> Scan:
    return scan(f"docs/{name}.md", text, text)


def run(root: Path, limit: float = 30, **pages: str) -> dict[str, Ran]:
    """Run pages as a build does; what each came to, by its name."""
    (root / "docs").mkdir(exist_ok=True)
    scans = [read(name, text) for name, text in pages.items()]
    ran = run_pages(scans, str(root), [], limit=limit, progress=False)
    return {name: ran[f"docs/{name}.md"] for name in pages}


def texts(ran: Ran) -> list[str]:
    """What the slots of a sound page printed."""
    assert not problems(ran)
    return [outcome.text for outcome in ran.outcomes]


def problems(ran: Ran) -> list[str]:
    found = [*ran.problems, *(o.problem for o in ran.outcomes if o.problem)]
    return [str(problem) for problem in found]


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def soon(condition: object, seconds: float = 20) -> bool:
    """Whether a condition holds within some seconds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(condition())


def test_output_by_any_route_is_captured_in_its_order(tmp_path: Path) -> None:
    page = block(
        "import ctypes, os, subprocess, sys",
        "print('print')",
        "os.write(1, b'os.write\\n')",
        "print('error', file=sys.stderr)",
        "os.system('echo shell')",
        "subprocess.run([sys.executable, '-c', 'print(\"child\")'], check=True)",
        "ctypes.CDLL(None).puts(b'C')",
        "sys.__stdout__.write('σ\\n')",
        "count = os.write(2, b'last\\n')",
    )
    printed = texts(run(tmp_path, page=page)["page"])[0].splitlines()
    assert printed[:6] == ["print", "os.write", "error", "shell", "child", "C"]
    assert printed[6:8] == ["σ", "last"]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """All faulty pages, run in one go; the limit of time is for those that would run for ever."""
    root = tmp_path_factory.mktemp("faulty")
    pages = {name: code for name, (code, _, _) in FAULTS.items()}
    return run(root, limit=8, **pages)


TOO_MUCH = "at most 10,000 are shown"
# name: (the page, the line at fault, what the message must say)
FAULTS = {
    "a_loop_without_end": (
        block("x = 1") + block("while True:", "    pass"),
        6,
        "the page's time limit of 8 s cut this block",
    ),
    "a_thread_without_end": (
        block(
            "import threading",
            "threading.Thread(target=threading.Event().wait).start()",
        ),
        2,
        "the page's time limit of 8 s cut this block",
    ),
    "a_segmentation_fault": (
        block("x = 1") + block("import ctypes", "ctypes.string_at(0)"),
        6,
        "the page's process was killed by SIGSEGV here",
    ),
    "a_kill": (
        block("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"),
        2,
        "killed by SIGKILL here: out of memory?",
    ),
    "an_alarm": (
        block(
            "import signal, time",
            "signal.setitimer(signal.ITIMER_REAL, 0.1)",
            "time.sleep(5)",
        ),
        2,
        "killed by SIGALRM here",
    ),
    "an_exit_of_the_process": (
        block("import os", "os._exit(3)"),
        2,
        "the page's process died here, with exit code 3",
    ),
    "a_polite_exit": (block("import sys", "sys.exit(0)"), 3, "SystemExit: 0"),
    "fifty_megabytes": (
        block("print('x' * 50_000_000)"),
        2,
        "the block printed 50,000,000 bytes and was stopped",
    ),
    "fifty_megabytes_past_python": (
        block("import os", "for i in range(50):", "    os.write(1, b'x' * 1_000_000)"),
        2,
        f"the block printed 50,000,000 characters; {TOO_MUCH}",
    ),
    "printing_for_ever": (
        block("while True:", "    print('again')"),
        3,
        "bytes and was stopped; at most 10,000 characters are shown",
    ),
    "printing_for_ever_past_python": (
        block("import os", "while True:", "    os.write(1, b'x' * 10_000)"),
        4,
        "a page prints at most 67,108,864 bytes",
    ),
    "a_child_that_prints_for_ever": (
        block("import subprocess", "run = subprocess.run(['yes'], check=False)"),
        2,
        f"the block printed 67,108,864 characters; {TOO_MUCH}",
    ),
    "ten_thousand_and_one_characters": (
        block("print('σ' * 10_000)"),
        2,
        f"the block printed 10,001 characters; {TOO_MUCH}",
    ),
    "a_thread_that_fails_after_its_block": (
        block(
            "import threading, time",
            "def late():",
            "    time.sleep(0.1)",
            "    1 / 0",
            "threading.Thread(target=late).start()",
        )
        + block("x = 1"),
        5,
        "ZeroDivisionError",
    ),
    "a_finalizer_that_fails": (
        block(
            "class A:",
            "    def __del__(self):",
            "        1 / 0",
            "A()",
            "x = 1",
        ),
        4,
        "ZeroDivisionError",
    ),
    "a_file_below_the_project": (
        block("x = 1", "with open('docs/new.md', 'w') as file:", "    file.write('x')"),
        3,
        "PermissionError: a page writes nothing below the project, except in .cache: docs/new.md",
    ),
    "the_same_behind_an_except": (
        block(
            "import os", "try:", "    os.mkdir('new')", "except OSError:", "    pass"
        ),
        4,
        "a page writes nothing below the project, except in .cache: new",
    ),
    "all_memory": (
        block(
            "import numpy as np",
            "x = []",
            "while True:",
            "    x.append(np.empty(10**8))",
        ),
        5,
        "MemoryError",
    ),
    "recursion_without_end": (
        block("def f():", "    return f()", "f()"),
        4,
        "RecursionError",
    ),
    "standard_output_closed": (
        block("import os", "os.close(1)", "print('lost')"),
        4,
        "Bad file descriptor",
    ),
    "every_descriptor_closed": (
        block("import os", "os.closerange(0, 10_000)"),
        2,
        "the page's process died here, with exit code 1",
    ),
    "standard_output_deleted": (
        block("import sys", "del sys.stdout", "print('lost')"),
        4,
        "RuntimeError: lost sys.stdout",
    ),
    "an_error_that_cannot_be_told": (
        block(
            "class E(Exception):",
            "    def __str__(self):",
            "        raise E",
            "raise E",
        ),
        5,
        "E: <exception str() failed>",
    ),
    "an_error_too_long_to_be_told": (
        block("raise ValueError('x' * 10**7)"),
        2,
        "ValueError: xxx",
    ),
    "a_question": (block("input()"), 2, "EOFError"),
    "a_warning_after_another_block_ignored_them": (
        block("import warnings", "warnings.simplefilter('ignore')")
        + block("warnings.warn('unheard')"),
        7,
        "UserWarning: unheard",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_once_with_page_and_line(
    faulty: dict[str, Ran], name: str
) -> None:
    _, line, message = FAULTS[name]
    (told,) = problems(faulty[name])
    assert told.startswith(f"docs/{name}.md:{line}: ")
    assert message in told
    assert len(told) < 12_000


def test_a_traceback_shows_the_lines_of_the_page_as_they_were_executed(
    tmp_path: Path,
) -> None:
    inside = "\n".join(
        f"    {line}"
        for line in block("def f(x):", "    return 1 / x", "", "f(0)").splitlines()
    )
    told = problems(run(tmp_path, page=f"# T\n\n!!! note\n{inside}\n")["page"])[0]
    assert told.startswith("docs/page.md:8: ZeroDivisionError")
    assert 'File "docs/page.md", line 8, in <module>\n    f(0)\n' in told
    assert (
        'File "docs/page.md", line 6, in f\n    return 1 / x\n           ~~^~~\n'
        in told
    )


def test_what_a_page_does_to_its_process_ends_with_the_block(tmp_path: Path) -> None:
    blocks = [
        block(
            "import builtins, os, signal, sys", "start = os.getcwd()", "os.chdir('/')"
        ),
        block("print(os.getcwd() == start)", "del sys.stdout"),
        block("print('written')", "os.close(1)"),
        block("print('again')", "builtins.print = None"),
        block("sys.stdout = sys.stderr = None", "5"),
        block("alarm = signal.setitimer(signal.ITIMER_REAL, 0.05)"),
        block("import time", "time.sleep(0.1)", "'alive'"),
        "`{python} 2 + 2`\n",
    ]
    printed = texts(run(tmp_path, page="".join(blocks))["page"])
    said = ["True\n", "written\n", "again\n", "5\n"]
    assert printed == ["", *said, "", "'alive'\n", "4"]


def test_a_thread_belongs_to_the_block_that_started_it(tmp_path: Path) -> None:
    page = block(
        "import threading, time",
        "def late():",
        "    time.sleep(0.2)",
        "    print('late')",
        "threading.Thread(target=late).start()",
        "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
    ) + block("print('second')")
    ran = run(tmp_path, page=page)["page"]
    assert texts(ran) == ["late\n", "second\n"]
    assert ran.seconds < 10


def test_a_forked_copy_of_the_page_ends_with_its_block(tmp_path: Path) -> None:
    page = block(
        "import os",
        "child = os.fork()",
        "if child:",
        "    os.waitpid(child, 0)",
        "print('parent' if child else 'child')",
    ) + block("print('once')")
    assert texts(run(tmp_path, page=page)["page"]) == ["child\nparent\n", "once\n"]


def test_what_is_registered_for_the_exit_of_the_process_is_not_run(
    tmp_path: Path,
) -> None:
    page = block(
        "import atexit, os",
        "os.makedirs('.cache', exist_ok=True)",
        "f = atexit.register(open, '.cache/late', 'w')",
    )
    assert texts(run(tmp_path, page=page)["page"]) == [""]
    assert not (tmp_path / ".cache" / "late").exists()


@pytest.mark.parametrize(
    "end", ["", "while True: pass", "import os; os._exit(1)", "1 / 0"]
)
def test_the_children_of_a_page_die_with_it(tmp_path: Path, end: str) -> None:
    page = block(
        "import os, subprocess",
        "child = subprocess.Popen(['sleep', '1000'])",
        "os.makedirs('.cache', exist_ok=True)",
        "with open('.cache/child', 'w') as file:",
        "    print(child.pid, file=file)",
        "child.returncode = 0  # or it would complain of being left",
        end,
    )
    run(tmp_path, limit=2, page=page)
    child = int((tmp_path / ".cache" / "child").read_text())
    assert soon(lambda: not alive(child))


def test_a_page_leaves_no_temporary_files(tmp_path: Path) -> None:
    page = block(
        "import os, tempfile",
        "handle, name = tempfile.mkstemp()",
        "os.close(handle)",
        "print(os.environ['TMPDIR'] == tempfile.gettempdir() == os.path.dirname(name))",
        "print(name)",
    )
    same, name = texts(run(tmp_path, page=page)["page"])[0].split()
    assert same == "True"
    assert not Path(name).parent.exists()


def test_a_page_without_code_starts_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_Running", None)
    assert run(tmp_path, page="# T\n\nWords.\n")["page"] == Ran()


def test_identical_blocks_after_different_ones_come_to_different_things(
    tmp_path: Path,
) -> None:
    same = block("print(x + 1)")
    ran = run(tmp_path, a=block("x = 1") + same, b=block("x = 2") + same)
    assert texts(ran["a"])[1] == "2\n"
    assert texts(ran["b"])[1] == "3\n"


def test_what_one_page_does_to_numpy_no_other_page_sees(tmp_path: Path) -> None:
    use = block("import numpy as np", "float(np.exp(0.0))")
    patch = block("import numpy as np", "np.exp = lambda x: 7.0") + use
    ran = run(tmp_path, a=patch, b=use, c=patch, d=use)
    assert [texts(ran[name])[-1] for name in "abcd"] == [
        "7.0\n",
        "1.0\n",
        "7.0\n",
        "1.0\n",
    ]


def test_the_state_of_numpy_s_warnings_ends_with_the_block(tmp_path: Path) -> None:
    quiet = block("import numpy as np", "np.seterr(all='ignore')", "print(np.log(0.0))")
    loud = block("print(np.log(0.0))")
    (told,) = problems(run(tmp_path, page=quiet + loud)["page"])
    assert "divide by zero" in told
    assert told.startswith("docs/page.md:8: RuntimeWarning")


def test_a_page_compiles_as_a_reader_s_interpreter_would(tmp_path: Path) -> None:
    page = block("def f(x: int): ...", "f.__annotations__['x'] is int")
    assert texts(run(tmp_path, page=page)["page"]) == ["True\n"]


def test_seconds_are_those_of_the_page(tmp_path: Path) -> None:
    ran = run(tmp_path, page=block("import time", "time.sleep(0.3)"))["page"]
    assert 0.3 <= ran.seconds < 5


DERIVATION = """given:
    z = rng.normal()
steps:
    z * (factor + 1)
    = factor * z + {}   # distribute
"""


@pytest.mark.parametrize("last", ["z", "2 * z"])
def test_a_derivation_is_checked_in_the_page_s_namespace(
    tmp_path: Path, last: str
) -> None:
    page = read("page", block("factor = 3") + block("pass"))
    slot = page.slots[1]
    slot.kind, slot.derivation = "derivation", parse(DERIVATION.format(last), slot.line)
    ran = run_pages([page], str(tmp_path), [], limit=30, progress=False)[page.page]
    if last == "z":
        assert texts(ran) == ["", ""]
        assert [line.relation for line in ran.outcomes[1].lines] == ["", "="]
    else:
        (told,) = problems(ran)
        assert told.startswith(f"docs/page.md:{slot.line + 4}: ")


def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    (tmp_path / "build.py").write_text(
        "from dlbook.press.reading.scan import scan\n"
        "from dlbook.press.running.workers import run_pages\n"
        f"text = {block('x = 1')!r}\n"
        "if __name__ == '__main__':\n"
        "    pages = [scan(f'{i}.md', text, text) for i in range(3)]\n"
        f"    run_pages(pages, {str(tmp_path)!r}, [], limit=30, progress=True)\n"
    )
    with subprocess.Popen([sys.executable, "build.py"], cwd=tmp_path, stderr=theirs):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while more := os.read(ours, 4096):
                shown += more
    os.close(ours)
    assert b"0/3" in shown
    assert b"page" in shown
    assert shown.endswith(b" \r")  # nothing of it stays


def test_asserts_are_checks_also_without_python_s(book: Book) -> None:
    book.write("part/a.md", "# A\n\n" + block("assert 1 == 2, 'unequal'"))
    (book.folder / "tiny.py").write_text(
        "def f():\n    assert 1 == 3, 'in the module'\n"
    )
    book.write("part/b.md", "# B\n\n" + block("import tiny", "tiny.f()"))
    run = subprocess.run(
        [sys.executable, "-O", "-m", "mkdocs", "build"],
        cwd=book.folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "docs/part/a.md:4: AssertionError: unequal" in run.stderr
    assert "docs/part/b.md:5: AssertionError: in the module" in run.stderr


def test_reader_sees_what_was_printed_by_whatever_way(book: Book) -> None:
    code = block(
        "import os",
        "print('σ = ½')",
        "os.system('echo 中文')",
        "os.write(1, b'raw')",
        "None",
    )
    book.write("part/a.md", "# A\n\n" + code)
    book.write("part/b.md", ("# B\n\n" + code).replace("\n", "\r\n"))
    book.write("part/c.md", "# C\n\nNo code.\n")
    run = book.build()
    assert run.returncode == 0, run.stderr
    for name in "ab":
        assert '<pre class="press-text">σ = ½\n中文\nraw</pre>' in book.page(
            f"part/{name}.html"
        )
    assert (
        "page" not in run.stdout + run.stderr
    )  # no progress where there is no terminal
