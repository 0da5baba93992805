"""Numbers and labels: what is numbered, counted by chapter in the order of its pages, and found from any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlbook.press.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.press.reading.scan import Scan

WORDS = {
    "eq": "",
    "fig": "Figure ",
    "tbl": "Table ",
    "sec": "Section ",
    "alg": "Algorithm ",
    "thm": "Theorem ",
    "ex": "Exercise ",
}
_NAME = re.compile(r"[\w-]+", re.ASCII)


def fits(label: str, *kinds: str) -> bool:
    """Whether a label is of one of these kinds, such as `eq` or `fig`, and well formed."""
    kind, _, name = label.partition(":")
    return kind in kinds and _NAME.fullmatch(name) is not None


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

    @property
    def anchor(self) -> str:
        """Its anchor on the page; nothing for what was not given a name, and cannot be referred to."""
        return "" if ":@" in self.name else self.name


class Labels:
    """The registry of all labels of the book."""

    def __init__(self) -> None:
        self._by_name: dict[str, Label] = {}
        self._lines: dict[tuple[str, str], Label] = {}

    def __getitem__(self, name: str) -> Label:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Label | None:
        """The label of this name, if there is one."""
        return self._by_name.get(name)

    def line(self, name: str, letter: str) -> Label | None:
        """The label that a derivation's line has for itself, if it has one.

        Args:
            name: The derivation's label.
            letter: The line's letter, behind the derivation's number.
        """
        return self._lines.get((name, letter))

    def add_page(self, scan: Scan, chapter: int | None, url: str) -> Iterable[Problem]:
        """Number a page's labels; yields what is wrong with them."""
        counts = dict.fromkeys(WORDS, 0)
        lines = dict(_lines_of_derivations(scan))
        for name, line in scan.labels:
            kind = name.split(":")[0]
            named = not name.startswith(f"{kind}:@")
            if kind == "sec" and chapter is None:
                if named:
                    told = f"label {name!r}: sections are numbered in chapters only; link to it instead"
                    yield Problem(scan.page, line, told)
                continue
            if named and not fits(name, *WORDS):
                kinds = ", ".join(f"{kind}:…" for kind in WORDS)
                told = f"label {name!r}: expected {kinds} with a name of letters, digits, - and _"
                yield Problem(scan.page, line, told)
                continue
            if name in self._by_name:
                first = self._by_name[name]
                told = f"label {name!r} stands already at {first.page}:{first.line}"
                yield Problem(scan.page, line, told)
                continue
            if (name, line) in lines:
                derivation, letter = lines[name, line]
                if derivation in self._by_name:
                    number = self._by_name[derivation].number + letter
                    label = Label(name, number, url, scan.page, line)
                    self._by_name[name] = self._lines[derivation, letter] = label
                continue
            counts[kind] += 1
            number = f"{chapter}.{counts[kind]}" if chapter else str(counts[kind])
            self._by_name[name] = Label(name, number, url, scan.page, line)

    def check(self, scan: Scan) -> Iterable[Problem]:
        """Problems with a page's references, once all pages are known."""
        for name, line in scan.references:
            if name not in self._by_name:
                told = f"reference to an unknown label {name!r}"
                yield Problem(scan.page, line, told)


def _lines_of_derivations(
    scan: Scan,
) -> Iterable[tuple[tuple[str, int], tuple[str, str]]]:
    """From a line's own label, and where it stands, to its derivation's label and its letter."""
    for slot in scan.slots:
        for i, step in enumerate(slot.derivation.steps if slot.derivation else ()):
            if step.label and slot.derivation:
                letter = slot.derivation.letter(i)
                yield (step.label, step.line), (slot.options["label"], letter)
