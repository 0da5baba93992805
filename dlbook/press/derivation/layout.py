"""A checked derivation as HTML: aligned lines, each with its reason and number, and the evidence below them."""

from __future__ import annotations

import ast
import html
import math
import re
from collections.abc import Callable, Sequence

from dlbook.press.derivation.check import SEEDS, CheckedLine
from dlbook.press.derivation.conditions import condition as condition_tex
from dlbook.press.derivation.notation import Notation, is_range, notation
from dlbook.press.derivation.parse import Derivation
from dlbook.press.derivation.printer import Printer, to_tex
from dlbook.press.derivation.sums import first_and_last
from dlbook.press.listing import highlight

SIGNS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "->": r"\to"}
BY_HAND = "formula set by hand, expression checked"

_BESIDE = 21.0  # em that formulas may take so that reasons still stand beside them
_SCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST = (
    12  # no finer power of ten is told: below it, gaps differ from machine to machine
)


def layout(
    derivation: Derivation,
    lines: Sequence[CheckedLine],
    *,
    label: str,
    inline: Callable[[str], str],
) -> str:
    """Lay a derivation out.

    Args:
        derivation: As it was read.
        lines: As they were checked.
        label: The derivation's label; numbers are left open under it, `data-press-number` with the line's letter.
        inline: From one line of Markdown to HTML, for the reasons.
    """
    left = lines[0].tex
    right = max(_width(line.tex) for line in lines[1:]) + 1.5
    classes = ["press-derivation"]
    if _width(left) + right > _BESIDE:
        hangs = _width(left) > 8
        classes += ["press-hanging"] if hangs else []
        classes += (
            ["press-reasons-below"]
            if right + (2 if hangs else _width(left)) > _BESIDE
            else []
        )
    rows = []
    for k, line in enumerate(lines[1:], 1):
        start = (
            f'<div class="press-left press-scroll">{_formula(left)}</div>'
            if k == 1
            else ""
        )
        formula = _formula(f"{{}}{SIGNS[line.relation]} {line.tex}")
        mark = (
            f' <span class="press-by-hand">{BY_HAND}</span>'
            if line.how == "by hand" or (k == 1 and lines[0].how == "by hand")
            else ""
        )
        reason = inline(derivation.steps[k].reason)
        number = f"<span data-press-number='{label}' data-press-letter='{derivation.letter(k)}'></span>"
        rows.append(
            f'<li>{start}<div class="press-right press-scroll">{formula}</div>'
            f'<div class="press-reason">{reason}{mark}</div><div class="press-line-number">{number}</div></li>'
        )
    return (
        f'<div class="{" ".join(classes)}" id="{html.escape(label)}"><ol class="press-steps">{"".join(rows)}</ol>'
        f"{_conditions(derivation)}{_evidence(derivation, lines)}</div>"
    )


def _formula(tex: str) -> str:
    return f'<span class="arithmatex">\\(\\displaystyle {html.escape(tex, quote=False)}\\)</span>'


def _conditions(derivation: Derivation) -> str:
    """For which indices the lines hold, and what tends where."""
    style = _notation(derivation)
    printer = Printer(style, lambda node, loops: None)
    told = []
    conditions = derivation.conditions or ("",) * len(derivation.indices)
    for (name, run), condition in zip(derivation.indices, conditions, strict=True):
        tree = ast.parse(run, mode="eval").body
        if isinstance(tree, ast.Call) and is_range(tree):
            first, last = first_and_last(printer, tree)
            tex = rf"{to_tex(name, style)} = {first}, \dots, {last}"
        else:
            tex = rf"{to_tex(name, style)} \in {to_tex(run, style)}"
        if condition:
            other = ast.parse(condition, mode="eval").body
            tex += rf",\ {condition_tex(printer, other)}"
        told.append(_inline(tex))
    told = [f"for {' and '.join(told)}"] if told else []
    if derivation.limit:
        name, to = derivation.limit
        way = rf"{to_tex(name, style)} \to {to_tex(to, style)}"
        told.append(f"as {_inline(way)}")
    return f'<p class="press-conditions">{", ".join(told)}</p>' if told else ""


