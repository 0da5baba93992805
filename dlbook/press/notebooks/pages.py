"""The chapters as notebooks, where each lies, and the link to it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dlbook.press.notebooks.notebook import notebook
from dlbook.press.notebooks.prose import Prose
from dlbook.press.typesetting.fill import UNSEARCHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlbook.press.book import Book
    from dlbook.press.citations.bibliography import Bibliography
    from dlbook.press.errata import Errata
    from dlbook.press.running.session import Outcome


def link(book: Book, uri: str) -> str:
    """The line at a page's end that leads to its notebook; nothing if it has none.

    Args:
        book: All pages.
        uri: The page's source.
    """
    if not _has_one(book, uri):
        return ""
    return (
        f'<p class="press-notebook" {UNSEARCHED}>'
        f'<a href="{_place(book, uri).name}" download>This page as a notebook</a></p>'
    )


def files(
    title: str,
    book: Book,
    outcomes: Mapping[str, Sequence[Outcome]],
    bibliography: Bibliography,
    errata: Errata,
) -> dict[str, str]:
    """The notebooks, by their place in the site; a served page with a problem has none.

    Args:
        title: The book's.
        book: All pages.
        outcomes: What the slots of each page came to, by its file.
        bibliography: The works that can be cited.
        errata: The rows of errata.
    """
    faulty = {problem.page for problem in book.problems}
    made = {}
    for uri, chapter in book.chapters.items():
        found = book.scans[uri]
        came = outcomes[found.page]
        failed = len(came) < len(found.slots) or any(each.problem for each in came)
        if _has_one(book, uri) and not failed and found.page not in faulty:
            prose = Prose(found, came, book.labels, bibliography, chapter)
            made[str(_place(book, uri))] = notebook(title, prose, errata)
    return made


def _has_one(book: Book, uri: str) -> bool:
    """Whether a page is a chapter with code to run."""
    slots = book.scans[uri].slots
    return uri in book.chapters and any(s.kind in ("block", "exercise") for s in slots)


def _place(book: Book, uri: str) -> PurePosixPath:
    return PurePosixPath(book.pages[uri].file.dest_uri).with_suffix(".ipynb")
