r"""Citations and the works they name: `docs/references.bib`, cited on any page, listed in full on one.

`\cite{cox1958}` in prose reads (Cox 1958), `\citet{cox1958}` reads Cox (1958), and both lead to the entry on the
page of references. The library's docstrings name their sources in words; an entry knows these, too.
"""

from __future__ import annotations

import ast
import hashlib
import html
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_relative_url

from dlbook.press.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dlbook.press.reading.scan import Scan
    from dlbook.press.rebuilding.store import Store

# What the fences ```references and ```bibliography leave on a page until it is filled.
REFERENCES = "<div data-press-references=''></div>"
BIBLIOGRAPHY = "<div data-press-bibliography=''></div>"

_CITATION = re.compile(r"<a data-press-cite='([^']*)' data-press-textual='([01])'></a>")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ ]*([^`]*?)[ \t]*$")
_SOURCE = re.compile(r"^([ ]*)Source:\n((?:\1[ ]+\S.*\n|[ ]*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One work, formatted.

    Args:
        key: As it is cited, `cox1958`.
        line: Where it begins in the file.
        short: Its authors as a citation names them: `Cox`, `Albert and Anderson`, `Harris et al.`
        year: As a citation gives it: `1958`, or `1998a` if these authors have several of that year.
        text: The full reference, as plain text.
        html: The same as HTML, with a link to its DOI.
        author: The first author's surname, by which a docstring names the work, with the year and a hint.
        hints: The title's beginning, and where it appeared.
    """

    key: str
    line: int
    short: str
    year: str
    text: str
    html: str
    author: str
    hints: Sequence[str]

    def is_named_in(self, text: str) -> bool:
        """Whether a text gives the first author, the year, and the title's beginning or where it appeared."""
        said = " ".join(text.split()).casefold()
        return (
            self.author.casefold() in said
            and self.year[:4] in said
            and any(hint.casefold() in said for hint in self.hints)
        )


class Bibliography:
    """The entries of a BibTeX file, and who cites them.

    Args:
        file: The BibTeX file; a book without one has no works to cite.
        root: The project's folder. The sources of its package's docstrings count as citations.
        store: Keeps what was read until the file changes; reading it costs a moment.
    """

    def __init__(self, file: Path, root: Path, store: Store) -> None:
        self._root = root
        self._page = file.relative_to(root).as_posix()
        self._url: str | None = None
        self._cited: dict[str, list[tuple[str, str]]] = {}
        self._sources: dict[str, list[str]] = {}
        self.entries: dict[str, Entry] = {}
        self.problems: list[Problem] = []
        if file.exists():
            kept = _read(file.read_bytes(), store)
            self.entries = {e["key"]: Entry(**e) for e in kept["entries"]}
            self.problems = [Problem(self._page, *told) for told in kept["faults"]]

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def check(self, scan: Scan) -> Iterator[Problem]:
        """The works that a page cites and nobody knows; a list of works on a page that cites none."""
        for key, line in scan.citations:
            if key not in self:
                told = f"citation of {key!r}, which is not in {self._page}"
                yield Problem(scan.page, line, told)
        listed = _line_of_fence(scan, "references")
        if listed and not scan.citations:
            told = "this lists the works cited on this page, and the page cites none"
            yield Problem(scan.page, listed, told)

    def check_book(self, pages: Iterable[tuple[Scan, str, str]]) -> list[Problem]:
        r"""Learn who cites what, once all pages are read.

        Args:
            pages: Each page as it was read, its address relative to the site's root, and its title.

        Returns:
            The problems of the file, its entries that nobody cites, a missing or a second page of references.
        """
        problems = [*self.problems]
        self._url, self._cited = None, defaultdict(list)
        self._sources = self._docstrings()
        citing = None
        for scan, url, title in pages:
            if scan.citations and not citing:
                citing = Problem(scan.page, scan.citations[0][1], _NO_PAGE)
            for key in dict.fromkeys(key for key, _ in scan.citations):
                self._cited[key].append((url, title))
            line = _line_of_fence(scan, "bibliography")
            if line and self._url is not None:
                problems.append(Problem(scan.page, line, _TWO_PAGES))
            elif line:
                self._url = url
        if citing and self._url is None:
            problems.append(citing)
        for entry in self.entries.values():
            if not self._cited.get(entry.key) and not self._sources.get(entry.key):
                told = f"entry {entry.key!r}: nobody cites it"
                problems.append(Problem(self._page, entry.line, told))
        return problems

    def made_from(self, scan: Scan, url: str) -> tuple[Any, ...]:
        """What of the bibliography a page's HTML is made from."""
        cited = [self.entries.get(key) for key, _ in scan.citations]
        return self._url, cited, self._listing(url) if url == self._url else ""

    def fill(self, content: str, scan: Scan, url: str) -> str:
        """Put citations and lists of works into a page's HTML.

        Args:
            content: The HTML that Markdown made of the page.
            scan: What was read on the page.
            url: Its address, relative to the site's root.
        """

        def citation(match: re.Match[str]) -> str:
            keys = html.unescape(match[1]).split(",")
            return self.citation(keys, match[2] == "1", url)

        content = _CITATION.sub(citation, content)
        if REFERENCES in content:
            here = {key for key, _ in scan.citations}
            items = [
                f"<li>{e.html}</li>" for e in self.entries.values() if e.key in here
            ]
            content = content.replace(REFERENCES, _list(items))
        if BIBLIOGRAPHY in content:
            content = content.replace(BIBLIOGRAPHY, self._listing(url))
        return content

    def citation(self, keys: Sequence[str], textual: bool, url: str) -> str:
        """One citation, each work a link that shows the full reference when it is pointed at or has the focus.

        Args:
            keys: The works.
            textual: Whether the authors are part of the sentence: Cox (1958), not (Cox 1958).
            url: The page's address, relative to the site's root.
        """
        form = "{0} ({1})" if textual else "{0}\N{NBSP}{1}"
        links = []
        for key in keys:
            entry = self.entries.get(key)
            if entry is None:
                links.append(f'<code class="press-error">{html.escape(key)}</code>')
                continue
            page = "" if self._url in (None, url) else get_relative_url(self._url, url)
            shown = html.escape(form.format(entry.short, entry.year))
            full = html.escape(entry.text, quote=True)
            links.append(
                f'<a class="press-cite" href="{page}#ref-{key}" data-reference="{full}">{shown}</a>'
            )
        return _enumeration(links) if textual else f"({'; '.join(links)})"

    def _listing(self, url: str) -> str:
        """All entries, each with who cites it."""
        items = []
        for entry in self.entries.values():
            cited = ", ".join(
                f'<a href="{get_relative_url(other, url)}">{html.escape(title)}</a>'
                for other, title in self._cited.get(entry.key, [])
            )
            sources = ", ".join(
                f'<autoref optional identifier="{name}"><code>{name.rsplit(".")[-1]}</code></autoref>'
                for name in self._sources.get(entry.key, [])
            )
            told = [f"Cited in {cited}." if cited else ""]
            told += [f"Source of {sources}." if sources else ""]
            users = f' <span class="press-cited">{" ".join(filter(None, told))}</span>'
            items.append(f'<li id="ref-{entry.key}">{entry.html}{users}</li>')
        return _list(items)

    def _docstrings(self) -> dict[str, list[str]]:
        """For each entry, what in the package gives it as a source."""
        named = defaultdict(list)
        for name, source in docstring_sources(self._root / "dlbook"):
            for entry in self.entries.values():
                if entry.is_named_in(source):
                    named[entry.key].append(name)
        return named


_NO_PAGE = (
    "this is cited, and no page lists the works: it holds the fence ```bibliography"
)
_TWO_PAGES = "all works are listed on another page already"


def docstring_sources(package: Path) -> Iterator[tuple[str, str]]:
    """The name of each thing in a package whose docstring has a section `Source:`, and that section.

    Args:
        package: The package's folder.
    """
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Source:\n" in text:
            parts = path.relative_to(package.parent).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            yield from _sources(ast.parse(text), name)


def _sources(node: Any, name: str) -> Iterator[tuple[str, str]]:
    for section in _SOURCE.findall(f"{ast.get_docstring(node) or ''}\n"):
        yield name, section[1]
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _sources(child, f"{name}.{child.name}")


def _read(data: bytes, store: Store) -> dict[str, Any]:
    """The file's entries and faults, as plain data."""
    readers = [Path(__file__).with_name(name) for name in ("bibtex.py", "bibstyle.py")]
    parts = [data, *(reader.read_bytes() for reader in readers)]
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    key = " ".join(["bibliography", *digests, version("pybtex")])
    kept: dict[str, Any] | None = store.get(key)
    if kept is None:
        from dlbook.press.citations import bibtex  # noqa: PLC0415  it loads pybtex

        entries, faults = bibtex.read(data)
        kept = {"entries": [asdict(entry) for entry in entries], "faults": faults}
        store.put(key, kept)
    return kept


def _line_of_fence(scan: Scan, language: str) -> int:
    """The line of a page's first fence in this language, which no longer fence quotes; 0 if there is none."""
    open_with = ""
    for number, line in enumerate(scan.lines, 1):
        fence = _FENCE.match(line)
        if not fence:
            continue
        if not open_with:
            if fence[2] == language:
                return number
            open_with = fence[1]
        elif fence[1].startswith(open_with) and not fence[2]:
            open_with = ""
    return 0


def _list(items: list[str]) -> str:
    return f'<ul class="press-references">{"".join(items)}</ul>'


def _enumeration(items: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))
