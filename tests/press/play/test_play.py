"""Figures that move: their function comes to the same in Python and in JavaScript, or the book does not build."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from dlbook import plot
from dlbook.press.play import Choice, Guess, Handle, Readout, Slider, play
from dlbook.press.play import translation as tr
from dlbook.press.typesetting.formulas import node
from dlbook.press.typesetting.svg import figure_svg
from tests.press.conftest import Book

GUESS = Guess("How much?", 1, 0, 2, 0.1)


def double(w: Any) -> Any:
    return {"point": [[w], [2 * w]], "twice": 2 * w}


def figure() -> tuple[Any, Any, Any]:
    fig, ax = plot.subplots()
    ax.set(xlim=(-1, 1), ylim=(-4, 4))
    (point,) = ax.plot([0], [0], "o")
    return fig, ax, point


def moving(function: Callable[..., Any] = double, **more: Any) -> Any:
    fig, _, point = figure()
    settings: dict[str, Any] = {
        "controls": [Slider("w", 0, -1, 1, 0.1, "$w$")],
        "show": {"point": point, "twice": Readout("twice")},
        "guess": GUESS,
    }
    return play(fig, function, **(settings | more))


def in_node(function: Callable[..., Any], *inputs: Any) -> Any:
    return tr.run(node(), [(tr.javascript(function), [list(inputs)])])[0][0]


def several(x: Any, names: Any) -> Any:
    total = 0
    for i in range(5):
        if i % 2 == 1:
            continue
        total += x**i
    values = [math_free for math_free in [total, -total] if math_free > 0]
    return {
        "total": total,
        "max": max(values),
        "text": f"{x:.2f}" + names[-1],
        "none": None if x > 0 else 1,
        "pairs": [[a, b] for a, b in zip([1, 2], [3, 4])],  # noqa: B905  PScript knows no strict
        "count": len(names),
        "half": 7 // 2,
        "root": sqrt(abs(x)),  # type: ignore[name-defined]  # noqa: F821
    }


def test_the_translation_comes_to_what_python_comes_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "sqrt", math.sqrt)
    for x in (-1.5, 0.25, 3.0):
        expected = tr.plain(several(x, ["a", "b"]))
        assert tr.difference(expected, in_node(several, x, ["a", "b"])) == ""


@pytest.mark.parametrize(
    ("expected", "got", "told"),
    [
        ({"a": 1.0}, {"a": 1.0 + 1e-8}, "['a'] is 1.0 in Python"),
        ([1.0, 2.0], [1.0], "is [1.0, 2.0] in Python"),
        ({"a": 1}, {"b": 1}, "in Python"),
        ("NaN", 0, "'NaN' in Python"),
        (None, 0, "None in Python"),
    ],
)
def test_a_difference_is_told(expected: Any, got: Any, told: str) -> None:
    assert told in tr.difference(expected, got)


def test_numbers_that_are_none_agree_with_each_other() -> None:
    assert (
        tr.difference(tr.plain([float("nan"), float("inf")]), ["NaN", "Infinity"]) == ""
    )
    assert tr.difference(1e12, 1e12 * (1 + 1e-10)) == ""


def test_what_cannot_be_translated_is_refused_with_the_reason() -> None:
    def bad(w: Any) -> Any:
        return {"point": [[w], [sum(x for x in [w])]], "twice": w}

    with pytest.raises(
        ValueError, match=r"bad cannot be translated to JavaScript: .*GeneratorExp"
    ):
        moving(bad).script("fig")


def test_parameters_that_nobody_gives_are_refused() -> None:
    def more(w: Any, v: Any) -> Any:
        return double(w)

    with pytest.raises(
        ValueError, match=r"expected the parameters \['w'\], got \['v', 'w'\]"
    ):
        moving(more)


def test_an_artist_for_which_nothing_is_returned_is_refused() -> None:
    with pytest.raises(ValueError, match=r"show: expected keys .* got \['other'\]"):
        moving(show={"other": Readout("other")})


def test_a_script_that_is_too_large_is_refused() -> None:
    def count(w: Any, data: Any) -> Any:
        return double(w)

    with pytest.raises(ValueError, match="at most 60,000 are sent"):
        moving(count, data={"data": list(range(20_000))}).script("fig")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Slider("w", 2, -1, 1, 0.1, "w"),
        lambda: Slider("w", 0, -1, 1, 0, "w"),
        lambda: Choice("c", 2, ["a", "b"], "c"),
        lambda: Guess("?", 3, 0, 2, 0.1),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        make()


def test_trials_stay_within_the_controls_and_end_with_the_still() -> None:
    fig, ax, point = figure()

    def two(w: Any, at: Any, kind: Any) -> Any:
        return {"point": [[at[0]], [at[1]]], "twice": w + kind}

    made = play(
        fig,
        two,
        controls=[
            Slider("w", 0.5, -1, 1, 0.25, "w"),
            Handle("at", (0.5, 1), ax, "point"),
            Choice("kind", 1, ["a", "b"], "kind"),
        ],
        show={"point": point},
        guess=GUESS,
    )
    inputs = [given for given, _ in made.trials()]
    assert all(-1 <= w <= 1 and w * 4 == round(w * 4) for w, _, _ in inputs)
    assert all(-1 <= x <= 1 and -4 <= y <= 4 for _, (x, y), _ in inputs)
    assert {kind for *_, kind in inputs} == {0, 1}
    assert inputs[-1] == [0.5, [0.5, 1], 1]
    assert made.trials() == made.trials()


def test_the_frame_of_an_axes_lies_where_the_picture_has_it() -> None:
    fig, ax, point = figure()
    (corner,) = ax.plot([1], [4], "s")
    made = play(
        fig,
        double,
        controls=[Slider("w", 0, -1, 1, 0.1, "w")],
        show={"point": point},
        guess=GUESS,
    )
    corner.set_gid("play-corner")
    svg = figure_svg(fig, name="fig", alt="x")
    x, y = re.search(
        r'play-corner".*?<use[^>]* x="([\d.]+)" y="([\d.]+)"', svg, re.DOTALL
    ).groups()  # type: ignore[union-attr]
    box = made._frame(ax)["box"]
    assert abs(float(x) - box[2]) < 0.02
    assert abs(float(y) - box[3]) < 0.02
    assert 'id="fig-play-point"' in svg


PAGE = """# A page

