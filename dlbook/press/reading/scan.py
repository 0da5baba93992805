"""One pass over a page's Markdown: every fence, value, label and reference, with its line.

Markdown extensions never learn where in the file they stand, and pass over what they do not know. So the
press reads the page first: fences, displayed formulas, headings, and the paragraphs between them. Each executed
block, derivation and inline value becomes a numbered slot in document order; each option is known or refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlbook.press.problems import Problem
from dlbook.press.reading import blocks, fences, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlbook.press.derivation.parse import Derivation

_COMMENT = re.compile(r"(?<!\\)(?P<ticks>`+).*?(?<!`)(?P=ticks)(?!`)|(?P<open><!--)")
_QUOTED_FENCE = re.compile(r"^[ \t]*>[> \t]*(`{3,}|~{3,})")


@dataclass
class Slot:
    """A place on the page that execution fills.

    Args:
        number: Its place in the page's order.
        kind: `block`, `value`, `derivation` or `exercise` (one part of it).
        code: What is executed.
        line: The first line of the code in the file.
        options: The fence's options and its `#|` lines.
        derivation: What a derivation's code says, its reasons ready to be shown.
    """

    number: int
    kind: str
    code: str
    line: int
    options: dict[str, str] = field(default_factory=dict)
    derivation: Derivation | None = None


@dataclass
class Scan:
    """What one page holds.

    Args:
        page: Its file, relative to the project.
        markdown: Its text as Markdown shall read it.
        slots: What is executed, in order.
        labels: What has a number, in order, each with its line. A section, exercise, theorem or algorithm
            without a name of its own is called `sec:@page:line` or the like.
        references: Labels that are referred to, each with the line.
        citations: Works that are cited, by key, each with the line.
        problems: What is wrong with it.
        lines: The file's lines.
        body_line: The line of the file on which the Markdown below the front matter begins.
    """

    page: str
    markdown: str = ""
    slots: list[Slot] = field(default_factory=list)
    labels: list[tuple[str, int]] = field(default_factory=list)
    references: list[tuple[str, int]] = field(default_factory=list)
    citations: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    body_line: int = 1

    def add(self, line: int, message: str) -> None:
        """Note a problem, once."""
        problem = Problem(self.page, line, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def slot(
        self, kind: str, code: str, line: int, options: dict[str, str] | None = None
    ) -> Slot:
        """Open the next slot."""
        self.slots.append(Slot(len(self.slots), kind, code, line, options or {}))
        return self.slots[-1]

    def line_of(self, text: str) -> int:
        """The first line of the file on which a piece of text starts (1 if it is not there)."""
        first = text.strip().split("\n")[0].strip()
        return next((i for i, line in enumerate(self.lines, 1) if first in line), 1)


def scan(page: str, source: str, body: str) -> Scan:
    """Read a page.

    Args:
        page: Its file, relative to the project, for messages.
        source: The file's text, front matter included.
        body: The Markdown below the front matter, as MkDocs hands it on.
    """
    source, body = (text.replace("\r\n", "\n") for text in (source, body))
    start = source.rfind(body)
    result = Scan(page, lines=source.split("\n"))
    result.body_line = source[:start].count("\n") + 1 if start >= 0 else 1
    reader = paragraphs.Reader(result)
    out: list[str] = []
    for kind, lines, line in _pieces(result, body.split("\n")):
        if kind == "fence":
            out += fences.read(result, reader, lines, line)
        elif kind == "display":
            out.append(reader.display(lines, line))
        else:
            out.append(reader.paragraph(lines, line))
    for line, told in paragraphs.empty_boxes(body.split("\n")):
        result.add(result.body_line + line, told)
    for line, told in blocks.figures_never_shown(result.slots):
        result.add(line, told)
    result.markdown = "\n".join(out)
    return result


def _pieces(result: Scan, lines: list[str]) -> Iterator[tuple[str, list[str], int]]:
    """A page's fences, displayed formulas and paragraphs (a blank line is one), each with its first line's number."""
    i, opened = 0, 0  # the line that is read, and the first line of its paragraph

    def paragraph() -> Iterator[tuple[str, list[str], int]]:
        if opened < i:
            yield "paragraph", lines[opened:i], result.body_line + opened

    while i < len(lines):
        fence = fences.OPENING.match(lines[i])
        if not fence:
            _take_comments_out(result, lines, i)
        if _QUOTED_FENCE.match(lines[i]):
            told = "a fence in a block quote never runs: use a box instead"
            result.add(result.body_line + i, told)
        if fence or lines[i].lstrip(" \t>").startswith("$$"):
            yield from paragraph()
            kind = "fence" if fence else "display"
            if not fence and opened < i:
                _refuse_neighbor(result, i)
            end = (
                fences.end(result, fence, lines, i) if fence else _end(result, lines, i)
            )
            yield kind, lines[i:end], result.body_line + i
            after = lines[end] if end < len(lines) else ""
            if after.lstrip().startswith("$$") if fence else after.strip(" \t>"):
                _refuse_neighbor(result, end)
            i = opened = end
        elif not lines[i].strip(" \t>") or paragraphs.ALONE.match(lines[i]):
            yield from paragraph()
            yield "paragraph", [lines[i]], result.body_line + i
            i = opened = i + 1
        else:
            if opened < i and all(
                map(paragraphs.ITEM.match, (lines[opened], lines[i]))
            ):
                yield from paragraph()
                opened = i
            i += 1
    yield from paragraph()


def _end(result: Scan, lines: list[str], start: int) -> int:
    """The line after a displayed formula. If nothing closes it, it is what stands before the next blank line."""
    dollars, blank = 0, 0
    for i in range(start, len(lines)):
        dollars += lines[i].count("$$")
        if dollars % 2 == 0:
            if blank:
                told = "a blank line in a displayed formula, which Markdown takes for its end"
                result.add(result.body_line + blank, told)
            return i + 1
        if not blank and not lines[i].strip(" \t>"):
            blank = i
        if fences.OPENING.match(lines[i]):
            break
    told = "a displayed formula is opened and never closed"
    result.add(result.body_line + start, told)
    return blank or i


def _refuse_neighbor(result: Scan, i: int) -> None:
    told = "a displayed formula stands between blank lines; here it touches other text"
    result.add(result.body_line + i, told)


def _take_comments_out(result: Scan, lines: list[str], i: int) -> None:
    """Blank, in place, the comments that begin on a line; nothing in them is read, and no fence in them runs."""
    while begun := next((m for m in _COMMENT.finditer(lines[i]) if m["open"]), None):
        rest = lines[i][begun.end() :]
        end, fence = i, 0
        while "-->" not in rest:
            end += 1
            if end == len(lines):
                told = "a comment is opened and never closed"
                result.add(result.body_line + i, told)
                lines[i:] = [lines[i][: begun.start()], *[""] * (end - i - 1)]
                return
            rest = lines[end]
            if not fence and fences.OPENING.match(rest):
                fence = result.body_line + end
                result.add(fence, "a fence in a comment: what shall not run is deleted")
        before, after = lines[i][: begun.start()], rest.split("-->", 1)[1]
        if end == i:
            lines[i] = before + after
        else:
            lines[i : end + 1] = [before, *[""] * (end - i - 1), after]
