"""The page of evidence as it was built."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.gradient_cases import primitives


@pytest.fixture(scope="module")
def tables(site: Path) -> list[Tag]:
    page = (site / "reference" / "evidence.html").read_text(encoding="utf-8")
    return BeautifulSoup(page, "html.parser").select("main table.press-table")


def test_every_primitive_has_a_row_of_evidence_that_leads_to_its_entry(
    tables: list[Tag], site: Path
) -> None:
    links = tables[0].select('tbody th[scope="row"] a[href]')
    targets = [str(link["href"]).split("#") for link in links]
    assert sorted(anchor for _, anchor in targets) == sorted(
        name.replace("._", ".") for name in primitives()
    )
    for file, anchor in targets:
        entry = (site / "reference" / file).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in entry


def test_a_row_holds_two_calls_two_gaps_and_the_numbers_of_tests_and_of_faults(
    tables: list[Tag],
) -> None:
    for row in tables[0].select("tbody tr:has(td)"):
        cells = row.find_all("td")
        assert len(cells) == 6
        for i in (0, 2, 4):
            assert int(cells[i].get_text()) > 0
        assert int(cells[5].get_text()) >= 0
        for i in (1, 3):
            assert cells[i].select("math"), row


def test_what_else_is_checked_names_every_folder_of_tests(tables: list[Tag]) -> None:
    folders = {code.get_text() for code in tables[-1].select("tbody th code")}
    assert {"tests/", "tests/ops", "tests/book"} <= folders
