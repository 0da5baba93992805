"""One pass over a page's Markdown: every fence, value, label and reference, with its line.

Markdown extensions never learn where in the file they stand, and pass over what they do not know. So the
press reads the page first, line by line. Each executed block and each inline value becomes a numbered slot
in document order; each option is known or refused.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

import yaml

from dlbook.press.problems import Problem

PARTS = ("starter", "check", "solution")
CHOICES: dict[str, tuple[str, ...] | None] = {
    "exec": ("on",),
    "source": ("above", "below", "fold", "hide"),
    "raises": None,
    "erratum": None,
    "exercise": None,
    "part": PARTS,
}
PLAIN = {"title", "hl_lines", "linenums"}
LANGUAGES = {
    "",
    "python",
    "pycon",
    "bash",
    "console",
    "text",
    "toml",
    "yaml",
    "json",
    "markdown",
    "latex",
    "errata-table",
}
COMMENT_OPTIONS = ("label", "caption", "alt")
BOXES = {
    "aside",
    "derivation",
    "evidence",
    "exercise",
    "hint",
    "listing",
    "note",
    "pitfall",
    "promise",
    "solution",
}

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")
_OPTION = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))""")
_SPAN = re.compile(
    r"(?P<ticks>`+)(?P<code>.*?)(?<!`)(?P=ticks)(?!`)|(?<![\\$])\$[^$\s][^$]*(?<!\s)\$"
)
_REFERENCE = re.compile(r"\\(eqref|ref)\{([^}]*)\}")
_LABEL = re.compile(r"\\label\{([^}]*)\}")
_EXERCISE = re.compile(r'^(?P<indent>[ ]*)!!! exercise "(?P<title>.*)"[ ]*$')
_BOX = re.compile(r"^[ ]*(?:!!!|\?\?\?\+?)[ ]+(?P<kind>[\w-]+)")
_HEADING = re.compile(r"^#{1,6} .*\$")
_QUOTED_FENCE = re.compile(r"^[ \t]*>[> \t]*(`{3,}|~{3,})")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_VALUE_LIKE = re.compile(r"^\s*\{\s*\w*\s*\}\s*\S")


@dataclass
class Slot:
    """A place on the page that execution fills.

    Args:
        number: Its place in the page's order.
        kind: `block`, `value` or `exercise` (one part of it).
        code: What is executed.
        line: The first line of the code in the file.
        options: The fence's options and its `#|` lines.
    """

    number: int
    kind: str
    code: str
    line: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Scan:
    """What one page holds: its rewritten Markdown, slots, labels, references and problems."""

    page: str
    markdown: str = ""
    slots: list[Slot] = field(default_factory=list)
    labels: list[tuple[str, int]] = field(default_factory=list)
    references: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.page, line, message))

    def line_of(self, text: str) -> int:
        """The first line of the file on which a piece of text starts (1 if it is not there)."""
        first = text.strip().split("\n")[0].strip()
        return next((i for i, line in enumerate(self.lines, 1) if first in line), 1)


def scan(page: str, source: str, body: str) -> Scan:
    """Read a page.

    Args:
        page: Its file, relative to the project, for messages.
        source: The file's text, front matter included.
        body: The Markdown below the front matter, as MkDocs hands it on.
    """
    source = source.replace("\r\n", "\n")
    result = Scan(page, lines=source.split("\n"))
    start = source.rfind(body)
    number = source[:start].count("\n") + 1 if start >= 0 else 1
    lines = body.split("\n")
    out: list[str] = []
    i = 0
    displayed = False
    while i < len(lines):
        fence = _FENCE.match(lines[i])
        if fence:
            end = _end_of_fence(lines, i, fence)
            if end == len(lines):
                result.add(number + i, "a fence is opened and never closed")
            out += _fence(result, fence, lines[i : end + 1], number + i)
            i = end + 1
        else:
            if _QUOTED_FENCE.match(lines[i]):
                result.add(
                    number + i, "a fence in a block quote never runs: use a box instead"
                )
            formula = displayed or lines[i].lstrip(" \t>").startswith("$$")
            displayed = formula and displayed == (lines[i].count("$$") % 2 == 0)
            out.append((_formula if formula else _prose)(result, lines[i], number + i))
            i += 1
    result.markdown = "\n".join(out)
    return result


