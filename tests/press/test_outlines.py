"""An outline in relative steps is the same outline."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dlbook.press.typesetting.outlines import relative

number = st.integers(-10_000_000, 10_000_000).map(lambda hundredths: hundredths / 100)
point = st.tuples(number, number)
step: st.SearchStrategy[tuple[str, list[tuple[float, float]]]] = st.one_of(
    st.tuples(st.just("L"), st.lists(point, min_size=1, max_size=3)),
    st.tuples(st.just("Q"), st.lists(point, min_size=2, max_size=2)),
    st.tuples(st.just("C"), st.lists(point, min_size=3, max_size=3)),
    st.tuples(st.just("z"), st.just([])),
)
drawn = st.lists(st.tuples(point, st.lists(step, max_size=6)), min_size=1, max_size=3)


def absolute(outline: str) -> list[tuple[str, list[tuple[float, float]]]]:
    """What a reader of SVG makes of an outline in relative steps (SVG 2, section 9.3), point by point."""
    count = {"M": 1, "m": 1, "l": 1, "q": 2, "c": 3}
    found: list[tuple[str, list[tuple[float, float]]]] = []
    x = y = x0 = y0 = 0.0
    for command, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", outline):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if command == "z":
            assert not numbers
            x, y = x0, y0
            found.append(("z", []))
            continue
        size = 2 * count[command]
        assert numbers and len(numbers) % size == 0
        for at in range(0, len(numbers), size):
            pairs = zip(
                numbers[at : at + size : 2],
                numbers[at + 1 : at + size : 2],
                strict=True,
            )
            points = [(x + a, y + b) for a, b in pairs]
            x, y = points[-1]
            if command in "Mm":
                x0, y0 = x, y
            found.append((command.upper(), points))
    return found


def rounded(parts: list[tuple[str, list[tuple[float, float]]]]) -> object:
    return [(c, [(round(100 * x), round(100 * y)) for x, y in ps]) for c, ps in parts]


@given(drawn)
def test_every_point_is_where_it_was(
    lines: list[
        tuple[tuple[float, float], list[tuple[str, list[tuple[float, float]]]]]
    ],
) -> None:
    words: list[str] = []
    meant: list[tuple[str, list[tuple[float, float]]]] = []
    for begin, steps in lines:
        words += ["M", *map(str, begin)]
        meant.append(("M", [begin]))
        for command, points in steps:
            words += [command, *(f"{x:.2f} {y:.2f}" for x, y in points)]
            pieces = [[p] for p in points] if command == "L" else [points]
            meant += [(command, piece) for piece in pieces]
    assert rounded(absolute(relative(" ".join(words)))) == rounded(meant)


def test_steps_are_short() -> None:
    assert relative("M 10 20 L 10.5 20 L 11 19.25 Q 12 19 12 20 z M 0 0") == (
        "M10 20l.5 0 .5-.75q1-.25 1 .75zm-10-20"
    )


def test_what_is_drawn_otherwise_is_left_alone() -> None:
    assert relative("M 0 0 A 1 1 0 0 0 2 2") == "M 0 0 A 1 1 0 0 0 2 2"
