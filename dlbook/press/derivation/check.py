"""Every line of a derivation is evaluated, on several random inputs and at every index, and held against the others.

A line that starts with `=` must have the values of the line before it, and those of the line with which its chain
of equations started, so that small gaps cannot add up. Agreement on random inputs is evidence, not proof.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlbook.press.derivation import agreement, language
from dlbook.press.derivation.agreement import Values, Where
from dlbook.press.derivation.calculus import number
from dlbook.press.derivation.entries import hold
from dlbook.press.derivation.form import Derivation, Step, names
from dlbook.press.derivation.inputs import SEEDS, FalseLine, inputs
from dlbook.press.derivation.notation import FormulaError, notation
from dlbook.press.derivation.printer import to_tex
from dlbook.press.derivation.readback import readback

__all__ = ["SEEDS", "CheckedLine", "FalseLine", "check"]


@dataclass(frozen=True)
class CheckedLine:
    """One line of a derivation that was evaluated.

    Args:
        relation: To the line before.
        tex: Its formula, without the relation.
        expression: The Python that was evaluated.
        reason: Why, in Markdown.
        gap: The largest gap to the lines that it must equal, relative to values above 1.
        how: Where the formula comes from: generated, read back or by hand.
    """

    relation: str
    tex: str
    expression: str
    reason: str
    gap: float
    how: str


def check(derivation: Derivation, namespace: Mapping[str, Any]) -> list[CheckedLine]:
    """Evaluate a derivation.

    Args:
        derivation: As it was read.
        namespace: The page's names; what the derivation does with them leaves no trace.

    Returns:
        Its lines with their formulas.

    Raises:
        FalseLine: If a line has other values than it must have, has none, or has no formula.
    """
    with np.errstate(all="ignore"):  # what is not finite is refused by name
        return _Check(derivation, namespace).lines()


class _Check:
    def __init__(self, derivation: Derivation, namespace: Mapping[str, Any]) -> None:
        self.derivation = derivation
        self.indices = [name for name, _ in derivation.indices]
        self.points = inputs(derivation, namespace)
        expressions = [s.expression for s in derivation.steps if s.tex is None]
        self.notation = notation(
            derivation.symbols, expressions, derivation.indices, derivation.conditions
        )

    def lines(self) -> list[CheckedLine]:
        steps = self.derivation.steps
        values: list[Values] = []
        gaps: list[float] = []
        anchor = 0
        for k, step in enumerate(steps):
            values.append(self._values(step, step.expression, "expression"))
            compare = agreement.Compare(self.derivation.within, self._name)
            try:
                if step.relation == "=":
                    gap = compare.equal(values[k - 1], values[k], k - 1)
                    gap = max(gap, compare.equal(values[anchor], values[k], anchor))
                elif step.relation == "->":
                    gap = compare.tends(values[k - 1], values[k], k - 1)
                elif step.relation:
                    gap = compare.ordered(
                        values[k - 1], values[k], k - 1, step.relation
                    )
                else:
                    gap = 0.0
            except agreement.Disagreement as error:
                shown = f"`{step.relation} {step.expression}`"
                told = f"expression: {shown} does not hold: {error}"
                raise FalseLine(step.line, told) from None
            anchor = anchor if step.relation == "=" else k
            gaps.append(gap)
        self._not_vacuous(values)
        hold(self.derivation, self.notation, self.points)
        lines = [
            self._line(step, value, gap)
            for step, value, gap in zip(steps, values, gaps, strict=True)
        ]
        self._no_idle_symbols()
        return lines

    def _name(self, k: int) -> str:
        step = self.derivation.steps[k]
        return f"`{step.expression}` (line {step.line})"

    def _line(self, step: Step, values: Values, gap: float) -> CheckedLine:
        if step.tex is None:
            tex, how = self._formula(step), "generated"
            self._reread(step, tex, values)
        else:
            tex, how = step.tex, "by hand" if step.by_hand else "read back"
            gap = max(gap, self._read(step, step.tex, values))
        return CheckedLine(step.relation, tex, step.expression, step.reason, gap, how)

    def _formula(self, step: Step) -> str:
        try:
            return to_tex(step.expression, self.notation, self._dimensions)
        except FormulaError as error:
            raise FalseLine(step.line, f"formula: {error}") from None

    def _reread(self, step: Step, tex: str, values: Values) -> None:
        """What the printer wrote must say what the expression says, if the reader can read it.

        Some entries of the symbol table hide a reading that is right without them: one of both must be.
        """
        compare = agreement.Compare(self.derivation.within, lambda _: "the expression")
        told = ""
        for symbols in (self.derivation.symbols, ()):
            derivation = replace(self.derivation, symbols=symbols)
            try:
                read = readback(tex, derivation, self.notation, self.points[0].names)
            except FormulaError:
                continue
            try:
                compare.equal(values, self._values(step, read, "formula"), 0)
            except (agreement.Disagreement, FalseLine) as error:
                wrong = f"the generated {tex} is read as `{read}`, not as `{step.expression}`"
                told = told or f"formula: {wrong}: {error}; give it by tex:"
            else:
                return
        if told:
            raise FalseLine(step.line, told)

    def _read(self, step: Step, tex: str, values: Values) -> float:
        """Read a formula back, and compare it with its expression."""
        known = self.points[0].names
        try:
            read = readback(tex, self.derivation, self.notation, known)
        except FormulaError as error:
            if step.by_hand:
                return 0.0
            told = f"formula: cannot be read back: {error}; write it otherwise, or as `tex by hand:`"
            raise FalseLine(step.line, told) from None
        compare = agreement.Compare(self.derivation.within, lambda _: "the expression")
        try:
            found = self._values(step, read, "formula")
            gap = compare.equal(values, found, 0)
        except agreement.Disagreement as error:
            told = f"formula: read back as `{read}`, it differs from `{step.expression}`: {error}"
            raise FalseLine(step.line, told) from None
        if step.by_hand:
            told = f"formula: it can be read back, as `{read}`: write `tex:`, not `tex by hand:`"
            raise FalseLine(step.line, told)
        return gap

    def _dimensions(self, node: ast.expr, loops: list[ast.comprehension]) -> int | None:
        """How many axes an expression's value has, inside of sums at their first index."""
        known = dict(self.points[0].names)
        changing = [*self.indices, *(ast.unparse(loop.target) for loop in loops)]
        try:
            for loop in loops:
                run = language.compiled(ast.unparse(loop.iter), changing)
                known[ast.unparse(loop.target)] = next(iter(eval(run, known)))
            value = eval(language.compiled(ast.unparse(node), changing), known)
            return int(np.ndim(getattr(value, "value", value)))
        except Exception:  # then it is told where the line is evaluated
            return None

    def _values(self, step: Step, expression: str, what: str) -> Values:
        code = language.compiled(expression, self.indices)
        found: list[tuple[Where, NDArray[np.float64]]] = []
        for point in self.points:
            try:
                value = number(eval(code, point.names))
            except Exception as error:
                told = f"{what}: `{expression}` raised {type(error).__name__}: {error}, at {point.where}"
                if isinstance(error, NameError):
                    told += "; given: makes names, for: lists free indices"
                raise FalseLine(step.line, told) from error
            if not np.isfinite(value).all():
                told = (
                    f"{what}: `{expression}` is not finite: {value}, at {point.where}"
                )
                raise FalseLine(step.line, told)
            if value.size == 0:
                told = f"{what}: `{expression}` is empty, at {point.where}"
                raise FalseLine(step.line, told)
            found.append((point.where, value))
        return Values(found, constant=not names(expression))

    def _no_idle_symbols(self) -> None:
        """Every entry of the symbol table has to print something; formulas by hand may use it unseen."""
        steps = self.derivation.steps
        if any(step.tex is not None for step in steps):
            return
        elsewhere = names("\n".join(where for _, where in self.derivation.indices))
        entries = zip(self.derivation.symbols, self.notation.patterns, strict=True)
        for (pattern, _), read in entries:
            if read not in self.notation.used and pattern.strip() not in elsewhere:
                told = f"show: `{pattern.strip()}` stands nowhere in the steps"
                raise FalseLine(steps[0].line, told)

    def _not_vacuous(self, values: Sequence[Values]) -> None:
        """Lines that would agree whatever they say."""
        first = self.derivation.steps[0]
        if self.derivation.random and all(line.unmoved for line in values):
            told = "derivation: given draws random numbers, but no line depends on them"
            raise FalseLine(first.line, told)
        largest = max(line.largest for line in values)
        zero = any(line.constant and line.largest == 0 for line in values)
        if largest < 1e6 * self.derivation.within and not zero:
            told = (
                f"derivation: all values are below {1e6 * self.derivation.within:.0e}, where a gap of "
                f"{self.derivation.within:.0e} tells nothing; choose inputs with larger ones"
            )
            raise FalseLine(first.line, told)
