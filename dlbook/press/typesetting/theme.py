"""What the theme's page has too much of, or too little, for chapters as long as these."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r'<script(?= src="[^"]*/javascripts/bundle\.)')
_SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*assets/stylesheets/[^"]*">')
_CONTENT = ' data-md-component="content"'
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_CODE = re.compile(r"(<pre>(?:<span></span>)?<code)>(.*?)(?=</code></pre>)", re.DOTALL)


def settle(page: str) -> str:
    """A page of the theme that is shown before its script has run, and does not measure what nobody sees.

    The theme's script measures every code block, folded ones too, each by a layout of its own: a second for a chapter.
    So it is kept from the content. What it did there is done here and in `folds.js`: wide tables scroll, a link into a
    fold opens it, and on paper all folds are open.

    The theme's style sheets are part of the one that `assets.py` makes; a page names that alone.

    Code and tables carry how many lines and rows they have, so that their height is known before they are laid out.
    """
    page = _SCRIPT.sub("<script defer", page)
    page = _SHEET.sub("", page)
    page = page.replace(_CONTENT, "", 1)
    page = _TABLE.sub(_scrolled, page)
    return _CODE.sub(_counted, page)


def _scrolled(table: re.Match[str]) -> str:
    return (
        f'<div class="md-typeset__scrollwrap" style="--rows:{table[1].count("<tr")}"><div class="md-typeset__table">'
        f"<table>{table[1]}</table></div></div>"
    )


def _counted(code: re.Match[str]) -> str:
    lines = code[2].removesuffix("\n").count("\n") + 1
    return f'{code[1]} style="--lines:{lines}">{code[2]}'
