"""What is printed is what was evaluated: brackets, positions, templates and inputs cannot say anything else."""

from __future__ import annotations

import pytest

from dlbook.press.derivation import tex
from dlbook.press.derivation.check import FalseLine, check
from dlbook.press.derivation.notation import notation
from dlbook.press.derivation.parse import DerivationError, parse
from dlbook.press.derivation.printer import to_tex


def lines(given: str, *steps: str, **sections: str) -> list[str]:
    """The formulas of a derivation."""
    parts = {"given": given, **sections, "steps": "\n".join(steps)}
    code = ""
    for name, text in parts.items():
        body = text.replace("\n", "\n  ")
        code += f"{name.rstrip('_')}:\n  {body}\n"
    return [line.tex for line in check(parse(code, 1), {})]


def refused(message: str, given: str, *steps: str, **sections: str) -> None:
    with pytest.raises(FalseLine, match=message):
        lines(given, *steps, **sections)


MATRIX = "W = rng.normal(size=(3, 3))\ndelta, r = rng.normal(size=(2, 3))"


@pytest.mark.parametrize(
    "one, other, formula",
    [
        ("W @ (delta * r)", "W @ (r * delta)", r"W\,(\delta \odot r)"),
        ("W @ (2 * r)", "2 * (W @ r)", "W (2 r)"),
        ("-(W * W) @ W", "-((W * W) @ W)", r"(-W \odot W) W"),
        ("W @ (r * delta * 2)", "2 * (W @ (r * delta))", r"W (r \odot \delta \cdot 2)"),
    ],
)
def test_an_elementwise_product_in_a_matrix_product_keeps_its_brackets(
    one: str, other: str, formula: str
) -> None:
    shown = lines(MATRIX, one, f"= {other}  # so")[0]
    assert shown.replace(r"\,", " ").replace(" ", "") == formula.replace(
        r"\,", " "
    ).replace(" ", "")


def test_a_generated_formula_that_says_something_else_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tex, "grouped", lambda inner: inner)
    told = r"the generated a b \+ c is read as `a \* b \+ c`, not as `a \* \(b \+ c\)`"
    refused(told, "a, b, c = rng.normal(size=3)", "a * (b + c)", "= (b + c) * a  # so")


@pytest.mark.parametrize(
    "expression, formula",
    [
        ("x * (x > t)", "x [x > t]"),
        ("(m - s) * (s < m)", "(m - s) [s < m]"),
    ],
)
def test_numbers_are_compared_as_they_are(expression: str, formula: str) -> None:
    shown = to_tex(expression, notation((), [expression]))
    assert shown.replace(r"\,", " ") == formula


def test_a_condition_on_a_free_index_is_counted_like_the_index() -> None:
    indices = [("i", "range(n)")]
    assert notation((), ["x[i]"], indices, [""]).start == 1
    assert notation((), ["x[i]"], indices, ["i > 0"]).start == 0


VECTOR = "n = 5\nx = rng.normal(size=n)\nc = rng.normal()"


def test_a_computed_index_does_not_count_from_the_end() -> None:
    telescope = "c + sum(x[i] - x[i - 1] for i in range({}n))"
    told = "IndexError: index -1: the indices of a formula do not count from the end"
    refused(told, VECTOR, telescope.format(""), "= c  # telescopes")
    shown = lines(
        VECTOR, telescope.format("1, "), "= c + x[n - 1] - x[0]  # telescopes"
    )
    assert shown[0] == r"c + \sum_{i=2}^{n} (x_i - x_{i-1})"
    norm = "norm(x[:i - 1]) + c"
    refused("do not count", VECTOR, norm, "= c  # no", for_="i in range(n)")


def test_a_function_cannot_write_into_the_inputs() -> None:
    given = "x = rng.normal(size=3)\ndef relu(z):\n    z[z < 0] = 0\n    return z"
    refused("read-only", given, "relu(x)", "= x  # false", "= abs(x)  # false")


def test_an_argument_in_a_script_is_read_as_the_number_that_is_printed() -> None:
    given = "c, n = rng.normal(), 4\nH = lambda n: sum(1 / (k + 1) for k in range(n))"
    shown = lines(given, "c * H(n)", "= H(n) * c  # so\n  tex: H_n c", show="H(n): H_n")
    assert shown == ["c H_n", "H_n c"]
    given = "x = rng.normal()\nP = lambda n, x: (3 * x**2 - 1) / 2 if n == 2 else x"
    shown = lines(
        given, "P(2, x)", "= (3 * x**2 - 1) / 2  # so", show="P(n, x): P_n(x)"
    )
    assert shown[0] == "P_2(x)"


@pytest.mark.parametrize(
    "given, entries",
    [
        ("f = lambda x, y: x - y", "f(x, y): x + y"),
        ("f = lambda x, y: x - y", "f(x, y): y - x"),
        ("", "x: y\ny: x"),
    ],
)
def test_a_template_that_can_be_read_has_its_pattern_s_value(
    given: str, entries: str
) -> None:
    given = f"x, y = rng.normal(size=2)\n{given or 'f = lambda x, y: x - y'}"
    refused("show: .* is read as", given, "f(x, y)", "= x - y  # so", show=entries)


SLOPES = """x = rng.normal()
u = 2 * x
L = lambda u: exp(u)
L_a = lambda x: exp({} * x)"""


def test_a_derivative_s_template_may_name_the_quantity_but_no_other() -> None:
    entry = r"d(L_a, x): \frac{\partial L}{\partial x}"
    shown = lines(SLOPES.format(2), "d(L_a, x)", "= 2 * L(u)  # chain rule", show=entry)
    assert shown[0] == r"\frac{\partial L}{\partial x}"
    steps = "d(L_a, x)", "= 3 * L_a(x)  # chain rule"
    refused("show: .* is read as", SLOPES.format(3), *steps, show=entry)


def test_the_constants_of_a_bound_are_one() -> None:
    expression = "sum(x[i] for i in range(n - k + 1))"
    assert (
        to_tex(expression, notation((), [expression])) == r"\sum_{i=1}^{n - k + 1} x_i"
    )
    expression = "sum(i * x[i] for i in range(n - k + 1))"
    shown = to_tex(expression, notation((), [expression]))
    assert shown == r"\sum_{i=0}^{n - k} i\,x_i".replace(r"\,", " ")


def test_a_product_of_a_list_does_not_overflow() -> None:
    given = "x = rng.normal()"
    refused("does not hold", given, "x + prod([2 for k in range(64)])", "= x  # no")


def test_slips_are_told_with_what_to_write() -> None:
    with pytest.raises(DerivationError, match=r"Python writes a power as \*\*"):
        lines("x = 2", "x^2", "= x * x  # so")
    refused("for: lists free indices", VECTOR, "v[i]", "= v[i] + 0  # so")


@pytest.mark.parametrize("reason", ["d{eq:ab}", "d {eq:a b}"])
def test_a_label_that_is_none_is_refused(reason: str) -> None:
    with pytest.raises(DerivationError, match="expected a label"):
        lines("x = rng.normal()", "x", f"= x + 0  # {reason}")


def test_an_entry_for_numbers_and_positions_counts_from_zero() -> None:
    chance = [("P(i)", "P_i")]
    expression = "P(2) + sum(P(i) for i in range(n))"
    shown = to_tex(expression, notation(chance, [expression]))
    assert shown == r"P_2 + \sum_{i=0}^{n-1} P_i"
