"""Expressions become the formulas that a mathematician would typeset."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from dlbook.press.derivation.notation import FormulaError, notation
from dlbook.press.derivation.printer import to_tex

SYMBOLS = (
    ("sigma(z)", r"\sigma(z)"),
    ("y[i]", "y^{(i)}"),
    ("x[i, j]", "x^{(i)}_j"),
    ("P(i)", r"P\bigl(y^{(i)} \mid x^{(i)}\bigr)"),
    ("dg(x)", "g'(x)"),
    ("dZ", r"\bar Z"),
    ("W[1]", r"W^{[1]}"),
    ("d(M, q)[i]", r"\bar q_i"),
    ("neg(x)", "-x"),
    ("half(x)", r"\tfrac{x}{2}"),
    ("lr", r"\eta"),
    ("act[k]", r"\cact{a}_k"),
    ("F(s, t)", "F(s; t)"),
    ("Fs(s, t)", "F_s(t)"),
)

# expression, formula
PAIRS = [
    # sums, differences, signs
    ("a + b - c", "a + b - c"),
    ("a - (b + c)", "a - (b + c)"),
    ("(a - b) + c", "a - b + c"),
    ("a + (b + c)", "a + (b + c)"),
    ("a - -b", "a - (-b)"),
    ("-a + b", "-a + b"),
    ("-(a + b)", "-(a + b)"),
    ("-(-a)", "-(-a)"),
    ("+a", "a"),
    # products
    ("a * b", "a b"),
    ("2 * x", "2 x"),
    ("x * 2", r"x \cdot 2"),
    ("2 * 3", r"2 \cdot 3"),
    ("a * (1 - a)", r"a\,(1 - a)"),
    ("(1 - a) * a", r"(1 - a)\,a"),
    ("2 * (a + b)", "2(a + b)"),
    ("(a + b) * (c + d)", r"(a + b)\,(c + d)"),
    ("a * -b", r"a \cdot (-b)"),
    ("-a * b", "-a b"),
    ("-(a) * -b", r"-a \cdot (-b)"),
    ("a * (b * c)", r"a\,(b c)"),
    ("alpha * beta", r"\alpha \beta"),
    ("a * log(b)", r"a \ln b"),
    ("log(a) * b", r"\ln(a)\,b"),
    ("w[j] * x_1", "w_j x_1"),
    # quotients
    ("a / b", r"\frac{a}{b}"),
    ("-a / b", r"-\frac{a}{b}"),
    ("(a + b) / (c * d)", r"\frac{a + b}{c d}"),
    ("1 / a * (1 / b)", r"\frac{1}{a} \cdot \frac{1}{b}"),
    ("a / b * c", r"\frac{a}{b}\,c"),
    ("c * (a / b)", r"c\,\frac{a}{b}"),
    ("2 * (a / b)", r"2 \cdot \frac{a}{b}"),
    ("(a / b)**2", r"\Bigl(\frac{a}{b}\Bigr)^2"),
    ("1 / (1 + exp(-z))", r"\frac{1}{1 + e^{-z}}"),
    ("(a + b / c) * d", r"\Bigl(a + \frac{b}{c}\Bigr)\,d"),
    ("(a - y) / (a * (1 - a))", r"\frac{a - y}{a\,(1 - a)}"),
    # powers
    ("x**2", "x^2"),
    ("x**-1", "x^{-1}"),
    ("x**(1/2)", "x^{1/2}"),
    ("x**(n - 1)", "x^{n - 1}"),
    ("2**k", "2^k"),
    ("-x**2", "-x^2"),
    ("(-x)**2", "(-x)^2"),
    ("(a + b)**2", "(a + b)^2"),
    ("(x**2)**3", r"(x^2)^3"),
    ("x**y**z", "x^{y^z}"),
    ("y[i]**2", r"\bigl(y^{(i)}\bigr)^2"),
    ("w[j]**2", "w_j^2"),
    ("f(x)**2", "f(x)^2"),
    ("log(x)**2", r"(\ln x)^2"),
    ("(1 + exp(-z))**-2", r"\bigl(1 + e^{-z}\bigr)^{-2}"),
    ("(a * b)**c", "(a b)^c"),
    # functions
    ("exp(z)", "e^{z}"),
    ("exp(-z / 2)", "e^{-z/2}"),
    ("exp(-(x - mu)**2 / (2 * s))", r"e^{-(x - \mu)^2/(2 s)}"),
    ("exp(z)**2", r"\bigl(e^{z}\bigr)^2"),
    ("exp(-sum(a[i] for i in range(n)))", r"\exp\biggl(-\sum_{i=1}^{n} a_i\biggr)"),
    ("log(a)", r"\ln a"),
    ("log(1 - a)", r"\ln(1 - a)"),
    ("log(a / b)", r"\ln \frac{a}{b}"),
    ("log(a**2)", r"\ln(a^2)"),
    ("log(a * b)", r"\ln(a b)"),
    ("log(1 + exp(z))", r"\ln\bigl(1 + e^{z}\bigr)"),
    ("log(sigma(z))", r"\ln \sigma(z)"),
    ("log(1 - sigma(z))", r"\ln\bigl(1 - \sigma(z)\bigr)"),
    ("log(log(a))", r"\ln(\ln a)"),
    ("log(prod(a[i] for i in range(n)))", r"\ln \prod_{i=1}^{n} a_i"),
    ("sqrt(a + b)", r"\sqrt{a + b}"),
    ("abs(x - y)", r"\lvert x - y\rvert"),
    ("norm(x)**2", r"\lVert x\rVert^2"),
    ("norm(x, 1)", r"\lVert x\rVert_1"),
    ("norm(a / b)", r"\Bigl\lVert \frac{a}{b}\Bigr\rVert"),
    ("inner(e, u)", r"\langle e, u\rangle"),
    ("tanh(z)", r"\tanh z"),
    ("sin(2 * x)", r"\sin(2 x)"),
    ("max(0, z)", r"\max(0, z)"),
    ("max(0, z)**2", r"\bigl(\max(0, z)\bigr)^2"),
    ("f(g(x + h))", "f(g(x + h))"),
    ("f(a / b)", r"f\Bigl(\frac{a}{b}\Bigr)"),
    ("f(x, y)", "f(x, y)"),
    ("softmax(z)[i]", r"\operatorname{softmax}(z)_i"),
    ("np.exp(z)", "e^{z}"),
    ("np.linalg.norm(x)", r"\lVert x\rVert"),
    ("sigma(-z)", r"\sigma(-z)"),
    ("sigma(sigma(z))", r"\sigma\bigl(\sigma(z)\bigr)"),
    ("sigma(a / b)", r"\sigma\Bigl(\frac{a}{b}\Bigr)"),
    ("a // b", r"\Bigl\lfloor \frac{a}{b}\Bigr\rfloor"),
    ("a % b", r"a \bmod b"),
    # names
    ("omega", r"\omega"),
    ("lambda_", r"\lambda"),
    ("x_1", "x_1"),
    ("v1", "v_1"),
    ("x_max", r"x_{\mathrm{max}}"),
    ("y_hat", r"\hat y"),
    ("sigma_hat", r"\hat{\sigma}"),
    ("z_dot[i]", r"\dot z_i"),
    ("dz", "dz"),
    ("steps", r"\mathrm{steps}"),
    ("lr * g", r"\eta g"),
    ("inf", r"\infty"),
    ("2 * pi", r"2 \pi"),
    # numbers
    ("0.5", "0.5"),
    ("3.0", "3"),
    ("1e-9", "10^{-9}"),
    ("2.5e-07", r"2.5 \cdot 10^{-7}"),
    # subscripts
    ("a[i]", "a_i"),
    ("A[i, j]", "A_{ij}"),
    ("A[i][j]", "A_{ij}"),
    ("A[i + 1, j]", "A_{i+1,j}"),
    ("theta[alpha, i]", r"\theta_{\alpha i}"),
    ("a[0]", "a_1"),
    ("a[0] + a[1]", "a_1 + a_2"),
    ("x[i, j]", "x^{(i)}_j"),
    ("y[k + 1]", "y^{(k+1)}"),
    ("x[:k]", "x_{1:k}"),
    ("A[:, j]", "A_{:,j}"),
    ("a[p[i]]", "a_{p_i}"),
    ("(X.T @ r)[j]", "(X^\\top r)_j"),
    ("sum(a[i] for i in range(n)) - a[n - 1]", r"\sum_{i=1}^{n} a_i - a_n"),
    # sums over indices
    ("sum(a[i] for i in range(n))", r"\sum_{i=1}^{n} a_i"),
    ("sum(a[i] + b[i] for i in range(n))", r"\sum_{i=1}^{n} (a_i + b_i)"),
    ("sum(-a[i] for i in range(n))", r"\sum_{i=1}^{n} (-a_i)"),
    ("sum(a[i] for i in range(n)) * b", r"\biggl(\sum_{i=1}^{n} a_i\biggr)\,b"),
    ("b * sum(a[i] for i in range(n))", r"b \sum_{i=1}^{n} a_i"),
    ("sum(a[i] for i in range(n)) / n", r"\frac{1}{n} \sum_{i=1}^{n} a_i"),
    ("mean(a[i] for i in range(n))", r"\frac{1}{n} \sum_{i=1}^{n} a_i"),
    ("sum(a[i] for i in range(1, n))", r"\sum_{i=2}^{n} a_i"),
    ("sum(a[i] for i in range(n - 1))", r"\sum_{i=1}^{n-1} a_i"),
    ("sum(a[i] for i in range(5))", r"\sum_{i=1}^{5} a_i"),
    ("sum(a[i] for i in S)", r"\sum_{i \in S} a_i"),
    ("sum(a[i] for i in range(n) if i != j)", r"\sum_{\substack{i=1 \\ i \ne j}}^{n} a_i"),
    ("sum(A[i, j] for i in range(n) for j in range(m))", r"\sum_{i=1}^{n} \sum_{j=1}^{m} A_{ij}"),
    ("sum(log(P(i)) for i in range(m))", r"\sum_{i=1}^{m} \ln P\bigl(y^{(i)} \mid x^{(i)}\bigr)"),
    ("prod(P(i) for i in range(m))", r"\prod_{i=1}^{m} P\bigl(y^{(i)} \mid x^{(i)}\bigr)"),
    ("max(a[i] for i in range(n))", r"\max_{1 \le i \le n} a_i"),
    ("min(a[i] for i in S)", r"\min_{i \in S} a_i"),
    # indices that are numbers: counted from zero
    ("sum(i * a[i] for i in range(n))", r"\sum_{i=0}^{n-1} i a_i"),
    ("sum(f(i) for i in range(n))", r"\sum_{i=0}^{n-1} f(i)"),
    ("sum(x**k for k in range(n + 1))", r"\sum_{k=0}^{n} x^k"),
    ("sum(a[2 * i] for i in range(n))", r"\sum_{i=0}^{n-1} a_{2 i}"),
    ("sum(a[i] for i in range(n) if i < m - k) + m", r"\sum_{\substack{i=0 \\ i < m - k}}^{n-1} a_i + m"),
    # truth as a number
    ("(i == j)", "[i = j]"),
    ("a * (i == j)", r"a\,[i = j]"),
    ("(i == j) - a[j]", "[i = j] - a_j"),
    ("0 < a < 1", "[0 < a < 1]"),
    ("a if x > 0 else b", r"\begin{cases} a & \text{if } x > 0 \\ b & \text{otherwise} \end{cases}"),
    # matrices
    ("A @ B", "A B"),
    ("A.T", r"A^\top"),
    ("(A @ B).T", r"(A B)^\top"),
    ("A @ (B @ C)", r"A (B C)"),
    ("X.T @ (a - y)", r"X^\top (a - y)"),
    # derivatives
    ("d(L, z)", r"\frac{dL}{dz}"),
    ("d(sigma, z)", r"\frac{d\sigma}{dz}"),
    ("d(L, w)[j]", r"\frac{\partial L}{\partial w_j}"),
    ("d(f, g(x))", "f'(g(x))"),
    ("d(M, q)[k]", r"\bar q_k"),
    ("d(K, q)[k]", r"\frac{\partial K}{\partial q_k}"),
    ("d(lambda z: log(z), z)", r"\frac{d}{dz} \ln z"),
    ("d(lambda z: a + z, z)", r"\frac{d}{dz} (a + z)"),
    ("d(lambda z: z * exp(z), z)", r"\frac{d}{dz} \bigl(z e^{z}\bigr)"),
    ("d(lambda z: 2 * a * exp(z), z)", r"\frac{d}{dz} 2 a e^{z}"),
    ("d(lambda z: d(f, z), z)", r"\frac{d^2 f}{dz^2}"),
    ("d(lambda w: d(J, w), w)[i, j]", r"\frac{\partial^2 J}{\partial w_i \, \partial w_j}"),
    ("d(lambda w: J(w, b), w)[j]", r"\frac{\partial}{\partial w_j} J(w, b)"),
    ("d(L, a) * d(a, z)", r"\frac{dL}{da} \cdot \frac{da}{dz}"),
    # the symbol table
    ("dg(a * x)", "g'(a x)"),
    ("dZ[r, l]", r"\bar Z_{rl}"),
    ("W[1] @ h", "W^{[1]} h"),
    ("W[2] @ h", "W_3 h"),
    ("neg(a + b)", "-(a + b)"),
    ("a * neg(b)", r"a \cdot (-b)"),
    ("half(a + b) * c", r"\tfrac{a + b}{2}\,c"),
    ("act[i]", r"\cact{a}_i"),
    ("F(a + b, c)", "F(a + b; c)"),
    ("Fs(x, c)", "F_x(c)"),
]  # fmt: skip


@pytest.mark.parametrize("expression, formula", PAIRS, ids=[pair[0] for pair in PAIRS])
def test_an_expression_has_its_formula(expression: str, formula: str) -> None:
    assert to_tex(expression, notation(SYMBOLS, [expression])) == formula


NAMES = {
    "a": np.ones(3),
    "b": np.ones(3),
    "A": np.ones((3, 3)),
    "H": np.ones((3, 3)),
    "c": np.float64(2),
    "w": np.ones(3),
    "X": np.ones((3, 2)),
    "Z": lambda X: X @ np.ones((2, 2)),
    "L": lambda X: X.sum(),
    "f": lambda t: np.array([t, t]),
    "n": 3,
}


def dimensions(node: ast.expr, loops: list[ast.comprehension]) -> int | None:
    local = dict(NAMES)
    local |= {ast.unparse(loop.target): 0 for loop in loops}
    try:
        return int(np.ndim(eval(ast.unparse(node), local)))
    except NameError:
        return None


ARRAYS = [
    ("a * b", r"a \odot b"),
    ("c * a", "c a"),
    ("a[i] * b[i]", "a_i b_i"),
    ("a @ b", r"a^\top b"),
    ("A @ a", "A a"),
    ("a @ A", r"a^\top A"),
    ("w @ H @ w", r"w^\top H w"),
    ("(A @ a) @ b", r"(A a)^\top b"),
    ("d(L, X)[r, j]", r"\frac{\partial L}{\partial X_{rj}}"),
    ("d(Z, X)[i, l, r, j]", r"\frac{\partial Z_{il}}{\partial X_{rj}}"),
    ("d(f, c)[i]", r"\frac{df_i}{dc}"),
    ("d(L, X)", r"\frac{\partial L}{\partial X}"),
    ("c * A @ a", "c A a"),
    ("sum(a[i] * b[i] for i in range(n))", r"\sum_{i=1}^{n} a_i b_i"),
]


@pytest.mark.parametrize(
    "expression, formula", ARRAYS, ids=[pair[0] for pair in ARRAYS]
)
def test_what_is_an_array_is_seen_in_the_formula(expression: str, formula: str) -> None:
    assert to_tex(expression, notation((), [expression]), dimensions) == formula


@pytest.mark.parametrize(
    "expression",
    [
        "x.sum()",
        "[1, 2]",
        "{1: 2}",
        "x if y else",
        "f(x)(y).z",
        "sum(x)",
        "mean(x[i] for i in S)",
        "sum(a for a, b in c)",
        "x[::2]",
        "d(lambda x: x, y)",
        "(lambda x: x)(y)",
        "d(lambda x: x, f(y))",
        "~x",
        "x << 2",
        "f'{x}'",
    ],
)
def test_what_has_no_formula_is_refused_by_name(expression: str) -> None:
    try:
        style = notation((), [expression])
    except SyntaxError:
        assert expression == "x if y else"
        return
    with pytest.raises(
        FormulaError, match=r"no formula is known for `.*write it otherwise"
    ):
        to_tex(expression, style)


def test_an_index_has_one_meaning_at_a_time() -> None:
    nested = "sum(a[i] * sum(b[i] for i in range(n)) for i in range(n))"
    with pytest.raises(FormulaError, match="its index i has a meaning around it"):
        to_tex(nested, notation((), [nested]))
    free = "sum(a[i] for i in range(n))"
    with pytest.raises(FormulaError, match="its index i has a meaning around it"):
        to_tex(free, notation((), [free], [("i", "range(n)")]))


def test_one_index_that_is_a_number_makes_all_count_from_zero() -> None:
    lines = ["sum(a[i] for i in range(n))", "sum(j * b[j] for j in range(n)) + a[0]"]
    style = notation((), lines)
    assert to_tex(lines[0], style) == r"\sum_{i=0}^{n-1} a_i"
    assert to_tex(lines[1], style) == r"\sum_{j=0}^{n-1} j b_j + a_0"


def test_an_index_may_be_compared_with_a_name_that_is_only_an_index() -> None:
    assert notation((), ["(j == t) - a[j]"], [("j", "range(n)")]).start == 1
    assert notation((), ["(j == t) * t"], [("j", "range(n)")]).start == 0
    assert notation((), ["(j == 0) * a[j]"], [("j", "range(n)")]).start == 0


def test_a_literal_name_of_a_pattern_is_not_the_index_of_a_sum() -> None:
    symbols = [("x[i]", "x")]
    style = notation(symbols, ["x[i]"])
    assert to_tex("x[i]", style) == "x"
    assert to_tex("sum(x[i] for i in range(n))", style) == r"\sum_{i=1}^{n} x_i"


def test_an_argument_in_a_script_is_a_position_only_if_an_index_runs_there() -> None:
    integral = [("integral(f, b)", r"\int_{-b}^{b} f(s)\,ds")]
    expression = "2 * c * integral(phi, c)"
    formula = r"2 c \int_{-c}^{c} \phi(s)\,ds"
    assert to_tex(expression, notation(integral, [expression])) == formula
    chance = [("P(i)", "P_{i}")]
    expression = "sum(P(i + 1) for i in range(n))"
    formula = r"\sum_{i=1}^{n} P_{i+1}"
    assert to_tex(expression, notation(chance, [expression])) == formula
    assert to_tex("P(0)", notation(chance, ["P(0)"])) == "P_{0}"
