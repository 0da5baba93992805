"""How a reference looks: pybtex's standard style, with small changes. Loaded only when references are formatted."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from pybtex.backends import html
from pybtex.style.formatting import unsrt
from pybtex.style.template import (
    FieldIsMissing,
    field,
    first_of,
    join,
    node,
    optional,
    sentence,
    tag,
    words,
)

_PARTS = {"article", "incollection", "inproceedings"}  # their titles stand upright


class Style(unsrt.Style):  # type: ignore[misc]  # pybtex is not typed
    """Titles as they are written, `A. Albert, B. Cox and C. Dean` for names, `71(1), 1984, 1–10` for a place.

    DOIs are left to the caller, since pybtex does not escape what an address may hold.
    """

    def __init__(self) -> None:
        super().__init__(abbreviate_names=True)

    def format_names(self, role: str, as_sentence: bool = True) -> Any:
        """The authors or the editors."""
        return sentence[_people(role)] if as_sentence else _people(role)

    def format_title(self, e: Any, which_field: str, as_sentence: bool = True) -> Any:
        """A title: upright for a part of something, in italics for a whole."""
        title = field(which_field)
        title = title if e.type in _PARTS else tag("em")[title]
        return sentence[title] if as_sentence else title

    def get_article_template(self, e: Any) -> Any:
        """Authors, title, journal volume(number), year, pages."""
        issue = first_of[
            optional[" ", field("volume"), optional["(", field("number"), ")"]],
            optional[" no. ", field("number")],
        ]
        return unsrt.toplevel[
            self.format_names("author"),
            self.format_title(e, "title"),
            sentence[
                join[tag("em")[field("journal")], issue],
                field("year"),
                optional[unsrt.pages],
            ],
            sentence[optional[field("note")]],
        ]

    def get_incollection_template(self, e: Any) -> Any:
        """Authors, title, editors, book, publisher, year, pages."""
        return unsrt.toplevel[
            self.format_names("author"),
            self.format_title(e, "title"),
            words[
                "In",
                sentence[
                    optional[self.format_editor(e, as_sentence=False)],
                    tag("em")[field("booktitle")],
                    optional[field("publisher")],
                    field("year"),
                    optional[unsrt.pages],
                ],
            ],
            sentence[optional[field("note")]],
        ]

    get_inproceedings_template = get_incollection_template

    def format_web_refs(self, e: Any) -> Any:
        """Nothing."""
        return ""


@node  # type: ignore[untyped-decorator]  # pybtex is not typed
def _people(children: Any, context: Any, role: str) -> Any:
    persons = context["entry"].persons.get(role)
    if not persons:
        raise FieldIsMissing(role, context["entry"])
    style, others = context["style"], is_others(persons[-1])
    names = [style.format_name(p, True) for p in persons[: -1 if others else None]]
    named = join(sep=", ", sep2=" and ", last_sep=" and ")[names]
    return join[named, " et al." if others else ""].format_data(context)


def is_others(person: Any) -> bool:
    """Whether a name is BibTeX's `and others`."""
    return str(person) == "others"


class Html(html.Backend):  # type: ignore[misc]  # pybtex is not typed
    """HTML without a trace of the braces that protected words."""

    symbols = MappingProxyType({"ndash": "–", "newblock": " ", "nbsp": "\N{NBSP}"})

    def format_protected(self, text: str) -> str:
        """A word in braces is a word."""
        return text
