"""What plain markdown-exec lacks to show the same book: a MkDocs hook that sets the formulas, one by one."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib import font_manager

from dlbook.press.assets import figure_fonts
from dlbook.press.typesetting.formulas import node

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

_MATH = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL
)
_SCRIPT = Path(__file__).with_name("katex_one_by_one.cjs")
_katex: list[subprocess.Popen[str]] = []


def on_config(config: MkDocsConfig) -> None:
    """Give the figures the book's font, and start the one process that sets formulas."""
    root = Path(config.config_file_path).resolve().parent
    for path in figure_fonts(root, root / "plain-fonts"):
        font_manager.fontManager.addfont(path)
    command = [node(), str(_SCRIPT), str(root / "node_modules/katex/dist/katex.js")]
    pipe = subprocess.PIPE
    _katex.append(
        subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", bufsize=1
        )
    )


def on_page_content(content: str, **_: Any) -> str:
    """Set a page's formulas."""

    def put(match: re.Match[str]) -> str:
        process = _katex[-1]
        assert process.stdin is not None
        assert process.stdout is not None
        tex = html.unescape(match[3]).strip()
        process.stdin.write(json.dumps([tex, match[2] == "["]) + "\n")
        return str(json.loads(process.stdout.readline()))

    return _MATH.sub(put, content)


def on_post_build(**_: Any) -> None:
    """The process ends when nothing more can come."""
    _katex.pop().communicate()
