"""Numbers and labels: equations, figures and exercises, counted by chapter and found from any page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlbook.press.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.press.scan import Scan

WORDS = {"eq": "", "fig": "Figure ", "ex": "Exercise "}


@dataclass(frozen=True)
class Label:
    """A numbered thing: where it stands and what it is called.

    Args:
        name: As written, `eq:sigmoid`.
        number: As printed, `2.3`.
        url: Of its page, relative to the site's root.
        page: The page's file.
        line: Where the label stands in it.
    """

    name: str
    number: str
    url: str
    page: str
    line: int

    @property
    def text(self) -> str:
        """How a reference to it reads: `(2.3)`, `Figure 2.1`, `Exercise 2.4`."""
        kind = self.name.split(":")[0]
        return f"({self.number})" if kind == "eq" else f"{WORDS[kind]}{self.number}"


class Labels:
    """The registry of all labels of the book."""

    def __init__(self) -> None:
        self._by_name: dict[str, Label] = {}

    def __getitem__(self, name: str) -> Label:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def add_page(self, scan: Scan, chapter: int | None, url: str) -> Iterable[Problem]:
        """Number a page's labels; yields what is wrong with them."""
        counts = dict.fromkeys(WORDS, 0)
        for name, line in scan.labels:
            kind, _, rest = name.partition(":")
            if kind not in WORDS or not rest:
                yield Problem(
                    scan.page, line, f"label {name!r}: expected eq:…, fig:… or ex:…"
                )
                continue
            if name in self._by_name:
                first = self._by_name[name]
                yield Problem(
                    scan.page,
                    line,
                    f"label {name!r} stands already at {first.page}:{first.line}",
                )
                continue
            counts[kind] += 1
            number = f"{chapter}.{counts[kind]}" if chapter else str(counts[kind])
            self._by_name[name] = Label(name, number, url, scan.page, line)

    def check(self, scan: Scan) -> Iterable[Problem]:
        """Problems with a page's references, once all pages are known."""
        for name, line in scan.references:
            if name not in self._by_name:
                yield Problem(
                    scan.page, line, f"reference to an unknown label {name!r}"
                )
