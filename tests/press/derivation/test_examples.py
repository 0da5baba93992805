"""Derivations of the book hold; and with a fault planted in them, they fail at its line."""

from __future__ import annotations

import pytest

from dlbook.press.derivation.check import FalseLine, check
from dlbook.press.derivation.parse import parse
from tests.press.derivation.examples import EXAMPLES, Fault

FORMULAS = {
    "log-odds": [
        r"\ln \frac{a}{1 - a}",
        r"\ln\biggl(\frac{1}{1 + e^{-z}} \cdot \frac{1 + e^{-z}}{e^{-z}}\biggr)",
        r"\ln\bigl(e^{z}\bigr)",
        "z",
    ],
    "slope": [
        r"\frac{d\sigma}{dz}",
        r"\frac{d}{dz} \bigl(1 + e^{-z}\bigr)^{-1}",
        r"-\bigl(1 + e^{-z}\bigr)^{-2} \cdot \bigl(-e^{-z}\bigr)",
        r"\frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}",
        r"\sigma(z)\,\bigl(1 - \sigma(z)\bigr)",
        r"\frac{1}{4}",
    ],
    "chain rule": [
        r"\frac{f(g(x + h)) - f(g(x))}{h}",
        r"\frac{f(u + k) - f(u)}{h}",
        r"\frac{\bigl(f'(u) + \sigma(k)\bigr)\,k}{h}",
        r"\bigl(f'(u) + \sigma(k)\bigr)\,\bigl(g'(x) + \rho(h)\bigr)",
        r"f'(u)\,g'(x)",
    ],
    "matrix rule": [
        r"\frac{\partial L}{\partial X_{rj}}",
        r"\sum_{i=1}^{n} \sum_{l=1}^{k} \bar Z_{il}\,\frac{\partial Z_{il}}{\partial X_{rj}}",
        r"\sum_{i=1}^{n} \sum_{l=1}^{k} \bar Z_{il}\,[i = r]\,W_{jl}",
        r"\sum_{l=1}^{k} \bar Z_{rl}\, W_{jl}",
        r"(\bar Z W^\top)_{rj}",
    ],
}

FAULTS = [
    (name, fault) for name, example in EXAMPLES.items() for fault in example.faults
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_book_s_derivations_hold(name: str) -> None:
    derivation = parse(EXAMPLES[name].code, 1)
    lines = check(derivation, {})
    assert len(lines) == len(derivation.steps)
    assert all(line.gap < 1e-9 for line in lines if line.relation == "=")
    if name in FORMULAS:
        assert [line.tex for line in lines] == FORMULAS[name]
    given = {step.expression: step.tex for step in derivation.steps if step.tex}
    assert {
        line.expression: line.tex for line in lines if line.how != "generated"
    } == given


@pytest.mark.parametrize(
    "name, fault",
    FAULTS,
    ids=[f"{name}: {fault.kind} {fault.new}" for name, fault in FAULTS],
)
def test_a_planted_fault_is_found_at_its_line(name: str, fault: Fault) -> None:
    code = EXAMPLES[name].code
    assert code.count(fault.old) == 1, "the fault is planted in one place"
    derivation = parse(code.replace(fault.old, fault.new), 1)
    with pytest.raises(FalseLine) as caught:
        check(derivation, {})
    what = "formula" if fault.kind == "formula" else "expression"
    assert str(caught.value).startswith(what)
    step = next(step for step in derivation.steps if step.line == caught.value.line)
    assert f"{step.relation} {step.expression}".startswith(fault.line)
