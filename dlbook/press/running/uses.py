"""What a page really used, and whether all of it is still as it was.

A page's process writes this down while it runs (`recorder.py`); before the next build the cache asks whether it
still holds. Both sides take their fingerprints here. Paths below the project are kept relative to it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from importlib.machinery import all_suffixes

SUFFIXES = frozenset(all_suffixes())
"""The endings of files that can be imported."""

ALL_NAMES = "*"
"""Stands among the environment's variables for the names of all of them."""

OURS = "TMPDIR"
"""The variable that every page's process sets to a folder of its own; it says nothing about the page."""


@dataclass
class Uses:
    """What one page used, each with its fingerprint; `None` for what was looked for and not there.

    Args:
        modules: The project's modules that were loaded, by the content that was really compiled.
        files: Files that were opened, by their content when they were first opened.
        listings: Folders whose entries were listed, by their names.
        names: Modules that were looked for, as `folder/name`, with what stood there under this name.
        environment: Variables that were read, by their value.
        beyond: Why the page reaches beyond all that, so that it must run every time; empty if it does not.
    """

    modules: dict[str, str | None] = field(default_factory=dict)
    files: dict[str, str | None] = field(default_factory=dict)
    listings: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    environment: dict[str, str | None] = field(default_factory=dict)
    beyond: str = ""


def of_bytes(content: bytes) -> str:
    """The fingerprint of some content."""
    return hashlib.sha256(content).hexdigest()


def of_file(path: str) -> str | None:
    """The fingerprint of a file's content; `None` if it is no file that can be read.

    A pipe or a device is left alone: reading it would take away what the page wants to read.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def of_names(names: list[str]) -> str:
    """The fingerprint of some names, whatever their order."""
    return of_bytes("\0".join(sorted(names)).encode("utf-8", "surrogateescape"))


def of_value(value: str | None) -> str | None:
    """The fingerprint of a variable's value; values themselves are not written to disk."""
    return None if value is None else of_bytes(value.encode("utf-8", "surrogateescape"))


def of_environment() -> str:
    """The fingerprint of the names of all variables."""
    return of_names([name for name in os.environ if name != OURS])


def importable(folder: str, entries: list[str], name: str) -> list[str]:
    """What a folder has to offer to an import of `name`, in an order that does not vary.

    Args:
        folder: The folder.
        entries: The names of its entries.
        name: The last part of the module's name.
    """
    found = sorted(
        entry
        for entry in entries
        if entry == name
        or (entry.startswith(f"{name}.") and entry[len(name) :] in SUFFIXES)
    )
    if name in found and any(
        os.path.exists(os.path.join(folder, name, f"__init__{suffix}"))
        for suffix in (".py", *SUFFIXES)
    ):
        found.append(
            "__init__"
        )  # a package is found before a module, a mere folder after
    return found


def entries(folder: str) -> list[str] | None:
    """The names of a folder's entries; `None` if it cannot be listed."""
    try:
        return os.listdir(folder)
    except OSError:
        return None


class Present:
    """Things as they stand now. Made anew for each build: what it has once read, it reads again only if it changed.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._files: dict[str, tuple[tuple[int, int, int], str | None]] = {}
        self._entries: dict[str, list[str] | None] = {}
        self._names: dict[str, list[str]] = {}

    def agrees(self, uses: Uses) -> bool:
        """Whether everything that a page used is as it was."""
        return (
            all(self._file(path) == was for path, was in uses.modules.items())
            and all(self._file(path) == was for path, was in uses.files.items())
            and all(self._name(path) == was for path, was in uses.names.items())
            and all(self._listing(path) == was for path, was in uses.listings.items())
            and all(_variable(name) == was for name, was in uses.environment.items())
        )

    def _file(self, path: str) -> str | None:
        path = os.path.join(self._root, path)
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = self._files.get(path)
        if known is None or known[0] != state:
            known = self._files[path] = (state, of_file(path))
        return known[1]

    def _listed(self, folder: str) -> list[str] | None:
        if folder not in self._entries:
            self._entries[folder] = entries(folder)
        return self._entries[folder]

    def _listing(self, folder: str) -> str | None:
        names = self._listed(os.path.join(self._root, folder))
        return None if names is None else of_names(names)

    def _name(self, path: str) -> list[str]:
        if path not in self._names:
            folder, name = os.path.split(os.path.join(self._root, path))
            self._names[path] = importable(folder, self._listed(folder) or [], name)
        return self._names[path]


def _variable(name: str) -> str | None:
    return of_environment() if name == ALL_NAMES else of_value(os.environ.get(name))
