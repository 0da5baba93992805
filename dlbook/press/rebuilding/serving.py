"""What stands in the served site and what it was made from, so that an edit rebuilds the pages it changes.

`mkdocs serve --dirty` rebuilds a page if its source is newer than its HTML. Text is not all that a page is made
of, though: there are the numbers of other pages' equations, the results of its code, the titles in the
navigation. So the press compares all of these and sets the times of the HTML files accordingly.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mkdocs.structure.files import File


def digest(paths: Iterable[Path]) -> str:
    """The hash of what these files hold, with all that lies in them if they are folders; absent ones count, too."""
    total = hashlib.sha256()
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and file.suffix != ".pyc":
                name = file.relative_to(path.parent).as_posix()
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                total.update(f"{name}:{content}\n".encode())
    return total.hexdigest()


class Served:
    """The site as it was last built."""

    def __init__(self) -> None:
        self._frame: object = None
        self._inputs: dict[str, Any] = {}
        self._html: dict[str, Path] = {}

    def stale(self, frame: object, inputs: Mapping[str, Any]) -> set[str]:
        """The pages that have to be built anew.

        Args:
            frame: What every page is made from: the navigation, the configuration, the templates.
            inputs: For each page what it alone is made from.
        """
        if frame != self._frame:
            return set(inputs)
        return {
            page
            for page, made_from in inputs.items()
            if page not in self._inputs or self._inputs[page] != made_from
        }

    def mark(self, files: Iterable[File], stale: set[str]) -> None:
        """Make MkDocs build these pages and no others: set the times of the HTML files that stand.

        The HTML of a page that is gone goes, too.
        """
        html = {file.src_uri: Path(file.abs_dest_path) for file in files}
        for page, path in html.items():
            if path.exists():
                os.utime(path, (0, 0) if page in stale else None)
        for page in self._html.keys() - html.keys():
            self._html[page].unlink(missing_ok=True)
        self._html = html

    def built(
        self, frame: object, inputs: Mapping[str, Any], faulty: Iterable[str]
    ) -> None:
        """Remember what the site was built from; a page with a problem is built again next time."""
        self._frame = frame
        self._inputs = dict(inputs)
        for page in faulty:
            self._inputs.pop(page, None)
