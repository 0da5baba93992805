"""Random formulas are read as what was written, and random text is read or refused, but never anything else."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlbook.press.derivation.reader import UnreadableError, to_python
from tests.press.derivation.reading import NAMES, SYMBOLS
from tests.press.derivation.test_reader import RANGES, evaluated

NUMBERS: dict[str, Any] = {
    "a": 0.7,
    "b": 1.3,
    "omega": 2.1,
    "x_1": 0.4,
    "y_hat": 0.9,
    "n": 3,
}
NUMBERS |= {"f": np.cos, "sigma": np.tanh, "w": np.array([0.5, 1.5, 1.1]), "j": 1}
NUMBERS |= {"Q": np.cos(np.arange(9)).reshape(3, 3)}
LEAVES = [
    ("a", "a"), ("b", "b"), ("omega", r"\omega"), ("x_1", "x_1"), ("y_hat", r"\hat y"),
    ("w[j]", "w_j"), ("w[0]", "w_1"), ("Q[j, 1]", "Q_{j2}"), ("Y[j]", "y^{(j)}"),
]  # fmt: skip
Tree = tuple[Any, ...]
OPERATIONS = ("sum", "difference", "product", "dot", "quotient")
FUNCTIONS = ("minus", "square", "inverse", "exp", "log", "sqrt", "abs", "f", "sigma")


def trees() -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.sampled_from(LEAVES).map(lambda pair: ("leaf", *pair)),
        st.integers(0, 12).map(lambda n: ("leaf", str(n), str(n))),
    )

    def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return st.one_of(
            st.tuples(st.sampled_from(OPERATIONS), inner, inner),
            st.tuples(st.sampled_from(FUNCTIONS), inner),
            st.tuples(st.sampled_from(("total", "all")), inner),
        )

    return st.recursive(leaves, grown, max_leaves=10)


def python_of(tree: Tree) -> str:
    kind, *parts = tree
    if kind == "leaf":
        return str(parts[0])
    one = [f"({python_of(part)})" for part in parts]
    forms = {
        "sum": "{}+{}", "difference": "{}-{}", "product": "{}*{}", "dot": "{}*{}", "quotient": "{}/{}",
        "minus": "-{}", "square": "{}**2", "inverse": "{}**-1", "exp": "exp({})", "log": "log({})",
        "sqrt": "sqrt({})", "abs": "abs({})", "f": "f({})", "sigma": "sigma({})",
        "total": "sum(w[i]*{} for i in range(n))", "all": "prod({}+w[i] for i in range(n))",
    }  # fmt: skip
    return forms[kind].format(*one)


def tex_of(tree: Tree, draw: Any) -> str:
    """A formula with no more brackets than a plain writer would set, in all their sizes."""
    kind, *parts = tree

    def bracketed(text: str) -> str:
        left, right = draw(st.sampled_from([
            ("(", ")"), (r"\bigl(", r"\bigr)"), (r"\left[", r"\right]"), (r"\Bigl[ ", r"\, \Bigr]"),
        ]))  # fmt: skip
        return f"{left}{text}{right}"

    def factor(part: Tree) -> str:
        text = tex_of(part, draw)
        plain = (
            part[0] in ("leaf", "f", "sigma", "abs", "sqrt") and not text[0].isdigit()
        )
        return text if plain else bracketed(text)

    def term(part: Tree) -> str:
        loose = ("sum", "difference", "minus")
        text = tex_of(part, draw)
        return bracketed(text) if part[0] in loose else text

    if kind == "leaf":
        text = str(parts[1])
        colored = draw(st.booleans()) and text[0].isalpha()
        return rf"\cact{{{text}}}" if colored else text
    inner = tex_of(parts[0], draw)
    forms = {
        "exp": f"e^{{{inner}}}", "log": rf"\ln{bracketed(inner)}", "sqrt": rf"\sqrt{{{inner}}}",
        "abs": rf"\lvert {inner} \rvert", "f": f"f({inner})", "sigma": rf"\sigma\left({inner}\right)",
        "minus": f"-{term(parts[0])}", "square": bracketed(inner) + "^2", "inverse": bracketed(inner) + "^{-1}",
        "total": bracketed(rf"\sum_{{i=1}}^n w_i \, {factor(parts[0])}"),
        "all": bracketed(rf"\prod_{{i=1}}^{{n}} {bracketed(inner + ' + w_i')}"),
    }  # fmt: skip
    if kind in forms:
        return forms[kind]
    other = parts[1]
    pairs = {
        "sum": f"{inner} + {term(other)}", "difference": f"{inner} - {term(other)}",
        "product": rf"{factor(parts[0])}\,{factor(other)}",
        "dot": rf"{factor(parts[0])} \cdot {factor(other)}",
        "quotient": rf"\frac{{{inner}}}{{{tex_of(other, draw)}}}",
    }  # fmt: skip
    return pairs[kind]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(trees(), st.data())
def test_a_random_formula_is_read_as_what_was_written(tree: Tree, data: Any) -> None:
    tex = tex_of(tree, data.draw)
    names = {**NUMBERS, "Y": np.array([0.2, 0.3, 0.4])}
    symbols = [("Y[i]", "y^{(i)}"), ("sigma(z)", r"\sigma(z)")]
    nested = "sum" in python_of(tree) or "prod" in python_of(tree)
    try:
        read = to_python(tex, symbols, names, start=1)
    except UnreadableError as refused:
        # Within a sum over i, another sum over i; two numbers, one behind the other; no value at all.
        known = ("expected different indices", "two numbers side by side", "`")
        assert str(refused).startswith(known), tex
        assert nested or not str(refused).startswith("expected different"), tex
        return
    with np.errstate(all="ignore"):
        try:
            want = float(evaluated(python_of(tree), names))
        except (ArithmeticError, TypeError, ValueError):
            return
        got = float(evaluated(read, names))
    close = math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)
    assert close or (math.isnan(want) and math.isnan(got)), (tex, read)


PIECES = [
    *"ab1205xyzwfijkn+-=()[]{}|^_'/,.&! ",
    r"\frac", r"\sum", r"\prod", r"\max", r"\ln", r"\sin", r"\sqrt", r"\partial", r"\cdot", r"\top", r"\odot",
    r"\left", r"\right", r"\bigl", r"\bigr", r"\lvert", r"\rvert", r"\|", r"\langle", r"\rangle", r"\{", r"\}",
    r"\hat", r"\sigma", r"\cact", r"\text", r"\mathrm", r"\begin{cases}", r"\end{cases}", r"\\", r"\ne", r"\in",
    "_{i=1}^{n}", "_{i=0}^{n-1}", "^{(i)}", "w_i", "{d}", r"\frac{d}{dx}", "f(x)", "A_{ij}", "θ", "\\", "%",
]  # fmt: skip


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_text_is_read_as_an_expression_or_refused(pieces: Sequence[str]) -> None:
    tex = "".join(pieces)
    try:
        read = to_python(tex, SYMBOLS, NAMES, ranges=RANGES)
    except UnreadableError as refused:
        assert repr(tex) in str(refused)
    else:
        ast.parse(read, mode="eval")
