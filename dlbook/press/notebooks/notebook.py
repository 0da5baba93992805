"""A page as a notebook: its text and its executed blocks in their order, without outputs and without solutions.

The scan's Markdown is cut into pieces: lines of text, boxes, and the fences that stand for slots. A reader's browser
puts the reader's own code into the cells before it saves the file; their metadata say which is which.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from dlbook.press.reading import fences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlbook.press.errata import Errata
    from dlbook.press.notebooks.prose import Prose
    from dlbook.press.reading.scan import Slot

_BOX = re.compile(
    r'^ *(?P<marks>!!!|\?\?\?\+?) +(?P<kind>[\w-]+)(?: +"(?P<title>.*)")? *$'
)
_SLOT = re.compile(r'exec="on" slot="(\d+)"$')
_HELPERS = {
    "source": "from dlbook.press.listing import source",
    "stored_run": "from dlbook.press.runs import stored_run",
    "table": "from dlbook.press.table import table",
}
_FIRST = """*This is a page of* {book} *as a notebook. Its solutions stand on the page.*

The code needs the book's package. In a copy of the book's repository, `pip install ".[site]"` installs it; start
Jupyter in that folder, where the stored runs lie."""


def notebook(book: str, prose: Prose, errata: Errata) -> str:
    """The text of a page's `.ipynb` file.

    Args:
        book: The book's name.
        prose: Knows the page, and how its text is written.
        errata: The rows of errata, for the boxes around their blocks.
    """
    writer = _Writer(prose, errata)
    cells = writer.page()
    used = [
        line
        for name, line in _HELPERS.items()
        if any(re.search(rf"\b{name}\(", slot.code) for slot in prose.found.slots)
    ]
    first = [_text("install", _FIRST.format(book=book))]
    first += [_code("helpers", "\n".join(used), {})] if used else []
    whole = {
        "cells": first + cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Writer:
    """Reads a page's lines and makes cells of them."""

    def __init__(self, prose: Prose, errata: Errata) -> None:
        self._cells: list[dict[str, Any]] = []
        self._prose = prose
        self._errata = errata
        self._lines: list[str] = []

    def page(self) -> list[dict[str, Any]]:
        """The cells of the whole page."""
        self._read(self._prose.found.markdown.split("\n"))
        self._flush()
        return self._cells

    def _read(self, lines: Sequence[str]) -> None:
        """Lines from the left edge: of the page, or what a box holds."""
        i = 0
        plain: list[str] = []

        def close() -> None:
            """Text is rewritten by whole paragraphs: a formula or a link may run over several lines."""
            self._lines += self._prose.plain("\n".join(plain)).split("\n")
            plain.clear()

        while i < len(lines):
            line = lines[i]
            if box := _BOX.match(line):
                close()
                end = _end_of_box(lines, i)
                self._box(box, _dedented(lines[i + 1 : end], line))
                i = end
            elif fence := fences.OPENING.match(line):
                close()
                end = next(
                    k + 1
                    for k in range(i + 1, len(lines))
                    if lines[k].rstrip() == fence["indent"] + fence["ticks"]
                )
                self._fence(fence["info"], lines[i:end])
                i = end
            else:
                if heading := self._prose.heading(line):
                    close()
                    self._flush()
                    self._lines += [heading]
                else:
                    plain.append(line)
                i += 1
        close()

    def _box(self, box: re.Match[str], inside: list[str]) -> None:
        kind = box["kind"]
        if kind == "solution":
            return
        title = self._prose.plain(box["title"] or kind.capitalize())
        is_fold = box["marks"] != "!!!"
        if kind == "exercise":
            self._flush()
        if is_fold and not any(_runs(line, self._prose.found.slots) for line in inside):
            self._lines += ["", f"<details><summary>{title}</summary>", ""]
            self._read(inside)
            self._lines += ["", "</details>", ""]
            return
        self._lines += ["", f"**{title}**", ""]
        self._read(inside)

    def _fence(self, info: str, lines: Sequence[str]) -> None:
        if info.strip() == "references":
            self._lines += [self._prose.references()]
        elif match := _SLOT.search(info.strip()):
            self._slot(self._prose.found.slots[int(match[1])])
        elif info.strip() not in fences.FILLED:
            self._lines += lines

    def _slot(self, slot: Slot) -> None:
        if slot.kind == "derivation":
            outcome = self._prose.outcomes[slot.number]
            self._lines += ["", self._prose.derivation(slot, outcome), ""]
        elif slot.kind == "exercise":
            self._exercise(slot)
        else:
            if "erratum" in slot.options:
                self._erratum(int(slot.options["erratum"]))
            self._flush()
            self._cells.append(_block(slot))
            label = slot.options.get("label")
            if label:
                number = self._prose.labels[label].text
                caption = self._prose.plain(slot.options["caption"])
                self._lines += [f"**{number}** {caption}", ""]

    def _exercise(self, slot: Slot) -> None:
        name, part = slot.options["exercise"], slot.options["part"]
        self._flush()
        if part == "starter":
            cell = _code(f"answer-{slot.number}", slot.code, {"exercise": name})
        else:
            cell = _code(f"check-{slot.number}", slot.code, {})
            # the starter fails it, and "Run all" shall go on
            cell["metadata"]["tags"] = ["raises-exception"]
        self._cells.append(cell)

    def _erratum(self, number: int) -> None:
        row = self._errata.rows[number]
        verdict = "Right" if row.kind == "mistake" else "More exactly"
        told = f"**The notes:** {row.claim}\n\n**{verdict}:** {row.correct}"
        self._lines += ["", self._prose.plain(told), ""]

    def _flush(self) -> None:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")
        if text:
            self._cells.append(_text(f"text-{len(self._cells)}", text))
        self._lines = []


def _block(slot: Slot) -> dict[str, Any]:
    cell = _code(f"block-{slot.number}", slot.code, {"slot": slot.number})
    if slot.options.get("source") in ("hide", "fold"):
        cell["metadata"]["jupyter"] = {"source_hidden": True}
    if "raises" in slot.options:
        cell["metadata"]["tags"] = ["raises-exception"]
    return cell


def _runs(line: str, slots: Sequence[Slot]) -> bool:
    """Whether a line opens the fence of a slot that becomes a cell."""
    match = _SLOT.search(line.strip())
    return bool(match and slots[int(match[1])].kind != "derivation")


def _end_of_box(lines: Sequence[str], start: int) -> int:
    """The line after what a box holds, which is indented below it."""
    edge = _indent(lines[start])
    for i in range(start + 1, len(lines)):
        if lines[i].strip() and _indent(lines[i]) <= edge:
            return i
    return len(lines)


def _dedented(lines: Iterable[str], opening: str) -> list[str]:
    return [line[_indent(opening) + 4 :] for line in lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _text(name: str, text: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }


def _code(name: str, code: str, own: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"dlbook": own} if own else {},
        "outputs": [],
        "source": code.splitlines(keepends=True),
    }
