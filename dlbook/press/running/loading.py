"""Loads the project's modules in a page's process: from what stands on disk at this moment, and on record."""

from __future__ import annotations

import contextlib
import functools
import marshal
import os
import sys
import tempfile
import zlib
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING, Any

from dlbook.press.running.uses import entries, importable, of_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

    from dlbook.press.running.recorder import Recorder


class Loading:
    """Takes over the import of the modules that count.

    Compiled code is kept by the content of its source. Python's own rule, time and size, takes an edit that leaves
    the size as it was and comes within the same second for no edit at all.

    Args:
        recorder: Knows what counts, and keeps the record.
        folder: Where compiled code is kept.
    """

    def __init__(self, recorder: Recorder, folder: str) -> None:
        self._recorder = recorder
        self._folder = folder

    def begin(self) -> None:
        """From now on; what was loaded before stays as it is."""
        sys.path_hooks.insert(0, self._finder)
        for folder in list(sys.path_importer_cache):
            if self._recorder.counts(os.path.join(folder, "")):
                del sys.path_importer_cache[folder]

    def _finder(self, folder: str) -> FileFinder:
        """A path hook: a finder for one folder."""
        path = os.path.abspath(folder)
        if not self._recorder.counts(os.path.join(path, "")) or not os.path.isdir(path):
            raise ImportError("for another finder", path=folder)
        return _Finder(
            path,
            (ExtensionFileLoader, EXTENSION_SUFFIXES),
            (functools.partial(_Loader, self), SOURCE_SUFFIXES),
            looked_for=self._note,
        )

    def _note(self, folder: str, name: str) -> None:
        """A module was looked for in a folder."""
        place = self._recorder.place(os.path.join(folder, name))
        names = self._recorder.record.names
        if place not in names:
            with self._recorder.unheard():
                names[place] = importable(folder, entries(folder) or [], name)

    def code(self, path: str) -> CodeType:
        """A module's code."""
        with self._recorder.unheard():
            with open(path, "rb") as file:
                source = file.read()
            digest = of_bytes(source)
            self._recorder.record.modules[self._recorder.place(path)] = digest
            head = MAGIC_NUMBER + bytes.fromhex(digest)
            name = f"{of_bytes(os.fsencode(path))[:32]}.pyc"
            kept = os.path.join(self._folder, name)
            try:
                with open(kept, "rb") as file:
                    data = file.read()
                body = data[len(head) + 4 :]
                if data[: len(head) + 4] == head + _sum(body):
                    return marshal.loads(body)
            except (OSError, ValueError, EOFError, TypeError):
                pass
            # optimize=0: an assert is a check of this book, also under `python -O`
            code = compile(source, path, "exec", dont_inherit=True, optimize=0)
            body = marshal.dumps(code)
            with contextlib.suppress(OSError):  # not to be able to keep it is no error
                os.makedirs(self._folder, exist_ok=True)
                handle, part = tempfile.mkstemp(dir=self._folder, suffix=".part")
                with open(handle, "wb") as file:
                    file.write(head + _sum(body) + body)
                os.replace(part, kept)
            return code


def _sum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "little")


class _Finder(FileFinder):
    """Finds modules in one folder, and tells what it was asked for."""

    def __init__(
        self, path: str, *loaders: Any, looked_for: Callable[[str, str], None]
    ) -> None:
        super().__init__(path, *loaders)
        self._looked_for = looked_for

    def find_spec(
        self, fullname: str, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        self._looked_for(str(self.path), fullname.rpartition(".")[2])
        return super().find_spec(fullname, target)


class _Loader(SourceFileLoader):
    """Loads one module."""

    def __init__(self, loading: Loading, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._loading = loading

    def get_code(self, fullname: str) -> CodeType:
        return self._loading.code(self.get_filename(fullname))
