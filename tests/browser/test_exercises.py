"""Exercises in the page: graded by the real checks in the browser's own Python, and remembered."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

PAGE = "foundations/logistic-regression.html"
STARTER = "def best_threshold(miss, alarm):\n    return 0.5"
RIGHT = "def best_threshold(miss, alarm):\n    return alarm / (miss + alarm)"
PATIENCE = 90_000  # milliseconds: the browser's Python starts only once, slowly


def exercise(page: Page) -> Locator:
    """The third exercise, whose checks need only a part of the page."""
    return page.locator(".admonition.exercise", has_text="The price of a mistake")


def answer(page: Page, code: str) -> Locator:
    box = exercise(page)
    editor = box.locator(".cm-content")
    if not editor.count():
        box.get_by_role("button", name="Try it").click()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    return box


def test_a_wrong_answer_is_told_by_its_check_and_values_and_a_right_one_passes(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = answer(page, STARTER)
        page.keyboard.press("Control+Enter")
        status = box.locator(".live-bar .live-status")
        expect(status).to_have_text("Check 1 of 1 failed", timeout=PATIENCE)
        verdict = box.locator(".live-verdict")
        expect(verdict).to_contain_text("best_threshold(9, 1): expected 0.100")
        expect(verdict.locator("dl")).to_contain_text("got")
        assert box.locator(".live-solved").inner_text() == ""

        answer(page, RIGHT)
        box.get_by_role("button", name="Check").click()
        expect(status).to_have_text("All checks passed", timeout=PATIENCE)
        expect(box.locator(".live-solved")).to_have_text("solved")
        assert visit.complaints == []
        assert visit.requests_elsewhere() == []


def test_an_answer_is_there_again_and_can_be_started_over(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        answer(page, "mine = 1")
        page.reload(wait_until="networkidle")
        box = exercise(page)
        box.get_by_role("button", name="Go on with your answer").click()
        expect(box.locator(".cm-content")).to_have_text("mine = 1")
        box.get_by_role("button", name="Start over").click()
        expect(box.locator(".cm-content")).to_contain_text("return 0.5")
        page.reload(wait_until="networkidle")
        expect(exercise(page).get_by_role("button", name="Try it")).to_be_visible()


def test_a_hint_can_be_opened_once_the_one_before_was(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = page.locator(".admonition.exercise", has_text="Eights that count more")
        hints = box.locator("details.hint")
        expect(hints.nth(0)).to_be_visible()
        expect(hints.nth(1)).to_be_hidden()
        hints.nth(0).locator("summary").click()
        expect(hints.nth(1)).to_be_visible()
        page.reload(wait_until="networkidle")
        expect(hints.nth(1)).to_be_visible()


def test_an_exercise_in_words_is_solved_when_the_reader_says_so(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        box = page.locator(".admonition.exercise", has_text="A cost without a minimum")
        box.get_by_role("button", name="I have solved it").click()
        expect(box.locator(".live-solved")).to_contain_text("your own judgement")
        page.reload(wait_until="networkidle")
        counted = page.locator(".md-nav--primary .live-count")
        expect(counted.first).to_have_text("1/7")


def test_what_stands_in_the_store_and_is_no_progress_breaks_nothing(
    visitor: Visitor,
) -> None:
    for foreign in ("", "no JSON {", "[]", '{"version": 99}', '{"version": 1}'):
        with visitor.visit() as visit:
            page = visit.open("index.html")
            page.evaluate(
                "text => localStorage.setItem('dlbook-progress', text)", foreign
            )
            page = visit.open(PAGE)
            assert page.locator(".md-nav--primary .live-count").count() == 0
            expect(exercise(page).get_by_role("button", name="Try it")).to_be_visible()
            assert visit.complaints == []


def test_progress_can_be_taken_along_and_brought_in(
    visitor: Visitor, tmp_path: Path
) -> None:
    path = tmp_path / "progress.json"
    with visitor.visit() as visit:
        answer(visit.open(PAGE), "mine = 1")
        page = visit.open("appendix/progress.html")
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        download.value.save_as(path)
    with visitor.visit() as visit:
        page = visit.open("appendix/progress.html")
        page.set_input_files("input[type=file]", path)
        record = page.locator("#progress-record")
        expect(record).to_contain_text("Brought in.")
        page.set_input_files(
            "input[type=file]",
            {"name": "a.json", "mimeType": "text/plain", "buffer": b"what"},
        )
        expect(record).to_contain_text("Expected a file of progress")
        page = visit.open(PAGE)
        again = exercise(page).get_by_role("button", name="Go on with your answer")
        expect(again).to_be_visible()


def test_a_notebook_is_saved_with_the_reader_s_answers(
    visitor: Visitor, tmp_path: Path
) -> None:
    path = tmp_path / "page.ipynb"
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        answer(page, RIGHT)
        with page.expect_download() as download:
            page.get_by_role("link", name="This page as a notebook").click()
        assert download.value.suggested_filename == "logistic-regression.ipynb"
        download.value.save_as(path)
        assert visit.complaints == []
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    own = [c for c in cells if c["metadata"].get("dlbook", {}).get("exercise")]
    (mine,) = [c for c in own if c["metadata"]["dlbook"]["exercise"] == "threshold"]
    assert "".join(mine["source"]) == RIGHT
    others = "".join("".join(c["source"]) for c in own if c is not mine)
    assert "alarm / (miss" not in others


def test_a_notebook_without_changes_is_the_file_of_the_site(
    visitor: Visitor, site: Path, tmp_path: Path
) -> None:
    path = tmp_path / "page.ipynb"
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        with page.expect_download() as download:
            page.get_by_role("link", name="This page as a notebook").click()
        download.value.save_as(path)
    built = site / "foundations" / "logistic-regression.ipynb"
    assert path.read_bytes() == built.read_bytes()
