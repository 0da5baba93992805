"""Prose: paragraphs, headings, the titles of boxes, and displayed formulas.

Inline values become slots; references, citations and numbers become places that are filled when the whole book is
known. Code is passed over, formulas are left to the formula, and what Markdown would show as it was typed is
refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dlbook.press.reading.labels import WORDS, fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlbook.press.reading.scan import Scan

NUMBERED = {"algorithm": "alg", "exercise": "ex", "theorem": "thm"}
BOXES = {
    *NUMBERED,
    "aside",
    "derivation",
    "evidence",
    "hint",
    "listing",
    "note",
    "pitfall",
    "promise",
    "proof",
    "solution",
}

# A line that is a block by itself, and one that begins another item or row after one of its kind.
ALONE = re.compile(r"^[ ]*(?:#{1,6}[ ]|(?:!!!|\?\?\?\+?)[ ]+[\w-])")
ITEM = re.compile(r"^[ \t>]*(?:[-*+][ ]|\d+\.[ ]|\||:[ ]|\[\^[^\]]*\]:)")
_HEADING = re.compile(
    r"^(?P<indent>[ ]*)(?P<marks>#{1,6})[ ]+(?P<title>.*?)(?:[ ]+\{:?[ ]*(?P<attributes>[^}]*?)[ ]*\})?[ ]*$"
)
_BOX = re.compile(
    r"^(?P<opening>[ ]*(?P<marks>!!!|\?\?\?\+?)[ ]+)(?P<kind>[\w-]+)(?P<title>.*)$"
)
_TITLE = re.compile(r'[ ]+"(?P<text>.+)"[ ]*')
_OWN_LABEL = re.compile(r"^[ ]+\\label\{(?P<name>[^}]*)\}[ ]*$")
_UNDERLINE = re.compile(r"^[=-]+[ ]*$")
# As the Markdown extensions read them: code between equal runs of backquotes, formulas between dollars.
_SPAN = re.compile(
    r"(?<!\\)(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|(?<!\\)\$(?!\s)(?:\\.|[^\\$])+?(?<!\s)\$",
    re.DOTALL,
)
_REFERENCE = re.compile(r"\\(?P<command>eqref|ref)\{(?P<label>[^}]*)\}")
_CITATION = re.compile(r"\\(?P<command>citet|cite)\{(?P<keys>[^}]*)\}")
_LABEL = re.compile(r"\\label\{(?P<label>[^}]*)\}")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_VALUE_LIKE = re.compile(r"^\s*\{\s*\w*\s*\}\s*\S")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
_UNSEEN = re.compile(
    r"!\[\s*\][(\[]|<img\b(?![^>]*\balt=(?:\"[^\"]*[^\s\"]|'[^']*[^\s']))"
)


def empty_boxes(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The boxes with nothing inside, by the number of their line from 0: what follows them is not indented."""
    fence = ""
    for i, line in enumerate(lines):
        ticks = re.match(r"\s*(`{3,}|~{3,})", line)
        if ticks and not fence:
            fence = ticks[1]
        elif ticks and fence and line.strip() == fence:
            fence = ""
        box = None if fence else _BOX.match(line)
        if box:
            inside = len(line) - len(line.lstrip()) + 4
            after = next((other for other in lines[i + 1 :] if other.strip()), "")
            if len(after) - len(after.lstrip()) < inside:
                told = f"the box {box['kind']!r} is empty: what it holds is indented by four spaces"
                yield i, told


