"""`table(rows)`: results of a page as a table."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_NUMBER = re.compile(r"^\s*[-+−]?[\d.,]+(e[-+]?\d+)?\s*(%|±.*|×.*)?$")
_CLASS = ' class="press-numeric"'


@dataclass(frozen=True)
class Table:
    """Rows under their headers; the first column names the row, columns of numbers are set to the right."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def _repr_html_(self) -> str:
        marks = [
            _CLASS
            * (
                len(self.rows) > 0
                and all(_NUMBER.match(str(row[i])) for row in self.rows)
            )
            for i in range(len(self.headers))
        ]
        head = _row([f'th scope="col"{mark}' for mark in marks], self.headers)
        tags = [f'th scope="row"{marks[0]}', *[f"td{mark}" for mark in marks[1:]]]
        rows = "".join(_row(tags, row) for row in self.rows)
        whole = f'<table class="press-table"><thead>{head}</thead><tbody>{rows}</tbody></table>'
        return f'<div class="press-scroll">{whole}</div>'


def _row(tags: Sequence[str], cells: Sequence[Any]) -> str:
    """A row of a table; each tag with its attributes, such as `td class="…"`."""
    inside = (
        f"<{tag}>{inline(cell)}</{tag[:2]}>"
        for tag, cell in zip(tags, cells, strict=True)
    )
    return f"<tr>{''.join(inside)}</tr>"


def table(rows: Iterable[Sequence[Any]], *, headers: Sequence[str]) -> Table:
    """A table of a page's results.

    Args:
        rows: The cells, row by row. They are shown by `str`; `$…$` is set as a formula, backquotes as code.
        headers: One name per column.

    Raises:
        ValueError: If a row has more or fewer cells than there are headers.
    """
    rows = [list(row) for row in rows]
    for i, row in enumerate(rows):
        if len(row) != len(headers):
            raise ValueError(
                f"table: rows: expected {len(headers)} cells, one per header, got {len(row)} in row {i}"
            )
    return Table(list(headers), rows)


def inline(cell: Any) -> str:
    """A value as HTML: `$…$` in it is set as a formula, backquotes as code."""
    text = html.escape(str(cell), quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\$([^$]+)\$", r'<span class="arithmatex">\\(\1\\)</span>', text)