```python exec="on"
#| label: fig:one
#| caption: One.
#| alt: One.
from dlbook import plot
from dlbook.press.play import Guess, Readout, Slider, play


def f(w):
    return {result}


fig, ax = plot.subplots()
(point,) = ax.plot([0], [0], "o")
controls = [Slider("w", 0, -1, 1, 0.1, "w")]
play(fig, f, controls=controls, show={{"point": point}}, guess=Guess("?", 1, 0, 2, 0.1))
```
"""


def test_a_page_with_a_figure_that_moves_is_built_with_its_script(book: Book) -> None:
    book.write("part/page.md", PAGE.format(result='{"point": [[w], [w * w]]}'))
    run = book.build()
    assert run.returncode == 0, run.stderr
    html = book.page("part/page.html")
    assert 'data-play="fig-one"' in html
    assert "play-panel" in html
    script = book.page("assets/play/part/page/fig-one.js")
    assert "fig-one" in script


def test_a_translation_that_comes_to_something_else_stops_the_build(book: Book) -> None:
    # in JavaScript -1 % 3 is -1 where Python has 2
    book.write("part/page.md", PAGE.format(result='{"point": [[w], [w % 0.3]]}'))
    run = book.build()
    assert run.returncode == 1
    assert (
        "docs/part/page.md:7: play: the translation to JavaScript fails: trial"
        in run.stderr
    )
