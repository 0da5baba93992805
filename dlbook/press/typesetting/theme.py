"""What the theme's page has too much of, or too little, for chapters as long as these."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r'<script(?= src="[^"]*/javascripts/bundle\.)')
_CONTENT = ' data-md-component="content"'
_FOLD = re.compile(r"<details\b|</details>|</summary>")
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)


def settle(page: str) -> str:
    """A page of the theme that is shown before its script has run, and does not measure what nobody sees.

    The theme's script measures every code block, folded ones too, each by a layout of its own: a second for a chapter.
    So it is kept from the content. What it did there is done here and in `reading.js`: wide tables scroll, a link into
    a fold opens it, and on paper all folds are open.
    """
    page = _SCRIPT.sub("<script defer", page)
    page = page.replace(_CONTENT, "", 1)
    page = _TABLE.sub(
        r'<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>\1</table></div></div>',
        page,
    )
    return _put_aside(page)


def _put_aside(page: str) -> str:
    """What outermost folds hold, as text that a browser with scripts reads only when the fold is opened.

    In `<noscript>` it is an ordinary part of the page for a browser without scripts, and one piece of text for the
    others: two thirds of a chapter's elements need not be made before somebody wants them.
    """
    made, at, depth, is_aside = [], 0, 0, False
    for found in _FOLD.finditer(page):
        mark = found[0]
        if mark.startswith("<details"):
            depth += 1
        elif mark == "</summary>" and depth == 1 and not is_aside:
            made += [page[at : found.end()], "<noscript>"]
            at, is_aside = found.end(), True
        elif mark == "</details>":
            depth -= 1
            if depth == 0 and is_aside:
                made += [page[at : found.start()], "</noscript>"]
                at, is_aside = found.start(), False
    return "".join([*made, page[at:]])
