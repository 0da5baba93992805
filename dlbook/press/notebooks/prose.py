r"""A page's text as Jupyter shows it: what the book would fill in is filled in, what only the book knows is taken out.

References become their numbers, citations and values their text; `\cdata{z}` loses its color, and a link to another
page its target, since a notebook travels alone.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlbook.press.derivation.layout import BY_HAND, SIGNS, conditions, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlbook.press.citations.bibliography import Bibliography
    from dlbook.press.reading.labels import Labels
    from dlbook.press.reading.scan import Scan, Slot
    from dlbook.press.running.session import Outcome

_VALUE = re.compile(r"<span data-press-slot='(\d+)'></span>")
_REFERENCE = re.compile(r"<a data-press-ref='([^']*)'></a>")
_CITATION = re.compile(r"<a data-press-cite='([^']*)' data-press-textual='([01])'></a>")
_TITLE = re.compile(r"<span data-press-title='(\d+)'></span>")
_EQUATION = re.compile(r"\\(label|eqref)\{([^}]*)\}")
_COLOR = re.compile(r"\\c(?:data|param|act|grad)(?![A-Za-z])")
_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|`[^`]*`)*)\](?:\((?![a-z]+:)[^()\s]*\)|\[[\w.]+\])"
)
_HEADING = re.compile(
    r"^(?P<marks>#{1,6}) (?P<title>.*?)(?: \{(?P<attributes>[^{}]*)\})?$"
)
_SECTION = re.compile(r'data-press-title="(\d+)"')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Prose:
    """Turns one page's text into plain Markdown.

    Args:
        found: What was read on the page.
        outcomes: What its slots came to.
        labels: The registry of the book's labels.
        bibliography: The works that can be cited.
        chapter: The page's number.
    """

    found: Scan
    outcomes: Sequence[Outcome]
    labels: Labels
    bibliography: Bibliography
    chapter: int

    def plain(self, text: str) -> str:
        """Running text, without fences."""
        text = _TITLE.sub(lambda m: f"{self._title(int(m[1]))}. ", text)
        text = _VALUE.sub(lambda m: self.outcomes[int(m[1])].text.strip(), text)
        text = _REFERENCE.sub(lambda m: self._number(html.unescape(m[1])), text)
        text = _CITATION.sub(self._citation, text)
        text = _EQUATION.sub(self._equation, text)
        return _LINK.sub(r"\1", _COLOR.sub("", text))

    def heading(self, line: str) -> str | None:
        """A heading with its number, or None if the line is none."""
        match = _HEADING.match(line)
        if match is None:
            return None
        number = ""
        section = _SECTION.search(match["attributes"] or "")
        if section:
            name = self.found.labels[int(section[1])][0]
            number = f"{self.labels[name].number} "
        elif match["marks"] == "#":
            number = f"Chapter {self.chapter}: "
        return f"{match['marks']} {number}{self.plain(match['title'])}"

    def references(self) -> str:
        """The works that the page cites, as a list."""
        cited = {key for key, _ in self.found.citations}
        entries = self.bibliography.entries.values()
        return "\n".join(f"- {e.text}" for e in entries if e.key in cited)

    def derivation(self, slot: Slot, outcome: Outcome) -> str:
        """A checked derivation: its lines, numbered, below them the reasons, and what the check found."""
        derivation = slot.derivation
        assert derivation
        start, *lines = outcome.lines
        number = self.labels[slot.options["label"]].number
        rows, reasons = [], []
        for k, line in enumerate(lines, 1):
            place = f"({number}{derivation.letter(k)})"
            left = start.tex if k == 1 else ""
            rows.append(
                rf"{left} &{SIGNS[line.relation]} {line.tex} && \text{{{place}}}"
            )
            by_hand = "by hand" in (line.how, start.how if k == 1 else "")
            mark = f" ({BY_HAND})" * by_hand
            reasons.append(f"- {place} {derivation.steps[k].reason}{mark}")
        formula = "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
        held = re.sub(
            r"\\[()]", "$", html.unescape(_TAG.sub("", conditions(derivation)))
        )
        told = [
            f"$$\n{formula}\n$$",
            held,
            "\n".join(reasons),
            f"*{summary(derivation, outcome.lines)}*",
        ]
        return self.plain("\n\n".join(filter(None, told)))

    def _title(self, index: int) -> str:
        return self.labels[self.found.labels[index][0]].text

    def _number(self, name: str) -> str:
        return self.labels[name].text

    def _equation(self, match: re.Match[str]) -> str:
        number = self.labels[match[2]].number
        return f"\\tag{{{number}}}" if match[1] == "label" else f"({number})"

    def _citation(self, match: re.Match[str]) -> str:
        keys = html.unescape(match[1]).split(",")
        links = self.bibliography.citation(keys, match[2] == "1", "")
        return html.unescape(_TAG.sub("", links))
