"""Numbers typed by hand are found; those that need no computing are left alone, or have their reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlbook.press.errata import Errata
from dlbook.press.numbers.numbers import typed_numbers
from dlbook.press.numbers.numerals import whole
from dlbook.press.reading.scan import Scan, Slot
from dlbook.press.running.session import Outcome

FENCE = '```python exec="on"\n{}\n```\n'


def found(body: str, allowed: object = None) -> list[str]:
    """The numbers that are found in a page without front matter."""
    told = [message for _, message in typed_numbers(body.split("\n"), 1, allowed)]
    assert all(message.startswith("the number ") for message in told), told
    return [
        message.removeprefix("the number ").split(" is typed by hand")[0]
        for message in told
    ]


MEASURED = {
    "a decimal": ("The accuracy is 0.97.", ["0.97"]),
    "a decimal without its zero": ("It scores .987 at most.", [".987"]),
    "a percentage": ("It reads 97 % of them.", ["97 %"]),
    "a small percentage": ("An error of 3% is left.", ["3%"]),
    "thousands": ("All 1,797 digits are read.", ["1,797"]),
    "a count out of a count": ("It misses 32 of 450.", ["32", "450"]),
    "a frequency": ("One in 40 is wrong.", ["40"]),
    "seconds": ("It takes 5.2 s.", ["5.2 s"]),
    "few milliseconds": ("It takes 3 ms.", ["3 ms"]),
    "kilobytes": ("It takes 7 kB.", ["7 kB"]),
    "a ratio": ("It is 3× as fast.", ["3×"]),
    "a ratio in words": ("It is 2 times as slow.", ["2 times"]),
    "a power of ten": ("The gap is 10⁻⁹.", ["10⁻⁹"]),
    "a float": ("The gap is below 1e-12.", ["1e-12"]),
    "a product with a power": ("It is 2.2 · 10⁻¹⁶ apart.", ["2.2 · 10⁻¹⁶"]),
    "a negative": ("From −745 on it is 0.", ["−745"]),
    "a spread": ("It is .968 ± .003 here.", [".968", ".003"]),
    "a size": ("A photograph of 64 × 64.", ["64 × 64"]),
    "a fraction": ("Multiples of 1/16.", ["1/16"]),
    "a version": ("NumPy 2.4.6 is used.", ["2.4.6"]),
    "a date": ("Run on 2026-11-21.", ["2026-11-21"]),
    "a range": ("Ink from 0–16.", ["16"]),
    "a formula that is a number": ("It is $0.97$.", ["0.97"]),
    "a percentage in a formula": (r"It is $97\,\%$.", ["97%"]),
    "a formula that is about a number": (r"It is $\approx 0.97$.", ["0.97"]),
    "a power in a formula": ("Equal to $10^{-12}$.", ["10^-12"]),
    "a product in a formula": (r"It takes ${6 \cdot 10^{-6}}$.", ["6·10^-6"]),
    "seconds in a formula": (r"It takes $5\,\mathrm{s}$.", ["5 s"]),
    "what a formula comes to": (r"From $z = 53 \ln 2 \approx 36.74$ on.", ["36.74"]),
    "a disguise": (r"Here $\text{accuracy} = 0.97$, at last.", ["0.97"]),
    "the end of a display": ("$$\na = 5 + 28 = 33. \\label{eq:a}\n$$", ["33"]),
    "a title": ('??? evidence "A gap of 0.03"\n    Text.', ["0.03"]),
    "a heading": ("## The engine in 25 lines", ["25"]),
    "a list item": ("- It reads 0.9 of them.", ["0.9"]),
    "a table cell": ("| a | 0.9 |", ["0.9"]),
    "a block quote": ("> It reads 0.9.", ["0.9"]),
    "words beside a value": ("`{python} x` of 450 are read.", ["450"]),
    "the text of a link": ("[read 0.9](a.md#b-64)", ["0.9"]),
    "a caption": (
        FENCE.format("#| caption: >-\n#|   It is 0.9.\nx = 0.9"),
        ["0.9"],
    ),
    "an alt text": (FENCE.format("#| alt: It is 0.9.\nx = 1"), ["0.9"]),
    "a reason of a derivation": (
        '```derivation label="eq:a"\nsteps:\n    x\n    = 0.5 * y    # by 0.9\n```',
        ["0.9"],
    ),
    "a year that is none": ("The 1990 images.", ["1990"]),
}


@pytest.mark.parametrize("name", MEASURED)
def test_measured_number_is_found(name: str) -> None:
    body, expected = MEASURED[name]
    assert found(body) == expected


LEFT_ALONE = {
    "counts up to twelve": "Of 3 images 2 are eights; at 12 we stop; 8 × 8, 2/3, −1.",
    "words": "Ninety-seven per cent of a thousand.",
    "names": "In float64 a LeNet-5 of 64-bit, the 2nd, the 21st, x13 and 3D.",
    "code": "Write `0.97`, ``a `0.97` b`` or `{python} 0.97`.",
    "code over two lines": "Write `a\n0.97` here.",
    "a formula": r"As $x^2 + 0.5\,y$ and $\sigma(36.75)$ are.",
    "a coefficient": "Here $y = 64x$ and $2h$ and $2 h$.",
    "a display": "$$\nz = 0.5\\,x + 0.25\\,y \\label{eq:a13}\n$$",
    "a fence": "```text\n0.97\n```",
    "executed code": FENCE.format("x = 0.97"),
    "an exercise's code": '```python exercise="a" part="check"\nassert x < 0.97\n```',
    "a fence in a fence": '````markdown\n```python exec="on"\n#| alt: 0.97\n```\n````',
    "a label": FENCE.format("#| label: fig:a-64\n#| alt: None."),
    "a link's target": "See [there](other-97.md#part-0.97) and [`x`][a.b97.c].",
    "an address": "See https://example.org/97/0.97 and <https://example.org/97>.",
    "HTML": '<span data-x="97" style="width: 64px">a</span> <!-- 0.97 -->',
    "attributes": "Text.\n{: .label #part-97 data-x=97 }",
    "references": r"See \eqref{eq:a97}, \ref{fig:v-64} and Figure 2.14.",
    "citations": r"Found in \cite[p. 97]{linnainmaa1970}.",
    "years of citations": "Kelley (1960), (Baur and Strassen 1983), (Griewank 1992; Naumann 2008).",
    "list markers": "13. Thirteenth.\n14. Fourteenth.",
    "the list of references": "## Where it comes from\n\n- A. Cox, *T* 20(2), 1958,\n  215–242, doi:10.24432/C50P49.",
    "the book's history": "## Where it comes from\n\nThe thesis of 1970 has it.",
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_measured_number_is_left_alone(name: str) -> None:
    assert found(LEFT_ALONE[name]) == []


def test_prose_of_the_section_of_references_is_read_and_so_is_what_follows_it() -> None:
    body = "## Where it comes from\n\nIt was 0.9.\n\n- A. Cox, 20(2), 215.\n\n## More\n\n- It is 450.\n"
    assert found(body) == ["0.9", "450"]


def test_number_is_told_once_with_its_words_and_all_its_lines() -> None:
    lines = ["---", "title: T", "---", "", "# T", "", "It is 0.97.", "", "Still 0.970."]
    ((line, message),) = typed_numbers(lines, 5, None)
    assert line == 7
    assert "“It is 0.97.” (also on line 9)" in message


def test_line_of_a_number_deep_in_a_display_is_its_own() -> None:
    ((line, _),) = typed_numbers(["$$", "a", r"\approx 0.5", "$$"], 1, None)
    assert line == 3


def test_premise_is_allowed_under_its_reason() -> None:
    body = "Of 100 images, 10 are eights and 90 are not; 8 × 8 dots, 64 in all."
    assert found(body) == ["100", "90", "64"]
    allowed = {
        "premises of the example": ["100", "10", 90],
        "the data set as published": ["8×8", "64"],
    }
    assert found(body, allowed) == []


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("1,797", "1797"),
        ("10⁻⁹", "1e-9"),
        ("$10^{-9}$", "10^-9"),
        (r"$2.2 \cdot 10^{-16}$", "2.2e-16"),
        ("97 %", "97%"),
        ("28 × 28", "28×28"),
        ("−0.5", "-0.5"),
        ("0.50", "0.5"),
        ("3 times", "3×"),
        ("3 times", "3x"),
        ("$10^{-9}$", "$10^{-9}$"),
    ],
)
def test_entry_covers_every_way_of_writing_its_number(typed: str, listed: str) -> None:
    assert found(f"It is {typed}.", {"as was agreed": [listed]}) == []


@pytest.mark.parametrize(("typed", "listed"), [("97 %", "97"), ("5 s", "5 ms")])
def test_entry_with_another_unit_covers_nothing(typed: str, listed: str) -> None:
    lines = [f"It is {typed}."]
    told = [message for _, message in typed_numbers(lines, 1, {"a reason": [listed]})]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("allowed", "message"),
    [
        ({"a premise": ["100", "90"]}, "'90' is typed nowhere in the text"),
        ({"premise": ["100"]}, "'premise' is no reason: expected at least two words"),
        ({"a premise": ["hundred"]}, "'hundred' is no number"),
        ({"a premise": ["100 of 450"]}, "'100 of 450' is no number"),
        ({"a premise": ["100"], "b two": ["100"]}, "is listed already, as 'a premise'"),
        ({"a premise": "100"}, "expected a list of numbers, got '100'"),
        (["100"], "expected a mapping from reasons to lists of numbers"),
        ({"as in the code": ["100"]}, "'100' does not stand in the code"),
    ],
)
def test_fault_in_the_list_is_told(allowed: object, message: str) -> None:
    told = [text for _, text in typed_numbers(["Of 100 images."], 1, allowed)]
    assert any(message in text for text in told), told


def test_fault_in_the_list_is_told_at_its_line() -> None:
    lines = ["---", "numbers:", "  a premise:", "    - 100", "---", "# T", "None."]
    ((line, message),) = typed_numbers(lines, 6, {"a premise": [100]})
    assert line == 3
    assert "typed nowhere" in message


def test_number_as_in_the_code_must_stand_there() -> None:
    body = "For 700 steps of 0.65, to $10^{-12}$.\n\n" + FENCE.format(
        "train(steps=700, lr=0.65)\nassert gap < 1e-12"
    )
    allowed = {"as in the code": ["700", "0.65", "1e-12"]}
    assert found(body, allowed) == []
    changed = body.replace("steps=700", "steps=500").split("\n")
    ((_, message),) = typed_numbers(changed, 1, allowed)
    assert "'700' does not stand in the code" in message


def test_code_of_an_inline_value_is_code_and_its_arithmetic_is_done() -> None:
    body = r"A weight of 1.5 gives `{python} 1.5 * 2**-53`, $\approx 1.67 \cdot 10^{-16}$; $2^{-53}$."
    allowed = {"as in the code": ["1.5", "1.67e-16", "2^-53"]}
    assert found(body, allowed) == []
    assert found("Of 21, `{python} 1 / 0`.") == ["21"]


def test_number_of_a_caption_is_held_by_an_assert_of_its_own_block() -> None:
    head = "#| caption: From 0.69 to 0.667 in 200 steps, 95 %."
    held = f"{head}\nassert (a, b, n, p) == (0.69, 2 / 3, 200, 0.95)"
    assert found(FENCE.format(held)) == []
    assert found(FENCE.format(held.replace("0.69)", "0.96)"))) == []
    assert found(FENCE.format(held.replace("(0.69", "(0.96"))) == ["0.69"]
    assert found(FENCE.format(held.replace("2 / 3", "2 / 5"))) == ["0.667"]
    elsewhere = FENCE.format(head) + FENCE.format(held.split("\n")[1])
    assert found(elsewhere) == ["0.69", "0.667", "200", "95 %"]


def test_numeral_of_more_than_a_number_is_none() -> None:
    assert whole("0.97") is not None
    assert whole("0.97 or so") is None
    assert whole("float64") is None
    assert whole(None) is None


ROW = """
[[erratum]]
number = {number}
page = "a"
notes = "000"
kind = "mistake"
claim = "It is 99."
correct = '''{correct}'''
{more}
"""


def doubts(tmp_path: Path, rows: str, blocks: dict[str, tuple[str, str]]) -> list[str]:
    """What is told of a page with these boxes: number, code and output."""
    file = tmp_path / "errata.toml"
    file.write_text(rows, encoding="utf-8")
    slots = [
        Slot(i, "block", code, 10 * i, {"erratum": number})
        for i, (number, (code, _)) in enumerate(blocks.items())
    ]
    outcomes = [Outcome(text=text) for _, text in blocks.values()]
    page = Scan("docs/a.md", slots=slots)
    return [problem.message for problem in Errata(file).settled(page, outcomes)]


def test_number_of_a_correction_is_printed_or_asserted_by_its_block(
    tmp_path: Path,
) -> None:
    correct = r"It is $28 \cdot 28 = 784$, {}, since (LeCun 1998) $\sigma(36.75)$ is 1."
    block = {"1": ("assert x == 36.75 and 28", "784 and 12288\n")}
    row = ROW.format(number=1, correct=correct.format("12,288"), more="")
    assert doubts(tmp_path, row, block) == []
    for right, wrong in [("784", "748"), ("12,288", "12,228"), ("36.75", "36.57")]:
        (told,) = doubts(tmp_path, row.replace(right, wrong), block)
        assert told == (
            f"erratum 1: its block neither prints nor asserts the {wrong} of the correction"
        )


def test_table_below_a_block_is_what_it_prints(tmp_path: Path) -> None:
    file = tmp_path / "errata.toml"
    file.write_text(ROW.format(number=1, correct="It is 0.25.", more=""))
    page = Scan("docs/a.md", slots=[Slot(0, "block", "", 3, {"erratum": "1"})])
    outcome = Outcome(rich="<table><td>0.25</td></table>")
    assert not list(Errata(file).settled(page, [outcome]))


def test_boxes_that_changed_places_are_told(tmp_path: Path) -> None:
    rows = ROW.format(number=6, correct="A score.", more='shows = ["squares"]')
    rows += ROW.format(number=7, correct="A sign.", more='shows = ["log p"]')
    code = "assert True"
    right = {"6": (code, "slope of squares"), "7": (code, "log p = −1")}
    assert doubts(tmp_path, rows, right) == []
    swapped = {"6": right["7"], "7": right["6"]}
    assert doubts(tmp_path, rows, swapped) == [
        "erratum 6: its block does not print 'squares'",
        "erratum 7: its block does not print 'log p'",
    ]


def test_correction_that_nothing_ties_to_its_block_is_told(tmp_path: Path) -> None:
    row = ROW.format(number=1, correct="It is transposed, 2 by 3.", more="")
    (told,) = doubts(tmp_path, row, {"1": ("assert True", "2 3")})
    assert "nothing ties it to its block" in told


def test_number_of_a_correction_is_excused_under_its_reason(tmp_path: Path) -> None:
    row = ROW.format(number=1, correct="It is 784, not 64.", more="{}")
    block = {"1": ("assert n == 784", "")}
    excused = row.format('numbers = { "the slip itself" = ["64"] }')
    assert doubts(tmp_path, excused, block) == []
    (told,) = doubts(tmp_path, excused.replace('["64"]', '["64", "65"]'), block)
    assert "'65' is typed nowhere" in told