def _end_of_fence(lines: list[str], start: int, fence: re.Match[str]) -> int:
    closing = re.compile(
        rf"^[ \t]*{re.escape(fence['ticks'][0])}{{{len(fence['ticks'])},}}[ \t]*$"
    )
    for i in range(start + 1, len(lines)):
        if closing.match(lines[i]):
            return i
    return len(lines)


def _fence(
    result: Scan, fence: re.Match[str], lines: list[str], line: int
) -> list[str]:
    """Check a fence; one that is executed becomes a slot and is rewritten to carry its number."""
    info = fence["info"].strip()
    language = (
        info.split(" ", 1)[0] if info and "=" not in info.split(" ", 1)[0] else ""
    )
    rest = info[len(language) :]
    options = {
        m[1]: next(v for v in m.groups()[1:] if v is not None)
        for m in _OPTION.finditer(rest)
    }
    if len(options) < len(_OPTION.findall(rest)):
        result.add(line, "fence: an option is given twice")
    left_over = _OPTION.sub("", rest).strip()
    if left_over:
        result.add(
            line, f'fence: cannot read {left_over!r}; options are written name="value"'
        )
    if language not in LANGUAGES:
        result.add(
            line,
            f"fence: unknown language {language!r}; expected one of {', '.join(sorted(LANGUAGES - {''}))}",
        )
    executed = language == "python" and not options.keys() <= PLAIN
    known = CHOICES.keys() if executed else PLAIN
    for name, value in options.items():
        choices = CHOICES.get(name)
        if name not in known:
            result.add(
                line,
                f"fence: unknown option {name!r}; expected one of {', '.join(sorted(known))}",
            )
        elif choices and value not in choices:
            result.add(
                line, f"fence: {name}: expected {' or '.join(choices)}, got {value!r}"
            )
    if not executed:
        return lines
    if ("exercise" in options) != ("part" in options) or ("exercise" in options) == (
        "exec" in options
    ):
        result.add(line, 'fence: expected exec="on", or both exercise= and part=')
    indent = len(fence["indent"])
    code = textwrap.dedent("\n".join(text[indent:] for text in lines[1:-1]))
    head, code = _comment_options(result, code, line + 1)
    options |= head
    kind = "exercise" if "exercise" in options else "block"
    skipped = len(lines) - 2 - (code.count("\n") + 1)
    slot = Slot(len(result.slots), kind, code, line + 1 + max(skipped, 0), options)
    result.slots.append(slot)
    if "label" in options:
        result.labels.append((options["label"], line))
    if kind == "exercise":
        _name_exercise(result, f"ex:{options['exercise']}", line)
    if "caption" in options:
        options["caption"] = _prose(result, options["caption"], line)
    opening = f'{fence["indent"]}{fence["ticks"]}python exec="on" slot="{slot.number}"'
    return [opening, *[fence["indent"] + text for text in code.split("\n")], lines[-1]]


def _name_exercise(result: Scan, name: str, line: int) -> None:
    """Give the exercise whose box was opened last the name that its code has."""
    names = [label for label, _ in result.labels]
    if name not in names:
        open_box = next(
            (i for i in range(len(names) - 1, -1, -1) if names[i].startswith("ex:")), -1
        )
        if open_box >= 0 and names[open_box].startswith("ex:@"):
            result.labels[open_box] = (name, line)
        else:
            result.labels.append((name, line))


