"""Formulas are read as mathematicians read them, or refused."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from dlbook.press.derivation import language
from dlbook.press.derivation.reader import UnreadableError, to_python
from tests.press.derivation.reading import BOOK, NAMES, PAIRS, SYMBOLS, UNREADABLE

RANGES = {"i": "range(4)", "l": "range(4)"}


def same(one: str, other: str) -> bool:
    """Whether two expressions are the same, whatever their brackets and blanks."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def evaluated(expression: str, names: Mapping[str, Any]) -> Any:
    return eval(language.compiled(expression), language.environment(names))


@pytest.mark.parametrize(
    "tex, python", PAIRS + BOOK, ids=[pair[0] for pair in PAIRS + BOOK]
)
def test_a_formula_says_an_expression(tex: str, python: str) -> None:
    read = to_python(tex, SYMBOLS, NAMES, ranges=RANGES)
    assert same(read, python), f"expected {python}, got {read}"
    value = evaluated(read, NAMES)
    assert np.isfinite(np.asarray(value, dtype=np.float64)).all()


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len({tex for tex, _ in PAIRS + BOOK}) == len(PAIRS + BOOK) >= 200
    assert len({tex for tex, _ in UNREADABLE}) == len(UNREADABLE) >= 100


@pytest.mark.parametrize("tex, told", UNREADABLE, ids=[pair[0] for pair in UNREADABLE])
def test_what_may_be_read_in_two_ways_or_in_none_is_refused(
    tex: str, told: str
) -> None:
    with pytest.raises(UnreadableError) as refused:
        to_python(tex, SYMBOLS, NAMES, ranges=RANGES)
    assert told in str(refused.value)
    assert repr(tex) in str(refused.value)


# -- indices and positions


@pytest.mark.parametrize(
    "tex, start, python",
    [
        (r"\sum_{i=1}^{n} w_i", 1, "sum(w[i] for i in range(n))"),
        (r"\sum_{i=1}^{n-1} w_i", 0, "sum(w[i] for i in range(1, n))"),
        (r"\sum_{i=0}^{n-1} i w_i", 0, "sum(i * w[i] for i in range(n))"),
        (r"\sum_{i=1}^{n} i w_i", 1, "sum((i + 1) * w[i] for i in range(n))"),
        (r"\sum_{k=0}^{n} x^k + w_1", 1, "sum(x**k for k in range(n + 1)) + w[0]"),
        ("w_0 + w_1", 0, "w[0] + w[1]"),
        ("w_1 + w_n", 1, "w[0] + w[n - 1]"),
        ("w_{n-1}", 0, "w[n - 1]"),
        ("w_{n-1}", 1, "w[n - 1 - 1]"),
        ("n w_n", 1, "n * w[n - 1]"),
        ("j w_j", 1, "(j + 1) * w[j]"),
        ("j w_j", 0, "j * w[j]"),
        (r"2^j [j = 1]", 1, "2**(j + 1) * (j + 1 == 1)"),
        (r"\sum_{j} j w_j", 1, "sum((j + 1) * w[j] for j in range(4))"),
        (r"\sum_{i=1}^{n} w_{n+1-i}", 1, "sum(w[n - (i + 1) + 1 - 1] for i in range(n))"),
        (r"\sum_{i=1}^n [i \le n - 1] w_i", 1, "sum((i + 1 <= n - 1) * w[i] for i in range(n))"),
        (r"\sum_{i=1}^j w_i", 1, "sum(w[i] for i in range(j + 1))"),
        (r"\sum_{i=2}^{n-1} w_i v_{i+1}", 1, "sum(w[i] * v[i + 1] for i in range(1, n - 1))"),
        ("v_{2:n}", 1, "v[1:n]"),
        ("v_{:n-1}", 0, "v[:n]"),
    ],
)  # fmt: skip
def test_an_index_counts_from_where_the_formula_starts(
    tex: str, start: int, python: str
) -> None:
    names = {**NAMES, "j": 1}
    ranges = {"j": "range(4)"}
    read = to_python(tex, [], names, ranges=ranges, start=start, counts={"n"})
    want, got = evaluated(python, names), evaluated(read, names)
    np.testing.assert_allclose(got, want, rtol=1e-12, err_msg=read)


@pytest.mark.parametrize(
    "tex, start, told",
    [
        ("w_0", 1, "positions start at 1"),
        (r"\sum_{i=0}^{n-1} w_i", 1, "positions start elsewhere"),
        (r"\sum_{i=0}^{n} w_{i-1}", 0, "positions start elsewhere"),
        (r"\sum_{i=1}^n [i < t] w_i", 1, "t may be a position or a count"),
        ("t w_t", 1, "t is a position and a number"),
        ("2^j", None, "its first value is not said"),
        (r"\sum_{i=1}^j w_i", None, "its first value is not said"),
        (r"\sum_j j w_j", None, "its first value is not said"),
    ],
)
def test_an_index_that_may_count_from_elsewhere_is_refused(
    tex: str, start: int | None, told: str
) -> None:
    names = {**NAMES, "j": 1}
    with pytest.raises(UnreadableError, match=told):
        to_python(tex, [], names, ranges={"j": "range(4)"}, start=start, counts={"n"})


