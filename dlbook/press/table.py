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
        numeric = [
            all(_NUMBER.match(str(cell)) for cell in column)
            for column in zip(*self.rows, strict=True)
        ]
        tags = [f"<td{_CLASS * is_numeric}>" for is_numeric in numeric]
        head = "".join(
            f'<th scope="col"{_CLASS * is_numeric}>{_inline(cell)}</th>'
            for cell, is_numeric in zip(
                self.headers, numeric or [False] * len(self.headers), strict=True
            )
        )
        rows = "".join(
            f'<tr><th scope="row"{_CLASS * numeric[0]}>{_inline(first)}</th>'
            + "".join(
                f"{tag}{_inline(cell)}</td>"
                for tag, cell in zip(tags[1:], rest, strict=True)
            )
            + "</tr>"
            for first, *rest in self.rows
        )
        whole = f'<table class="press-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        return f'<div class="press-scroll">{whole}</div>'


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


def _inline(cell: Any) -> str:
    text = html.escape(str(cell), quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\$([^$]+)\$", r'<span class="arithmatex">\\(\1\\)</span>', text)