def _comment_options(result: Scan, code: str, line: int) -> tuple[dict[str, str], str]:
    """Split the `#|` lines at the head of a block from its code."""
    lines = code.split("\n")
    count = next(
        (i for i, text in enumerate(lines) if not text.startswith("#|")), len(lines)
    )
    if count == 0:
        return {}, code
    try:
        options = yaml.safe_load(
            "\n".join(text[2:].removeprefix(" ") for text in lines[:count])
        )
        if not isinstance(options, dict):
            raise yaml.YAMLError(f"expected name: value, got {options!r}")
    except yaml.YAMLError as error:
        result.add(line, f"block options: {error}")
        return {}, "\n".join(lines[count:])
    for name in options.keys() - set(COMMENT_OPTIONS):
        result.add(
            line,
            f"block options: unknown option {name!r}; expected {', '.join(sorted(COMMENT_OPTIONS))}",
        )
    label = options.get("label")
    if label is not None and not re.fullmatch(r"fig:[\w-]+", str(label)):
        result.add(line, f"block options: label: expected fig:name, got {label!r}")
    return {
        name: "" if value is None else str(value) for name, value in options.items()
    }, "\n".join(lines[count:])


def _formula(result: Scan, text: str, line: int) -> str:
    """Read one line of a formula: its labels and references are noted, and set with it."""
    result.labels += [(label, line) for label in _LABEL.findall(text)]
    result.references += [(label, line) for _, label in _REFERENCE.findall(text)]
    return text


def _prose(result: Scan, text: str, line: int) -> str:
    """Rewrite one line of prose: inline values become slots, references become links to be filled."""
    if _HEADING.match(text):
        result.add(
            line,
            "heading: no formulas in headings, they end up in menus and in the search",
        )
    box = _BOX.match(text)
    if box and box["kind"] not in BOXES:
        result.add(
            line,
            f"unknown box {box['kind']!r}; expected one of {', '.join(sorted(BOXES))}",
        )
    exercise = _EXERCISE.match(text)
    if box and box["kind"] == "exercise" and not exercise:
        result.add(line, 'an exercise has a title: !!! exercise "Title"')
    if exercise:
        result.labels.append((f"ex:@{result.page}:{line}", line))
        count = sum(label.startswith("ex:") for label, _ in result.labels)
        return f"{exercise['indent']}!!! exercise \"<span data-press-exercise='{count}'></span>{exercise['title']}\""
    pieces, at = [], 0
    for span in _SPAN.finditer(text):
        between = _references(result, text[at : span.start()], line)
        inside = (
            _formula(result, span[0], line)
            if span[0][0] == "$"
            else _code_span(result, span, line)
        )
        pieces += [between, inside]
        at = span.end()
    return "".join([*pieces, _references(result, text[at:], line)])


def _code_span(result: Scan, span: re.Match[str], line: int) -> str:
    if len(span["ticks"]) > 1:
        return span[0]
    if not span["code"].startswith("{python}"):
        if _VALUE_LIKE.match(span["code"]):
            result.add(line, f"inline value: expected `{{python}} …`, got {span[0]}")
        return span[0]
    if not span["code"].removeprefix("{python}").strip():
        result.add(line, "inline value: nothing to compute")
    slot = Slot(
        len(result.slots), "value", span["code"].removeprefix("{python}").strip(), line
    )
    result.slots.append(slot)
    return f"<span data-press-slot='{slot.number}'></span>"


def _references(result: Scan, text: str, line: int) -> str:
    if "`{python}" in text:
        result.add(line, "inline value: not closed on its line")

    def link(match: re.Match[str]) -> str:
        command, label = match[1], match[2]
        if (command == "eqref") != label.startswith("eq:"):
            result.add(
                line,
                f"\\{command}{{{label}}}: equations are referred to by \\eqref{{eq:…}}, all else by \\ref",
            )
        result.references.append((label, line))
        return f"<a data-press-ref='{label}'></a>"

    rest = _REFERENCE.sub("", text)
    for command in _COMMAND.findall(rest):
        result.add(line, f"{command} stands outside of a formula")
    return _REFERENCE.sub(link, text)
