"""A book under `mkdocs serve --dirty`: how long after an edit the whole page is there for its reader."""

from __future__ import annotations

import contextlib
import http.client
import random
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic, perf_counter, sleep

from benchmarks.book.contestants import ENVIRONMENT, Book, shown
from benchmarks.book.generate import PACKAGE_EVERY, Page

EDITS = 10
PATIENCE = 60.0  # seconds until an edit that does not show counts as lost
LOOK_EVERY = 0.02
REST = (1.0, 1.6)  # seconds between two edits, so that the last one's work is over


class Reader:
    """Somebody who has the served book open.

    Args:
        port: Where it is served.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    def page(self, page: Page) -> str:
        """A page's HTML, or nothing if it is not there.

        Args:
            page: The page.
        """
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=PATIENCE
        )
        with contextlib.closing(connection):
            connection.request("GET", "/" + page.file.replace(".md", ".html"))
            answer = connection.getresponse()
            text = answer.read().decode()
            return text if answer.status == http.client.OK else ""

    def waits_for(self, word: str, page: Page) -> float:
        """The seconds until a word is on a page, and the page is whole.

        Args:
            word: The word.
            page: The page.

        Raises:
            TimeoutError: If it does not come; says what is wrong with the page.
        """
        started = perf_counter()
        while perf_counter() - started < PATIENCE:
            looked = perf_counter()
            text = self.page(page)
            if re.search(rf"\b{word}\b", text):
                seconds = perf_counter() - started
                shown(text, page)
                return seconds
            sleep(max(0.0, LOOK_EVERY - (perf_counter() - looked)))
        raise TimeoutError(f"{page.file}: {word!r} did not come in {PATIENCE:.0f} s")


@contextlib.contextmanager
def served(book: Book) -> Iterator[Reader]:
    """Serve a book as `make serve` does.

    Args:
        book: The book, written.

    Raises:
        RuntimeError: If the server ends before it serves, or a page is not what it should be; says how.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--dirty"]
    address = ["--config-file", "press.yml", "--dev-addr", f"127.0.0.1:{port}"]
    log = book.folder / "serve.log"
    with log.open("wb") as told:
        server = subprocess.Popen(
            [*command, *address],
            cwd=book.folder,
            env=ENVIRONMENT,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    try:
        begun = monotonic()
        while "Serving on" not in log.read_text(encoding="utf-8"):
            if server.poll() is not None or monotonic() - begun > 2 * PATIENCE:
                raise RuntimeError(f"mkdocs serve:\n{log.read_text(encoding='utf-8')}")
            sleep(0.1)
        yield Reader(port)
    except (OSError, ValueError) as error:
        said = log.read_text(encoding="utf-8")
        raise RuntimeError(f"{error}\nThe server said:\n{said[-2000:]}") from error
    finally:
        server.terminate()
        server.wait()


def prose_edits(book: Book, reader: Reader) -> list[float]:
    """Seconds from the edit of a paragraph to its page.

    Args:
        book: The book.
        reader: Who waits.
    """

    def edit(text: str, number: int) -> tuple[str, str]:
        head, _, rest = text.partition("\n\n## ")
        return f"{head}\n\nA word: edited{number}.\n\n## {rest}", f"edited{number}"

    return _edits(book, reader, edit)


def code_edits(book: Book, reader: Reader) -> list[float]:
    """Seconds from the edit of a block, which runs in well under a millisecond, to its output.

    Args:
        book: The book.
        reader: Who waits.
    """

    def edit(text: str, number: int) -> tuple[str, str]:
        # the product is in the output, and nowhere in the code
        new = f'print(7919 * {1000 + number})\nprint(f"after'
        return text.replace('print(f"after', new, 1), str(7919 * (1000 + number))

    return _edits(book, reader, edit)


def _edits(
    book: Book, reader: Reader, edit: Callable[[str, int], tuple[str, str]]
) -> list[float]:
    rng = random.Random(0)
    seconds = []
    for number in range(EDITS):
        page = book.pages[number * len(book.pages) // EDITS]
        path = book.folder / "docs-press" / page.file
        text, word = edit(path.read_text(encoding="utf-8"), number)
        sleep(rng.uniform(*REST))
        path.write_text(text, encoding="utf-8")
        seconds.append(reader.waits_for(word, page))
        other = book.pages[rng.randrange(len(book.pages))]
        shown(reader.page(other), other)
    return seconds


def package_edits(book: Book, reader: Reader, *, count: int = 3) -> list[float]:
    """Seconds from the edit of a function's docstring to the last of the pages that print it.

    Args:
        book: The book, with a package of its own.
        reader: Who waits.
        count: How many edits.
    """
    path = book.folder / "dlbook" / "ops" / "activation.py"
    seconds = []
    for number in range(count):
        text = path.read_text(encoding="utf-8")
        old = r'(def sigmoid\(.*\n    r"""The )'
        text, edits = re.subn(old, rf"\1renamed{number} ", text)
        if edits != 1:
            raise ValueError(f"{path}: expected one sigmoid to edit, got {edits}")
        sleep(REST[1])
        path.write_text(text, encoding="utf-8")
        started = perf_counter()
        for page in book.pages[::PACKAGE_EVERY]:
            reader.waits_for(f"renamed{number}", page)
        seconds.append(perf_counter() - started)
    return seconds
