"""The press's modules, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from dlbook import ops
from dlbook.press.listing import source
from dlbook.press.reading.scan import scan
from dlbook.press.table import table


def test_scan_counts_lines_from_the_top_of_the_file() -> None:
    head = "---\ntitle: T\n---\n\n"
    body = '# T\n\n```python exec="on"\n#| label: fig:a\n\nx = 1\n```\n'
    found = scan("t.md", head + body, body)
    assert not found.problems
    assert [slot.line for slot in found.slots] == [9]
    assert found.slots[0].code == "\nx = 1"
    assert found.labels == [("fig:a", 7)]


def test_scan_reads_a_fence_inside_a_box_and_leaves_one_inside_a_longer_fence() -> None:
    inside = '````\n```python exec="on"\n```\n````\n'
    body = f'!!! note\n\n    ```python exec="on"\n    if x:\n        y\n    ```\n\n{inside}'
    found = scan("t.md", body, body)
    assert [slot.code for slot in found.slots] == ["if x:\n    y"]
    assert found.slots[0].line == 4


def test_scan_passes_over_references_and_values_in_code() -> None:
    body = "`\\eqref{eq:a}` and ``x `{python} y` z``\n"
    found = scan("t.md", body, body)
    assert found.markdown == body
    assert not found.references
    assert not found.slots


def test_scan_leaves_references_inside_formulas_to_the_formula() -> None:
    prose = "$z\n\\ge 0$, `{python} 1`, $z$ and \\eqref{eq:a}\n"
    body = (
        f"$$\nx \\label{{eq:a}}\n$$\n\n$$ y \\text{{by \\eqref{{eq:a}}}} $$ \n\n{prose}"
    )
    found = scan("t.md", body, body)
    assert found.labels == [("eq:a", 2)]
    assert found.references == [("eq:a", 5), ("eq:a", 8)]
    assert "\\text{by \\eqref{eq:a}}" in found.markdown
    assert found.markdown.count("data-press-ref") == 1
    assert [slot.code for slot in found.slots] == ["1"]


def test_source_prints_the_lines_of_the_file_without_the_docstring() -> None:
    listing = source(ops.sigmoid)
    assert listing.where == "dlbook/ops/activation/squashing.py"
    assert listing.code.startswith("@primitive\ndef sigmoid(")
    assert '"""' not in listing.code
    with open(listing.where, encoding="utf-8") as file:
        lines = file.read().splitlines()[listing.first - 1 : listing.last]
    assert [line for line in listing.code.splitlines() if line not in lines] == []


def test_source_takes_only_what_the_package_defines() -> None:
    with pytest.raises(
        TypeError, match=r"source: obj: expected something defined in dlbook"
    ):
        source(np.mean)


def test_table_with_a_row_too_short_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"table: rows: expected 2 cells, one per header, got 1 in row 1",
    ):
        table([[1, 2], [3]], headers=["a", "b"])


def test_table_escapes_html_and_sets_formulas_and_code() -> None:
    cells = table([["<b>", "`x`", "$w$"]], headers=["a", "b", "c"])._repr_html_()
    assert "&lt;b&gt;" in cells
    assert "<code>x</code>" in cells
    assert '<span class="arithmatex">\\(w\\)</span>' in cells


def test_table_sets_columns_of_numbers_to_the_right() -> None:
    cells = table(
        [["a", "1.5 ± 0.1", "x"], ["b", "−2", "3"]], headers=["n", "number", "mixed"]
    )._repr_html_()
    assert cells.count('class="press-numeric"') == 3
    assert '<th scope="col" class="press-numeric">number</th>' in cells
