"""*Start here*: wrong answers that people give are told what went wrong; the map is read from the chapters."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from dlbook.press.live.grading import grade
from tests.book.build import ROOT

PAGE = (ROOT / "docs/start-here.md").read_text(encoding="utf-8")
GROUPS = {
    "NumPy": ["column", "axis", "broadcast"],
    "Derivatives": ["exponential", "logarithm", "gradient"],
    "Matrix products": ["matmul", "transpose", "angle"],
    "Probability": ["bayes", "variance", "likelihood"],
}


class Slip(NamedTuple):
    """A wrong answer, and a part of what the reader must be told."""

    question: str
    answer: str
    told: str


SLIPS = [
    Slip("column", "second_column = lambda x: x[1]", "a row"),
    Slip("column", "second_column = lambda x: x[:, 2]", "count from 0"),
    Slip("column", "second_column = lambda x: x[2]", "count from 0"),
    Slip("column", "second_column = lambda x: x[:, [1]]", "two axes"),
    Slip("axis", "test_averages = lambda s: s.mean(axis=1)", "of each student"),
    Slip("axis", "test_averages = lambda s: s.mean()", "name an axis"),
    Slip("axis", "test_averages = lambda s: s.sum(axis=0)", "sums"),
    Slip("axis", "test_averages = lambda s: s.mean(axis=0, keepdims=True)", "too many"),
    Slip("broadcast", "shape = 'error'", "no error"),
    Slip("broadcast", "shape = (4, 1)", "stretched"),
    Slip("broadcast", "shape = [3, 4]", "exchanged"),
    Slip("broadcast", "shape = (4,)", "stretched"),
    Slip(
        "exponential",
        "slope_of_exponential = lambda x: np.exp(-x)",
        "the inner function -x",
    ),
    Slip(
        "exponential",
        "slope_of_exponential = lambda x: -x * np.exp(-x - 1)",
        "the power rule",
    ),
    Slip("exponential", "slope_of_exponential = lambda x: -np.exp(x)", "stays -x"),
    Slip("logarithm", "slope_of_product = lambda x: 1 / x", "product of the slopes"),
    Slip("logarithm", "slope_of_product = lambda x: np.log(x)", "one part is missing"),
    Slip("logarithm", "slope_of_product = lambda x: 1.0", "one part is missing"),
    Slip("gradient", "gradient = (7, 4)", "exchanged"),
    Slip("gradient", "gradient = np.array([4.0, 4.0])", "3y has a slope"),
    Slip("gradient", "gradient = (7, 7)", "does not depend on x"),
    Slip("gradient", "gradient = 11", "do not add"),
    Slip("matmul", "product = [23, 34]", "down the columns"),
    Slip("matmul", "product = [[5, 12], [15, 24]]", "not yet added up"),
    Slip("matmul", "product = 56", "do not add the rows"),
    Slip("matmul", "product = [[17], [39]]", "without inner brackets"),
    Slip("transpose", "transposed_product = lambda A, B: A.T @ B.T", "turns around"),
    Slip("transpose", "transposed_product = lambda A, B: A.T * B.T", "@"),
    Slip("angle", "cosine = 4", "by both lengths"),
    Slip("angle", "cosine = 4 / np.sqrt(5)", "not by one"),
    Slip("angle", "cosine = np.arccos(4 / 5)", "the angle"),
    Slip("bayes", "ill_given_positive = 0.9", "positive given ill"),
    Slip("bayes", "ill_given_positive = 0.009", "ill and positive"),
    Slip("bayes", "ill_given_positive = 0.01", "before the test"),
    Slip("bayes", "ill_given_positive = 1 / 11", "odds"),
    Slip("variance", "variance = 20", "the mean of the square"),
    Slip("variance", "variance = 2", "the mean"),
    Slip("variance", "variance = np.sqrt(16)", "standard deviation"),
    Slip("variance", "variance = 25", "weigh them"),
    Slip("likelihood", "probability_of_throws = lambda p: p**3", "fell tails"),
    Slip(
        "likelihood",
        "probability_of_throws = lambda p: 3 * p * p * (1 - p)",
        "one way",
    ),
    Slip("likelihood", "probability_of_throws = lambda p: p * p", "third throw"),
]
RIGHT = [
    ("column", "second_column = lambda x: x.T[1].tolist()"),
    ("axis", "test_averages = lambda s: sum(s) / len(s)"),
    ("broadcast", "shape = [4, 3]"),
    ("exponential", "slope_of_exponential = lambda x: -1 / np.exp(x)"),
    ("logarithm", "slope_of_product = lambda x: 1 + np.log(x)"),
    ("gradient", "gradient = np.array([4.0, 7.0])"),
    ("matmul", "product = np.array([17, 39])"),
    ("matmul", "product = (17.0, 39.0)"),
    ("transpose", "transposed_product = lambda A, B: (A @ B).T"),
    ("transpose", "transposed_product = lambda A, B: (B.T @ A.T).tolist()"),
    ("angle", "cosine = 0.8"),
    ("bayes", "ill_given_positive = 0.083"),
    ("bayes", "ill_given_positive = 1 / 12"),
    ("variance", "variance = np.float64(16)"),
    ("likelihood", "probability_of_throws = lambda p: p**2 - p**3"),
]


LUCKY = [
    ("column", "second_column = lambda x: [1, 5, 9, 13, 17]"),
    ("column", "second_column = lambda x: x[:, -3]"),
    ("axis", "test_averages = lambda s: s.sum(axis=0) / 2"),
    ("axis", "test_averages = lambda s: np.median(s, axis=0)"),
    ("axis", "test_averages = lambda s: (s.min(axis=0) + s.max(axis=0)) / 2"),
    ("exponential", "slope_of_exponential = lambda x: -np.exp(-2.0)"),
    ("logarithm", "slope_of_product = lambda x: np.log2(x) + 1"),
    ("transpose", "transposed_product = lambda A, B: (B @ A).T"),
    ("angle", "cosine = np.cos(0.8)"),
    ("bayes", "ill_given_positive = 0.08"),
    ("variance", "variance = 12.8"),
    ("likelihood", "probability_of_throws = lambda p: 1 / 8"),
    ("likelihood", "probability_of_throws = lambda p: p * (1 - p) ** 2"),
]


def part(question: str, name: str) -> str:
    """The code of one part of a question."""
    fence = rf'^    ```python exercise="quiz-{question}" part="{name}"\n(.*?)^    ```$'
    (code,) = re.findall(fence, PAGE, re.MULTILINE | re.DOTALL)
    return textwrap.dedent(code)


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_wrong_answer_is_told_what_went_wrong(slip: Slip) -> None:
    result = grade({"np": np}, slip.answer, part(slip.question, "check"))
    assert result["failure"]["number"] is not None, result["failure"]["message"]
    assert slip.told in result["failure"]["message"]


@pytest.mark.parametrize(("question", "answer"), LUCKY)
def test_an_answer_that_is_right_by_luck_is_refused(question: str, answer: str) -> None:
    result = grade({"np": np}, answer, part(question, "check"))
    assert result["failure"]["number"] is not None, result["failure"]["message"]


@pytest.mark.parametrize(("question", "answer"), RIGHT)
def test_a_right_answer_is_right_in_whatever_form(question: str, answer: str) -> None:
    result = grade({"np": np}, answer, part(question, "check"))
    assert result["passed"], result["failure"]


def test_each_group_has_three_questions_with_the_section_that_helps() -> None:
    groups = re.split(r"^### ", PAGE, flags=re.MULTILINE)
    for name, questions in GROUPS.items():
        (group,) = (g for g in groups if g.startswith(f"{name}\n"))
        boxes = re.split(r"^!!! exercise ", group, flags=re.MULTILINE)[1:]
        assert len(boxes) == len(questions)
        for box, question in zip(boxes, questions, strict=True):
            assert f'exercise="quiz-{question}" part="starter"' in box
            last = re.split(r"^## ", box, flags=re.MULTILINE)[0].strip().split("\n")[-1]
            assert last.startswith("    Missed it? Read [")
            assert "](appendix/mathematics.md#math-" in last


def read_map() -> dict[str, Any]:
    """The block that reads the chapters' prerequisites, executed where the test stands."""
    section = PAGE.partition("\n## The map")[2]
    fence = r"^```python exec=\"on\" source=\"hide\".*?\n(.*?)^```$"
    code = re.findall(fence, section, re.MULTILINE | re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(compile(code, "the map", "exec", dont_inherit=True), names)
    return names


@pytest.fixture
def chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The chapters of Part I, each of which needs nothing."""
    monkeypatch.chdir(ROOT)
    folder = tmp_path / "docs/foundations"
    folder.mkdir(parents=True)
    for name in read_map()["questions"]:
        write(folder / f"{name}.md", "Read before: nothing.")
    monkeypatch.chdir(tmp_path)
    return folder


def write(page: Path, needed: str) -> None:
    """A chapter whose promise ends with this paragraph."""
    rest = "See [Losses](losses.md)."
    text = f'# Its title\n\n!!! promise "The promise"\n    Much.\n\n    {needed}\n\n{rest}\n'
    page.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("needed", "found"),
    [
        ("Read before: [Notation](notation.md). A little Python.", ["notation"]),
        (
            "Read before: [Notation](notation.md). [Perceptron](perceptron.md) helps.",
            ["notation"],
        ),
        (
            "Read before: [Notation](notation.md).\n    [Perceptron](perceptron.md) helps.",
            ["notation"],
        ),
        (
            "Read before: [Perceptron](perceptron.md#sec:end) for the unit, and from\n"
            "    [Notation](notation.md) what a shape is; [Notation](notation.md) again.",
            ["perceptron", "notation"],
        ),
        (
            "Read before: [Mathematics](../appendix/mathematics.md), [Mixed](mixed-exercises.md).",
            [],
        ),
        ("Read before: nothing. [Perceptron](perceptron.md) is near.", []),
    ],
)
def test_what_the_first_sentence_names_is_read_before(
    needed: str, found: list[str], chapters: Path
) -> None:
    write(chapters / "losses.md", needed)
    told = read_map()
    assert told["before"] == {name: [] for name in told["questions"]} | {
        "losses": found
    }
    assert set(told["titles"].values()) == {"Its title"}


@pytest.mark.parametrize(
    ("needed", "message"),
    [
        ("Read before: [Losses](losses.md).", "perceptron wants .*losses"),
        ("Read first: [Notation](notation.md).", "perceptron does not say what"),
    ],
)
def test_the_map_refuses_what_it_cannot_draw(
    needed: str, message: str, chapters: Path
) -> None:
    write(chapters / "perceptron.md", needed)
    with pytest.raises(AssertionError, match=message):
        read_map()


def test_what_only_helps_stands_in_a_later_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    for name in read_map()["questions"]:
        text = (ROOT / f"docs/foundations/{name}.md").read_text(encoding="utf-8")
        needed = re.split(r"\.\s", text.partition("Read before:")[2])[0]
        assert not re.search("help|presuppose|useful|optional|not needed", needed)
