"""Build and serve the made-up book, in turns with its contestants; print one table; fail on a missed target."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.book import serve
from benchmarks.book.contestants import Book, generate

ROUNDS = 5
LONG_ROUNDS = 3  # of those that take longer


@dataclass(frozen=True)
class Line:
    """A line of the table: what was measured, and what it is held against.

    Args:
        what: What was measured.
        seconds: Each time.
        floor: What bounds it: the times of another contestant, or nothing but `bound`.
        bound: The most that it may be: times the floor's median, or in seconds if there is no floor.
        than: What the bound counts.
    """

    what: str
    seconds: list[float]
    bound: float | None = None
    floor: list[float] | None = None
    than: str = "s"

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.bound is None or self.ratio <= self.bound

    @property
    def ratio(self) -> float:
        """The median, over the floor's if there is one."""
        return median(self.seconds) / (median(self.floor) if self.floor else 1.0)

    def __str__(self) -> str:
        told = f"{self.what:<34} {median(self.seconds):>7.2f} {min(self.seconds):>7.2f}"
        told += f" {max(self.seconds):>7.2f} {len(self.seconds):>5}"
        if self.bound is None:
            return told
        ratio = f"{self.ratio:.2f}" if self.floor else ""
        target = f"≤ {self.bound} {self.than}"
        return f"{told} {ratio:>7}   {target:<28} {'OK' if self.holds else 'MISS'}"


HEAD = f"{'seconds':<34} {'median':>7} {'least':>7} {'most':>7} {'times':>5} {'ratio':>7}   target"


def builds(book: Book) -> list[Line]:
    """The contestants, in turns.

    Args:
        book: The book.
    """
    for contestant in ("nothing", "press", "plain"):
        book.build(contestant)
    book.verify()
    nothing, warm, cold, plain = [], [], [], []
    for number in range(ROUNDS):
        nothing.append(book.build("nothing"))
        warm.append(book.build("press"))
        if number < LONG_ROUNDS:
            book.forget()
            cold.append(book.build("press"))
            plain.append(book.build("plain"))
    book.verify()
    return [
        Line("build, nothing executed", nothing),
        Line("build by plain markdown-exec", plain),
        Line("build by the press, again", warm, 1.2, nothing, "× nothing executed"),
        Line("build by the press, from nothing", cold, 0.6, plain, "× plain"),
    ]


def servings(book: Book) -> list[Line]:
    """Edits of a served book.

    Args:
        book: The book.
    """
    with serve.served(book) as reader:
        prose = serve.prose_edits(book, reader)
        code = serve.code_edits(book, reader)
        package = serve.package_edits(book, reader)
    return [
        Line("serve, an edit in prose", prose, 1.2),
        Line("serve, an edit in a block", code, 1.5),
        Line("serve, an edit in the package", package),
    ]


def main() -> int:
    """Measure, print, and return how many targets were missed, at most 1."""
    with tempfile.TemporaryDirectory() as folder:
        lines = builds(generate(Path(folder, "built"), 80))
        print(HEAD, *lines, sep="\n", flush=True)
        edits = servings(generate(Path(folder, "served"), 40))
        print(*edits, sep="\n")
        lines += edits
    return int(not all(line.holds for line in lines))


if __name__ == "__main__":
    sys.exit(main())
