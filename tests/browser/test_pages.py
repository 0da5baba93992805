"""What only a browser can tell: that a page opens without complaint, fits, and can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor, page_names

# Everything wider than the window that no ancestor lets the reader scroll on its own.
TOO_WIDE = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => { for (let a = e.parentElement; a; a = a.parentElement)
        if (getComputedStyle(a).overflowX !== 'visible') return false; return true; })
    .map(e => e.outerHTML.slice(0, 120))"""

# Links in tables that hold a single word, and stand on more than one line all the same.
BROKEN = """() => [...document.querySelectorAll('table.press-table a')]
    .filter(a => /^\\w+$/.test(a.textContent) && a.getClientRects().length > 1).map(a => a.textContent)"""

BRIGHTNESS = """property => getComputedStyle(document.body)[property].match(/[\\d.]+/g).slice(0, 3)
    .reduce((sum, value) => sum + Number(value), 0) / 765"""


@pytest.fixture(scope="module", params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=page_names())
def visit(
    request: pytest.FixtureRequest, visitor: Visitor, scheme: str
) -> Iterator[Visit]:
    """Each page of the book, once in light and once in dark, with every fold open."""
    with visitor.visit(dark=scheme == "dark") as visit:
        page = visit.open(request.param)
        visit.open_folds()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        yield visit


def test_a_page_opens_without_complaint(visit: Visit) -> None:
    assert visit.complaints == []


def test_a_page_asks_nobody_but_its_own_server(visit: Visit) -> None:
    assert len(visit.requests) > 3
    assert visit.requests_elsewhere() == []


def test_dark_is_dark_and_light_is_light(visit: Visit, scheme: str) -> None:
    background, ink = (
        visit.page.evaluate(BRIGHTNESS, of) for of in ("backgroundColor", "color")
    )
    assert (
        (background < 0.25 and ink > 0.6)
        if scheme == "dark"
        else (background > 0.9 and ink < 0.4)
    )


def test_the_text_is_set_in_the_book_s_own_faces(visit: Visit) -> None:
    loaded = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    assert any("Source" in family for family in visit.page.evaluate(loaded))


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_a_page_fits_a_screen_with_every_fold_open(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    assert visit.page.evaluate(TOO_WIDE) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_a_chapter_s_name_in_a_table_is_not_broken(
    visitor: Visitor, width: int
) -> None:
    with visitor.visit() as visit:
        page = visit.open("start-here.html")
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator("table.press-table a", has_text="Backpropagation").count()
        assert page.evaluate(BROKEN) == []


def test_the_search_finds_a_word_and_leads_to_its_page(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open("index.html")
        assert not [url for url in visit.requests if "search_index" in url]
        page.keyboard.press("/")
        page.keyboard.type("sigmoid")
        page.wait_for_selector(".md-search-result__item a")
        page.click(".md-search-result__item a")
        page.wait_for_url(re.compile(r"\.html(\?.*)?(#.*)?$"))
        assert "sigmoid" in page.inner_text("article").lower()
        assert visit.complaints == []
        assert visit.requests_elsewhere() == []


def test_a_reader_can_choose_dark_and_the_choice_is_kept(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open("index.html")
        assert page.evaluate(BRIGHTNESS, "backgroundColor") > 0.9
        visit.choose_dark()
        page.reload(wait_until="networkidle")
        assert page.evaluate(BRIGHTNESS, "backgroundColor") < 0.25


def test_the_book_can_be_read_from_a_disk_without_a_server(
    visitor: Visitor, site: Path
) -> None:
    with visitor.visit() as visit:
        visit.page.goto((site / "index.html").as_uri(), wait_until="load")
        link = visit.page.query_selector("article a[href$='.html']")
        assert link is not None
        link.click()
        visit.page.wait_for_load_state("load")
        assert visit.page.url.startswith("file:")
        assert visit.page.url.endswith(".html")
        assert visit.page.inner_text("article h1")
        assert [
            url
            for url in visit.requests
            if not url.startswith(("file:", "data:", "blob:"))
        ] == []


def test_the_search_works_from_a_disk(visitor: Visitor, site: Path) -> None:
    with visitor.visit() as visit:
        page = visit.page
        page.goto((site / "index.html").as_uri(), wait_until="load")
        page.wait_for_timeout(500)
        page.keyboard.press("/")
        page.keyboard.type("sigmoid")
        page.wait_for_selector(".md-search-result__item a")
        page.click(".md-search-result__item a")
        page.wait_for_url(re.compile(r"^file:.*\.html"))
        assert "sigmoid" in (page.text_content("article") or "").lower()


def test_what_a_disk_does_not_allow_is_said(visitor: Visitor, site: Path) -> None:
    with visitor.visit() as visit:
        page = visit.page
        page.goto((site / "foundations" / "notation.html").as_uri(), wait_until="load")
        page.locator(".live-bar").first.get_by_role("button", name="Run").click()
        page.wait_for_function(
            "document.querySelector('.live-output .press-error')?.textContent.includes('http.server')"
        )


def test_a_figure_moves_on_a_page_from_a_disk(visitor: Visitor, site: Path) -> None:
    with visitor.visit() as visit:
        page = visit.page
        page.goto(
            (site / "foundations" / "gradient-descent.html").as_uri(), wait_until="load"
        )
        page.locator("#fig\\:valley > svg").hover()
        page.wait_for_selector("#fig\\:valley.play-awake")
        assert not [told for told in visit.complaints if told.startswith("uncaught")]


def test_a_link_into_a_fold_opens_it(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open("foundations/logistic-regression.html#eq:cost-slope-w")
        page.wait_for_function(
            "document.getElementById('eq:cost-slope-w')?.checkVisibility()"
        )


def test_a_fold_opens_on_a_page_from_a_disk(visitor: Visitor, site: Path) -> None:
    with visitor.visit() as visit:
        page = visit.page
        page.goto((site / "foundations" / "notation.html").as_uri(), wait_until="load")
        fold = page.locator("article > details").first
        fold.locator("summary").first.click()
        expect(fold.locator("noscript")).to_have_count(0)
        assert len(fold.text_content() or "") > 100


def test_a_fold_whose_part_is_lost_says_where_it_was_and_can_be_tried_again(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        page = visit.page
        page.route("**/*.folds.html", lambda route: route.abort())
        visit.open("foundations/notation.html")
        fold = page.locator("article > details").first
        summary = fold.locator("summary").first
        summary.click()
        link = fold.get_by_role("link", name="What is folded here")
        assert (link.get_attribute("href") or "").startswith("notation.folds.html#")
        page.unroute("**/*.folds.html")
        summary.click()
        summary.click()
        expect(fold.locator("noscript")).to_have_count(0)
        expect(link).to_have_count(0)
