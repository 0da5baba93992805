"""What of a page a reader reads as prose: its Markdown with everything else blanked, place for place.

Paragraphs, lists, tables, titles, captions, alt texts and a derivation's reasons are prose. Code, formulas, links,
attributes, citations and the list of references are not; the formulas and the executed code are handed out beside it.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

REFERENCES = (
    "Where it comes from"  # the section whose list holds years, volumes and pages
)
DESCRIPTIONS = ("caption", "alt")

_FENCE = re.compile(r"^[ \t]*(?P<ticks>`{3,}|~{3,})[ ]*(?P<info>[^`]*)$")
_EXECUTED = re.compile(r"python\b.*\b(?:exec|exercise)=")
_OPTION = re.compile(r"[ \t]*#\|(?: ?(?P<name>\w+):(?=\s|$))?")
_HEADING = re.compile(r"#{1,6} +(?P<title>.*?)\s*(?:\{.*\})?$")
_NO_PROSE = re.compile(
    r"""
    (?<!`)(?P<ticks>`+)(?!`)(?P<code>(?:(?!\n[ ]*\n).)+?)(?<!`)(?P=ticks)(?!`)     # code
    | (?<!\\)\$\$(?P<display>.+?)\$\$                                             # formulas
    | (?<![\\$])\$(?P<inline>[^$\s](?:(?:(?!\n[ ]*\n)[^$])*[^$\s])?)\$
    | <!--.*?--> | </?[A-Za-z][^<>]*>                                             # HTML
    | \]\((?:[^()\n]|\([^()\n]*\))*\) | \]\[[^\]\n]*\] | https?://\S+ | \bdoi:\S+ # links
    | \\[a-z]+(?:\[[^\]]*\])*\{[^}]*\}                                            # citations, references
    | \{[:#.][^}\n]*\}                                                            # attributes
    | \b(?:[Ff]igure|[Ee]xercise|[Ee]quation|[Cc]hapter|[Ss]ection|[Tt]able|[Pp]art)s?[ ]\d[\d.]*\b
    | (?m:^[ \t>]*\d+[.)](?=[ ]))                                                 # list markers
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass
class Prose:
    """A text, and what of it is prose.

    Args:
        text: The Markdown.
        shown: The same with blanks where no prose is; every character that is left stands where it stood.
        formulas: Where each formula starts, and its TeX.
        code: The executed code: fences and inline values.
        figures: For each fence with a caption or an alt text: where it starts and ends, and its code.
    """

    text: str
    shown: str = ""
    formulas: list[tuple[int, str]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    figures: list[tuple[int, int, str]] = field(default_factory=list)


def prose(text: str) -> Prose:
    """Read a page's Markdown (or any piece of Markdown)."""
    result = Prose(text)

    def blank(match: re.Match[str]) -> str:
        if match["code"] and match["code"].startswith("{python}"):
            result.code.append(match["code"].removeprefix("{python}").strip())
        for name in ("display", "inline"):
            if match[name]:
                result.formulas.append((match.start(name), match[name]))
        return re.sub(r"[^\n]", "\0", match[0])  # no blank: what is beside stays apart

    result.shown = _NO_PROSE.sub(blank, _without_fences(result))
    return result


def _without_fences(result: Prose) -> str:
    """The text without fences (captions and alt texts stay) and without the list of references."""
    lines = result.text.split("\n")
    out: list[str] = []
    at, references, item = 0, False, False
    while len(out) < len(lines):
        line = lines[len(out)]
        fence = _FENCE.match(line)
        heading = _HEADING.match(line)
        if fence:
            kept = _fence(result, lines[len(out) :], fence, at)
        else:
            references = heading["title"] == REFERENCES if heading else references
            item = line.startswith(("- ", "* ")) or (item and line.startswith("  "))
            kept = [" " * len(line) if references and item else line]
        out += kept
        at += sum(len(text) + 1 for text in kept)
    return "\n".join(out)


def _fence(
    result: Prose, lines: list[str], fence: re.Match[str], start: int
) -> list[str]:
    ticks = fence["ticks"]
    closing = re.compile(rf"[ \t]*{re.escape(ticks[0])}{{{len(ticks)},}}[ \t]*$")
    ends = (i for i, line in enumerate(lines[1:], 1) if closing.match(line))
    end = next(ends, len(lines) - 1)
    kept = [" " * len(line) for line in lines[: end + 1]]
    info = fence["info"].strip()
    if info.startswith("derivation"):
        for i, line in enumerate(lines[1:end], 1):
            reason = line.find(" # ") + 3
            kept[i] = " " * reason + line[reason:] if reason > 2 else kept[i]
    if not _EXECUTED.match(info):
        return kept
    code = textwrap.dedent("\n".join(lines[1:end]))
    result.code.append(code)
    name = ""
    for i, line in enumerate(lines[1:end], 1):
        option = _OPTION.match(line)
        if not option:
            break
        name = option["name"] or name
        if name in DESCRIPTIONS:
            kept[i] = " " * option.end() + line[option.end() :]
    if name:
        length = sum(len(line) + 1 for line in kept)
        result.figures.append((start, start + length, code))
    return kept
