"""A made-up book in a folder of its own, and what builds it: the press, plain markdown-exec, or nothing."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from mkdocs.utils.yaml import yaml_load

from benchmarks.book.dialects import CONTESTANTS, markdown
from benchmarks.book.generate import Page, pages

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "OPENBLAS_NUM_THREADS": "1"}
PLUGINS = {
    "press": ("search", "markdown-exec", "dlbook-press"),
    "plain": ("search", "markdown-exec"),
    "nothing": ("search",),
}
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Book:
    """A book that was written into a folder."""

    folder: Path
    pages: list[Page]

    def build(self, contestant: str) -> float:
        """Build the book in a fresh process, strictly; returns the seconds that it took.

        Raises:
            RuntimeError: If the build fails; says how.
        """
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        started = perf_counter()
        run = subprocess.run(
            [*command, "--config-file", f"{contestant}.yml"],
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = perf_counter() - started
        if run.returncode != 0:
            raise RuntimeError(f"the build by {contestant} failed:\n{run.stderr}")
        return seconds

    def forget(self) -> None:
        """Remove what the press remembers from one build to the next."""
        shutil.rmtree(self.folder / ".cache", ignore_errors=True)

    def verify(self) -> None:
        """Look whether the built sites show the same book.

        Raises:
            ValueError: If they do not; names the page.
        """
        for page in self.pages:
            built = Path(page.file).with_suffix(".html")
            sites = {
                name: (self.folder / f"site-{name}" / built).read_text(encoding="utf-8")
                for name in CONTESTANTS
            }
            press, plain = shown(sites["press"], page), shown(sites["plain"], page)
            if press != plain:
                raise ValueError(f"{page.file}: the press: {press}\nplain: {plain}")
            formulas = sites["nothing"].count('class="arithmatex"')
            listings = sites["nothing"].count('<div class="language-python highlight">')
            if (formulas, listings) != (page.formulas, len(page.blocks)):
                told = (
                    f"{formulas} formulas and {listings} listings with nothing executed"
                )
                raise ValueError(f"{page.file}: {told}")


def shown(built: str, page: Page) -> list[str]:
    """The text outputs of a built page.

    Args:
        built: Its HTML.
        page: What it should show.

    Raises:
        ValueError: If a formula, a figure or an output is missing, or the press reports an error.
    """
    outputs = re.findall(
        r'<pre class="press-text">(.*?)</pre>'
        r'|<div class="language-text highlight"><pre>(.*?)</pre>',
        built,
        re.DOTALL,
    )
    formulas = built.count('<span class="katex">')
    figures = len(re.findall(r"<svg [^>]*viewBox[^>]*(?:role=\"img\"|version=)", built))
    wanted_figures = sum(bool(block.label) for block in page.blocks)
    got = formulas, figures, len(outputs), built.count("press-error")
    wanted = page.formulas, wanted_figures, len(page.blocks) - wanted_figures, 0
    if got != wanted:
        told = f"formulas, figures, outputs, errors: expected {wanted}, got {got}"
        raise ValueError(f"{page.file}: {told}")
    return [html.unescape(_TAG.sub("", "".join(texts))).strip() for texts in outputs]


def generate(folder: Path, count: int = 80) -> Book:
    """Write a made-up book: its pages in each contestant's Markdown, its configurations, and what they need.

    Args:
        folder: Where to; it need not exist.
        count: How many pages.
    """
    book = Book(folder, pages(count))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    # a copy: it can be edited, and stays as it is while the book is built again and again
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "dlbook", folder / "dlbook", ignore=ignored)
    for name in ("plain_hook.py", "katex_one_by_one.cjs"):
        shutil.copy(Path(__file__).with_name(name), folder)
    for contestant in CONTESTANTS:
        docs = folder / f"docs-{contestant}"
        shutil.copytree(ROOT / "docs" / "assets", docs / "assets")
        (docs / "index.md").write_text("# A book\n\nIt is made up.\n", encoding="utf-8")
        for page in book.pages:
            path = docs / page.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(markdown(page, contestant), encoding="utf-8")
        text = yaml.safe_dump(_configuration(contestant, book.pages), sort_keys=False)
        (folder / f"{contestant}.yml").write_text(text, encoding="utf-8")
    return book


def _configuration(contestant: str, made: list[Page]) -> dict[str, Any]:
    """The book's own configuration, with these pages and this contestant's plugins."""
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        config: dict[str, Any] = yaml_load(file)
    parts: dict[str, list[str]] = {}
    for page in made:
        parts.setdefault(page.file.partition("/")[0], []).append(page.file)
    plugins: dict[str, Any] = {}
    for plugin in config["plugins"]:
        plugins |= plugin if isinstance(plugin, dict) else {plugin: {}}
    plugins["dlbook-press"]["chapters"] = list(parts)
    config |= {
        "docs_dir": f"docs-{contestant}",
        "site_dir": f"site-{contestant}",
        "watch": ["dlbook"],
        "nav": [
            {"Home": "index.md"},
            *({name: files} for name, files in parts.items()),
        ],
        "plugins": [{name: plugins[name]} for name in PLUGINS[contestant]],
    }
    if contestant == "plain":
        config["hooks"] = ["plain_hook.py"]
    return config
