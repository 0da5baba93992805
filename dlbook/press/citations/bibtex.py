"""Reads a BibTeX file: every entry formatted, every fault with its line.

Together with `bibstyle` it is all that loads pybtex. What is read is plain data and is kept between builds: a build
whose BibTeX file has not changed never gets here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pybtex.backends import plaintext
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Entry as Work
from pybtex.database import Person
from pybtex.database.input.bibtex import LowLevelParser
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pybtex.scanner import PrematureEOF
from pybtex.textutils import normalize_whitespace

from dlbook.press.citations.bibliography import Entry
from dlbook.press.citations.bibstyle import Html, Style, is_others

if TYPE_CHECKING:
    from collections.abc import Iterator

# What an entry of each type must have, beside author, title and year.
TYPES: dict[str, tuple[str, ...]] = {
    "article": ("journal",),
    "book": ("publisher",),
    "incollection": ("booktitle", "publisher"),
    "inproceedings": ("booktitle",),
    "mastersthesis": ("school",),
    "misc": (),
    "phdthesis": ("school",),
    "techreport": ("institution",),
}
_VENUES = ("journal", "booktitle", "school", "institution")
_KEY = re.compile(r"[a-z][a-z0-9-]*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")

Faults = list[tuple[int, str]]


@dataclass
class _Read:
    """An entry as it stands in the file."""

    key: str
    line: int
    work: Any
    faults: Faults = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    short: str = ""

    def tell(self, message: str) -> None:
        """Note a fault."""
        self.faults.append((self.line, f"entry {self.key!r}: {message}"))

    @property
    def order(self) -> tuple[Any, ...]:
        """Where it stands in the list: by authors, year and title."""
        names = [_folded(_plain(str(p))) for p in self.work.persons["author"]]
        fields = self.work.fields
        return names, fields["year"], _folded(_plain(fields["title"])), self.key


def read(data: bytes) -> tuple[list[Entry], Faults]:
    """Read a BibTeX file.

    Args:
        data: What it holds.

    Returns:
        Its entries, in the order of a list of references, and its faults, each with its line.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], [(data.count(b"\n", 0, error.start) + 1, "this is not UTF-8")]
    found, faults = _parse(text)
    for one in found:
        if not one.faults:
            _check(one)
        _complete(one)
    found.sort(key=lambda one: one.order)
    names = Counter((one.short, one.work.fields["year"]) for one in found)
    letters: dict[Any, Iterator[str]] = defaultdict(
        lambda: iter("abcdefghijklmnopqrstuvwxyz")
    )
    style = Style()
    entries = []
    for one in found:
        name = (one.short, one.work.fields["year"])
        letter = next(letters[name]) if names[name] > 1 else ""
        entries.append(_format(one, letter, style))
        faults += one.faults
    return entries, faults


def _parse(text: str) -> tuple[list[_Read], Faults]:
    found: dict[str, _Read] = {}
    faults: Faults = []
    errors: list[Any] = []
    parser = LowLevelParser(text, macros={}, handle_error=errors.append)
    end, broken = 0, False
    for kind, body in parser:
        line = text.count("\n", 0, parser.command_start) + 1
        broken = broken or bool(errors)
        faults += () if broken else _outside(text, end, parser.command_start)
        end = parser.pos
        key = body[0] if kind.lower() not in ("string", "preamble") else None
        if key is None:
            continue
        known = kind.lower() in TYPES
        one = _Read(key, line, Work(kind.lower() if known else "misc"))
        for error in errors:
            at, told = _fault(error, line)
            one.faults.append((at, f"entry {key!r}: {told}" if at >= line else told))
        errors.clear()
        if not _KEY.fullmatch(key):
            one.tell("expected a key like cox1958: lower case, digits, hyphens")
        if not known:
            one.tell(f"unknown type @{kind}; expected one of {', '.join(TYPES)}")
        _take(one, body[1])
        if key in found:
            one.tell(f"it stands already at line {found[key].line}")
            faults += one.faults
        found.setdefault(key, one)
    begun = text.count("\n", 0, parser.command_start) + 1
    faults += [_fault(error, begun) for error in errors]
    faults += () if broken or errors else _outside(text, end, len(text))
    return list(found.values()), faults


def _fault(error: Any, line: int) -> tuple[int, str]:
    """What the parser refuses in the entry that begins on this line."""
    if isinstance(error, PrematureEOF):
        return line, "the file ends before this is closed"
    return error.lineno, re.sub(r" in line \d+", "", str(error))


