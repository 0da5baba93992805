"""What a page's folds hold lies in a file beside the page, so that a reader waits only for what the page shows.

Two thirds of a chapter are folded. The file is a page of its own: a browser without scripts follows a link to it, and
`folds.js` takes the parts from it when they are wanted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FOLD = re.compile(r"<details\b[^>]*>|</details>|</summary>")
# What the file has in common with the page.
_FRAME = {
    "title": re.compile(r"(?<=<title>).*?(?=</title>)", re.DOTALL),
    "style": re.compile(r'<link rel="stylesheet" href="[^"]*">'),
    "body": re.compile(r"<body\b[^>]*>"),
}
_PART = """<!--fold-->
<details id="fold-{number}" open><summary>Part {number}</summary><!--from-->{part}<!--to-->
</details>"""
# From a disk no script may read another file; there, this page tells the one that has it in a frame.
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<base href="{page}">{style}
<title>{title}: what is folded</title></head>
{body}
<main class="md-content"><article class="md-content__inner md-typeset">
<h1>What is folded on <a href="{page}">{title}</a></h1>
{parts}
</article></main>
<script>if (parent !== window) parent.postMessage(document.querySelector("article").innerHTML, "*");</script>
</body></html>
"""


def put_aside(page: str, file: Path) -> str:
    """A page whose closed folds are links to their contents, which are written beside it.

    Args:
        page: The page's HTML.
        file: Where the page will stand.
    """
    aside = file.with_suffix(".folds.html")
    page, parts = _taken(page, aside.name)
    if parts:
        frame = {name: mark.findall(page)[0] for name, mark in _FRAME.items()}
        aside.parent.mkdir(parents=True, exist_ok=True)
        text = _PAGE.format(
            page=file.name,
            parts="\n".join(
                _PART.format(number=i, part=p) for i, p in enumerate(parts)
            ),
            **frame,
        )
        aside.write_text(text, encoding="utf-8")
    else:
        aside.unlink(missing_ok=True)
    return page


def _taken(page: str, aside: str) -> tuple[str, list[str]]:
    """A page without what its outermost closed folds hold, and that."""
    made: list[str] = []
    parts: list[str] = []
    at = depth = 0
    begun = None
    for found in _FOLD.finditer(page):
        mark = found[0]
        if mark.startswith("<details"):
            depth += 1
            is_closed = not re.search(r"\sopen\b", mark)
        elif mark == "</summary>":
            if depth == 1 and is_closed:
                begun = found.end()
        else:
            depth -= 1
            if depth == 0 and begun is not None:
                link = f'<a href="{aside}#fold-{len(parts)}">What is folded here</a>'
                made += [page[at:begun], f"<noscript><p>{link}</p></noscript>"]
                parts.append(page[begun : found.start()])
                at, begun = found.start(), None
    return "".join([*made, page[at:]]), parts
