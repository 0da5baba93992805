"""Figures that move: a guess first, then by mouse, by finger and by keyboard; extremes are told, not drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

ROOT = Path(__file__).resolve().parents[2]
PAGE = "foundations/gradient-descent.html"
LINE_PAGE = "foundations/perceptron.html"
VALLEY, LINE = "#fig\\:valley", "#fig\\:perceptron-line"
BLOCKS = re.compile(r"^ *```python exec=\"on\".*?^ *```$", re.MULTILINE | re.DOTALL)
ALL = [
    (f"foundations/{page.stem}.html", "#" + label.replace(":", r"\:"))
    for page in sorted((ROOT / "docs" / "foundations").glob("*.md"))
    for block in BLOCKS.findall(page.read_text(encoding="utf-8"))
    if re.search(r"^ *play\(", block, re.MULTILINE)
    for label in re.findall(r"#\| label: (\S+)", block)
]
REDRAWN = """async (figure) => {
  const input = figure.querySelector(".play-controls input");
  const times = [];
  for (let i = 0; i < 20; i++) {
    const drawn = new Promise(done => figure.addEventListener("play:drawn", done, { once: true }));
    input.value = Number(input.min) + (i % 5 + 1) * (input.max - input.min) / 7;
    const begun = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[10];
}"""


def awake(page: Page, name: str) -> Locator:
    """A figure that the reader has come to, its question passed over."""
    figure = page.locator(name)
    figure.scroll_into_view_if_needed()
    figure.locator("> svg").hover()
    expect(figure).to_have_class(re.compile("play-awake"))
    figure.get_by_role("button", name="Skip").click()
    expect(figure).to_have_class(re.compile("play-free"))
    return figure


def readout(figure: Locator, key: str) -> str:
    return figure.locator(f'[data-show="{key}"]').inner_text()


def test_the_guess_comes_first_and_then_the_gap(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        page = visit.open(PAGE)
        assert not [
            url for url in visit.requests if "/play/" in url or "play.js" in url
        ]
        figure = page.locator(VALLEY)
        figure.locator("> svg").hover()
        expect(figure.locator("[data-show=height]")).not_to_be_empty()
        assert figure.locator(".play-controls").evaluate("box => box.inert")
        figure.locator(".play-guess input").fill("0.4")
        figure.get_by_role("button", name="That is my guess").click()
        told = "You said 0.40. It is 0.25: off by 0.15."
        expect(figure.locator(".play-guess [role=status]")).to_contain_text(told)
        assert not figure.locator(".play-controls").evaluate("box => box.inert")
        assert visit.complaints == []
        assert visit.requests_elsewhere() == []


def test_a_slider_moves_it_by_keyboard(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        figure = awake(visit.open(PAGE), VALLEY)
        before = readout(figure, "across")
        figure.locator("[name=rate]").focus()
        visit.page.keyboard.press("ArrowRight")
        expect(figure.locator("[data-show=across]")).not_to_have_text(before)


def test_a_handle_moves_by_mouse_and_by_keyboard(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        figure = awake(visit.open(PAGE), VALLEY)
        handle = figure.locator(".play-handle")
        box = handle.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before = handle.get_attribute("aria-valuetext")
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x - 80, y + 20, steps=4)
        visit.page.mouse.up()
        moved = handle.get_attribute("aria-valuetext")
        assert moved != before
        handle.focus()
        visit.page.keyboard.press("Shift+ArrowLeft")
        assert handle.get_attribute("aria-valuetext") != moved
        path = figure.locator("[id$=play-path] > path").get_attribute("d")
        assert path
        assert path.count("L") == 40


def test_a_handle_moves_by_touch(visitor: Visitor) -> None:
    with visitor.visit(width=400, touch=True) as visit:
        figure = awake(visit.open(PAGE), VALLEY)
        handle = figure.locator(".play-handle")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
        before = handle.get_attribute("aria-valuetext")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        protocol = visit.page.context.new_cdp_session(visit.page)
        for kind, points in [
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x - 40, "y": y + 10}]),
            ("touchEnd", []),
        ]:
            protocol.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
            )
        expect(handle).not_to_have_attribute("aria-valuetext", before or "")


def test_an_extreme_is_told_and_nothing_that_is_no_number_is_drawn(
    visitor: Visitor,
) -> None:
    with visitor.visit() as visit:
        figure = awake(visit.open(PAGE), VALLEY)
        figure.locator("[name=rate]").fill("0.3")
        expect(figure.locator(".play-note")).to_contain_text("runs away")
        assert readout(figure, "height") == "beyond a million"
        assert not re.search(r"NaN|Infinity", figure.inner_text())
        assert visit.complaints == []
    with visitor.visit() as visit:
        line = awake(visit.open(LINE_PAGE), LINE)
        for name in "AB":
            line.locator(f"[name={name}]").fill("0")
        expect(line.locator(".play-note")).to_contain_text("there is no line")
        assert readout(line, "y_axis") == "–"
        assert not re.search(r"NaN|Infinity|undefined", line.inner_html())
        assert visit.complaints == []


def test_reset_puts_everything_back(visitor: Visitor) -> None:
    with visitor.visit() as visit:
        figure = awake(visit.open(PAGE), VALLEY)
        before = readout(figure, "height")
        figure.locator("[name=rate]").fill("0.01")
        expect(figure.locator("[data-show=height]")).not_to_have_text(before)
        figure.get_by_role("button", name="Reset").click()
        expect(figure.locator("[data-show=height]")).to_have_text(before)


@pytest.mark.parametrize(("page_name", "name"), ALL)
def test_a_figure_is_redrawn_within_50_milliseconds(
    visitor: Visitor, page_name: str, name: str
) -> None:
    with visitor.visit() as visit:
        figure = awake(visit.open(page_name), name)
        assert figure.evaluate(REDRAWN) < 50
        assert visit.complaints == []
