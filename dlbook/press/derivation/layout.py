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
_RELATION = 1.5  # em that a relation takes before its formula
_SCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST = (
    12  # no finer power of ten is told: below it, gaps differ from machine to machine
)

# Widths of KaTeX's type, in em of a formula.
_TOKEN = re.compile(
    r"\\(?:text|operatorname|mathrm)\{[^{}]*\}|\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+|\\.|\S"
)
_ENDS = re.compile(r"\}|&|\\\\|\\end\{.*")  # of a row
_SIZES = (1.0, 1.0, 0.7, 0.5)  # displayed, in a line, a script, a script's script
_BINARY = dict.fromkeys(("+", "-", r"\pm", r"\odot", r"\times"), 0.78) | {r"\cdot": 0.28}  # fmt: skip
_RELATIONS = dict.fromkeys(("=", "<", ">", r"\le", r"\ge", r"\ne", r"\approx"), 0.78)
_RELATIONS |= {r"\to": 1.0, r"\in": 0.67, r"\mid": 0.28}
_OPENING = ("(", "[", "{", ",", r"\,", r"\;", r"\ ", r"\ln", r"\exp")
_WORDS = re.compile(r"\\(?:text|operatorname|mathrm)\{(.*)\}")
_BRACKET = re.compile(r"\\(?:([bB]igg?)[lrm]?|left|right)")
_BIG = {"big": 0.46, "Big": 0.6, "bigg": 0.74, "Bigg": 0.88}
_OVER = re.compile(
    r"\\(?:bar|tilde|hat|d?dot|vec|overline|wide\w+|math[a-z]+|boldsymbol|c(?:data|param|act|grad))"
)
_WIDTHS = dict.fromkeys("ijlt()[]|", 0.38) | dict.fromkeys("0123456789", 0.5)
_WIDTHS |= dict.fromkeys("ceorsyz", 0.48)
_WIDTHS |= {"m": 0.88, "w": 0.72, ",": 0.45, ".": 0.28, "'": 0.3, r"\displaystyle": 0.0}
_WIDTHS |= {r"\,": 0.17, r"\;": 0.28, r"\ ": 0.25, r"\quad": 1.0, r"\dots": 1.2}
_WIDTHS |= {r"\top": 0.78, r"\nabla": 0.83, r"\infty": 1.0, r"\sum": 1.5, r"\prod": 1.3}
_WIDTHS |= {r"\ln": 1.0, r"\log": 1.5, r"\exp": 1.8, r"\max": 2.1, r"\min": 1.9}
_WIDTHS |= {r"\sin": 1.5, r"\cos": 1.6, r"\tan": 1.6, r"\tanh": 2.2}


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
    right = max(_width(line.tex) for line in lines[1:]) + _RELATION
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
        f"{conditions(derivation)}{_evidence(derivation, lines)}</div>"
    )


def _formula(tex: str) -> str:
    return f'<span class="arithmatex">\\(\\displaystyle {html.escape(tex, quote=False)}\\)</span>'


def conditions(derivation: Derivation) -> str:
    """For which indices the lines hold, and what tends where."""
    style = _notation(derivation)
    printer = Printer(style, lambda node, loops: None)
    told = []
    each = derivation.conditions or ("",) * len(derivation.indices)
    for (name, run), condition in zip(derivation.indices, each, strict=True):
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
    return notation(
        derivation.symbols, expressions, derivation.indices, derivation.conditions
    )


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
    inputs = f" on {SEEDS} random inputs" if derivation.random else ""
    if derivation.given and not derivation.random:
        inputs = " on the given numbers"
    indices = [name for name, _ in derivation.indices]
    every = f", at every {' and '.join(indices)}" if indices else ""
    gap = f", equalities within {below(max(equal))}" if equal else ""
    tend = [line.gap for line in lines if line.relation == "->"]
    gap += f", the limit within {below(max(tend))}" if tend else ""
    return f"{len(lines)} lines {'agree' if only else 'hold'}{inputs}{every}{gap}"


def below(gap: float) -> str:
    """The next power of ten above a gap: `10⁻¹²`."""
    exponent = -_SMALLEST
    if gap >= 10.0**exponent:
        exponent = math.floor(math.log10(gap)) + 1
    return f"10{str(exponent).translate(_SCRIPTS)}"


def _width(tex: str) -> float:
    """About how many em of the text a displayed formula takes."""
    return 1.1 * _row(_TOKEN.findall(tex)[::-1], 0)


def _row(tokens: list[str], style: int) -> float:
    """How wide what stands side by side is; its tokens are taken from the end of the list, up to what ends the row."""
    whole = atom = scripts = 0.0
    limits = operand = False
    while tokens and not _ENDS.fullmatch(tokens[-1]):
        token = tokens.pop()
        if token in ("_", "^"):
            inner = min(max(style + 1, 2), 3)
            scripts = max(scripts, _one(tokens, inner) * _SIZES[inner] / _SIZES[style])
            continue
        whole += max(atom, scripts) if limits else atom + scripts
        scripts = 0.0
        limits = style == 0 and token in (r"\sum", r"\prod")
        spaced = token in _RELATIONS or (token in _BINARY and operand)
        if spaced or token in _BINARY:
            atom = (_BINARY | _RELATIONS)[token] + 0.5 * (spaced and style < 2)
        else:
            atom = _atom(token, tokens, style)
        operand = not spaced and token not in _OPENING
    return whole + (max(atom, scripts) if limits else atom + scripts)


def _one(tokens: list[str], style: int) -> float:
    """An argument: a group in braces, or one token with what it takes."""
    if not tokens:
        return 0.0
    token = tokens.pop()
    if token != "{":
        return _atom(token, tokens, style)
    width = _row(tokens, style)
    if tokens:
        tokens.pop()
    return width


def _atom(token: str, tokens: list[str], style: int) -> float:
    """One token with what it takes."""
    width = _WIDTHS.get(token, 0.8 if token.isupper() else 0.55)
    if token == "{":
        tokens.append(token)
        width = _one(tokens, style)
    elif token == r"\frac":
        inner = min(style + 1, 3)
        parts = _one(tokens, inner), _one(tokens, inner)
        width = max(parts) * _SIZES[inner] / _SIZES[style] + 0.24
    elif token.startswith(r"\begin{"):
        width = _grid(tokens, max(style, 1))
    elif token == r"\sqrt":
        width = 1.0 + _one(tokens, style)
    elif _OVER.fullmatch(token):
        width = _one(tokens, style)
    elif found := _BRACKET.fullmatch(token):
        del tokens[-1:]
        width = _BIG.get(found[1], 0.6)
    elif found := _WORDS.fullmatch(token):
        width = 0.52 * len(found[1])
    return width


def _grid(tokens: list[str], style: int) -> float:
    """Cases or a matrix: the widest cell of each column."""
    columns: list[float] = []
    column = 0
    while tokens:
        cell = _row(tokens, style)
        columns[column : column + 1] = [max(cell, *columns[column : column + 1], 0.0)]
        end = tokens.pop() if tokens else ""
        if end.startswith(r"\end"):
            break
        column = column + 1 if end == "&" else 0
    return sum(columns) + len(columns)
