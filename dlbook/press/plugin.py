"""The MkDocs plugin: what happens to the book, in the order in which MkDocs asks for it.

Before any page is rendered, all of them are read: their labels are numbered, and their code begins to run, in
processes beside this one. Meanwhile Markdown renders the pages and leaves outputs open. When all is there,
outputs, values and references are filled in and formulas are set. Formulas are put into a page last, after the
search index has read it.
"""

from __future__ import annotations

import html
import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import markdown
import markdown_exec
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File

from dlbook.press import assets, scripts
from dlbook.press.book import Book
from dlbook.press.citations.bibliography import BIBLIOGRAPHY, REFERENCES, Bibliography
from dlbook.press.errata import Errata, owner
from dlbook.press.live import pages as live_pages
from dlbook.press.live import runtime
from dlbook.press.notebooks import pages as notebooks
from dlbook.press.play import pages as play_pages
from dlbook.press.problems import Problem
from dlbook.press.rebuilding.rendered import Renderings
from dlbook.press.rebuilding.search import Search
from dlbook.press.rebuilding.serving import Served, digest
from dlbook.press.rebuilding.store import Store
from dlbook.press.running.cache import Cache, packages
from dlbook.press.running.execution import Execution
from dlbook.press.typesetting import cells, folds, fonts, theme
from dlbook.press.typesetting.fill import ERRATA_TABLE, Filler, lost
from dlbook.press.typesetting.formulas import Formulas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_OBJECT = re.compile(r"^::: *(\w+)", re.MULTILINE)
# Fences that are filled with what stands elsewhere, and the places they leave.
_GATHERED = {
    "errata-table": ERRATA_TABLE,
    "references": REFERENCES,
    "bibliography": BIBLIOGRAPHY,
}
_MEGABYTE = 2**20

log = get_plugin_logger(__name__)


class PressConfig(base.Config):
    """The plugin's settings in `mkdocs.yml`."""

    chapters = c.ListOfItems(c.Type(str), default=[])
    """The folders of `docs/` whose pages are numbered as chapters, in the order of the navigation."""

    time_limit = c.Type((int, float), default=60)
    """How many seconds the code of one page may run."""

    pyodide = c.Type(str, default="")
    """The address of another Pyodide for the readers' browsers; by default it is part of the site."""

    slowest = c.Type((bool, int), default=False)
    """Whether to tell how long the code of each page ran."""


