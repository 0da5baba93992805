"""Fences: what may stand behind the marks, and at the head of a block on lines that start with `#|`.

An executed block, a part of an exercise or a derivation becomes a slot. In the Markdown it stays a fence, so that
it keeps its place inside of folds and lists, and carries the slot's number.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from dlbook.press.reading import blocks
from dlbook.press.reading.labels import fits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlbook.press.reading.paragraphs import Reader
    from dlbook.press.reading.scan import Scan

PARTS = ("starter", "check", "solution")
COMMENT_OPTIONS = ("label", "caption", "alt")
PLAIN: dict[str, tuple[str, ...] | None] = {
    "title": None,
    "hl_lines": None,
    "linenums": None,
}
EXECUTED: dict[str, tuple[str, ...] | None] = {
    "exec": ("on",),
    "source": ("above", "below", "fold", "hide"),
    "frozen": ("on",),
    "raises": None,
    "erratum": None,
    "exercise": None,
    "part": PARTS,
}
DERIVATION: dict[str, tuple[str, ...] | None] = {"label": None, "within": None}
FILLED = {"bibliography", "errata-table", "references"}  # written empty
LANGUAGES = FILLED | {
    "bash",
    "console",
    "derivation",
    "json",
    "latex",
    "markdown",
    "pycon",
    "python",
    "text",
    "toml",
    "yaml",
}

OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")
_OPTION = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
_HEAD_LINE = re.compile(r"#\|[ ]?(?P<text>(?:(?P<name>\w+):)?.*)")


def end(result: Scan, fence: re.Match[str], lines: list[str], start: int) -> int:
    """The line after a fence. Markdown closes it by the same marks, alone and at the same indentation."""
    marks, indent = fence["ticks"], fence["indent"]
    like = re.compile(rf"^(?P<indent>[ \t]*){re.escape(marks)}")
    for i in range(start + 1, len(lines)):
        if lines[i].rstrip() == indent + marks:
            return i + 1
        closing = like.match(lines[i])
        if closing and len(closing["indent"]) <= len(indent):
            told = f"a fence is closed by {marks} alone, at the indentation of its first line; got {lines[i].strip()!r}"
            result.add(result.body_line + i, told)
            return i + 1
    result.add(result.body_line + start, "a fence is opened and never closed")
    return len(lines)


def read(result: Scan, reader: Reader, lines: list[str], line: int) -> list[str]:
    """Check a fence; one that is executed becomes a slot and is rewritten to carry its number.

    Args:
        result: What was found on the page so far.
        reader: Reads prose: captions, and reasons in derivations.
        lines: The fence's lines, with both of its marks.
        line: The line of the file on which it starts.
    """
    fence = OPENING.match(lines[0])
    if fence is None:
        raise ValueError(f"fences.read: lines: expected a fence, got {lines[0]!r}")
    language, options = _info(result, fence["info"].strip(), line)
    known = _known(result, language, options, line)
    _check_content(result, language, lines, line)
    indent = len(fence["indent"])
    for i, text in enumerate(lines[1:-1], 1):
        if text[:indent].strip():
            told = "fence: a line of it begins left of its first line"
            result.add(line + i, told)
    code = textwrap.dedent("\n".join(text[indent:] for text in lines[1:-1]))
    if known is EXECUTED:
        number: int | None = _block(result, reader, code, options, line)
    elif known is DERIVATION:
        number = _derivation(result, reader, code, options, line)
    else:
        number = None
    if number is None:
        return lines
    opening = f'{fence["indent"]}{fence["ticks"]}python exec="on" slot="{number}"'
    return [opening, f"{fence['indent']}{number}", fence["indent"] + fence["ticks"]]


def _info(result: Scan, info: str, line: int) -> tuple[str, dict[str, str]]:
    """The language and the options of a fence."""
    first = info.split(" ", 1)[0]
    language = "" if "=" in first else first
    rest = info[len(language) :]
    options = {
        m[1]: next(v for v in m.groups()[1:] if v is not None)
        for m in _OPTION.finditer(rest)
    }
    if len(options) < len(_OPTION.findall(rest)):
        result.add(line, "fence: an option is given twice")
    if left_over := _OPTION.sub("", rest).strip():
        told = f'fence: cannot read {left_over!r}; options are written name="value"'
        result.add(line, told)
    if language and language not in LANGUAGES:
        told = f"fence: unknown language {language!r}; expected one of {', '.join(sorted(LANGUAGES))}"
        result.add(line, told)
    return language, options


def _known(
    result: Scan, language: str, options: dict[str, str], line: int
) -> dict[str, tuple[str, ...] | None]:
    """The options that may stand on a fence, and what each may be; the others are refused."""
    if language == "derivation":
        known = DERIVATION
    elif language == "python" and not options.keys() <= PLAIN.keys():
        known = EXECUTED
    else:
        known = PLAIN
    for name, value in options.items():
        choices = known.get(name)
        if name not in known:
            told = f"fence: unknown option {name!r}; expected one of {', '.join(sorted(known))}"
            result.add(line, told)
        elif choices and value not in choices:
            told = f"fence: {name}: expected {' or '.join(choices)}, got {value!r}"
            result.add(line, told)
    return known


def _check_content(result: Scan, language: str, lines: list[str], line: int) -> None:
    empty = not any(text.strip() for text in lines[1:-1])
    if language in FILLED and not empty:
        told = f"fence: {language}: expected nothing in it, got {lines[1].strip()!r}"
        result.add(line + 1, told)
    elif language not in FILLED and empty and len(lines) > 1:
        result.add(line, "fence: an empty block")


def _block(
    result: Scan, reader: Reader, code: str, options: dict[str, str], line: int
) -> int:
    """An executed block, or a part of an exercise; returns its slot's number."""
    if ("exercise" in options) != ("part" in options) or ("exercise" in options) == (
        "exec" in options
    ):
        result.add(line, 'fence: expected exec="on", or both exercise= and part=')
    head, code, where = _head(result, code, line + 1)
    options |= head
    kind = "exercise" if "exercise" in options else "block"
    slot = result.slot(kind, code, where["code"], options)
    for at, told in blocks.faults(slot):
        result.add(at, told)
    label = options.get("label")
    if label is not None:
        if fits(label, "fig", "tbl"):
            result.labels.append((label, line))
        else:
            told = f"block options: label: expected fig:name or tbl:name, got {label!r}"
            result.add(where["label"], told)
    if kind == "exercise":
        reader.name_exercise(options["exercise"], line)
    if "{python}" in options.get("alt", ""):
        told = "alt: no values are computed here; hold its numbers by an assert in the figure's block"
        result.add(where["alt"], told)
    if "caption" in options:
        options["caption"] = reader.text(options["caption"], where["caption"])
    return slot.number


