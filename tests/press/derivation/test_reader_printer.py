"""What the printer's table prints is read back with the same value, or refused for a reason."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from dlbook.press.derivation.notation import notation
from dlbook.press.derivation.reader import UnreadableError, to_python
from tests.press.derivation.test_printer import PAIRS, SYMBOLS
from tests.press.derivation.test_reader import evaluated

# What the reader does not know or does not dare, although the printer writes it.
REFUSED = {
    "a % b": "command bmod",
    "neg(a + b)": "where its parts end",
    "a * neg(b)": "where its parts end",
    "d(L, a) * d(a, z)": "name of a number",
}

rng = np.random.default_rng(0)
VECTOR, MATRIX = rng.uniform(0.2, 0.8, size=8), rng.uniform(size=(4, 4))
LETTERS = """a b c g h s x y z mu omega alpha beta lambda_ x_1 v1 x_max y_hat sigma_hat dz steps
lr q w"""
KNOWN: dict[str, Any] = {n: float(rng.uniform(0.2, 0.8)) for n in LETTERS.split()}
KNOWN |= {"i": 1, "j": 2, "k": 1, "r": 1, "l": 2, "n": 3, "m": 3, "S": [0, 2]}
KNOWN |= {"p": np.array([2, 0, 1, 3]), "f": np.sin, "sigma": np.tanh, "np": np}
KNOWN |= {"u": VECTOR, "softmax": np.exp, "half": lambda x: x / 2}
KNOWN |= {"P": lambda i: 0.1 + i, "F": lambda s, t: s * t, "dg": np.cos, "dZ": MATRIX}
KNOWN |= {"Fs": lambda s, t: s * t, "neg": np.negative, "act": VECTOR}
KNOWN |= {name: MATRIX for name in "ABCX"}
# Names that are something else in some expressions.
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("a[", {"a": VECTOR}),
    ("d)", {"d": 0.4}),
    ("* d", {"d": 0.4}),
    ("b[", {"b": VECTOR}),
    ("w[", {"w": VECTOR}),
    ("x[:k]", {"x": VECTOR}),
    ("x[i, j]", {"x": MATRIX}),
    ("y[", {"y": VECTOR}),
    ("z_dot", {"z_dot": VECTOR}),
    ("theta[", {"theta": MATRIX, "alpha": 2}),
    ("softmax(z)", {"z": VECTOR}),
    ("norm(x", {"x": VECTOR}),
    ("log(log(a))", {"a": 3.0}),
    ("inner(", {"e": VECTOR}),
    ("(X.T @ r)", {"r": VECTOR[:4]}),
    ("X.T @ (a - y)", {"a": VECTOR[:4], "y": VECTOR[4:]}),
    ("W[", {"W": [MATRIX, MATRIX + 1, MATRIX + 2], "h": VECTOR[:4]}),
    ("g(", {"g": np.cos}),
    ("f(x, y)", {"f": lambda x, y: x + y * y}),
    ("d(L", {"L": lambda z: float(np.sum(np.sin(z)))}),
    ("d(L, w)", {"w": VECTOR}),
    ("d(L, a) * d(a, z)", {"a": np.cos}),
    ("d(M, q)", {"M": lambda q: np.sum(q**2), "q": VECTOR}),
    ("d(K, q)", {"K": lambda q: np.sum(q**3), "q": VECTOR}),
    ("d(lambda w", {"J": lambda w, b=1: np.sum(w**3) * b, "w": VECTOR}),
]


@pytest.mark.parametrize("expression, tex", PAIRS, ids=[pair[0] for pair in PAIRS])
def test_what_is_printed_is_read_back(expression: str, tex: str) -> None:
    names = dict(KNOWN)
    for part, others in OTHERS:
        names |= others if part in expression else {}
    symbols = [s for s in SYMBOLS if s[0].split("(")[0].split("[")[0] in expression]
    style = notation(SYMBOLS, [expression])
    used = {n.id for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Name)}
    ranges = {name: "range(4)" for name in "ij" if name in used and style.start}
    ranges = {} if "for" in expression else ranges

    def read() -> str:
        return to_python(
            tex, symbols, names, ranges=ranges, start=style.start, counts=style.counts
        )

    if expression in REFUSED:
        with pytest.raises(UnreadableError, match=REFUSED[expression]):
            read()
    elif "inf" in expression:
        assert read() == expression
    else:
        want, got = evaluated(expression, names), evaluated(read(), names)
        np.testing.assert_allclose(got, want, rtol=1e-9, err_msg=read())