# -- names


@pytest.mark.parametrize(
    "tex, names, told",
    [
        ("w_j", {"w_j": 1.0, "w": np.ones(3), "j": 1}, "got w_j and an element of w"),
        ("x_1", {"x_1": 1.0, "x1": 1.0}, "got x1 and x_1"),
        ("xy", {"x": 1.0, "y": 1.0, "xy": 2.0}, "product with spaces"),
        ("dz", {"d": 3, "z": 1.0, "dz": 2.0}, "product with spaces"),
        ("d z", {"d": 3, "z": 1.0, "dz": 2.0}, "dz and a product with d"),
        ("e^x", {"e": 2.0, "x": 1.0}, "e is a name here"),
        ("A^T", {"A": np.eye(2), "T": 2}, "a power of"),
        (r"\epsilon + \varepsilon", {"epsilon": 1.0}, "written in two ways"),
        (r"\frac{d L}{d z}", {"d": 3, "L": 2.0, "z": 1.0}, "d is a number here"),
        ("s x", {"s": "text", "x": 1.0}, "expected a number or an array"),
        ("v x", {"v": [1.0, 2.0], "x": 1.0}, "expected a number or an array"),
        ("d(x)", {"x": 1.0}, "known here, got d"),
    ],
)
def test_a_name_that_may_be_another_is_refused(
    tex: str, names: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnreadableError, match=told):
        to_python(tex, [], names)


@pytest.mark.parametrize(
    "tex, names, python",
    [
        ("w_j", {"w_j": 1.0, "w": 2.0}, "w_j"),
        ("w_j", {"w": np.ones(3), "j": 1}, "w[j]"),
        ("x y", {"x": 1.0, "y": 1.0, "xy": 2.0}, "x * y"),
        ("e x", {"e": 2.0, "x": 1.0}, "e * x"),
        ("a^T", {"a": 2.0, "T": 2}, "a**T"),
        (r"\frac{d}{d + 1}", {"d": 3}, "d / (d + 1)"),
        (r"\frac{d L}{d z}", {"d": 3, "L": abs, "z": 1.0}, "d(L, z)"),
        (r"\frac{\mathrm{d} L}{\mathrm{d} z}", {"d": 3, "L": abs, "z": 1.0}, "d(L, z)"),
        ("x_{max}", {"x_max": 1.0, "max": max}, "x_max"),
        (r"x_{\mathrm{max}}", {"x_max": 1.0}, "x_max"),
        ("v_1", {"v": [1.0, 2.0]}, "v[0]"),
        ("f_1(2)", {"f_1": abs}, "f_1(2)"),
    ],
)
def test_what_is_known_decides_what_a_letter_is(
    tex: str, names: dict[str, Any], python: str
) -> None:
    assert same(to_python(tex, [], names), python)


# -- the symbol table


@pytest.mark.parametrize(
    "symbols, tex, told",
    [
        ([("neg(x)", "-x")], "a - b", "where its parts end"),
        ([("s", "a + b")], "2 (a + b)", "where its parts end"),
        ([("logp", r"\ln b")], r"\ln b", "where its parts end"),
        ([("dot(x, y)", r"x \circ y")], r"a \circ b", "where its parts end"),
        ([("u_", "a b")], "a b^2", "belong to all of"),
        ([("u_", "a b")], "2 a b_1", "belong to all of"),
        ([("F[i]", "w_i"), ("E[j]", "w_j")], "w_k", "in several ways"),
        ([("W_", "w")], "w_1", "or a name"),
        ([("y[i]", "y^{(i)}")], "y^{(n)}", "is the length"),
        ([("y[i]", "y^{(i)}")], "y^{(0)}", "position 0"),
        ([("y[i]", "y^{(i)}")], "y^{(i)2}", "expected"),
    ],
)
def test_a_symbol_that_leaves_a_choice_is_refused(
    symbols: list[tuple[str, str]], tex: str, told: str
) -> None:
    names = {"a": 1.0, "b": 2.0, "k": 1, "w": np.ones(3), "n": 3, "y": np.ones(3)}
    names |= {"w_1": 1.0, "W_": np.ones(3), "F": np.ones(3), "E": np.ones(3)}
    names |= {"neg": abs, "s": 3.0, "logp": 1.0, "u_": 2.0, "dot": np.dot}
    with pytest.raises(UnreadableError, match=told):
        to_python(tex, symbols, names)