def _head(
    result: Scan, code: str, line: int
) -> tuple[dict[str, str], str, Mapping[str, int]]:
    """Split the `#|` lines at the head of a block from its code; returns also where each stands, and the code."""
    lines = code.split("\n")
    head = [m for m in map(_HEAD_LINE.match, lines) if m]
    count = next(
        (i for i, text in enumerate(lines) if not _HEAD_LINE.match(text)), len(lines)
    )
    for i, text in enumerate(lines):
        if i >= count and _HEAD_LINE.match(text):
            told = "block options: expected at the head of the block, got one after its code"
            result.add(line + i, told)
    head = head[:count]
    where = {m["name"]: line + i for i, m in enumerate(head) if m["name"]}
    where["code"] = line + count
    rest = "\n".join(lines[count:])
    if count == 0:
        return {}, rest, where
    import yaml  # noqa: PLC0415  a page's process reads slots, and no options

    try:
        options = yaml.safe_load("\n".join(m["text"] for m in head))
        if not isinstance(options, dict):
            raise yaml.YAMLError(f"expected name: value, got {options!r}")
    except yaml.YAMLError as error:
        result.add(line, f"block options: {error}")
        return {}, rest, where
    for name in options.keys() - set(COMMENT_OPTIONS):
        told = f"block options: unknown option {name!r}; expected {', '.join(sorted(COMMENT_OPTIONS))}"
        result.add(where.get(name, line), told)
    texts = {k: "" if v is None else str(v) for k, v in options.items()}
    return texts, rest, where


def _derivation(
    result: Scan, reader: Reader, code: str, options: dict[str, str], line: int
) -> int | None:
    """A derivation: its own label and its lines', its reasons as prose; returns its slot's number."""
    from dlbook.press.derivation.parse import (  # noqa: PLC0415  most pages have none
        DerivationError,
        parse,
    )

    label = options.setdefault("label", "")
    if fits(label, "eq"):
        result.labels.append((label, line))
    else:
        told = f'fence: derivation: expected label="eq:name", got {label!r}'
        result.add(line, told)
    try:
        derivation = parse(code, line + 1, within=options.get("within", "1e-9"))
    except DerivationError as error:
        result.add(error.line, error.message)
        return None
    steps = [
        replace(step, reason=reader.text(step.reason, step.line, values=False))
        for step in derivation.steps
    ]
    result.labels += [(step.label, step.line) for step in steps if step.label]
    slot = result.slot("derivation", code, line + 1, options)
    slot.derivation = replace(derivation, steps=tuple(steps))
    return slot.number
