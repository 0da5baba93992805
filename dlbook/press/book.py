"""All pages of one build, read before any of them is rendered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_markdown_title, meta

from dlbook.press.numbers.numbers import typed_numbers
from dlbook.press.problems import Problem
from dlbook.press.reading.labels import Labels
from dlbook.press.reading.scan import Scan, scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mkdocs.structure.pages import Page


class Book:
    """What is known of the book once its sources are read.

    Args:
        root: The project's folder; pages are named relative to it.
        pages: All pages.
        chapters: The number of each page that is a chapter, by its source.
        last: The book as it was read last time; a page that did not change is not read again.
    """

    def __init__(
        self,
        root: Path,
        pages: Iterable[Page],
        chapters: Mapping[str, int],
        last: Book | None,
    ) -> None:
        self.chapters = chapters
        self.pages = {page.file.src_uri: page for page in pages}
        self.sources: dict[str, str] = {}
        self.bodies: dict[str, str] = {}
        self.titles: dict[str, Any] = {}
        self.scans: dict[str, Scan] = {}
        self.typed: dict[str, list[Problem]] = {}
        self.labels = Labels()
        self.problems: list[Problem] = []
        for uri, page in self.pages.items():
            source = page.file.content_string
            self.sources[uri] = source
            if last and last.sources.get(uri) == source:
                self.bodies[uri] = last.bodies[uri]
                self.titles[uri] = last.titles[uri]
                self.scans[uri] = last.scans[uri]
                self.typed[uri] = last.typed[uri]
            else:
                body, head = meta.get_data(source)
                self.bodies[uri] = body
                self.titles[uri] = head.get("title") or get_markdown_title(body)
                self.scans[uri] = scan(_name(page, root), source, body)
                self.typed[uri] = list(_typed(self.scans[uri], head.get("numbers")))
            found = self.scans[uri]
            self.problems += found.problems + self.typed[uri]
            self.problems += self.labels.add_page(found, chapters.get(uri), page.url)
        for found in self.scans.values():
            self.problems += self.labels.check(found)

    def made_from(self, uri: str) -> tuple[Any, ...]:
        """What a page's HTML is made from, as far as it stands in sources: its text, and the labels in it."""
        found = self.scans[uri]
        names = [name for name, *_ in (*found.labels, *found.references)]
        known = [self.labels[name] for name in names if name in self.labels]
        told = [(label.name, label.text, label.url) for label in known]
        return self.sources[uri], self.chapters.get(uri), told


def _typed(found: Scan, allowed: object) -> Iterator[Problem]:
    """The numbers that are typed into the prose of a page that computes."""
    if found.slots:
        for line, told in typed_numbers(found.lines, found.body_line, allowed):
            yield Problem(found.page, line, told)


def _name(page: Page, root: Path) -> str:
    path = Path(page.file.abs_src_path or page.file.src_uri)
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return page.file.src_uri
