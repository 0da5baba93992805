"""What the search index reads of a page, and what it holds of pages that were not built again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from dlbook.press.typesetting.formulas import Formulas

_FIGURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_COLOR = re.compile(r'<span class="[a-z]\w{0,2}">([^<]*)</span>')  # of a word of code


class Search:
    """Material's search index, told page by page; kept as long as the book is served."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Any]] = {}
        self._content = ""
        self._known = 0

    def show(self, page: Page, formulas: Formulas, config: MkDocsConfig) -> None:
        """Before the index reads a page: no figures, code without colors, formulas without delimiters."""
        self._content = page.content or ""
        self._known = len(_entries(config))
        plain = _FIGURE.sub("", formulas.searchable(self._content))
        page.content = _COLOR.sub(r"\1", plain)

    def take_back(self, page: Page, config: MkDocsConfig) -> None:
        """After it has read the page: the page is itself again, and its entries are remembered."""
        page.content = self._content
        self._entries[page.file.src_uri] = _entries(config)[self._known :]

    def complete(self, uris: Iterable[str], config: MkDocsConfig) -> None:
        """Add the entries of pages that were not built again."""
        search: Any = config.plugins.get("material/search")
        if search:
            search.search_index_prev = None  # its own way knows of one page alone
            for uri in uris:
                search.search_index.entries += self._entries[uri]


def _entries(config: MkDocsConfig) -> list[Any]:
    search: Any = config.plugins.get("material/search")
    return search.search_index.entries if search else []
