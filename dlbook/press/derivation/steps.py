"""The section `steps:` of a derivation: relation, expression, reason, and perhaps a formula set by hand."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from dlbook.press.derivation.form import RELATIONS, DerivationError, Step, names

_RELATION = re.compile(r"(?P<sign>[-=<>!~:≈≤≥→≠]*[=<>~≈≤≥→≠][-=<>!~:≈≤≥→≠]*)(?=\s|$)")
_TEX = re.compile(r"tex(?P<hand> by hand)?:\s*(?P<tex>.*)")
_NO_LABEL = re.compile(r"(?<!\\eqref)(?<!\\ref)\{eq:")
_LABEL = re.compile(r"(?:^|\s+)\{(?P<label>[^{}\s]*)\}\s*$")


def steps(lines: list[tuple[int, str]], line: int) -> tuple[Step, ...]:
    """Read the lines of the section.

    Args:
        lines: Those that hold anything, with their numbers in the file.
        line: The line of the file on which the derivation starts.

    Raises:
        DerivationError: If one of them is malformed.
    """
    base = min((len(text) - len(text.lstrip()) for _, text in lines), default=0)
    groups: list[list[tuple[int, str]]] = []
    for number, text in lines:
        deeper = len(text) - len(text.lstrip()) > base
        if deeper:
            if not groups:
                told = f"steps: expected the first line before {text.strip()!r}"
                raise DerivationError(number, told)
            groups[-1].append((number, text.strip()))
        elif not text.lstrip().startswith("#"):
            groups.append([(number, text.strip())])
    if len(groups) < 2:
        told = f"steps: expected two lines or more, got {len(groups)}"
        raise DerivationError(lines[0][0] if lines else line, told)
    if len(groups) > 27:
        told = f"steps: expected at most 27 lines (a letter each), got {len(groups)}"
        raise DerivationError(groups[27][0][0], told)
    found: list[Step] = []
    for group in groups:
        step = _step(group, first=not found)
        if found and _same(found[-1], step):
            told = (
                f"steps: the line says what the one before it says: {step.expression}"
            )
            raise DerivationError(step.line, told)
        found.append(step)
    return tuple(found)


def _same(before: Step, step: Step) -> bool:
    return before.tex == step.tex and ast.unparse(
        ast.parse(before.expression)
    ) == ast.unparse(ast.parse(step.expression))


def _step(group: list[tuple[int, str]], *, first: bool) -> Step:
    number = group[0][0]
    relation, head = "", group[0][1]
    sign = _RELATION.match(head)
    if sign and sign["sign"] not in RELATIONS:
        told = (
            f"steps: expected a relation ({', '.join(RELATIONS)}), got {sign['sign']!r}"
        )
        raise DerivationError(number, told)
    if first and sign:
        told = f"steps: the first line has no relation, got {sign['sign']!r}"
        raise DerivationError(number, told)
    if not first and not sign:
        told = (
            f"steps: expected a relation ({', '.join(RELATIONS)}) and a blank, got {head!r}; "
            "a long expression goes on on lines indented deeper"
        )
        raise DerivationError(number, told)
    if sign:
        relation, head = sign["sign"], head[sign.end() :].strip()
    code, formula = [(number, head)], list[tuple[int, str]]()
    for place, text in group[1:]:
        (formula if formula or _TEX.match(text) else code).append((place, text))
    expression, comment = _expression(code)
    label = _LABEL.search(comment)
    if label and not re.fullmatch(r"eq:[\w-]+", label["label"]):
        told = f"steps: expected a label {{eq:name}}, got {{{label['label']}}}"
        raise DerivationError(number, told)
    reason = comment[: label.start()].strip() if label else comment
    if _NO_LABEL.search(reason):
        told = f"steps: expected a label {{eq:name}} at the end, behind a blank, got {comment!r}"
        raise DerivationError(number, told)
    if first and comment:
        told = f"steps: the first line is where the derivation starts and has no reason, got {comment!r}"
        raise DerivationError(number, told)
    if not first and not reason:
        told = f"steps: expected a reason behind the expression, `# …`, got none for `{relation} {expression}`"
        raise DerivationError(number, told)
    tex, by_hand = _formula(formula)
    name = label["label"] if label else None
    return Step(relation, expression, reason, tex, name, number, by_hand)


def _formula(lines: list[tuple[int, str]]) -> tuple[str | None, bool]:
    if not lines:
        return None, False
    for number, text in lines[1:]:
        if _TEX.match(text):
            raise DerivationError(number, "tex: a line has one formula, got a second")
    head = _TEX.match(lines[0][1])
    assert head is not None
    tex = " ".join(text for text in [head["tex"], *(t for _, t in lines[1:])] if text)
    if not tex:
        told = f"tex{head['hand'] or ''}: expected a formula, got nothing"
        raise DerivationError(lines[0][0], told)
    return tex, bool(head["hand"])


def _expression(lines: list[tuple[int, str]]) -> tuple[str, str]:
    """An expression on one line, and the comments that stood behind its lines."""
    number = lines[0][0]
    pieces, comments = [], []
    try:
        # in parentheses, so that an expression may go on on the next line wherever it likes
        text = "(" + "\n".join(text for _, text in lines) + "\n)"
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                comments.append(token.string.lstrip("#").strip())
        for _, line in lines:
            pieces.append(_before_comment(line))
        expression = " ".join(piece for piece in pieces if piece)
        if "rng" in names(ast.unparse(ast.parse(expression, mode="eval"))):
            raise DerivationError(number, "steps: rng belongs under given:")
    except (SyntaxError, tokenize.TokenError) as error:
        shown = " ".join(text for _, text in lines)
        reason = error.args[0] if error.args else "unreadable"
        told = f"steps: expected a Python expression, got {shown!r}: {reason}"
        raise DerivationError(number, told) from None
    return expression, " ".join(comments)


def _before_comment(line: str) -> str:
    quote = ""
    for i, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#":
            return line[:i].rstrip()
    return line