def _outside(text: str, start: int, end: int) -> Faults:
    """Text between entries: BibTeX passes over it, and so over an entry that lacks its `@`."""
    first = text.count("\n", 0, start) + 1
    for i, rest in enumerate(text[start:end].split("\n")):
        shown = rest.strip()
        if shown and not shown.startswith("%"):
            told = f"{shown!r} stands outside of an entry; a comment begins with %"
            return [(first + i, told)]
    return []


def _take(one: _Read, fields: list[tuple[str, list[str]]]) -> None:
    seen = set()
    for given, parts in fields:
        name, content = given.lower(), normalize_whitespace("".join(parts))
        if name in seen:
            one.tell(f"the field {name} is given twice")
        elif name not in ("author", "editor"):
            one.work.fields.update({name: content} if content else {})
        else:
            for person in split_name_list(content):
                try:
                    one.work.add_person(Person(person), name)
                except PybtexError as error:
                    one.tell(f"{name}: {error}")
        seen.add(name)


def _check(one: _Read) -> None:
    fields, persons = one.work.fields, one.work.persons.get("author", [])
    if not persons or is_others(persons[0]):
        one.tell("the field author is missing")
    for name in ("title", "year", *TYPES[one.work.type]):
        if name not in fields:
            one.tell(f"the field {name} is missing")
    if not re.fullmatch(r"\d{4}", fields.get("year", "2000")):
        one.tell(f"year: expected four digits, got {fields['year']!r}")
    if not _DOI.fullmatch(fields.get("doi", "10.1000/1")):
        one.tell(f"doi: expected the bare DOI, 10.…/…, got {fields['doi']!r}")
    if any(re.search(r"(?<!\\)\$", content) for content in fields.values()):
        one.tell("a reference holds no formulas: use words")


def _complete(one: _Read) -> None:
    """Give what is missing a stand-in, so that a faulty entry can be shown while its author mends it."""
    fields, persons = one.work.fields, one.work.persons
    for name in ("title", "year", *TYPES[one.work.type]):
        fields.setdefault(name, "?")
    if not persons.get("author") or is_others(persons["author"][0]):
        persons["author"] = [Person("?")]
    others = is_others(persons["author"][-1])
    one.authors = [_surname(p) for p in persons["author"][: -1 if others else None]]
    many = others or len(one.authors) > 2
    one.short = f"{one.authors[0]} et al." if many else " and ".join(one.authors)


def _format(one: _Read, letter: str, style: Style) -> Entry:
    fields = one.work.fields
    fields["year"] += letter
    doi = fields.pop("doi", "")
    if "pages" in fields:
        fields["pages"] = re.sub("-+", "--", fields["pages"])
    rich = style.format_entry("", one.work).text
    text = _curled(rich.render(plaintext.Backend()))
    shown = {name: _plain(content) for name, content in fields.items()}
    if one.work.persons.get("editor"):
        shown["editor"] = _surname(one.work.persons["editor"][0])
    for name, content in shown.items():
        if _alike(content) not in _alike(text):
            one.tell(f"a reference to @{one.work.type} does not show the field {name}")
    if "\\" in text:
        command = text[text.index("\\") :].split()[0]
        one.tell(f"LaTeX that is not known: {command}")
    markup = _curled(rich.render(Html()))
    if doi:
        address = html.escape(f"https://doi.org/{quote(doi, safe='/:;().-_')}")
        markup += f' <a href="{address}">doi:{html.escape(doi)}</a>.'
    title = " ".join(re.split(r"[:.?]", shown["title"])[0].split()[:3])
    hints = [title, *(shown[name] for name in _VENUES if name in shown)]
    year = fields["year"]
    return Entry(
        one.key, one.line, one.short, year, text, markup, one.authors[0], hints
    )


def _surname(person: Any) -> str:
    return _plain(" ".join(person.prelast_names + person.last_names))


def _plain(latex: str) -> str:
    return str(Text.from_latex(latex).render(plaintext.Backend()))


def _curled(text: str) -> str:
    return text.replace("'", "’")


def _alike(text: str) -> str:
    """A text as far as formatting leaves it alone."""
    return _curled(text).casefold()


def _folded(text: str) -> str:
    """Without case and accents, as an index is sorted."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))