@pytest.mark.parametrize(
    "symbols, tex, python",
    [
        ([("r[i]", "r^{(i)}")], r"r^{(k)\top} w", "r[k].T @ w"),
        ([("r[i]", "r^{(i)}"), ("r[i, j]", "r^{(i)}_j")], "r^{(k)}_k", "r[k, k]"),
        ([("w", r"\mathbf{w}")], r"\mathbf{w}_k", "w[k]"),
        ([("M[1]", "M^{[1]}")], r"M^{[1]} w", "M[1] @ w"),
        ([("f(x)", r"\varphi(x)")], r"\varphi\bigl(\varphi(a)\bigr)^2", "f(f(a))**2"),
        ([("f", r"\varphi")], r"\varphi(a)", "f(a)"),
        ([("f", r"\varphi")], r"\frac{d\varphi}{da}", "d(f, a)"),
        ([("d(f, w)[i]", r"\frac{\partial f}{\partial q_i}")], r"\frac{\partial f}{\partial q_{k+1}}",
         "d(f, w)[k + 1]"),
        ([("d(f, a)", "f'(q)")], "2 f'(q)", "2 * d(f, a)"),
        ([("P(i)", r"P\bigl(y^{(i)} \mid x^{(i)}\bigr)")], r"\prod_{i=1}^n P(y^{(i)} \middle| x^{(i)})",
         "prod(P(i) for i in range(n))"),
        ([("f(x, y)", "B(x)")], "B(a)", "f(a, y)"),
        ([("d(f, u)", "f'(u)")], "a f'(2 a)", "a * d(f, 2 * a)"),
        ([("P(z)", "P(z)")], r"\prod_{i=1}^n P(i)", "prod(P(i + 1) for i in range(n))"),
        ([("d(f, w)[i]", r"\bar w_i")], r"\bar w_k", "d(f, w)[k]"),
        ([("d(L, w)[i]", r"\bar w_i")], r"\bar r_k", "d(L, r)[k]"),
        ([("a", "b")], "b + 1", "a + 1"),
        ([("k", "i")], r"\sum_{i=1}^n w_i", "sum(w[i] for i in range(n))"),
        ([("w[idx]", "w^{[idx]}")], "w_k", "w[k]"),
    ],
)  # fmt: skip
def test_an_instance_of_a_symbol_is_read_as_its_pattern(
    symbols: list[tuple[str, str]], tex: str, python: str
) -> None:
    names = {"a": 1.0, "b": 2.0, "k": 1, "w": np.ones(3), "n": 3, "r": np.ones((3, 3))}
    names |= {"f": np.sin, "M": np.ones((3, 3, 3)), "P": abs}
    if "sum_" in tex:
        symbols = []  # an index of a sum is no instance of a name
    assert same(to_python(tex, symbols, names), python)


def test_a_derivative_before_a_bracket_needs_a_space_or_a_dot() -> None:
    names = {"f": np.sin, "x": 0.5, "y": 0.7}
    for tex in (r"\frac{df}{dx}\,(1 - y)", r"\frac{df}{dx} \cdot (1 - y)"):
        assert same(to_python(tex, [], names), "d(f, x) * (1 - y)")
    for tex in (r"\frac{df}{dx}(1 - y)", r"\frac{df}{dx} \bigl(y\bigr)"):
        with pytest.raises(UnreadableError, match="at this point, or times it"):
            to_python(tex, [], names)


def test_a_part_that_has_no_value_at_the_first_index_is_evaluated_at_the_last() -> None:
    names = {"x": [1.0, 2.0, 4.0], "n": 3, "j": 0}
    tex = r"\sum_{i=1,\, i \ne j}^n \frac{1}{x_i - x_j} \, \frac{1}{n}"
    read = to_python(tex, [], names, ranges={"j": "range(3)"})
    assert same(read, "sum(1 / (x[i] - x[j]) * (1 / n) for i in range(n) if i != j)")


def test_reading_changes_no_value_and_no_name() -> None:
    names: dict[str, Any] = {"v": np.ones(3), "A": np.eye(3), "f": np.sin, "x": 0.5}
    before = {name: np.copy(value) for name, value in names.items() if name != "f"}
    to_python(r"v^\top A v f(x)", [], names)
    assert [*names] == ["v", "A", "f", "x"]
    for name, value in before.items():
        np.testing.assert_array_equal(names[name], value)


def test_a_range_is_not_read_inside_of_a_sum_that_changes_it() -> None:
    names = {"A": np.eye(3), "n": 3, "i": 1}
    ranges = {"j": "range(i)"}
    assert same(
        to_python(r"\sum_j A_{ij}", [], names, ranges=ranges),
        "sum(A[i, j] for j in range(i))",
    )
    with pytest.raises(UnreadableError, match="its range is another one"):
        to_python(r"\sum_{i=1}^n \sum_j A_{ij}", [], names, ranges=ranges)
