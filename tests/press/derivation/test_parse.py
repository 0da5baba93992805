"""What authors type becomes data; what is malformed is refused with its line and what was expected."""

from __future__ import annotations

import pytest

from dlbook.press.derivation.parse import DerivationError, parse

CODE = r"""
given:
    # the score of an image
    z = rng.normal(scale=3)

    n = 4
show:
    sigma(z): \sigma(z)
    x[i, j]: x^{(i)}_j
for:
    i in range(n)

    j in range(i) if j != 2   # the others
steps:
    d(sigma, z)

    = -(1 + exp(-z))**-2
      * -exp(-z)                    # chain rule,
                                    # with the inner slope
    = sigma(z) * (1 - sigma(z))     # \eqref{eq:complement}, read backward {eq:slope-final}
      tex: \sigma(z)\,
        \bigl(1 - \sigma(z)\bigr)
    # a note to authors
    <= 1/4  # by \eqref{eq:quarter}
      tex by hand: \text{a quarter}
"""


def test_a_derivation_is_read_with_its_lines() -> None:
    found = parse(CODE, 40, within="1e-7")
    assert found.given.split("\n")[1] == "z = rng.normal(scale=3)"
    assert (found.given_line, found.within, found.random) == (42, 1e-7, True)
    assert found.symbols[0] == ("sigma(z)", r"\sigma(z)")
    assert found.indices == (("i", "range(n)"), ("j", "range(i)"))
    assert found.conditions == ("", "j != 2")
    first, chain, final, bound = found.steps
    assert (first.relation, first.expression, first.line) == ("", "d(sigma, z)", 54)
    assert (chain.relation, chain.line) == ("=", 56)
    assert chain.expression == "-(1 + exp(-z))**-2 * -exp(-z)"
    assert chain.reason == "chain rule, with the inner slope"
    assert (final.label, final.line) == ("eq:slope-final", 59)
    assert final.reason == r"\eqref{eq:complement}, read backward"
    assert final.tex == r"\sigma(z)\, \bigl(1 - \sigma(z)\bigr)"
    assert not final.by_hand
    assert (bound.relation, bound.tex, bound.by_hand) == (
        "<=",
        r"\text{a quarter}",
        True,
    )
    assert (bound.label, bound.reason) == (None, r"by \eqref{eq:quarter}")
    assert [found.letter(k) for k in range(4)] == ["a", "a", "b", "c"]


def test_a_derivation_needs_no_more_than_two_lines() -> None:
    found = parse("steps:\n  1 + 1\n  = 2  # arithmetic", 7)
    assert (found.given, found.symbols, found.indices, found.random) == (
        "",
        (),
        (),
        False,
    )
    assert [step.line for step in found.steps] == [8, 9]


def test_an_indented_fence_reads_as_one_at_the_margin() -> None:
    indented = "\n".join(f"    {line}" for line in CODE.split("\n"))
    assert parse(indented, 40) == parse(CODE, 40)


def test_a_limit_says_what_tends_where() -> None:
    code = "as:\n  h -> 0\nsteps:\n  h + 1\n  -> 1  # as $h$ vanishes"
    assert parse(code, 1).limit == ("h", "0")


