"""Every line is evaluated; a false one is named with both values, the gap and the place."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from dlbook.press.derivation.check import CheckedLine, FalseLine, check
from dlbook.press.derivation.parse import parse


def run(code: str, **names: Any) -> list[CheckedLine]:
    return check(parse(code, 1), names)


def refused(code: str, message: str, line: int, **names: Any) -> str:
    with pytest.raises(FalseLine, match=message) as caught:
        run(code, **names)
    assert caught.value.line == line
    return str(caught.value)


def steps(*lines: str, given: str = "x = rng.normal()", **sections: str) -> str:
    """A derivation; its steps start on line 4 unless there are further sections."""
    parts = [f"given:\n  {given}"]
    parts += [
        f"{name.rstrip('_')}:\n  {text}" for name, text in sections.items() if text
    ]
    return "\n".join([*parts, "steps:", *(f"  {line}" for line in lines)])


def test_lines_come_back_as_plain_data() -> None:
    lines = run(steps("(x + 1)**2", "= x**2 + 2*x + 1  # expand"))
    assert [line.relation for line in lines] == ["", "="]
    assert lines[1].tex == "x^2 + 2 x + 1"
    assert (lines[1].reason, lines[1].how) == ("expand", "generated")
    assert 0 <= lines[1].gap < 1e-12
    assert json.loads(json.dumps([asdict(line) for line in lines]))[0]["gap"] == 0


def test_the_same_derivation_gives_the_same_lines() -> None:
    code = steps("(x + 1)**2", "= x**2 + 2*x + 1  # expand")
    assert run(code) == run(code)


def test_a_false_line_is_told_with_both_values_the_gap_and_the_seed() -> None:
    told = refused(steps("x + x", "= 2 * x  # so", "= 3 * x  # no"), "does not hold", 6)
    assert told.startswith("expression: `= 3 * x` does not hold: 0.2514604")
    assert "in `2 * x` (line 5), 0.377190" in told
    assert "gap 1.3e-01, allowed 1e-09, at seed 0" in told


def test_a_false_line_is_told_with_its_index_and_element() -> None:
    code = steps(
        "v[j] * v",
        "= v[j] * v * (1 + (j == 2))  # no",
        given="v = rng.uniform(1, 2, size=3)",
        for_="j in range(3)",
    )
    told = refused(code, "does not hold", 7)
    assert "at j = 2, seed 0, element [" in told


def test_small_gaps_cannot_creep() -> None:
    creep = [
        f"= x + {k + 1} * 8e-10 + 0 * {k}  # a little more at a time" for k in range(3)
    ]
    refused(steps("x", *creep), "does not hold", 6)


def test_an_allowed_gap_may_be_wider() -> None:
    code = steps("x", "= x + 1e-8  # nearly")
    refused(code, "allowed 1e-09", 5)
    assert len(check(parse(code, 1, within="1e-7"), {})) == 2


@pytest.mark.parametrize(
    "relation, right, good",
    [
        ("<=", "x**2 + 1", True),
        ("<=", "x**2", True),
        ("<=", "x**2 - 1", False),
        (">=", "x**2 - 1", True),
        (">=", "x**2 + 1", False),
        ("<", "x**2 + 1", True),
        ("<", "x**2 + 0", False),
        ("<", "x**2 + 1e-12", False),
        ("<", "x**2 - 1", False),
        (">", "x**2 - 1", True),
        (">", "x**2 + 0", False),
    ],
)
def test_inequalities_hold_on_all_inputs(relation: str, right: str, good: bool) -> None:
    code = steps("x * x", f"{relation} {right}  # so")
    if good:
        assert run(code)[1].gap == 0
    else:
        refused(code, "does not hold", 5)


def test_a_strict_inequality_that_is_an_equality_is_told_so() -> None:
    refused(steps("x", "< x + 1e-12  # no"), "equals `x` .* on all inputs", 5)


def test_after_an_inequality_the_chain_of_equations_starts_anew() -> None:
    code = steps("x**2", "<= x**2 + 1  # more", "= 1 + x * x  # turned")
    assert [line.relation for line in run(code)] == ["", "<=", "="]


QUOTIENT = "((x + h)**2 - x**2) / h"


def limit(*lines: str, to: str = "h -> 0") -> str:
    return steps(QUOTIENT, "= 2 * x + h  # divided", *lines, as_=to)


def test_a_limit_is_approached() -> None:
    lines = run(limit("-> 2 * x  # the rest vanishes", "= d(lambda x: x**2, x)  # so"))
    assert [line.relation for line in lines] == ["", "=", "->", "="]
    assert lines[2].gap == pytest.approx(1e-4, rel=1e-3)


def test_a_limit_toward_infinity_is_approached() -> None:
    code = steps("(x * n + 1) / n", "-> x  # the 1 is lost", as_="n -> inf")
    assert run(code)[1].gap < 1e-2


@pytest.mark.parametrize("wrong", ["-2 * x", "2 * x + 0.01", "3 * x", "x"])
def test_a_wrong_limit_is_refused(wrong: str) -> None:
    refused(limit(f"-> {wrong}  # no"), r"does not tend to .* the gaps are", 8)


def test_a_limit_does_not_move() -> None:
    refused(limit("-> 2 * x + h**2  # no"), "a limit does not depend on h", 8)


def test_the_order_of_convergence_does_not_matter() -> None:
    for error in ("h**2", "sqrt(h)", "-h", "h * (1 - 8 * h)"):
        assert run(steps(f"x + {error}", "-> x  # so", as_="h -> 0"))


@pytest.mark.parametrize(
    "given, line, message",
    [
        ("x = rng.normal()\n  y = 1 / 0", 3, "given: ZeroDivisionError"),
        ("x = rng.normal()\n  f = lambda x: y\n  f(1)", 4, "given: NameError.*'y'"),
        ("x = rng.normal()\n  norm = lambda x: x", 2, "norm has a formula of its own"),
        ("x, r = 1, rng", 2, "names rng, but draws nothing"),
    ],
)
def test_what_is_wrong_with_the_inputs_is_told_at_its_line(
    given: str, line: int, message: str
) -> None:
    refused(steps("x", "= x + 0  # so", given=given), message, line)


@pytest.mark.parametrize(
    "expression, message",
    [
        ("y", "expression: `y` raised NameError: name 'y'.*, at seed 0"),
        ("log(x - 100)", "is not finite: nan, at seed 0"),
        ("1 / (x - x)", "ZeroDivisionError|not finite"),
        ("exp(1000 * abs(x) + 1000)", "is not finite: inf"),
        ("v", r"the shape is \(3,\), that of `x` .* is \(\)"),
        ("v[:0]", "is empty"),
        (
            "d(abs, x - x)",
            "raised ValueError: d: f: expected a function that is smooth",
        ),
        ("f", "raised TypeError"),
    ],
)
def test_what_a_line_raises_names_it(expression: str, message: str) -> None:
    given = "x = rng.normal()\n  v = np.ones(3)\n  f = lambda x: x"
    code = steps("x", f"= {expression}  # so", given=given)
    refused(code, message, 7)


def test_infinity_agrees_with_nothing() -> None:
    refused(steps("inf + x", "= inf * 2  # so"), "is not finite", 4)


def test_lines_that_do_not_depend_on_what_is_drawn_are_suspicious() -> None:
    refused(steps("1 + 1", "= 2  # so"), "no line depends on them", 4)
    loop = steps("j + 1", "= 1 + j  # so", for_="j in range(3)")
    refused(loop, "no line depends on them", 6)
    assert run(steps("b * c", "= 6  # so", given="b, c = 2, 3"))


def test_values_too_small_to_be_told_apart_are_suspicious() -> None:
    tiny = "x = 1e-12 * rng.normal()"
    refused(steps("x", "= 2 * x  # no", given=tiny), "tells nothing", 4)
    assert run(steps("x - x * 1", "= 0  # so", "<= abs(x) # so"))


def test_a_number_may_stand_for_an_array_of_it() -> None:
    given = "v = rng.normal(size=3)"
    assert run(steps("v**2", ">= 0  # squares", given=given))
    refused(steps("v**2", ">= n  # squares", given=f"{given}\n  n = 0"), "the shape", 6)


def test_nothing_to_evaluate_is_refused() -> None:
    refused(steps("x", "= x + 0  # so", for_="j in range(0)"), "an empty range", 6)


def test_indices_run_through_all_their_values_under_their_conditions() -> None:
    given = "A = rng.normal(size=(3, 3))\n  A = A + A.T"
    lower = "i in range(3)\n  j in range(i)"
    code = steps("A[i, j]", "= A[j, i]  # symmetric", given=given, for_=lower)
    assert run(code)
    refused(code.replace("A + A.T", "A + A"), "at i = 1, j = 0, seed 0", 9)
    apart = "i in range(3)\n  j in range(3) if j != i"
    ones = steps(
        "A[i, j]", "= A[i, j] * (1 - (i == j))  # apart", given=given, for_=apart
    )
    assert run(ones)
    refused(ones.replace(" if j != i", ""), "at i = 0, j = 0, seed 0", 9)


def test_the_page_s_names_are_seen_and_left_alone() -> None:
    page = {"k": 3, "data": np.ones(3), "d": 64, "rng": np.random.default_rng(9)}
    before = page["rng"].bit_generator.state  # type: ignore[attr-defined]
    code = steps(
        "sum(data[i] for i in range(k)) * x",
        "= (d - 58) * x  # here `d` is the page's number",
        "= d(lambda x: 3 * x**2, x)  # and here the derivative",
        given="x = rng.normal()\n  data += 1\n  k = 3\n  new = 1",
    )
    assert run(code, **page)
    assert page["data"].tolist() == [1, 1, 1]  # type: ignore[attr-defined]
    assert page.keys() == {"k", "data", "d", "rng"}
    assert page["rng"].bit_generator.state == before  # type: ignore[attr-defined]


def test_a_function_keeps_its_meaning_whatever_the_page_calls_so() -> None:
    assert run(steps("exp(x)", "= np.exp(x)  # so"), exp=lambda x: 1)


def test_every_function_of_the_language_is_evaluated() -> None:
    given = "v = rng.normal(size=4)\n  n = 4"
    lines = [
        "sum(v[i]**2 for i in range(n))",
        "= norm(v)**2  # so",
        "= inner(v, v)  # so",
        "= n * mean(v[i]**2 for i in range(n))  # so",
        "= v @ v  # so",
        "= log(prod(exp(v[i]**2) for i in range(n)))  # so",
        "<= n * max(v[i]**2 for i in range(n))  # so",
        ">= n * min(v[i]**2 for i in range(n))  # so",
        "<= n * max(floor(v[0]**2), max(v[i]**2 for i in range(n)))  # so",
    ]
    assert run(steps(*lines, given=given))[4].tex == r"v^\top v"


def test_arrays_are_seen_in_the_formulas() -> None:
    given = "v = rng.normal(size=4)"
    lines = run(steps("v * v", "= v**2  # so", given=given))
    assert lines[0].tex == r"v \odot v"


def test_a_gradient_is_taken_once_for_all_its_elements() -> None:
    calls = []

    def square(v: Any) -> Any:
        calls.append(v)
        return np.sum(v**2)

    given = "v = rng.normal(size=30)\n  L = lambda v: square(v)"
    code = steps("d(L, v)[j]", "= 2 * v[j]  # so", given=given, for_="j in range(30)")
    assert run(code, square=square)
    assert len(calls) < 5 * 30 * 20  # times 30, if each element took a gradient


def test_no_formula_for_a_shape_is_told_at_its_line() -> None:
    given = "v = rng.normal(size=3)\n  f = lambda v: np.sum(v)"
    code = steps("d(f, 2 * v)", "= 1 + 0 * v  # so", given=given)
    refused(code, "formula: no formula is known for", 5)


def with_formula(kind: str, tex: str) -> str:
    given = "z = rng.normal()\n  sigma = lambda z: 1 / (1 + exp(-z))"
    shown = r"sigma(z): \sigma(z)"
    lines = ["sigma(-z)", "= 1 - sigma(z)  # mirrored", f"    {kind}: {tex}"]
    return steps(*lines, given=given, show=shown)


def test_a_formula_by_hand_is_read_back_and_compared() -> None:
    lines = run(with_formula("tex", r"-\bigl(\sigma(z) - 1\bigr)"))
    assert (lines[1].how, lines[1].tex) == ("read back", r"-\bigl(\sigma(z) - 1\bigr)")


def test_a_formula_that_says_something_else_is_false() -> None:
    told = refused(
        with_formula("tex", r"1 + \sigma(z)"), "^formula: read back as `1 ", 8
    )
    assert "in the expression" in told
    assert "at seed 0" in told


def test_a_formula_that_cannot_be_read_must_say_so() -> None:
    unreadable = r"1 - \text{the other one}"
    refused(with_formula("tex", unreadable), "^formula: cannot be read back", 8)
    lines = run(with_formula("tex by hand", unreadable))
    assert (lines[1].how, lines[1].tex) == ("by hand", unreadable)


def test_a_formula_that_can_be_read_must_not_deny_it() -> None:
    code = with_formula("tex by hand", r"1 - \sigma(z)")
    refused(code, r"^formula: it can be read back.*write `tex:`", 8)
    wrong = with_formula("tex by hand", r"1 + \sigma(z)")
    refused(wrong, "^formula: read back as", 8)


def test_a_formula_with_an_unknown_name_is_told() -> None:
    refused(with_formula("tex", r"1 - \sigma(q)"), "^formula: ", 8)


def test_primes_are_derivatives_in_formulas_too() -> None:
    code = steps(
        "d(f, u)",
        "= 2 * u  # so",
        "  tex: f'(u)",
        given="u = rng.normal()\n  f = lambda x: x**2",
        show="d(f, u): f'(u)",
    )
    assert run(code)[0].tex == "f'(u)"
    assert run(code)[1].how == "read back"


def test_what_a_loop_s_index_goes_through_may_depend_on_the_one_before() -> None:
    refused(
        steps("x", "= x + 0  # so", for_="j in range(q)"),
        "for: j in range.*NameError",
        6,
    )
