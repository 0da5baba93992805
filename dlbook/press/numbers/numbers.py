r"""Numbers typed by hand, found in a page's prose: a result is computed, and any other number has its reason.

Whole numbers up to twelve count things; they are left alone unless a unit or a percent sign makes a measurement of
them. A formula's numbers belong to the formula, but for those that it comes to: all of a formula that is nothing but
a number, and what stands alone behind a relation, as in `$z \approx 36.7$`. A number in a caption or an alt text may
be held by an `assert` of the figure's block. What remains is computed, or listed in the page's front matter, where the
reason says why it needs no computing:

    numbers:
      premises of the example: ["100", "90"]
      as in the code: ["700", "0.65"]

One reason is checked: a number listed `as in the code` must stand in the page's code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.numbers.numerals import Numeral, literals, numerals, plain, whole
from dlbook.press.numbers.prose import REFERENCES, prose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from decimal import Decimal

    from dlbook.press.numbers.prose import Prose

IN_THE_CODE = "as in the code"

_BEHIND = re.compile(r"(?:^|[≈<>≤≥=±&])\s*$")
_ALONE = re.compile(r"\s*(?:$|[≈<>≤≥=±&,.;:)]|\\(?:\\|quad|qquad|text|label)(?![a-z]))")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_AUTHOR = re.compile(r"(?:[A-Z][^\s()]*|\bal\.),? $|\($")


def typed_numbers(
    lines: Sequence[str], body_line: int, allowed: object
) -> Iterator[tuple[int, str]]:
    """What is wrong with the numbers of a page that executes code, as line and message.

    Args:
        lines: The lines of its file.
        body_line: The line of the file, counted from 1, on which the Markdown below the front matter begins.
        allowed: What the front matter has under `numbers`, or None.
    """
    page = prose("\n".join(lines[body_line - 1 :]))
    typed = [*typed_in(page)]
    covered, problems = reasons(allowed, typed, set().union(*map(literals, page.code)))
    for culprit, told in problems:
        head = lines[: body_line - 1]
        yield next((i for i, line in enumerate(head, 1) if culprit in line), 1), told
    figures = [
        (start, end, literals(code, asserted=True)) for start, end, code in page.figures
    ]
    places: dict[object, list[Numeral]] = defaultdict(list)
    for numeral in typed:
        described = any(
            start <= numeral.start < end and numeral.is_among(asserted)
            for start, end, asserted in figures
        )
        if not (numeral.small or described or numeral.key in covered):
            places[numeral.key].append(numeral)
    for found in places.values():
        at = [body_line + page.text.count("\n", 0, numeral.start) for numeral in found]
        others = ", ".join(str(line) for line in dict.fromkeys(at) if line != at[0])
        yield (
            at[0],
            f"the number {found[0].text} is typed by hand, in “{_context(page.text, found[0])}”"
            f"{f' (also on line {others})' if others else ''}: compute it with `{{python}} …`, "
            "or list it with its reason under numbers: in the front matter",
        )


def typed_in(page: Prose, *, formulas: bool = False) -> Iterator[Numeral]:
    """The numerals of a piece of prose; all those of its formulas too, if these are asked for."""
    last = page.text.rfind(f"# {REFERENCES}\n")
    for numeral in numerals(page.shown):
        if not _is_year(numeral, page.shown, anywhere=0 <= last < numeral.start):
            yield numeral
    for start, tex in page.formulas:
        told = plain(tex)
        for numeral in numerals(told):
            before, after = told[: numeral.start], told[numeral.end :]
            if formulas or (_BEHIND.search(before) and _ALONE.match(after)):
                line = told.count("\n", 0, numeral.start)
                yield replace(numeral, start=_start_of_line(page.text, start, line))


def _start_of_line(text: str, start: int, down: int) -> int:
    """A place so many lines further down."""
    for _ in range(down):
        start = text.index("\n", start) + 1
    return start


def _is_year(numeral: Numeral, text: str, *, anywhere: bool) -> bool:
    """Whether it is the year of a citation, `Kelley (1960)` or `(Kelley 1960)`, or one of the book's history."""
    if not _YEAR.fullmatch(numeral.text):
        return False
    before, after = text[: numeral.start], text[numeral.start + 4 :]
    return anywhere or bool(
        _AUTHOR.search(before[-60:]) and after.startswith((")", ",", ";"))
    )


def _context(text: str, numeral: Numeral) -> str:
    """A numeral with a few words around it, from its own line."""
    start = text.rfind("\n", 0, numeral.start) + 1
    line = text[start:].split("\n", 1)[0]
    at = numeral.start - start
    return line[max(0, at - 30) : at + len(numeral.text) + 30].strip()


def reasons(
    allowed: object, present: Collection[Numeral], code: Collection[Decimal]
) -> tuple[set[object], list[tuple[str, str]]]:
    """Read a list of numbers with their reasons.

    Args:
        allowed: A mapping from a reason to the numbers that it covers, or None.
        present: The numerals of the text that the list belongs to.
        code: The numbers of the code that belongs to it.

    Returns:
        The keys of the numerals that are covered; and the problems, each with the word that stands at its place.
    """
    if allowed is None:
        return set(), []
    if not isinstance(allowed, dict):
        told = f"numbers: expected a mapping from reasons to lists of numbers, got {allowed!r}"
        return set(), [("numbers:", told)]
    covered: dict[object, str] = {}
    problems = []
    known = {numeral.key for numeral in present}
    for reason, entries in allowed.items():
        if len(str(reason).split()) < 2:
            told = f"numbers: {reason!r} is no reason: expected at least two words"
            problems.append((str(reason), told))
        if not isinstance(entries, list):
            told = f"numbers: {reason}: expected a list of numbers, got {entries!r}"
            problems.append((str(reason), told))
            continue
        for entry in entries:
            numeral = whole(entry)
            fault = ""
            if numeral is None:
                fault = "is no number"
            elif numeral.key in covered:
                fault = f"is listed already, as {covered[numeral.key]!r}"
            elif numeral.key not in known:
                fault = "is typed nowhere in the text: take it off the list"
            elif reason == IN_THE_CODE and not numeral.is_among(code):
                fault = "does not stand in the code"
            if numeral is not None:
                covered.setdefault(numeral.key, str(reason))
            if fault:
                problems.append((str(reason), f"numbers: {reason}: {entry!r} {fault}"))
    return set(covered), problems
