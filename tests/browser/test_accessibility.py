"""axe-core, on every page, in light and in dark, with every fold closed and open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.book.build import ROOT
from tests.browser.conftest import Visitor, page_names

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}


def violations(page: Any) -> list[str]:
    """What axe finds that is serious or critical, each with the first places where it is."""
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", page_names())
def test_axe_finds_nothing_serious(visitor: Visitor, name: str, scheme: str) -> None:
    with visitor.visit(dark=scheme == "dark") as visit:
        page = visit.open(name)
        page.add_script_tag(path=str(AXE))
        visit.walk()
        assert violations(page) == []
        visit.open_folds()
        visit.walk()
        assert violations(page) == []


@pytest.mark.parametrize("name", page_names())
def test_nothing_to_be_touched_is_covered_on_a_page_just_opened(
    visitor: Visitor, name: str
) -> None:
    """What is below the window has a guessed size: what stands in a box taller than its guess lies under the next."""
    with visitor.visit(width=412) as visit:
        page = visit.open(name)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("axe.run(document, { runOnly: ['target-size'] })")
        assert [
            node["html"][:160] for each in found["violations"] for node in each["nodes"]
        ] == []
