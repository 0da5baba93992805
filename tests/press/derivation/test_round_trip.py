"""What the printer writes, the reader reads: a random expression and its formula have the same value."""

from __future__ import annotations

import ast
import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlbook.press.derivation.inputs import inputs
from dlbook.press.derivation.language import compiled
from dlbook.press.derivation.notation import FormulaError, notation
from dlbook.press.derivation.parse import Derivation, Step
from dlbook.press.derivation.printer import to_tex
from dlbook.press.derivation.readback import readback

SYMBOLS = (
    ("sigma(z)", r"\sigma(z)"),
    ("y[i]", "y^{(i)}"),
    ("x[i, j]", "x^{(i)}_j"),
    ("d(f, u)", "f'(u)"),
)
GIVEN = """
n, m = 3, 4
a, b, omega = 0.7, 1.3, 2.1
y = np.linspace(0.3, 1.1, m)
w = np.linspace(0.5, 2, n)
x = np.cos(np.arange(m * n).reshape(m, n))
f = lambda t: t**2 + 1
g = lambda s, t: s * t + s
sigma = lambda z: 1 / (1 + exp(-z))
"""

# What is clear on paper, and still refused by the reader, who takes no chances: y^{(i)} to a power that is
# nothing but brackets (an index in brackets?), and 3^2 (3^2)^2.
CAUTIOUS = ("a superscript in brackets", "two numbers side by side")

LEAVES = ["a", "b", "omega", "2", "3", "0.5", "y[0]", "w[1]", "x[1, 2]", "w[n - 1]"]
FORMS = [
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} * {})",
    "({} / {})",
    "(-{})",
    "{}**2",
    "{}**-1",
    "{}**{}",
    "exp({})",
    "log({})",
    "sqrt({})",
    "abs({})",
    "sin({})",
    "tanh({})",
    "sigma({})",
    "f({})",
    "g({}, {})",
    "max({}, {})",
    "d(f, {})",
    "d(sigma, a)",
    "sum(w[k] * {} for k in range(n))",
    "sum((w[k] + {}) / y[k] for k in range(n))",
    "prod(w[k] + {} for k in range(n))",
    "mean(y[l] * {} for l in range(m))",
    "sum(x[l, k] * {} for l in range(m) for k in range(n))",
    "sum(w[k] * {} for k in range(n) if k != j)",
    "sum(w[k + 1] * {} for k in range(n - 1))",
    "(i == j) * {}",
    "w[j] * {}",
    "x[i, j] * {}",
    "y[i]**{}",
]


def tame(text: str) -> str:
    """An expression with the brackets that Python needs and no others."""
    return ast.unparse(ast.parse(text, mode="eval"))


def build(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def filled(form: str) -> st.SearchStrategy[str]:
        slots = form.count("{}")
        return st.tuples(*[children] * slots).map(
            lambda parts: form.format(*(f"({part})" for part in parts))
        )

    return st.sampled_from(FORMS).flatmap(filled)


EXPRESSIONS = st.recursive(st.sampled_from(LEAVES), build, max_leaves=8).map(tame)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(EXPRESSIONS)
def test_a_formula_read_back_has_the_value_of_its_expression(expression: str) -> None:
    step = Step("", expression, "", None, None, 1)
    indices = (("i", "range(m)"), ("j", "range(n)"))
    derivation = Derivation(GIVEN, 1, SYMBOLS, indices, (step,))
    style = notation(SYMBOLS, [expression], indices)
    try:
        formula = to_tex(expression, style)
    except FormulaError:  # two sums, one in the other, over the same index
        assume(False)
    for point in inputs(derivation, {})[::5]:
        try:
            with np.errstate(all="ignore"):
                value = float(eval(compiled(expression), point.names))
        except (ArithmeticError, TypeError, ValueError):
            assume(False)
        assume(math.isfinite(value) and abs(value) < 1e6)
        try:
            read = readback(formula, derivation, style, point.names)
        except FormulaError as error:
            assert str(error).startswith(CAUTIOUS), formula
            assume(False)
        with np.errstate(all="ignore"):
            again = float(eval(compiled(read), point.names))
        assert abs(again - value) <= 1e-9 * max(1, abs(value)), (formula, read)
