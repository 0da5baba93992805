"""Pages as Markdown rendered them, kept between builds with all that rendering them told the rest of the site.

The places for outputs are still open in them, so a page is rendered anew only when its own text changes, or
something that rendering reads: the configuration, the addresses of the pages, an installed package, and, where
mkdocstrings shows objects, the library.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from mkdocs.structure.toc import get_toc

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.structure.toc import AnchorLink

    from dlbook.press.rebuilding.store import Store


class Renderings:
    """The pages as they were last rendered, by their sources; kept as long as the book is served."""

    def __init__(self) -> None:
        self._pages: dict[str, Rendered] = {}
        self._brought_back: set[str] = set()
        self._keys: dict[str, str] = {}

    def begin(self, store: Store, config: MkDocsConfig) -> None:
        """A new build begins."""
        self._store = store
        self._config = config
        self._listener = _Listener(config)
        self._brought_back.clear()

    def recall(self, page: Page, key: str | None) -> None:
        """Bring back what is known of a page, and tell the rest of the site.

        Args:
            page: The page.
            key: What rendering reads; None if the page is not built at all this time.
        """
        uri = page.file.src_uri
        if key is not None:
            self._keys[uri] = key
            data = self._store.get(key)
            if not data:
                return
            self._pages[uri] = Rendered(**data)
            self._brought_back.add(uri)
        self._pages[uri].announce(page, self._config)

    def needs(self, page: Page) -> bool:
        """Whether a page has to be rendered; if so, it is next."""
        self._listener.begin()
        return page.file.src_uri not in self._brought_back

    def content(self, page: Page, content: str, files: Files) -> str:
        """A page's HTML: that which was just rendered, and is kept if no warning was given, or that which is known."""
        uri = page.file.src_uri
        if uri in self._brought_back:
            return self._pages[uri].restore(page, files)
        page.content = content
        new = Rendered.from_page(page, self._listener.anchors, self._config)
        self._pages[uri] = new
        if not self._listener.warned:
            self._store.put(self._keys[uri], asdict(new))
        return content


@dataclass
class Rendered:
    """One page.

    Args:
        title: Its title, from the first heading or the front matter.
        content: Its HTML.
        toc: Its table of contents, as the Markdown extension writes it.
        ids: The anchors that links may go to.
        links: From another page's source to the anchors there that this page links to, each with the link as written.
        anchors: What autorefs was told: the arguments of `register_anchor`.
        objects: The entries of the inventory of objects that stand on this page.
    """

    title: str
    content: str = ""
    toc: list[Any] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    anchors: list[dict[str, Any]] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def from_page(
        cls, page: Page, anchors: list[dict[str, Any]], config: MkDocsConfig
    ) -> Rendered:
        """What was made of a page that has just been rendered."""
        links = page.links_to_anchors or {}
        return cls(
            title=page.title or "",
            content=page.content or "",
            toc=[_token(item) for item in page.toc],
            ids=sorted(page.present_anchor_ids or ()),
            links={file.src_uri: dict(found) for file, found in links.items()},
            anchors=anchors,
            objects=[
                {key: getattr(item, key) for key in _OBJECT}
                for item in _inventory(config).values()
                if item.uri.partition("#")[0] == page.url
            ],
        )

    def announce(self, page: Page, config: MkDocsConfig) -> None:
        """Tell the rest of the site what rendering the page would have told it."""
        if "title" not in vars(page):  # the navigation may have named it
            page.title = self.title
        autorefs: Any = config.plugins.get("autorefs")
        for anchor in self.anchors if autorefs else ():
            autorefs.register_anchor(page, **anchor)
        if self.objects:
            mkdocstrings: Any = config.plugins["mkdocstrings"]
            mkdocstrings.get_handler("python")  # brings its style sheet
            for item in self.objects:
                mkdocstrings.handlers.inventory.register(**item)

    def restore(self, page: Page, files: Files) -> str:
        """Make the page what rendering would have made it; returns its HTML."""
        page.toc = get_toc(self.toc)
        page.present_anchor_ids = set(self.ids)
        targets = {files.get_file_from_path(uri): v for uri, v in self.links.items()}
        page.links_to_anchors = {file: v for file, v in targets.items() if file}
        return self.content


_OBJECT = ("name", "domain", "role", "uri", "priority", "dispname")


def _inventory(config: MkDocsConfig) -> Any:
    mkdocstrings: Any = config.plugins.get("mkdocstrings")
    return mkdocstrings.handlers.inventory if mkdocstrings else {}


def _token(item: AnchorLink) -> dict[str, Any]:
    children = [_token(child) for child in item.children]
    return {
        "level": item.level,
        "id": item.id,
        "name": item.title,
        "children": children,
    }


class _Listener(logging.Handler):
    """Hears whether rendering a page gave a warning, and what it told autorefs: neither can be asked for afterwards."""

    def __init__(self, config: MkDocsConfig) -> None:
        super().__init__(logging.WARNING)
        self.begin()
        logger = logging.getLogger("mkdocs")
        for other in [h for h in logger.handlers if isinstance(h, _Listener)]:
            logger.removeHandler(other)  # that of the build before
        logger.addHandler(self)
        autorefs: Any = config.plugins.get("autorefs")
        if autorefs:
            register = autorefs.register_anchor

            def listen(
                page: Page,
                identifier: str,
                anchor: str | None = None,
                *,
                title: str | None = None,
                primary: bool = True,
            ) -> None:
                told = {"identifier": identifier, "anchor": anchor}
                self.anchors.append({**told, "title": title, "primary": primary})
                register(page, identifier, anchor, title=title, primary=primary)

            autorefs.register_anchor = listen

    def begin(self) -> None:
        """A new page."""
        self.warned = False
        self.anchors: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """A warning was given."""
        self.warned = True