class PressPlugin(BasePlugin[PressConfig]):
    """Executes, checks and typesets the book."""

    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember what MkDocs is about: a served book shows its problems, a built one must have none."""
        self.serving = command == "serve"
        self.dirty = dirty
        self.book: Book | None = None
        self.served = Served()
        self.renderings = Renderings()
        self.failed: dict[str, Any] = {}
        self.search = Search()
        logging.getLogger("mkdocs.commands.build").addFilter(_is_not_about_dirt)

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the errata, meet the installed KaTeX, and take over the Python fences."""
        if config.strict and not log.isEnabledFor(logging.WARNING):
            raise PluginError(
                "--quiet silences the warnings that --strict counts: leave out one of them"
            )
        self.root = Path(config.config_file_path).resolve().parent
        self.folder = self.root / ".cache" / "press"
        self.errata = Errata(Path(config.docs_dir) / "errata.toml")
        if not hasattr(self, "formulas"):
            katex = assets.npm_package(self.root, "katex")
            self.formulas = Formulas(
                katex, Store(self.folder / "formulas", 64 * _MEGABYTE)
            )
        self.pages = Store(self.folder / "rendered", 64 * _MEGABYTE)
        self.renderings.begin(self.pages, config)
        markdown_exec.formatters["python"] = self._format
        self.bibliography = Bibliography(
            Path(config.docs_dir) / "references.bib",
            self.root,
            Store(self.folder / "bibliography", _MEGABYTE),
        )
        config.mdx_configs["pymdownx.superfences"]["custom_fences"] += [
            {
                "name": name,
                "class": name,
                "format": lambda *_, place=place, **__: place,
            }
            for name, place in _GATHERED.items()
        ]
        assets.refer(config)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add KaTeX's style, the fonts and the scripts to the site."""
        for file in assets.files(config, self.root):
            files.append(file)
        assets.join_styles(config, files, self.root)
        assets.mend_search(config, files)
        kept = Store(self.folder / "scripts", 16 * _MEGABYTE)
        for name, text in scripts.bundles(self.root, kept).items():
            files.append(File.generated(config, f"assets/js/{name}", content=text))
        for file in runtime.files(
            config, self.root, self.folder / "runtime", self.config.pyodide
        ):
            files.append(file)
        return files

    def on_nav(
        self, nav: Navigation, *, config: MkDocsConfig, files: Files
    ) -> Navigation:
        """Read the book, number it, let its code run, and say which pages have to be built."""
        chapters = [page for page in nav.pages if self._is_chapter(page)]
        numbers = {page.file.src_uri: i for i, page in enumerate(chapters, 1)}
        pages = [file.page for file in files.documentation_pages() if file.page]
        self.book = Book(self.root, pages, numbers, self.book)
        self.problems = list(self.book.problems)
        for uri, found in self.book.scans.items():
            self.problems += self.errata.check(found, owner(uri))
            self.problems += self.bibliography.check(found)
        self.problems += self.bibliography.check_book(
            [
                (found, self.book.pages[uri].url, str(self.book.titles[uri]))
                for uri, found in self.book.scans.items()
            ]
        )
        self._inline_markdown = markdown.Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs
        )
        faces = assets.figure_fonts(self.root, self.folder)
        self.cache = Cache(self.folder, self.root, faces)
        watched = digest(Path(path) for path in config.watch)
        self.execution = Execution(
            self.book.scans.values(), self.cache, self.failed, watched
        )
        self.execution.begin(self.root, faces, self.config.time_limit)
        self._say_what_is_stale(config, files)
        return nav

    def _is_chapter(self, page: Page) -> bool:
        folder, _, name = page.file.src_uri.partition("/")
        return folder in self.config.chapters and name != "index.md"

    def _say_what_is_stale(self, config: MkDocsConfig, files: Files) -> None:
        """Tell MkDocs which pages to build, and bring back what was rendered before."""
        assert self.book
        surroundings = [
            digest([Path(config.config_file_path), Path(__file__).parent]),
            digest([Path(config.docs_dir) / "errata.toml"]),
            packages(),
            sorted((file.src_uri, file.url) for file in files.documentation_pages()),
        ]
        objects = {
            uri: digest(
                self.root / name
                for package in sorted(set(_OBJECT.findall(found.markdown)))
                for name in (package, f"{package}.py")
            )
            for uri, found in self.book.scans.items()
        }
        self.frame = [surroundings, self.book.titles]
        self.made_from = {
            uri: [
                self.book.made_from(uri),
                self.bibliography.made_from(found, self.book.pages[uri].url),
                objects[uri],
                self.execution.outcomes.get(found.page),
            ]
            for uri, found in self.book.scans.items()
        }
        running = {scan.page for scan in self.execution.missing}
        stale = self.served.stale(self.frame, self.made_from)
        stale |= {u for u, found in self.book.scans.items() if found.page in running}
        if self.dirty:
            self.served.mark(files.documentation_pages(), stale)
        else:
            stale = set(self.made_from)
        self.stale = stale
        for uri, page in self.book.pages.items():
            key = [surroundings, uri, self.book.sources[uri], objects[uri]]
            self.renderings.recall(page, json.dumps(key) if uri in stale else None)

    def on_page_markdown(
        self, body: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Hand on a page as it was read; of one that was rendered before, nothing is left to render."""
        assert self.book
        uri = page.file.src_uri
        if body != self.book.bodies[uri]:
            told = "another plugin has changed the text; list it after dlbook-press"
            raise PluginError(f"{uri}: {told}")
        self.current = self.book.scans[uri]
        return self.current.markdown if self.renderings.needs(page) else ""

    @event_priority(-100)
    def on_page_content(
        self, content: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Keep what was rendered, or bring back what was kept."""
        return self.renderings.content(page, content, files)

    def _format(self, *, code: str, extra: dict[str, str], **_: Any) -> str:
        """Lay out an executed block of the page that is being rendered; markdown-exec calls this."""
        slot = self.current.slots[int(extra["slot"])]
        cell = cells.cell(slot)
        return (
            self.errata.box(slot.options["erratum"], cell, self._inline)
            if "erratum" in slot.options
            else cell
        )

    def _inline(self, text: str) -> str:
        """One paragraph of Markdown as HTML, without its `<p>`."""
        return (
            self._inline_markdown.reset()
            .convert(text)
            .removeprefix("<p>")
            .removesuffix("</p>")
        )

    def on_env(
        self, env: Environment, *, config: MkDocsConfig, files: Files
    ) -> Environment:
        """All pages are rendered: fill them with what their code came to, set the formulas, report."""
        assert self.book
        pages = {uri: self.book.pages[uri] for uri in sorted(self.stale)}
        self._set_formulas(pages)  # while the pages' code still runs
        self.execution.finish()
        self.problems += self.execution.problems
        if self.config.slowest:
            self.execution.tell_seconds(log)
        filler = Filler(
            self.book.labels,
            self.errata,
            {owner(uri): page.url for uri, page in self.book.pages.items()},
            self._inline,
            self.bibliography,
        )
        for found in self.book.scans.values():
            outcomes = self.execution.outcomes[found.page]
            self.problems += self.errata.settled(found, outcomes)
            self.problems += live_pages.problems(found, outcomes)
        self.problems += play_pages.problems(
            [(f, self.execution.outcomes[f.page]) for f in self.book.scans.values()],
            Store(self.folder / "play", 4 * _MEGABYTE),
        )
        for uri, page in pages.items():
            found = self.book.scans[uri]
            self.problems += lost(page.content or "", found)
            page.content = filler.fill(
                page.content or "",
                found,
                self.execution.outcomes.get(found.page, []),
                url=page.url,
                chapter=self.book.chapters.get(uri),
            )
        self._set_formulas(pages)
        self.formulas.keep()
        for uri, page in pages.items():
            self.problems += self._about_formulas(uri, page.content or "")
        self._report()
        for uri, page in pages.items():
            page.content = f"{self._told_on(uri)}{page.content or ''}{notebooks.link(self.book, uri)}"
        return env

    def _told_on(self, uri: str) -> str:
        """The problems of a served page, at its top."""
        assert self.book
        name = self.book.scans[uri].page
        told = [str(p) for p in sorted(set(self.problems)) if p.page == name]
        text = html.escape("\n\n".join(told))
        return f'<pre class="press-error press-problems">{text}</pre>' if told else ""

    def _set_formulas(self, pages: Mapping[str, Page]) -> None:
        self.formulas.prepare([p.content or "" for p in pages.values()], self._tag)

    def _about_formulas(self, uri: str, content: str) -> list[Problem]:
        assert self.book
        found, problems = self.book.scans[uri], []
        for label in self.formulas.labels(content):
            if label not in self.book.labels:
                told = f"label {label!r}: a numbered equation stands in $$ on lines of its own"
                problems.append(Problem(found.page, found.line_of(label), told))
        for tex, reason in self.formulas.errors(content, self._tag):
            told = f"formula: {reason}"
            problems.append(Problem(found.page, found.line_of(tex), told))
        return problems

    def _tag(self, label: str) -> str:
        assert self.book
        labels = self.book.labels
        return labels[label].number if label in labels else "?"

    def _report(self) -> None:
        for problem in sorted(set(self.problems)):
            log.error("%s", problem)
        if self.problems and not self.serving:
            count = len(set(self.problems))
            raise PluginError(
                f"the book has {count} problem{'s' * (count > 1)}; each is named above with file and line"
            )

    def _show_to_search(
        self, context: Any, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """The search index reads a page next."""
        self.search.show(page, self.formulas, config)

    def _take_back(
        self, context: Any, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """It has read the page."""
        self.search.take_back(page, config)

    on_page_context = CombinedEvent(
        event_priority(100)(_show_to_search), event_priority(-100)(_take_back)
    )

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the formulas in, now that the search index has read the page."""
        shown = self.formulas.render(theme.settle(output, page), self._tag)
        return folds.put_aside(shown, Path(config.site_dir) / page.file.dest_uri)

    @event_priority(100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Remember what was built, complete the search index with what was not, and clear the store."""
        assert self.book
        faulty = {problem.page for problem in self.problems}
        uris = {u for u, found in self.book.scans.items() if found.page in faulty}
        for uri, found in self.book.scans.items():
            self.made_from[uri][-1] = self.execution.outcomes[found.page]
        self.served.built(self.frame, self.made_from, uris)
        self._write_code(config)
        folder = Path(config.site_dir) / "assets" / "katex" / "fonts"
        faces = assets.katex_fonts(self.root)
        fonts.write(self.formulas.known(), faces, folder, self.folder / "fonts")
        if self.dirty:
            self.search.complete(self.made_from.keys() - self.stale, config)
        self.pages.prune()
        self.cache.prune()

    def _write_code(self, config: MkDocsConfig) -> None:
        """Write what readers need to run the code of the pages, in their browsers or in notebooks."""
        assert self.book
        pages = self.book.pages
        scans = {pages[u].file.dest_uri: s for u, s in self.book.scans.items()}
        made = live_pages.exercises(scans)
        for address, found in scans.items():
            outcomes = self.execution.outcomes[found.page]
            if len(outcomes) == len(found.slots):  # a served page may have a problem
                made |= live_pages.files(found, outcomes, address, self.root)
                made |= play_pages.files(outcomes, address)
        known = self.book, self.execution.outcomes, self.bibliography, self.errata
        made |= notebooks.files(config.site_name, *known)
        for name, text in made.items():
            path = Path(config.site_dir) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def _is_not_about_dirt(record: logging.LogRecord) -> bool:
    """MkDocs warns that a dirty build is inaccurate; here the press sees to it that it is not."""
    return "'dirty' build" not in record.getMessage()
