"""Small books, built for real: what the press does is seen in what MkDocs writes and says."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pages import read_page

ROOT = Path(__file__).parents[2]
CONFIG = """
site_name: A small book
use_directory_urls: false
theme: {name: material, font: false}
plugins:
  - search
  - markdown-exec: {languages: [python]}
  - dlbook-press: {chapters: [part]}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - toc
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences
"""


@dataclass
class Book:
    """A book in a folder of its own."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        path = self.folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict", *options],
            cwd=self.folder,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def page(self, name: str) -> str:
        """A file of the site; a page with what its folds hold."""
        return read_page(self.folder / "site" / name)


def begun(folder: Path) -> Book:
    """A book with nothing but a first page."""
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    made = Book(folder)
    made.write("index.md", "# Home\n\nWelcome.\n")
    return made


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return begun(tmp_path)
