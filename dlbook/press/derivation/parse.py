"""The text of a derivation's fence becomes data; what is malformed is refused with its line.

A fence has sections: `given:` (Python, once per random input), `show:` (how names are printed), `for:` (free
indices), `as:` (what tends where, for limits) and `steps:`. Each section's lines stand below it, indented.
Nothing is evaluated here.
"""

from __future__ import annotations

import ast
import re
import textwrap

from dlbook.press.derivation.form import Derivation, DerivationError, Step
from dlbook.press.derivation.notation import FormulaError, notation
from dlbook.press.derivation.printer import to_tex
from dlbook.press.derivation.steps import steps as read_steps
from dlbook.press.derivation.symbols import Pattern, PatternError

__all__ = ["Derivation", "DerivationError", "Step", "parse"]

SECTIONS = ("given", "show", "for", "as", "steps")
LARGEST_GAP = 1e-6

_SECTION = re.compile(r"(?P<name>[A-Za-z][\w ]*):(?P<rest>.*)")
_LIMIT = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*->\s*(?P<to>0|inf)")


def parse(code: str, line: int, *, within: str = "1e-9") -> Derivation:
    """Read a fence.

    Args:
        code: Its text, without the fence's own lines.
        line: The line of the file on which the text starts.
        within: The gap allowed between lines, as the fence's option gives it.

    Raises:
        DerivationError: If something is malformed; it names the line, what was expected and what came.
    """
    sections = _sections(textwrap.dedent(code.expandtabs(4)), line)
    if "steps" not in sections:
        raise DerivationError(line, "derivation: expected a section steps:, got none")
    given, given_line = _given(sections.get("given", []), line)
    indices, conditions = _indices(sections.get("for", []))
    steps = read_steps(sections["steps"], line)
    limit = _limit(sections.get("as", []))
    arrow = next((step.line for step in steps if step.relation == "->"), None)
    if arrow and not limit:
        told = "->: expected a section as: that says what tends where, like `h -> 0`, got none"
        raise DerivationError(arrow, told)
    if limit and not arrow:
        told = "as: expected a line that starts with ->, got none"
        raise DerivationError(sections["as"][0][0], told)
    symbols = _symbols(sections.get("show", []))
    _printable(steps, symbols, indices, conditions)
    gap = _within(within, line)
    return Derivation(
        given, given_line, symbols, indices, steps, conditions, limit, gap
    )


def _printable(
    steps: tuple[Step, ...],
    symbols: tuple[tuple[str, str], ...],
    indices: tuple[tuple[str, str], ...],
    conditions: tuple[str, ...],
) -> None:
    """See that each line without a formula of its own has one."""
    generated = [step for step in steps if step.tex is None]
    expressions = [step.expression for step in generated]
    style = notation(symbols, expressions, indices, conditions)
    for step in generated:
        try:
            to_tex(step.expression, style)
        except FormulaError as error:
            raise DerivationError(step.line, f"steps: {error}") from None


def _within(text: str, line: int) -> float:
    told = f'within: expected a number above 0, at most {LARGEST_GAP:g}, like "1e-7", got {text!r}'
    try:
        value = float(text)
    except ValueError:
        raise DerivationError(line, told) from None
    if not 0 < value <= LARGEST_GAP:
        raise DerivationError(line, told)
    return value


def _sections(code: str, line: int) -> dict[str, list[tuple[int, str]]]:
    """Each section's lines that hold anything, with their numbers."""
    sections: dict[str, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] | None = None
    for number, text in enumerate(code.split("\n"), line):
        if not text.strip() or text.startswith("#"):
            continue
        if text[0].isspace():
            if current is None:
                told = f"derivation: expected a section ({_all_sections()}) before {text.strip()!r}"
                raise DerivationError(number, told)
            current.append((number, text.rstrip()))
            continue
        heading = _SECTION.fullmatch(text.rstrip())
        if not heading or heading["name"] not in SECTIONS:
            told = f"derivation: expected a section ({_all_sections()}), its lines indented, got {text.strip()!r}"
            raise DerivationError(number, told)
        if heading["rest"].strip() and not heading["rest"].strip().startswith("#"):
            told = f"{heading['name']}: expected its lines below, indented, got {heading['rest'].strip()!r} behind it"
            raise DerivationError(number, told)
        if heading["name"] in sections:
            raise DerivationError(
                number, f"derivation: the section {heading['name']}: stands here twice"
            )
        current = sections[heading["name"]] = []
    return sections


def _all_sections() -> str:
    return ", ".join(f"{name}:" for name in SECTIONS)


def _given(lines: list[tuple[int, str]], line: int) -> tuple[str, int]:
    if not lines:
        return "", line
    first, last = lines[0][0], lines[-1][0]
    kept = dict(lines)
    code = textwrap.dedent("\n".join(kept.get(n, "") for n in range(first, last + 1)))
    try:
        ast.parse(code)
    except SyntaxError as error:
        told = (
            f"given: expected Python, got {(error.text or '').strip()!r}: {error.msg}"
        )
        raise DerivationError(first + (error.lineno or 1) - 1, told) from None
    return code, first


def _without_comment(text: str) -> str:
    return re.sub(r"(^|\s)#.*", "", text).strip()


def _symbols(lines: list[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    symbols: dict[str, str] = {}
    for number, text in lines:
        if text.strip().startswith("#"):
            continue
        left, colon, right = text.strip().partition(": ")
        if not colon or not right.strip():
            told = f"show: expected `pattern: TeX`, like `y[i]: y^{{(i)}}`, got {text.strip()!r}"
            raise DerivationError(number, told)
        try:
            Pattern.read(left, right.strip())
        except PatternError as error:
            raise DerivationError(number, f"show: {error}") from None
        if left.strip() in symbols:
            raise DerivationError(
                number, f"show: {left.strip()!r} is given a formula twice"
            )
        symbols[left.strip()] = right.strip()
    return tuple(symbols.items())


def _indices(
    lines: list[tuple[int, str]],
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    indices: dict[str, str] = {}
    conditions = []
    for number, text in lines:
        stripped = _without_comment(text)
        if not stripped:
            continue
        told = f"for: expected `name in …`, like `j in range(n)`, got {text.strip()!r}"
        try:
            loop = ast.parse(f"[0 for {stripped}]", mode="eval").body
        except SyntaxError:
            raise DerivationError(number, told) from None
        if not isinstance(loop, ast.ListComp):
            raise DerivationError(number, told)
        for part in loop.generators:
            if not isinstance(part.target, ast.Name) or len(part.ifs) > 1:
                raise DerivationError(number, told)
            if part.target.id in indices:
                raise DerivationError(
                    number, f"for: the index {part.target.id} runs twice"
                )
            indices[part.target.id] = ast.unparse(part.iter)
            conditions.append(ast.unparse(part.ifs[0]) if part.ifs else "")
    return tuple(indices.items()), tuple(conditions)


def _limit(lines: list[tuple[int, str]]) -> tuple[str, str] | None:
    found = [(number, _without_comment(text)) for number, text in lines]
    found = [(number, text) for number, text in found if text]
    if not found:
        return None
    match = _LIMIT.fullmatch(found[0][1])
    if not match or len(found) > 1:
        told = (
            f"as: expected one line, `name -> 0` or `name -> inf`, got {found[-1][1]!r}"
        )
        raise DerivationError(found[-1][0], told)
    return match["name"], match["to"]