def _inline(tex: str) -> str:
    return f'<span class="arithmatex">\\({html.escape(tex, quote=False)}\\)</span>'


def _notation(derivation: Derivation) -> Notation:
    expressions = [s.expression for s in derivation.steps if s.tex is None]
    return notation(derivation.symbols, expressions, derivation.indices)


def _evidence(derivation: Derivation, lines: Sequence[CheckedLine]) -> str:
    rows = []
    for k, line in enumerate(lines):
        place = f"({derivation.letter(k)})" if k else "start"
        code = html.escape(f"{line.relation} {line.expression}".strip())
        gap = f"below {below(line.gap)}" if line.relation in ("=", "->") else "–"
        cells = f"<td>{place}</td><td><code>{code}</code></td>"
        cells += f'<td class="press-numeric">{gap}</td><td>{line.how}</td>'
        rows.append(f"<tr>{cells}</tr>")
    heads = '<th>line</th><th>expression</th><th class="press-numeric">gap</th><th>formula</th>'
    table = f'<table class="press-table"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    inputs = ""
    if derivation.given:
        drawn = f", with <code>rng</code> from seeds 0 to {SEEDS - 1}"
        told = f"The inputs{drawn if derivation.random else ''}:"
        inputs = f'<p class="press-inputs">{told}</p>{highlight(derivation.given)}'
    return (
        f'<details class="press-evidence evidence"><summary>{summary(derivation, lines)}</summary>'
        f'<div class="press-scroll">{table}</div>{inputs}</details>'
    )


def summary(derivation: Derivation, lines: Sequence[CheckedLine]) -> str:
    """The evidence in one line."""
    equal = [line.gap for line in lines if line.relation == "="]
    only = all(line.relation in ("", "=") for line in lines)
    inputs = f"{SEEDS} random inputs" if derivation.random else "the given numbers"
    indices = [name for name, _ in derivation.indices]
    every = f", at every {' and '.join(indices)}" if indices else ""
    gap = f", largest gap below {below(max(equal))}" if equal else ""
    return f"{len(lines)} lines {'agree' if only else 'hold'} on {inputs}{every}{gap}"


def below(gap: float) -> str:
    """The next power of ten above a gap: `10⁻¹²`."""
    exponent = -_SMALLEST
    if gap >= 10.0**exponent:
        exponent = math.floor(math.log10(gap)) + 1
    return f"10{str(exponent).translate(_SCRIPTS)}"


def _width(tex: str) -> float:
    """About how many em a formula takes."""
    widest = 0.0
    fraction = re.compile(
        r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}"
    )
    while True:
        found = fraction.search(tex)
        if not found:
            break
        parts = found[1], found[2]
        wider = max(parts, key=_width)
        tex = f"{tex[: found.start()]} {wider} {tex[found.end() :]}"
    tex = re.sub(
        r"\\(?:[bB]igg?[lr]?|left|right|displaystyle|begin|end)(?![A-Za-z])", "", tex
    )
    tex = re.sub(r"(\\sum|\\prod)_\{[^{}]*\}\^\{[^{}]*\}", "mm", tex)
    scripts = sum(len(found) for found in re.findall(r"[_^]\{([^{}]*)\}", tex))
    tex = re.sub(r"[_^]\{[^{}]*\}", "", tex)
    widest += 0.45 * scripts
    widest += 1.2 * len(re.findall(r" [-+=<>] |\\cdot|\\odot|\\le|\\ge", tex))
    tex = re.sub(r" [-+=<>] |\\cdot|\\odot|\\le|\\ge", "", tex)
    tex = re.sub(r"\\(?:operatorname|mathrm|text)\{(\w+)\}", r"\1", tex)
    tex = re.sub(r"\\(ln|exp|max|min|sin|cos|tanh)(?![A-Za-z])", "mm", tex)
    tex = re.sub(r"\\[A-Za-z]+|\\.", "x", tex)
    return widest + 0.58 * len(re.sub(r"[{}_^\s]", "", tex))
