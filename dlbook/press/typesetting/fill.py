"""A rendered page gets what was left open: outputs, values, references, citations, numbers and lists."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from dlbook.press.problems import Problem
from dlbook.press.running.session import Outcome
from dlbook.press.typesetting import cells
from dlbook.press.typesetting.svg import GLYPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dlbook.press.citations.bibliography import Bibliography
    from dlbook.press.errata import Errata
    from dlbook.press.reading.labels import Label, Labels
    from dlbook.press.reading.scan import Scan

ERRATA_TABLE = "<div data-press-errata=''></div>"

_SLOT = re.compile(r"<(div|span) data-press-slot='(\d+)'></\1>")
_PART = re.compile(r' data-press-part="(\d+)"')
_REFERENCE = re.compile(r"<a data-press-ref='([^']*)'></a>")
_BOX = re.compile(r"<span data-press-title='(\d+)'></span>")
_SECTION = re.compile(r'(<h2\b[^>]*?) data-press-title="(\d+)"([^>]*>)')
_LINE = re.compile(
    r"<span data-press-number='([^']*)'(?: data-press-letter='([^']*)')?></span>"
)
_OUTLINE = re.compile(rf'<path id="({GLYPH}[^"]*)"[^>]*/>\s*')
UNSEARCHED = 'data-search-exclude="1"'  # the search index passes over it


@dataclass(frozen=True)
class Filler:
    """What the whole book knows, and a page needs to be filled.

    Args:
        labels: The registry of the book's labels.
        errata: The rows of errata.
        urls: From a page's stem to its address, relative to the site's root.
        inline: From one line of Markdown to HTML.
        bibliography: The works that can be cited; a book without one cites nothing.
    """

    labels: Labels
    errata: Errata
    urls: Mapping[str, str]
    inline: Callable[[str], str]
    bibliography: Bibliography | None = None

    def fill(
        self,
        content: str,
        found: Scan,
        outcomes: Sequence[Outcome],
        *,
        url: str,
        chapter: int | None,
    ) -> str:
        """Put outputs, values, references and numbers into a page's HTML.

        Args:
            content: The HTML that Markdown made of the page.
            found: What was read on the page.
            outcomes: What its slots came to, as far as they ran.
            url: Its address, relative to the site's root.
            chapter: Its number, if it is a chapter.
        """

        def slot(match: re.Match[str]) -> str:
            number = int(match[2])
            outcome = outcomes[number] if number < len(outcomes) else Outcome()
            return cells.output(found.slots[number], outcome, self.labels, self.inline)

        content = self._sections(content, found, chapter)
        content = _SLOT.sub(slot, content)
        content = _SLOT.sub(slot, content)  # values inside a caption
        content = _PART.sub("", content)
        content = _once(content)
        content = self._numbers(content, found)
        content = self._references(content, url)
        if self.bibliography is not None:
            content = self.bibliography.fill(content, found, url)
        if ERRATA_TABLE in content:
            urls = {
                stem: get_relative_url(other, url) for stem, other in self.urls.items()
            }
            content = content.replace(
                ERRATA_TABLE, self.errata.table(urls, self.inline)
            )
        return content

    def _sections(self, content: str, found: Scan, chapter: int | None) -> str:
        """The numbers of a chapter and of its sections, before their titles."""

        def section(match: re.Match[str]) -> str:
            label = self._at(found, int(match[2]))
            number = (
                f'<span class="press-number" {UNSEARCHED}>{label.number}</span> '
                if chapter and label
                else ""
            )
            return match[1] + match[3] + number

        content = _SECTION.sub(section, content)
        if not chapter:
            return content
        number = f'<span class="press-chapter" {UNSEARCHED}>Chapter {chapter}</span> '
        return re.sub(r"(<h1[^>]*>)", rf"\1{number}", content, count=1)

    def _numbers(self, content: str, found: Scan) -> str:
        """The numbers of boxes, and of derivations and their lines."""

        def box(match: re.Match[str]) -> str:
            label = self._at(found, int(match[1]))
            if label is None:
                return ""
            anchor = f' id="{label.anchor}"' if label.anchor else ""
            return f'<span class="press-number"{anchor}>{label.text}</span> '

        def line(match: re.Match[str]) -> str:
            name, letter = html.unescape(match[1]), match[2] or ""
            if name not in self.labels:
                return ""
            own = self.labels.line(name, letter) if letter else self.labels[name]
            anchor = f' id="{own.anchor}"' if own else ""
            number = f"({self.labels[name].number}{letter})"
            return f'<span class="press-number"{anchor} {UNSEARCHED}>{number}</span>'

        return _LINE.sub(line, _BOX.sub(box, content))

    def _at(self, found: Scan, index: int) -> Label | None:
        return self.labels.get(found.labels[index][0])

    def _references(self, content: str, url: str) -> str:
        """Links to what is numbered."""

        def reference(match: re.Match[str]) -> str:
            name = html.unescape(match[1])
            if name not in self.labels:
                return f'<code class="press-error">{html.escape(name)}</code>'
            label = self.labels[name]
            address = "" if label.url == url else get_relative_url(label.url, url)
            return (
                f'<a class="press-ref" href="{address}#{label.name}">{label.text}</a>'
            )

        return _REFERENCE.sub(reference, content)


def _once(content: str) -> str:
    """A page whose figures share the outlines of their letters: each is there once, where it comes first."""
    seen: set[str] = set()

    def first(match: re.Match[str]) -> str:
        known = match[1] in seen
        seen.add(match[1])
        return "" if known else match[0]

    return _OUTLINE.sub(first, content)


def lost(content: str, found: Scan) -> Iterator[Problem]:
    """The slots that Markdown took for plain text, so that a page's HTML has no place for what they came to."""
    captions = " ".join(slot.options.get("caption", "") for slot in found.slots)
    places = {int(number) for _, number in _SLOT.findall(content + captions)}
    places |= {int(number) for number in _PART.findall(content)}
    for slot in found.slots:
        if slot.number not in places:
            told = f"this {slot.kind} would run, but Markdown took it for plain text; look at its indentation"
            yield Problem(found.page, slot.line, told)
