"""A rendered page gets what was left open: outputs, values, references, numbers and the table of errata."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from dlbook.press import cells
from dlbook.press.problems import Problem
from dlbook.press.session import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dlbook.press.errata import Errata
    from dlbook.press.labels import Labels
    from dlbook.press.scan import Scan

ERRATA_TABLE = "<div data-press-errata=''></div>"

_SLOT = re.compile(r"<(div|span) data-press-slot='(\d+)'></\1>")
_REFERENCE = re.compile(r"<a data-press-ref='([^']*)'></a>")
_EXERCISE = re.compile(r"<span data-press-exercise='(\d+)'></span>")


@dataclass(frozen=True)
class Filler:
    """What the whole book knows, and a page needs to be filled.

    Args:
        labels: The registry of the book's labels.
        errata: The rows of errata.
        urls: From a page's stem to its address, relative to the site's root.
        inline: From one line of Markdown to HTML.
    """

    labels: Labels
    errata: Errata
    urls: Mapping[str, str]
    inline: Callable[[str], str]

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

        def reference(match: re.Match[str]) -> str:
            name = html.unescape(match[1])
            if name not in self.labels:
                return f'<code class="press-error">{html.escape(name)}</code>'
            label = self.labels[name]
            address = "" if label.url == url else get_relative_url(label.url, url)
            return (
                f'<a class="press-ref" href="{address}#{label.name}">{label.text}</a>'
            )

        def exercise(match: re.Match[str]) -> str:
            names = [name for name, _ in found.labels if name.startswith("ex:")]
            label = self.labels[names[int(match[1]) - 1]]
            return f'<span class="press-number">{label.text}</span> '

        content = _SLOT.sub(slot, content)
        content = _SLOT.sub(slot, content)  # values inside a figure's caption
        content = _REFERENCE.sub(reference, content)
        content = _EXERCISE.sub(exercise, content)
        if ERRATA_TABLE in content:
            urls = {
                stem: get_relative_url(other, url) for stem, other in self.urls.items()
            }
            content = content.replace(
                ERRATA_TABLE, self.errata.table(urls, self.inline)
            )
        if chapter:
            content = re.sub(
                r"(<h1[^>]*>)",
                rf'\1<span class="press-chapter">Chapter {chapter}</span> ',
                content,
                count=1,
            )
        return content


def lost(content: str, found: Scan) -> Iterator[Problem]:
    """The slots that Markdown took for plain text, so that a page's HTML has no place for what they came to."""
    open_places = {int(number) for _, number in _SLOT.findall(content)}
    captions = " ".join(slot.options.get("caption", "") for slot in found.slots)
    open_places |= {int(number) for _, number in _SLOT.findall(captions)}
    for slot in found.slots:
        if slot.kind != "exercise" and slot.number not in open_places:
            told = f"this {slot.kind} would run, but Markdown took it for plain text; look at its indentation"
            yield Problem(found.page, slot.line, told)
