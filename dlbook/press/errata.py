"""Errata: what the source notes get wrong, kept as data and shown with the code that settles it."""

from __future__ import annotations

import ast
import html
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

from dlbook.press.numbers.numbers import reasons, typed_in
from dlbook.press.numbers.numerals import literals, numerals
from dlbook.press.numbers.prose import prose
from dlbook.press.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dlbook.press.reading.scan import Scan, Slot
    from dlbook.press.running.session import Outcome


@dataclass(frozen=True)
class Erratum:
    """One row.

    Args:
        number: Its number, which never changes.
        page: The page that owns it, by its file's stem.
        notes: The notes that make the claim, `001` or `001, 002`.
        kind: `mistake`, or `remark` for what is merely loose.
        claim: The claim, in the book's words, as Markdown.
        correct: What is true, as Markdown. Its numbers are printed or asserted by the block of its box.
        shows: Words that this block prints.
        numbers: Numbers of `correct` that the block need not hold, under the reason, as in a page's front matter.
    """

    number: int
    page: str
    notes: str
    kind: str
    claim: str
    correct: str
    shows: list[str] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in ("mistake", "remark"):
            raise PluginError(
                f"errata.toml: erratum {self.number}: kind: expected mistake or remark, got {self.kind!r}"
            )

    def statements(self, inline: Callable[[str], str]) -> str:
        """What the notes say, and what is true, each under its word."""
        verdict = "Right" if self.kind == "mistake" else "More exactly"
        return (
            f'<p class="press-claim"><b>The notes:</b> {inline(self.claim)}</p>'
            f'<p class="press-correct"><b>{verdict}:</b> {inline(self.correct)}</p>'
        )

    def doubts(self, code: str, printed: str) -> Iterator[str]:
        """What of the correction its block does not bear out.

        Args:
            code: The block's code.
            printed: What it printed.
        """
        typed = list(typed_in(prose(self.correct), formulas=True))
        covered, problems = reasons(self.numbers, typed, literals(code))
        yield from (told for _, told in problems)
        known = literals(code, asserted=True)
        known |= {value for numeral in numerals(printed) for value in numeral.values}
        results = [n for n in typed if not n.small and n.key not in covered]
        for numeral in results:
            if not numeral.is_among(known):
                yield f"its block neither prints nor asserts the {numeral.text} of the correction"
        for words in self.shows:
            if words not in printed:
                yield f"its block does not print {words!r}"
        if not results and not self.shows:
            yield 'nothing ties it to its block: name words that the block prints, shows = ["…"]'


def _asserts(code: str) -> bool:
    try:
        return any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(code)))
    except SyntaxError:
        return True  # which is told when the block runs


_REQUIRED = Erratum.__match_args__[:6]


def _printed(slot: Slot, outcome: Outcome) -> str:
    """What a reader sees below a block, as plain text; a figure has none."""
    table = "" if "label" in slot.options else outcome.rich
    return f"{outcome.text}\n{html.unescape(re.sub(r'<[^>]*>', ' ', table))}"


def owner(uri: str) -> str:
    """The name under which a page owns rows: its stem. The reference owns none, whatever its pages are called."""
    return "" if uri.startswith("reference/") else Path(uri).stem


class Errata:
    """All rows of `docs/errata.toml`.

    Args:
        file: The TOML file; a book without one has no errata.
    """

    def __init__(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        self.rows: dict[int, Erratum] = {}
        for row in tomllib.loads(text).get("erratum", []):
            wanted, got = Erratum.__match_args__, tuple(row)
            if not set(_REQUIRED) <= set(got) <= set(wanted):
                raise PluginError(
                    f"errata.toml: a row: expected the keys {wanted}, got {got}"
                )
            if row["number"] in self.rows:
                raise PluginError(
                    f"errata.toml: there are two rows with the number {row['number']}"
                )
            self.rows[row["number"]] = Erratum(**row)

    def check(self, scan: Scan, stem: str) -> Iterable[Problem]:
        """Rows of this page without a box, boxes of other pages' rows, and boxes that assert nothing."""
        boxes: dict[str, int] = {}
        for slot in scan.slots:
            if "erratum" in slot.options:
                number = slot.options["erratum"]
                boxes[number] = slot.line
                if not _asserts(slot.code):
                    told = f"erratum {number}: its block settles nothing, since it holds no assert"
                    yield Problem(scan.page, slot.line, told)
        own = {str(row.number) for row in self.rows.values() if row.page == stem}
        for number, line in boxes.items():
            if number not in own:
                yield Problem(
                    scan.page,
                    line,
                    f"erratum {number} is not a row of this page in errata.toml",
                )
        for number in sorted(own - boxes.keys(), key=int):
            yield Problem(
                scan.page,
                1,
                f"erratum {number} is a row of this page and has no box on it",
            )

    def settled(self, scan: Scan, outcomes: Sequence[Outcome]) -> Iterable[Problem]:
        """Corrections that the blocks beside them do not bear out, once a page has run."""
        for slot, outcome in zip(scan.slots, outcomes, strict=False):
            number = slot.options.get("erratum", "")
            row = self.rows.get(int(number)) if number.isdigit() else None
            if row is not None and outcome.problem is None:
                for told in row.doubts(slot.code, _printed(slot, outcome)):
                    yield Problem(scan.page, slot.line, f"erratum {number}: {told}")

    def box(self, number: str, cell: str, inline: Callable[[str], str]) -> str:
        """A row as a box around the executed block that settles it."""
        row = self.rows.get(int(number)) if number.isdigit() else None
        if row is None:
            return cell
        return (
            f'<aside class="press-erratum" id="erratum-{row.number}">'
            f'<p class="press-erratum-head">{row.kind.capitalize()} {row.number} <span>notes {row.notes}</span></p>'
            f"{row.statements(inline)}{cell}</aside>"
        )

    def table(self, urls: dict[str, str], inline: Callable[[str], str]) -> str:
        """All rows whose page exists, as a list that links to their boxes.

        Args:
            urls: From a page's name, as `owner` gives it, to its address as seen from the page that shows the table.
            inline: From one line of Markdown to HTML.
        """
        items = [
            f'<li value="{row.number}" class="press-erratum-row">{row.statements(inline)}'
            f'<p><a href="{urls[row.page]}#erratum-{row.number}">The {row.kind}, run</a></p></li>'
            for row in self.rows.values()
            if row.page in urls
        ]
        return f'<ol class="press-errata">{"".join(items)}</ol>'
