"""The works that the book cites: the file, the library's docstrings and the built pages agree."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import combining, normalize
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup

from dlbook.press.citations.bibliography import Bibliography, Entry, docstring_sources
from dlbook.press.rebuilding.store import Store
from tests.book.build import ROOT
from tests.pages import pages_of, read_page


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Bibliography:
    store = Store(tmp_path_factory.mktemp("works"), 2**20)
    return Bibliography(ROOT / "docs" / "references.bib", ROOT, store)


@pytest.fixture(scope="module")
def listed(site: Path) -> BeautifulSoup:
    return BeautifulSoup(
        (site / "appendix" / "references.html").read_text(), "html.parser"
    )


def test_the_file_of_works_is_sound_and_ordered_by_key(works: Bibliography) -> None:
    assert works.problems == []
    lines = {entry.line: entry.key for entry in works.entries.values()}
    keys = [lines[line] for line in sorted(lines)]
    assert len(keys) > 50
    assert keys == sorted(keys)


def test_a_key_is_the_first_author_s_surname_and_the_year(works: Bibliography) -> None:
    for entry in works.entries.values():
        surname = normalize("NFD", entry.author.split()[-1].lower())
        name = "".join(letter for letter in surname if not combining(letter))
        assert re.fullmatch(rf"{name}{entry.year[:4]}(-[a-z]+)?", entry.key), entry.key


def test_every_doi_belongs_to_one_work(works: Bibliography) -> None:
    dois = [
        d for e in works.entries.values() for d in re.findall(r"doi:(\S+)<", e.html)
    ]
    assert len(dois) > 30
    assert len(dois) == len(set(dois))


def test_every_source_that_a_docstring_names_is_a_work_of_the_file(
    works: Bibliography,
) -> None:
    """As many works as years: a source that the file does not know, or knows otherwise, is missed."""
    sources = dict(docstring_sources(ROOT / "dlbook"))
    assert len(sources) > 20
    for name, text in sources.items():
        years = re.findall(r"\b1[6-9]\d\d\b|\b20\d\d\b", text)
        found = [e.year[:4] for e in works.entries.values() if e.is_named_in(text)]
        assert sorted(found) == sorted(years), name


def test_the_page_of_references_lists_every_work_and_who_cites_it(
    works: Bibliography, listed: BeautifulSoup, site: Path
) -> None:
    items = {str(item["id"]): item for item in listed.select(".press-references > li")}
    assert list(items) == [f"ref-{key}" for key in works.entries]
    for name, item in items.items():
        cited = item.select_one(".press-cited")
        assert cited, name
        assert cited.get_text().startswith(("Cited in ", "Source of ")), name
        for link in cited.select("a:not(.autorefs)"):
            page = site / "appendix" / urldefrag(str(link["href"]))[0]
            assert f"#{name}" in read_page(page), f"{name}: {page.name}"


def test_every_citation_leads_to_its_work_and_shows_it(
    works: Bibliography, site: Path
) -> None:
    entries: dict[str, Entry] = works.entries
    count = 0
    for path in pages_of(site):
        page = BeautifulSoup(read_page(path), "html.parser")
        for link in page.select("a.press-cite"):
            target, anchor = urldefrag(str(link["href"]))
            entry = entries[anchor.removeprefix("ref-")]
            assert (path.parent / target).resolve().name == "references.html"
            assert link["data-reference"] == entry.text
            assert entry.short in link.get_text()
            count += 1
    assert count > 30
