"""A graded answer tells which check failed, on which line, with which values; nothing stops the grader."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.press.live.grading import LONGEST, grade

CHECKS = """
assert f(1) == 2
for x in (2, 3):
    got = f(x)
    assert got == 2 * x, f"f({x}): expected {2 * x}, got {got}"
assert np.allclose(f(np.ones(2)), 2)
assert abs(f(0.5) - 1.0) < 1e-12
"""


def graded(answer: str, checks: str = CHECKS) -> dict[str, Any]:
    return grade({"np": np}, answer, checks)


def failure(answer: str, checks: str = CHECKS) -> dict[str, Any]:
    verdict = graded(answer, checks)
    assert not verdict["passed"]
    return dict(verdict["failure"])


def test_a_right_answer_passes() -> None:
    verdict = graded("print('hello')\ndef f(x):\n    return 2 * x")
    assert verdict == {"passed": True, "output": "hello\n", "failure": None}


def test_a_failed_check_is_told_with_its_number_its_line_and_both_sides() -> None:
    found = failure("def f(x):\n    return x")
    assert (found["where"], found["number"], found["of"], found["line"]) == (
        "checks",
        1,
        4,
        2,
    )
    assert found["source"] == "assert f(1) == 2"
    assert found["values"] == [("f(1)", "1")]
    assert found["message"] == ""


def test_the_message_of_a_check_is_told_and_the_round_of_its_loop() -> None:
    found = failure("def f(x):\n    return 2 * x if x != 3 else 0")
    assert (found["number"], found["line"]) == (2, 5)
    assert found["message"] == "f(3): expected 6, got 0"
    assert found["values"] == [("got", "0"), ("2 * x", "6")]


def test_the_arguments_of_allclose_are_told() -> None:
    found = failure("def f(x):\n    return 2 * x if np.ndim(x) == 0 else x")
    assert found["number"] == 3
    assert found["values"] == [("f(np.ones(2))", "array([1., 1.])")]


def test_of_a_gap_both_ends_are_told() -> None:
    found = failure("def f(x):\n    return 2 * x if np.ndim(x) or x % 1 == 0 else 0.25")
    assert (found["number"], found["values"]) == (4, [("f(0.5)", "0.25")])


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ("assert not x", [("x", "7")]),
        ("assert x < 3 and x > 1", [("x", "7"), ("x", "7")]),
        ("assert 1 < x < 3", [("x", "7")]),
        ("assert np.abs(x - y).max() < 1", [("x", "7"), ("y", "2")]),
        ("assert isinstance(x, str)", [("x", "7"), ("str", "<class 'str'>")]),
        ("def inner(z):\n    assert z == 1\ninner(x)", [("z", "7")]),
        ("assert (0, 1)[x - 7]", [("(0, 1)[x - 7]", "0")]),
    ],
)
def test_the_values_of_other_forms(check: str, values: list[tuple[str, str]]) -> None:
    assert failure("x, y = 7, 2", check)["values"] == values


def test_an_error_in_the_answer_is_told_with_its_own_line() -> None:
    found = failure("def f(x):\n    y = 1\n    return y / 0")
    assert (found["where"], found["line"], found["source"]) == (
        "answer",
        3,
        "return y / 0",
    )
    assert found["message"] == "ZeroDivisionError: division by zero"
    assert found["number"] is None


def test_an_answer_that_is_not_python_is_told_with_its_line() -> None:
    found = failure("def f(x):\n    return (")
    assert (found["where"], found["line"]) == ("answer", 2)
    assert found["message"].startswith("SyntaxError: ")


def test_an_answer_without_the_wanted_name_fails_in_the_checks() -> None:
    found = failure("g = 1")
    assert (found["where"], found["line"]) == ("checks", 2)
    assert found["message"] == "NameError: name 'f' is not defined"


@pytest.mark.parametrize(
    "answer", ["raise SystemExit", "raise KeyboardInterrupt", "import no_such_module"]
)
def test_nothing_that_an_answer_does_stops_the_grader(answer: str) -> None:
    assert failure(answer)["where"] == "answer"


def test_a_long_value_is_cut() -> None:
    ((_, text),) = failure("x = list(range(1000))", "assert x == 0")["values"]
    assert len(text) == LONGEST
    assert text.endswith("…")


def test_a_long_array_is_shortened() -> None:
    ((_, text),) = failure("x = np.arange(1000.0)", "assert not x.any()")["values"]
    assert "..." in text


def test_an_assert_of_the_answer_s_own_is_not_taken_for_a_check() -> None:
    found = failure("def f(x):\n    assert x > 1, 'too small'\n    return 2 * x")
    assert found["message"].endswith("too small")
    assert (found["where"], found["line"]) == ("answer", 2)


def test_the_page_s_names_are_left_as_they_were() -> None:
    names: dict[str, Any] = {"np": np, "x": 1}
    grade(names, "x = 2\nf = lambda x: 2 * x", CHECKS)
    assert names == {"np": np, "x": 1}