class Reader:
    """Reads a page's prose, piece by piece, and notes in its scan what it finds.

    Args:
        result: What was found on the page so far.
    """

    def __init__(self, result: Scan) -> None:
        self._result = result
        self._headings: dict[str, int] = {}
        self._box = ("", 0, 0)  # of the last numbered box: kind, label's index, line
        self._exercise: int | None = None  # the label's index of the last one

    def paragraph(self, lines: list[str], line: int) -> str:
        """Rewrite a paragraph; a heading and the title of a box are one, too.

        Args:
            lines: Its lines, with their indentation.
            line: The line of the file on which it starts.
        """
        if heading := _HEADING.match(lines[0]):
            return self._heading(heading, line)
        if box := _BOX.match(lines[0]):
            return self._title(box, line)
        if label := _OWN_LABEL.match(lines[0]):
            self._own_label(label["name"], line)
            return "\n".join(["", self.text("\n".join(lines[1:]), line + 1)])
        if len(lines) > 1 and _UNDERLINE.match(lines[1]):
            told = "a heading is written with #, not underlined"
            self._result.add(line + 1, told)
        return self.text("\n".join(lines), line)

    def display(self, lines: list[str], line: int) -> str:
        """Read a displayed formula; it is left as it stands."""
        text = "\n".join(lines)
        if text.count("$$") % 2 == 0 and not text.rstrip().endswith("$$"):
            told = "a displayed formula ends with its $$; here text follows"
            self._result.add(line + len(lines) - 1, told)
        labels = list(_LABEL.finditer(text))
        for second in labels[1:]:
            told = "a displayed formula has one number; here is a second \\label in one"
            self._result.add(line + text.count("\n", 0, second.start()), told)
        return self._formula(text, line)

    def text(self, text: str, line: int, *, values: bool = True) -> str:
        """Rewrite running text.

        Args:
            text: One or more lines of it.
            line: The line of the file on which it starts.
            values: Whether inline values may stand in it.
        """
        pieces, at = [], 0
        for span in [*_SPAN.finditer(text), None]:
            between = text[at : span.start() if span else len(text)]
            pieces.append(self._between(between, line + text.count("\n", 0, at)))
            if span:
                at = span.end()
                here = line + text.count("\n", 0, span.start())
                pieces.append(
                    self._code(span, here, values)
                    if span["code"]
                    else self._formula(span[0], here)
                )
        return "".join(pieces)

    def name_exercise(self, name: str, line: int) -> None:
        """Give the exercise whose box was opened last the name that its code has."""
        labels = self._result.labels
        label = f"ex:{name}"
        if label in [known for known, _ in labels]:
            return
        if self._exercise is None:
            told = f'exercise {name!r} stands in no box: !!! exercise "Title" opens one'
            self._result.add(line, told)
            labels.append((label, line))
        elif labels[self._exercise][0].startswith("ex:@"):
            labels[self._exercise] = (label, line)
        else:
            told = f"exercise {name!r} needs a box of its own: the last one is {labels[self._exercise][0]!r}"
            self._result.add(line, told)

    def _heading(self, heading: re.Match[str], line: int) -> str:
        title, attributes = heading["title"], heading["attributes"] or ""
        marks, result = heading["marks"], self._result
        if re.search(r"(?<!\\)\$", title):
            told = "heading: no formulas in headings, they end up in menus and in the search"
            result.add(line, told)
        elif (
            "`{python}" in title or _REFERENCE.search(title) or _CITATION.search(title)
        ):
            told = "heading: no values, references or citations in headings, they end up in menus and in the search"
            result.add(line, told)
        else:
            title = self.text(title, line)
        name = next((a[1:] for a in attributes.split() if a.startswith("#")), "")
        anchor = name or re.sub(r"[^\w\s-]", "", title).strip().lower()
        first = self._headings.setdefault(anchor, line)
        if first != line:
            told = f"heading: {title!r} stands already on line {first}, and both would have one anchor"
            result.add(line, told)
        section = marks == "##" and not heading["indent"]
        if marks == "##" and heading["indent"]:
            result.add(
                line, "heading: a section cannot stand inside of a box or a list"
            )
        kind = name.split(":")[0]
        if ":" in name and kind in WORDS and not (section and kind == "sec"):
            told = f"label {name!r}: only a section, `## Title {{#sec:name}}`, has a number to refer to"
            result.add(line, told)
        elif section:
            place = f'data-press-title="{len(result.labels)}"'
            label = name if kind == "sec" else f"sec:@{result.page}:{line}"
            result.labels.append((label, line))
            attributes = f"{attributes} {place}".strip()
        ending = f" {{{attributes}}}" if attributes else ""
        return f"{heading['indent']}{marks} {title}{ending}"

    def _title(self, box: re.Match[str], line: int) -> str:
        kind, result = box["kind"], self._result
        if kind not in BOXES:
            told = f"unknown box {kind!r}; expected one of {', '.join(sorted(BOXES))}"
            result.add(line, told)
        title = _TITLE.fullmatch(box["title"])
        if box["title"].strip() and not title:
            told = f"box: expected a title in quotes, got {box['title'].strip()}"
            result.add(line, told)
        if kind not in NUMBERED:
            return box["opening"] + kind + self.text(box["title"], line)
        if not title or box["marks"] != "!!!":
            article = "a" if kind == "theorem" else "an"
            result.add(line, f'{article} {kind} has a title: !!! {kind} "Title"')
        index = len(result.labels)
        result.labels.append((f"{NUMBERED[kind]}:@{result.page}:{line}", line))
        self._box = (kind, index, line)
        if kind == "exercise":
            self._exercise = index
        text = self.text(title["text"], line) if title else ""
        return (
            f"{box['opening']}{kind} \"<span data-press-title='{index}'></span>{text}\""
        )

    def _own_label(self, name: str, line: int) -> None:
        """The first line in a numbered box may give it a name."""
        kind, index, opened = self._box
        between = self._result.lines[opened : line - 1]
        if not kind or any(text.strip() for text in between):
            told = f"label {name!r}: expected on the first line of {' or '.join(sorted(NUMBERED))}"
            self._result.add(line, told)
        elif not fits(name, NUMBERED[kind]):
            told = f"label: expected {NUMBERED[kind]}:name, got {name!r}"
            self._result.add(line, told)
        else:
            self._result.labels[index] = (name, line)

    def _code(self, span: re.Match[str], line: int, values: bool) -> str:
        code, result = span["code"], self._result
        if len(span["ticks"]) > 1:
            return span[0]
        if not code.startswith("{python}"):
            if _VALUE_LIKE.match(code):
                told = f"inline value: expected `{{python}} …`, got {span[0]}"
                result.add(line, told)
            return span[0]
        code = code.removeprefix("{python}").strip()
        if not values:
            result.add(line, "inline value: none in the reasons of a derivation")
        if not code:
            result.add(line, "inline value: nothing to compute")
        if "\n" in code:
            result.add(line, "inline value: not closed on its line")
        if not values or not code or "\n" in code:
            return span[0]
        return (
            f"<span data-press-slot='{result.slot('value', code, line).number}'></span>"
        )

    def _formula(self, text: str, line: int) -> str:
        """A formula's labels and references are noted, and set with it."""
        for kind, found in (("label", _LABEL), ("eqref", _REFERENCE)):
            for match in found.finditer(text):
                name = match["label"]
                here = line + match.string.count("\n", 0, match.start())
                if name.split(":")[0] != "eq" or not match[0].startswith(f"\\{kind}"):
                    told = f"{match[0]}: in a formula there are only \\label{{eq:…}} and \\eqref{{eq:…}}"
                    self._result.add(here, told)
                elif kind == "label":
                    self._result.labels.append((name, here))
                else:
                    self._result.references.append((name, here))
        return text

    def _between(self, text: str, line: int) -> str:
        """What stands between code and formulas."""
        result = self._result

        def refuse(pattern: str | re.Pattern[str], told: str, within: str) -> None:
            for match in re.finditer(pattern, within):
                here = line + within.count("\n", 0, match.start())
                result.add(here, told.format(match[0]))

        def reference(match: re.Match[str]) -> str:
            name, here = (
                match["label"],
                line + match.string.count("\n", 0, match.start()),
            )
            if (match["command"] == "eqref") != name.startswith("eq:"):
                told = f"{match[0]}: equations are referred to by \\eqref{{eq:…}}, all else by \\ref"
                result.add(here, told)
            result.references.append((name, here))
            return f"<a data-press-ref='{name}'></a>"

        def citation(match: re.Match[str]) -> str:
            here = line + match.string.count("\n", 0, match.start())
            keys = [key.strip() for key in match["keys"].split(",")]
            if not all(re.fullmatch(r"[\w-]+", key) for key in keys):
                told = f"{match[0]}: expected keys of the bibliography, such as cox1958"
                result.add(here, told)
                return match[0]
            result.citations += [(key, here) for key in keys]
            textual = int(match["command"] == "citet")
            return f"<a data-press-cite='{','.join(keys)}' data-press-textual='{textual}'></a>"

        refuse(r"`\{python\}", "inline value: not closed on its line", text)
        refuse(_LABEL, "{} stands neither in a formula nor at the head of a box", text)
        rest = text
        for known in (_LABEL, _REFERENCE, _CITATION):  # blanks of the same length
            rest = known.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), rest)
        refuse(_COMMAND, "{} stands outside of a formula", rest)
        told = (
            "a dollar sign that belongs to no formula; one that is meant is written \\$"
        )
        refuse(r"\$", told, re.sub(r"\\[^\n]", "  ", rest))
        refuse(_UNFINISHED, "{} stands in the text", rest)
        refuse(_UNSEEN, "an image without a description: ![description](file)", rest)
        return _CITATION.sub(citation, _REFERENCE.sub(reference, text))
