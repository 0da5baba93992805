"""What a reader sees of a derivation: aligned lines with reasons and numbers, and one quiet line of evidence."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from dlbook.press.derivation.check import CheckedLine, check
from dlbook.press.derivation.layout import BY_HAND, below, layout, summary
from dlbook.press.derivation.parse import Derivation, parse

CODE = r"""
given:
    n = 4
    v = rng.normal(size=n)
for:
    j in range(n)
steps:
    v[j]**2 - 1
    = (v[j] - 1) * (v[j] + 1)     # a *difference* of squares
    < v[j]**2                     # as $1 > 0$ {eq:less}
"""


def checked(code: str) -> tuple[Derivation, list[CheckedLine]]:
    derivation = parse(code, 1)
    return derivation, check(derivation, {})


def page(derivation: Derivation, lines: list[CheckedLine]) -> BeautifulSoup:
    def inline(markdown: str) -> str:
        return f"<em>{html.escape(markdown)}</em>"

    return BeautifulSoup(
        layout(derivation, lines, label="eq:squares", inline=inline), "html.parser"
    )


def test_each_line_has_its_formula_its_reason_and_the_place_of_its_number() -> None:
    found = page(*checked(CODE))
    assert found.select_one("#eq\\:squares.press-derivation")
    rows = found.select("ol.press-steps > li")
    assert len(rows) == 2
    formulas = [span.text for span in found.select(".press-steps .arithmatex")]
    assert formulas == [
        r"\(\displaystyle v_j^2 - 1\)",
        r"\(\displaystyle {}= (v_j - 1)\,(v_j + 1)\)",
        r"\(\displaystyle {}< v_j^2\)",
    ]
    reasons = [row.select_one(".press-reason") for row in rows]
    assert [str(reason and reason.em and reason.em.text) for reason in reasons] == [
        "a *difference* of squares",
        "as $1 > 0$",
    ]
    numbers = [span.attrs for span in found.select("[data-press-number]")]
    assert numbers == [
        {"data-press-number": "eq:squares", "data-press-letter": letter}
        for letter in "ab"
    ]


def test_the_places_of_numbers_are_written_as_the_press_looks_for_them() -> None:
    text = layout(*checked(CODE), label="eq:squares", inline=str)
    spans = re.findall(r"<span data-press-number='([^']*)' data-press-letter='(.)'></span>", text)  # fmt: skip
    assert spans == [("eq:squares", "a"), ("eq:squares", "b")]
    assert r"\(\displaystyle {}&lt; v_j^2\)" in text


def test_the_range_of_the_indices_is_told() -> None:
    told = page(*checked(CODE)).select_one(".press-conditions")
    assert told is not None
    assert told.text == r"for \(j = 1, \dots, n\)"
    two = "k in range(2)\n    j in range(1, n) if j != k"
    told = page(*checked(CODE.replace("j in range(n)", two))).select_one(
        ".press-conditions"
    )
    assert told is not None
    assert told.text == r"for \(k = 1, \dots, 2\) and \(j = 2, \dots, n,\ j \ne k\)"
    limit = "given:\n  x = rng.normal()\nas:\n  h -> 0\nsteps:\n  x + h\n  -> x  # so"
    told = page(*checked(limit)).select_one(".press-conditions")
    assert told is not None
    assert told.text == r"as \(h \to 0\)"


def test_the_evidence_is_one_line_that_opens() -> None:
    found = page(*checked(CODE)).select_one("details.press-evidence")
    assert found is not None
    assert found.summary is not None
    assert (
        found.summary.text
        == "3 lines hold on 5 random inputs, at every j, equalities within 10⁻¹²"
    )
    cells = [[cell.text for cell in row.select("td")] for row in found.select("tr")]
    assert cells == [
        [],
        ["start", "v[j]**2 - 1", "–", "generated"],
        ["(a)", "= (v[j] - 1) * (v[j] + 1)", "below 10⁻¹²", "generated"],
        ["(b)", "< v[j]**2", "–", "generated"],
    ]
    assert "v = rng.normal(size=n)" in found.text
    assert "from seeds 0 to 4" in found.text


def test_the_summary_says_what_was_compared() -> None:
    derivation, lines = checked("given:\n  a = 3\nsteps:\n  a + a\n  = 2 * a  # so")
    assert (
        summary(derivation, lines)
        == "2 lines agree on the given numbers, equalities within 10⁻¹²"
    )
    lines[1] = replace(lines[1], gap=3e-10)
    assert summary(derivation, lines).endswith("equalities within 10⁻⁹")
    only = checked("given:\n  a = 3\nsteps:\n  a + a\n  > a  # so")
    assert summary(*only) == "2 lines hold on the given numbers"


def test_the_summary_keeps_the_limit_apart_from_the_equalities() -> None:
    code = "as:\n  h -> 0\nsteps:\n  (1 + h) ** 2 - 1\n  = 2 * h + h**2  # so\n  -> 0  # so"
    derivation, lines = checked(code)
    told = summary(derivation, lines)
    assert told.startswith("3 lines hold, equalities within 10⁻¹², the limit within ")
    assert told.endswith(below(lines[2].gap))
    assert lines[2].gap > 1e-6
    bare = checked("as:\n  h -> 0\nsteps:\n  1 + h\n  -> 1  # so")
    assert "equalities" not in summary(*bare)
    assert "given" not in summary(*bare)


@pytest.mark.parametrize(
    "gap, told",
    [(0.0, "10⁻¹²"), (9e-13, "10⁻¹²"), (1e-12, "10⁻¹¹"), (1.1e-12, "10⁻¹¹"), (2e-4, "10⁻³"), (1e-9, "10⁻⁸")],
)  # fmt: skip
def test_gaps_are_rounded_up_to_a_power_of_ten(gap: float, told: str) -> None:
    assert below(gap) == told


def test_a_formula_set_by_hand_carries_a_mark() -> None:
    derivation, lines = checked(CODE)
    assert BY_HAND not in layout(derivation, lines, label="eq:squares", inline=str)
    lines[2] = replace(lines[2], how="by hand")
    found = page(derivation, lines)
    marks = found.select(".press-by-hand")
    assert [mark.text for mark in marks] == [BY_HAND]
    assert marks[0].find_parent("li") == found.select("li")[1]


def test_long_formulas_leave_the_reasons_to_the_lines_below() -> None:
    long = " + ".join(f"v[{k % 4}] * v[j]" for k in range(9))
    sides = [("v[j] * 2", "v[j] + v[j]"), (long, "v[j] * 1"), ("v[j] * 2", long)]
    classes = []
    for left, right in sides:
        code = (
            CODE.split("steps:", maxsplit=1)[0]
            + f"steps:\n    {left}\n    = {right}  # so\n"
        )
        derivation = parse(code, 1)
        lines = [
            CheckedLine(
                s.relation, s.expression.replace("*", " "), "", s.reason, 0, "generated"
            )
            for s in derivation.steps
        ]
        box = page(derivation, lines).select_one(".press-derivation")
        assert box is not None
        classes.append(set(box["class"]) - {"press-derivation"})
    assert classes == [set(), {"press-hanging"}, {"press-reasons-below"}]


CASES = r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}"
LOSS = r"y\,\bigl[\ln\bigl(1 + e^{z}\bigr) - z\bigr] + (1 - y) \ln\bigl(1 + e^{z}\bigr)"
STEP = r"J(\theta) - \eta\,\nabla J^\top \nabla J + \frac{\eta^2}{2}\,\nabla J^\top H \nabla J"
MATRIX = r"\begin{pmatrix} a + b + c & d + e + f \\ g & h \end{pmatrix}"


@pytest.mark.parametrize(
    "left, right, crowded",
    [
        (r"(1 - \epsilon)^{1/\epsilon}", r"e^{\ln(1 - \epsilon)/\epsilon}", set()),
        (r"\beta^{\frac{1}{1 - \beta}}", r"e^{\frac{\ln(\beta)}{1 - \beta}}", set()),
        (r"\max(z, 0)", CASES, set()),
        ("L", LOSS, set()),
        (r"J(\theta - \eta\,\nabla J)", STEP, {"press-reasons-below"}),
        (MATRIX, r"\frac{a + b + c + d}{2} + e + f", {"press-hanging"}),
        (f"{CASES} + {CASES}", LOSS + LOSS, {"press-hanging", "press-reasons-below"}),
    ],
)
def test_a_formula_takes_the_room_that_it_is_seen_to_take(
    left: str, right: str, crowded: set[str]
) -> None:
    derivation, lines = checked("given:\n  a = 3\nsteps:\n  a + a\n  = 2 * a  # so")
    lines = [replace(lines[0], tex=left), replace(lines[1], tex=right)]
    box = page(derivation, lines).select_one(".press-derivation")
    assert box is not None
    assert set(box["class"]) - {"press-derivation"} == crowded