STEPS = "steps:\n  1 + 1\n  = 2  # arithmetic\n"
MALFORMED = [
    ("when:\n  x\n" + STEPS, 1, r"expected a section \(given:.*got 'when:'"),
    ("x = 1\n" + STEPS, 1, r"expected a section \(given:.*got 'x = 1'"),
    ("  x = 1\n\nsteps:\n  1\n", 1, "expected a section .* before 'x = 1'"),
    ("given: x = 1\n" + STEPS, 1, "given: expected its lines below, indented, got 'x = 1'"),
    (STEPS + STEPS, 4, "steps: stands here twice"),
    ("given:\n  x = 1\n", 1, "expected a section steps:, got none"),
    ("given:\n  x = 1\n  y = (\n" + STEPS, 3, r"given: expected Python, got 'y = \('"),
    ("given:\n\n  x = 1\n    y = 2\n" + STEPS, 4, "given: expected Python"),
    ("steps:\n  1 + 1\n", 2, "expected two lines or more, got 1"),
    ("steps:\n", 1, "expected two lines or more, got 0"),
    ("steps:\n  1 + 1\n  = 2\n", 3, "expected a reason behind the expression.*`= 2`"),
    ("steps:\n  1 + 1\n  = 2  #\n", 3, "expected a reason"),
    ("steps:\n  1 + 1\n  = 2  # {eq:two}\n", 3, "expected a reason"),
    ("steps:\n  1 + 1\n  == 2  # so\n", 3, r"expected a relation \(=, <=.*got '=='"),
    ("steps:\n  1 + 1\n  ~ 2  # so\n", 3, "expected a relation .*got '~'"),
    ("steps:\n  1 + 1\n  2  # so\n", 3, "expected a relation .* and a blank, got '2"),
    ("steps:\n  1 + 1\n  =2  # so\n", 3, "expected a relation .* and a blank, got '=2"),
    ("steps:\n  = 2  # so\n  = 2  # so\n", 2, "the first line has no relation, got '='"),
    ("steps:\n  1 + 1  # so\n  = 2  # so\n", 2, "the first line .* has no reason, got 'so'"),
    ("steps:\n  1 + 1\n  = 2 +  # so\n", 3, r"expected a Python expression, got '2 \+"),
    ("steps:\n  1 + 1\n  = (2  # so\n", 3, "expected a Python expression"),
    ("steps:\n  1 + 1\n  = x = 2  # so\n", 3, "expected a Python expression"),
    ("steps:\n  1 + 1\n  = 1+1  # so\n", 3, "the line says what the one before it says"),
    ("steps:\n  1\n  = rng.normal()  # so\n", 3, "rng belongs under given:"),
    ("steps:\n  1\n  = x.sum()  # so\n", 3, r"no formula is known for `x.sum\(\)`"),
    ("steps:\n  1\n  = [1, 2]  # so\n", 3, r"no formula is known for `\[1, 2\]`"),
    ("steps:\n  1\n  = sum(x)  # so\n", 3, "no formula .* say over what"),
    ("steps:\n  1\n  = x[-1]  # so\n", 3, "an index from the end has no formula"),
    ("steps:\n  1\n  = f(x, axis=1)  # so\n", 3, "no formula is known"),
    ("steps:\n  1\n  = 'one'  # so\n", 3, "no formula is known"),
    ("steps:\n  1 + 1\n  = 2  # so {fig:a}\n", 3, "expected a label {eq:name}, got {fig:a}"),
    ("steps:\n  1 + 1\n  = 2  # so\n    tex:\n", 4, "tex: expected a formula, got nothing"),
    ("steps:\n  1\n  = 2  # so\n    tex: 2\n    tex: 2\n", 5, "one formula, got a second"),
    ("show:\n  sigma\n" + STEPS, 2, "show: expected `pattern: TeX`.*got 'sigma'"),
    ("show:\n  1 +: x\n" + STEPS, 2, r"show: expected a name, .* got '1 \+'"),
    ("show:\n  a + b: c\n" + STEPS, 2, r"show: expected a name, .* got 'a \+ b'"),
    ("show:\n  f(a + b): c\n" + STEPS, 2, "show: expected a name"),
    ("show:\n  a[i]: a_{i\n" + STEPS, 2, "expected matching braces"),
    ("show:\n  a[i]: a_i\n  a[i]: b_i\n" + STEPS, 3, r"'a\[i\]' is given a formula twice"),
    ("for:\n  j = 3\n" + STEPS, 2, "for: expected `name in …`.*got 'j = 3'"),
    ("for:\n  j in range(\n" + STEPS, 2, "for: expected `name in …`"),
    ("for:\n  i, j in pairs\n" + STEPS, 2, "for: expected `name in …`"),
    ("for:\n  j in a\n  j in b\n" + STEPS, 3, "the index j runs twice"),
    ("as:\n  h to 0\n" + STEPS, 2, "as: expected one line, `name -> 0` or `name -> inf`"),
    ("as:\n  h -> 0\n" + STEPS, 2, "as: expected a line that starts with ->, got none"),
    ("steps:\n  h + 1\n  -> 1  # so\n", 3, "expected a section as:"),
]  # fmt: skip


@pytest.mark.parametrize(
    "code, line, message",
    MALFORMED,
    ids=lambda value: value.replace("\n", "|")[:40] if isinstance(value, str) else None,
)
def test_what_is_malformed_is_refused_at_its_line(
    code: str, line: int, message: str
) -> None:
    with pytest.raises(DerivationError, match=message) as caught:
        parse(code, 101)
    assert caught.value.line == 100 + line
    assert caught.value.message == str(caught.value)


@pytest.mark.parametrize("within", ["", "tiny", "0", "-1e-9", "1e-5", "nan", "inf"])
def test_an_allowed_gap_is_a_small_positive_number(within: str) -> None:
    with pytest.raises(
        DerivationError, match="within: expected a number above 0, at most 1e-06"
    ):
        parse(STEPS, 1, within=within)


def test_more_lines_than_letters_are_refused() -> None:
    lines = "".join(f"  = {k} + 0  # so\n" for k in range(27))
    with pytest.raises(DerivationError, match="at most 27 lines"):
        parse("steps:\n  0\n" + lines, 1)


def test_one_expression_may_have_two_formulas() -> None:
    code = (
        "steps:\n  a + b\n  = a + b  # the same, in words of its own\n    tex: b + a\n"
    )
    assert len(parse(code, 1).steps) == 2
