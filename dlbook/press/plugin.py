"""The MkDocs plugin: what happens to a page, in the order in which MkDocs asks for it.

While pages are rendered, their code is laid out and its output left open. When all pages are there, their
code runs, outputs, values and references are filled in, and formulas are set. Formulas are put into a page
last, after the search index has read it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import markdown
import markdown_exec
from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger

from dlbook.press import assets, cells, workers
from dlbook.press.errata import Errata
from dlbook.press.fill import ERRATA_TABLE, Filler, lost
from dlbook.press.formulas import Formulas
from dlbook.press.labels import Labels
from dlbook.press.problems import Problem
from dlbook.press.scan import Scan, scan

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

log = get_plugin_logger(__name__)


class PressConfig(base.Config):
    """The plugin's settings in `mkdocs.yml`."""

    chapters = c.ListOfItems(c.Type(str), default=[])
    """The folders of `docs/` whose pages are numbered as chapters, in the order of the navigation."""


class PressPlugin(BasePlugin[PressConfig]):
    """Executes, checks and typesets the book."""

    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember what MkDocs is about: a served book shows its problems, a built one must have none."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the errata, meet the installed KaTeX, and take over the Python fences."""
        if config.strict and not log.isEnabledFor(logging.WARNING):
            raise PluginError(
                "--quiet silences the warnings that --strict counts: leave out one of them"
            )
        self.root = Path(config.config_file_path).resolve().parent
        self.cache = self.root / ".cache" / "press"
        self.errata = Errata(Path(config.docs_dir) / "errata.toml")
        self.formulas = Formulas(
            assets.npm_package(self.root, "katex"), self.cache / "formulas.json"
        )
        markdown_exec.formatters["python"] = self._format
        config.mdx_configs["pymdownx.superfences"]["custom_fences"].append(
            {
                "name": "errata-table",
                "class": "errata-table",
                "format": lambda *_, **__: ERRATA_TABLE,
            }
        )
        if "assets/katex/katex.min.css" not in config.extra_css:
            config.extra_css.insert(0, "assets/katex/katex.min.css")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add KaTeX's style and the fonts to the site."""
        for file in assets.files(config, self.root):
            files.append(file)
        return files

    def on_nav(
        self, nav: Navigation, *, config: MkDocsConfig, files: Files
    ) -> Navigation:
        """Number the chapters; begin a new book."""
        chapters = [page for page in nav.pages if self._is_chapter(page)]
        self.chapters = {page.file.src_uri: i for i, page in enumerate(chapters, 1)}
        self.scans: dict[str, Scan] = {}
        self.labels = Labels()
        self.problems: list[Problem] = []
        self._inline_markdown = markdown.Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs
        )
        return nav

    def _is_chapter(self, page: Page) -> bool:
        folder, _, name = page.file.src_uri.partition("/")
        return folder in self.config.chapters and name != "index.md"

    def on_page_markdown(
        self, body: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Read a page: number its slots, register its labels, refuse what is not known."""
        found = scan(self._name(page), page.file.content_string, body)
        self.current = self.scans[page.file.src_uri] = found
        self.problems += found.problems
        self.problems += self.labels.add_page(
            found, self.chapters.get(page.file.src_uri), page.url
        )
        self.problems += self.errata.check(found, Path(page.file.src_uri).stem)
        return found.markdown

    def _name(self, page: Page) -> str:
        path = Path(page.file.abs_src_path or page.file.src_uri)
        return (
            path.relative_to(self.root).as_posix()
            if path.is_relative_to(self.root)
            else page.file.src_uri
        )

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
        """All pages are rendered: run their code, fill them, set the formulas, report."""
        pages = [
            file.page for file in files.documentation_pages() if file.page is not None
        ]
        for found in self.scans.values():
            self.problems += self.labels.check(found)
        fonts = assets.figure_fonts(self.root, self.cache)
        outcomes, problems = workers.run_pages(
            list(self.scans.values()), str(self.root), fonts
        )
        self.problems += problems
        self.problems += [
            o.problem for results in outcomes.values() for o in results if o.problem
        ]
        filler = Filler(
            self.labels,
            self.errata,
            {Path(page.file.src_uri).stem: page.url for page in pages},
            self._inline,
        )
        for page in pages:
            found = self.scans[page.file.src_uri]
            self.problems += lost(page.content or "", found)
            page.content = filler.fill(
                page.content or "",
                found,
                outcomes.get(found.page, []),
                url=page.url,
                chapter=self.chapters.get(page.file.src_uri),
            )
        self.formulas.prepare([page.content or "" for page in pages], self._tag)
        for page in pages:
            found = self.scans[page.file.src_uri]
            for label in self.formulas.labels(page.content or ""):
                if label not in self.labels:
                    told = f"label {label!r}: a numbered equation stands in $$ on lines of its own"
                    self.problems.append(
                        Problem(found.page, found.line_of(label), told)
                    )
            for tex, reason in self.formulas.errors(page.content or "", self._tag):
                self.problems.append(
                    Problem(found.page, found.line_of(tex), f"formula: {reason}")
                )
        self._report()
        return env

    def _tag(self, label: str) -> str:
        return self.labels[label].number if label in self.labels else "?"

    def _report(self) -> None:
        for problem in sorted(set(self.problems)):
            log.error("%s", problem)
        if self.problems and not self.serving:
            count = len(set(self.problems))
            raise PluginError(
                f"the book has {count} problem{'s' * (count > 1)}; each is named above with file and line"
            )

    def _for_search(self, context: Any, /, *, page: Page, **_: Any) -> None:
        """Before the search index reads a page: take the delimiters off its formulas."""
        self.content = page.content or ""
        page.content = self.formulas.searchable(self.content)

    def _for_readers(self, context: Any, /, *, page: Page, **_: Any) -> None:
        """After it has read the page: put them back."""
        page.content = self.content

    on_page_context = CombinedEvent(
        event_priority(100)(_for_search), event_priority(-100)(_for_readers)
    )

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the formulas in, now that the search index has read the page."""
        return self.formulas.render(output, self._tag)
