"""What the theme's page has too much of, or too little, for chapters as long as these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

# What no page has, and the theme's style sheet speaks of: a quarter of it, which a first view would wait for.
_WITHOUT = """critic key- tabbed- task-list md-author md-banner md-button md-clipboard md-consent
 md-draft md-feedback md-input md-meta md-post md-profile md-select md-social md-source-file md-tabs"""
_PARTS = "|".join(_WITHOUT.split())
_STYLED = re.compile(rf"\.(?:{_PARTS})|\[dir=rtl\]")
_SHOWN = re.compile(rf'<\w[^<>]* (class="(?:[^"]* )?(?:{_PARTS})[^"]*"|dir="rtl")')
_RULE = re.compile(r"(?<=[{};])([^{}@;]+)\{[^{}]*\}")
_COMMA = re.compile(r",(?![^(]*\))")
_SCRIPT = re.compile(r'<script(?= src="[^"]*/javascripts/bundle\.)')
_SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*assets/stylesheets/[^"]*">')
_CONTENT = ' data-md-component="content"'
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_CODE = re.compile(r"(<pre>(?:<span></span>)?<code)>(.*?)(?=</code></pre>)", re.DOTALL)


def settle(output: str, page: Page) -> str:
    """A page of the theme that is shown before its script has run, and does not measure what nobody sees.

    The theme's script measures every code block, folded ones too, each by a layout of its own: a second for a chapter.
    So it is kept from the content. What it did there is done here and in `folds.js`: wide tables scroll, a link into a
    fold opens it, and on paper all folds are open.

    The theme's style sheets are part of the one that `assets.py` makes; a page names that alone.

    Code and tables carry how many lines and rows they have, so that their height is known before they are laid out.

    Raises:
        PluginError: If it shows a part of the theme whose style was left out.
    """
    if shown := _SHOWN.search(output):
        raise PluginError(
            f"{page.file.src_uri} has {shown[1]}, whose style is left out: take that part off the list in {__name__}"
        )
    output = _SCRIPT.sub("<script defer", output)
    output = _SHEET.sub("", output)
    output = output.replace(_CONTENT, "", 1)
    output = _TABLE.sub(_scrolled, output)
    return _CODE.sub(_counted, output)


def trim(style: str) -> str:
    """The theme's style sheet without the rules of parts that no page has."""

    def kept(rule: re.Match[str]) -> str:
        selectors = _COMMA.split(rule[1])
        left = [each for each in selectors if not _STYLED.search(each)]
        return rule[0].replace(rule[1], ",".join(left), 1) if left else ""

    return _RULE.sub(kept, style)


def _scrolled(table: re.Match[str]) -> str:
    return (
        f'<div class="md-typeset__scrollwrap" style="--rows:{table[1].count("<tr")}"><div class="md-typeset__table">'
        f"<table>{table[1]}</table></div></div>"
    )


def _counted(code: re.Match[str]) -> str:
    lines = code[2].removesuffix("\n").count("\n") + 1
    return f'{code[1]} style="--lines:{lines}">{code[2]}'
