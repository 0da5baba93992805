"""`mkdocs serve --dirty`, for real: an edit rebuilds the pages it changes, and none of them is stale."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.press.conftest import Book

PATIENCE = 60  # seconds until a page that does not come counts as missing


class Server:
    """A served book, and what it said."""

    def __init__(self, book: Book) -> None:
        self.book = book
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.log = book.folder / "serve.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "mkdocs", "serve", "--dirty"),
                    *("--dev-addr", self.address),
                ],
                cwd=book.folder,
                env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
                stdout=log,
                stderr=log,
            )
        self.wait(lambda: "Serving on" in self.said())

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def builds(self) -> int:
        return self.said().count("Reloading browsers")

    def page(self, name: str) -> str:
        try:
            with urllib.request.urlopen(f"http://{self.address}/{name}") as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return f"{error.code}"

    def wait(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)

    def after(self, edit: Callable[[], object]) -> None:
        """Make an edit and wait until it is built."""
        before = self.builds()
        edit()
        self.wait(lambda: self.builds() > before)


@pytest.fixture
def served(book: Book) -> Iterator[Server]:
    block = '```python exec="on"\nprint("{}")\n```\n'
    equation = "$$\nx = 1 \\label{eq:one}\n$$\n"
    (book.folder / "tinylib.py").write_text("def answer(x=1):\n    return x + 41\n")
    with (book.folder / "mkdocs.yml").open("a") as config:
        config.write("watch: [tinylib.py]\n")
    book.write("part/a.md", f"# First\n\nWords.\n\n{equation}\n{block.format('out')}")
    book.write("part/b.md", "# Second\n\nBy \\eqref{eq:one} and `{python} 6 * 7`.\n")
    book.write(
        "part/c.md",
        '# Third\n\n```python exec="on"\nimport tinylib\nprint("it is", tinylib.answer())\n```\n',
    )
    server = Server(book)
    yield server
    server.process.terminate()
    server.process.wait()


def rewrite(book: Book, name: str, old: str, new: str) -> None:
    path = book.folder / "docs" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_kind_of_edit_reaches_the_pages_it_concerns(served: Server) -> None:
    book = served.book

    served.after(lambda: rewrite(book, "part/a.md", "Words.", "Other words."))
    assert "Other words." in served.page("part/a.html")
    assert ">out</pre>" in served.page("part/a.html")
    assert '">(1.1)</a>' in served.page("part/b.html")
    assert "Third" in served.page("part/a.html")  # in the navigation

    served.after(lambda: rewrite(book, "part/a.md", '"out"', '"more"'))
    assert ">more</pre>" in served.page("part/a.html")

    added = "$$\ny = 0 \\label{eq:new}\n$$\n\n$$\nx = 1"
    served.after(lambda: rewrite(book, "part/a.md", "$$\nx = 1", added))
    assert '">(1.2)</a>' in served.page("part/b.html")

    served.after(lambda: rewrite(book, "part/b.md", "# Second", "# Renamed"))
    assert "Renamed" in served.page("part/a.html")
    assert "Renamed" in served.page("index.html")

    served.after(
        lambda: (book.folder / "tinylib.py").write_text(
            "def answer(x=2):\n    return x + 41\n"
        )
    )
    assert ">it is 43</pre>" in served.page("part/c.html")

    # back to what it was: nothing has to run, and yet the page is another one
    served.after(
        lambda: (book.folder / "tinylib.py").write_text(
            "def answer(x=1):\n    return x + 41\n"
        )
    )
    assert ">it is 42</pre>" in served.page("part/c.html")

    index = served.page("search/search_index.json")
    for text in ("Other words.", "Renamed", "Third"):
        assert index.count(text) == 1, text


def test_a_fault_is_shown_and_its_repair_too(served: Server) -> None:
    book = served.book
    served.after(
        lambda: (book.folder / "tinylib.py").write_text("def question():\n    pass\n")
    )
    assert "AttributeError" in served.page("part/c.html")
    assert "docs/part/c.md:5" in served.said()
    assert 'press-problems">docs/part/c.md:5: AttributeError' in served.page(
        "part/c.html"
    )

    served.after(lambda: rewrite(book, "part/a.md", "Words.", "Words, still served."))
    assert "still served" in served.page("part/a.html")
    assert "AttributeError" in served.page("part/c.html")

    served.after(
        lambda: (book.folder / "tinylib.py").write_text("def answer():\n    return 9\n")
    )
    assert ">it is 9</pre>" in served.page("part/c.html")


def test_objects_are_shown_as_they_are_now(book: Book) -> None:
    library = book.folder / "tinylib.py"
    library.write_text('def answer():\n    """It is 42."""\n')
    config = book.folder / "mkdocs.yml"
    plugins = "  - autorefs\n  - mkdocstrings\nmarkdown_extensions:"
    text = config.read_text().replace("markdown_extensions:", plugins)
    config.write_text(f"{text}watch: [tinylib.py]\n")
    book.write("objects.md", "# Objects\n\n::: tinylib.answer\n")
    book.write("part/a.md", "# A\n\nSee [it][tinylib.answer].\n")
    server = Server(book)
    try:
        server.after(lambda: library.write_text('def answer():\n    """It is 43."""\n'))
        assert "It is 43." in server.page("objects.html")
        server.after(lambda: rewrite(book, "part/a.md", "See", "Look at"))
        assert "objects.html#tinylib.answer" in server.page("part/a.html")
    finally:
        server.process.terminate()
        server.process.wait()


def test_a_page_that_comes_and_goes(served: Server) -> None:
    book = served.book
    served.after(
        lambda: book.write("part/aa.md", "# Between\n\n$$\n1 \\label{eq:m}\n$$\n")
    )
    assert "Between" in served.page("part/c.html")
    assert '">(1.1)</a>' in served.page("part/b.html")
    assert "Chapter 3" in served.page("part/b.html")

    served.after((book.folder / "docs" / "part" / "aa.md").unlink)
    assert "Between" not in served.page("part/c.html")
    assert "Chapter 2" in served.page("part/b.html")
    assert served.page("part/aa.html").startswith("404") or "404" in served.page(
        "part/aa.html"
    )


def test_mkdocs_warning_about_dirty_builds_is_not_shown(served: Server) -> None:
    assert "dirty" not in served.said()
