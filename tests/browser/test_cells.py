"""Cells that run in the reader's own browser, on the book's own wheel."""

from __future__ import annotations

from urllib.parse import urlparse

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, Visitor

PAGE = "foundations/logistic-regression.html"
PATIENCE = 90_000  # milliseconds: the browser's Python starts only once, slowly
FIRST, PRINTS, FIGURE, NEEDS = 0, 13, 1, 31  # the numbers of blocks on this page


def cell(page: Page, number: int) -> Locator:
    return page.locator(f'.press-cell[data-cell="{number}"]')


def press(box: Locator, name: str) -> None:
    box.get_by_role("button", name=name, exact=True).click()


def said(box: Locator, words: str) -> None:
    expect(box.locator(".live-status")).to_contain_text(words, timeout=PATIENCE)


def edit(page: Page, number: int, code: str) -> Locator:
    """Replace a cell's code."""
    box = cell(page, number)
    press(box, "Edit")
    expect(box.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    return box


def quiet(visit: Visit) -> None:
    assert visit.complaints == []
    assert visit.requests_elsewhere() == []


def test_nothing_of_python_is_loaded_before_a_reader_asks_for_it(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        expect(cell(page, FIRST).get_by_role("button", name="Run")).to_be_visible()
        loaded = [url for url in visit.requests if "/live/" in url or "editor" in url]
        assert loaded == []


def test_a_cell_runs_and_its_result_is_that_of_the_book(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = cell(page, PRINTS)
        press(box, "Run")
        said(box, "The same as in the book")
        expect(box.locator(".live-output")).to_contain_text("0.693")
        expect(box.locator(".press-output").first).to_be_hidden()  # the book's own
        first = cell(page, FIRST)
        press(first, "Run")
        said(first, "The same as in the book")  # a table with formulas
        press(box, "Reset")
        expect(box.locator(".press-output").first).to_be_visible()
        quiet(visit)


def test_an_edit_changes_the_result_of_the_cell_and_of_those_after_it(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        source = cell(page, PRINTS).locator("code").first.text_content() or ""
        box = edit(page, PRINTS, source.replace("[0.0, 1.0, 1.0]", "[1.0, 1.0, 1.0]"))
        page.keyboard.press("Control+Enter")
        said(box, "Done")
        expect(box.locator(".live-output")).to_contain_text("believed [0.1 ")
        press(box, "Reset")
        press(box, "Run")
        said(box, "The same as in the book")


def test_an_endless_loop_is_stopped_and_the_page_goes_on(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = edit(page, FIRST, "while True:\n    pass")
        page.keyboard.press("Control+Enter")
        said(box, "Running")
        press(box, "Stop")
        said(box, "Stopped")
        press(box, "Reset")
        press(box, "Run")
        said(box, "The same as in the book")
        quiet(visit)


def test_an_error_tells_its_line_and_marks_it(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = edit(page, FIRST, "a = 1\nb = 0\nprint('before')\na / b")
        page.keyboard.press("Control+Enter")
        said(box, "An error")
        output = box.locator(".live-output")
        expect(output).to_contain_text("before")
        expect(output).to_contain_text("Line 4")
        expect(output).to_contain_text("ZeroDivisionError")
        expect(box.locator(".live-wrong")).to_have_text("a / b")


def test_escape_leaves_the_editor_and_control_enter_runs(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = edit(page, FIRST, "6 * 7")
        page.keyboard.press("Escape")
        expect(box.get_by_role("button", name="Run")).to_be_focused()
        page.keyboard.press("Enter")
        said(box, "Done")
        expect(box.locator(".live-output")).to_have_text("42")


def test_a_figure_is_drawn_and_one_in_a_fold_can_be_run(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = cell(page, FIGURE)
        box.locator("summary").click()
        press(box, "Run")
        said(box, "Done")
        expect(box.locator(".live-output svg text").first).to_be_visible()
        quiet(visit)


def test_a_cell_that_no_browser_can_run_says_what_it_needs(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        visit.open_folds()
        box = cell(page, NEEDS)
        press(box, "Run")
        said(box, "Needs scipy and sklearn")
        expect(box.locator(".press-output").first).to_be_visible()


def test_code_that_the_page_does_not_show_can_be_asked_for(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        asking = page.get_by_role("button", name="Code", exact=True).first
        asking.scroll_into_view_if_needed()
        asking.click(force=True)
        expect(page.locator(".cm-content").first).to_contain_text("source(")
        quiet(visit)


def test_large_arrays_do_not_end_python(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        code = "import numpy as np\na = np.ones(200_000)\nprint(((a * 2 - 1) + 1 - 2).sum())"
        box = edit(page, FIRST, code)
        page.keyboard.press("Control+Enter")
        said(box, "Done")
        expect(box.locator(".live-output")).to_have_text("0.0")
        quiet(visit)


def test_a_page_is_whole_without_script(visitor: Visitor) -> None:
    with visitor.visit(script=False) as visit:
        page = visit.open(PAGE)
        assert page.locator(".live-bar").count() == 0
        expect(page.locator(".press-play > svg").first).to_be_visible()
        expect(page.locator(".play-panel").first).to_be_hidden()
        fold = page.locator("details.derivation").first
        fold.locator("summary").first.click()
        fold.get_by_role("link").click()
        part = page.locator(":target")
        expect(part.locator(".press-derivation").first).to_be_visible()
        part.locator("a.press-ref[href^='#']").first.click()
        assert urlparse(page.url).path.endswith(
            PAGE
        )  # the references of a part lead back
