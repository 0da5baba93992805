"""Writes down what a page uses, while it runs: modules, files, folders, names, variables.

Lives in a page's own process only: an audit hook cannot be taken out again.
"""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import sys
import threading
from typing import TYPE_CHECKING, Any

from dlbook.press.running.loading import Loading
from dlbook.press.running.uses import (
    ALL_NAMES,
    OURS,
    Uses,
    entries,
    of_environment,
    of_file,
    of_names,
    of_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Events that change a folder: where among their arguments are a path, and the folder that it starts from.
_CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.chmod": ((0, 2),),
    "os.link": ((1, 3),),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
}
_SYSTEM = ("/dev/", "/proc/", "/sys/")
_IMPORTING = ("<frozen importlib", os.path.dirname(functools.__file__) + "/importlib/")


class Recorder:
    """What the process that made it uses from then on.

    Args:
        root: The project's folder, an absolute path.
        scratch: The page's own folder for temporary files; what happens there concerns nobody.
        astray: Gets an error for every attempt to write below the project, in case the page catches it.
    """

    def __init__(self, root: str, scratch: str, astray: list[BaseException]) -> None:
        self.record = Uses()
        self._root = root.rstrip(os.sep) + os.sep
        self._cache = self._root + ".cache" + os.sep
        self._installed = tuple(
            folder.rstrip(os.sep) + os.sep
            for folder in {sys.prefix, sys.base_prefix, sys.exec_prefix}
        )
        self._elsewhere = (
            *(folder for folder in self._installed if folder.startswith(self._root)),
            os.path.join(self._root, "node_modules", ""),
            os.path.join(self._cache, "press", ""),
            os.path.join(scratch, ""),
            *_SYSTEM,
        )
        self._loading = Loading(self, os.path.join(self._cache, "press", "pyc"))
        self._astray = astray
        self._written: set[str] = set()
        self._unheard: set[int] = set()  # the threads to which it does not listen
        self._events: dict[str, Callable[..., None]] = {
            "open": self._open,
            "os.listdir": self._list,
            "os.scandir": self._list,
            "socket.__new__": self._socket,
            "sqlite3.connect": self._database,
            **{
                event: functools.partial(self._change, places)
                for event, places in _CHANGES.items()
            },
        }

    def begin(self) -> None:
        """Record from now on; from now on, too, the project's modules are compiled from what stands on disk."""
        self._loading.begin()
        os.environ.__class__ = _recording(type(os.environ), self.record.environment)
        sys.addaudithook(self._hear)

    def uses(self) -> Uses:
        """What was used up to now."""
        if _had_children():
            self.record.beyond = "it started a process"
        return self.record

    def note_file(self, path: str) -> None:
        """A file was read, or looked for."""
        path = os.path.abspath(path)
        if self.counts(path) and path not in self._written:
            place = self.place(path)
            if place not in self.record.files:
                self.record.files[place] = of_file(path)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        handler = self._events.get(event)
        if handler and threading.get_ident() not in self._unheard:
            with self.unheard():
                handler(*args)

    @contextlib.contextmanager
    def unheard(self) -> Iterator[None]:
        """What this thread does meanwhile is the press's own business."""
        inner = threading.get_ident() in self._unheard
        self._unheard.add(threading.get_ident())
        try:
            yield
        finally:
            if not inner:
                self._unheard.discard(threading.get_ident())

    def _open(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        path = self._absolute(path)
        if not self.counts(path):
            return
        if flags & os.O_ACCMODE != os.O_RDONLY or flags & (os.O_CREAT | os.O_TRUNC):
            self._refuse_below_the_project(path)
            if flags & os.O_ACCMODE == os.O_WRONLY or flags & os.O_TRUNC:
                self._written.add(path)
                return
        self.note_file(path)

    def _change(self, places: tuple[tuple[int, int | None], ...], *args: Any) -> None:
        for i, j in places:
            path = self._absolute(args[i], -1 if j is None else args[j])
            if self.counts(path):
                self._refuse_below_the_project(path)

    def _refuse_below_the_project(self, path: str) -> None:
        below = os.path.join(path, "")
        if below.startswith(self._root) and not below.startswith(self._cache):
            error = PermissionError(
                f"a page writes nothing below the project, except in .cache: {self.place(path)}"
            )
            self._astray.append(error)
            raise error

    def _list(self, folder: Any) -> None:
        # 2: above this method and `_hear` is who asked for the listing
        if sys._getframe(2).f_code.co_filename.startswith(_IMPORTING):
            return
        path = os.path.join(self._absolute("." if folder is None else folder), "")
        if self.counts(path):
            names = entries(path)
            self.record.listings.setdefault(
                self.place(path), None if names is None else of_names(names)
            )

    def _absolute(self, path: Any, start: int = -1) -> str:
        """A path as an event gives it: a name, or an open file; `start` is the open folder that it starts from."""
        if isinstance(path, int):
            path, start = "", path
        path = os.fsdecode(path)
        if start < 0 or os.path.isabs(path):
            return os.path.abspath(path)
        try:
            folder = os.readlink(f"/proc/self/fd/{start}")
        except OSError:
            self.record.beyond = "it used a folder that is known by its number only"
            return os.devnull
        return os.path.normpath(os.path.join(folder, path))

    def _socket(self, *_: Any) -> None:
        self.record.beyond = "it opened a socket"

    def _database(self, *_: Any) -> None:
        self.record.beyond = "it opened a database"

    def counts(self, path: str) -> bool:
        """Whether a path counts: it is no installed package's, no device, not the press's own."""
        if path.startswith(self._elsewhere):
            return False
        return path.startswith(self._root) or not path.startswith(self._installed)

    def place(self, path: str) -> str:
        """A path as it is recorded."""
        return path.removeprefix(self._root).rstrip(os.sep)


def _recording(kind: type[Any], read: dict[str, str | None]) -> type[Any]:
    """A class for `os.environ` that notes what is read, unless the page has set it itself."""
    own = {OURS}

    def note(name: str, value: str | None) -> None:
        if name not in own:
            read.setdefault(name, of_value(value))

    class Environment(kind):  # type: ignore[misc]
        def __getitem__(self, name: str) -> str:
            try:
                value: str = super().__getitem__(name)
            except KeyError:
                note(name, None)
                raise
            note(name, value)
            return value

        def __setitem__(self, name: str, value: str) -> None:
            own.add(name)
            super().__setitem__(name, value)

        def __delitem__(self, name: str) -> None:
            own.add(name)
            super().__delitem__(name)

        def __iter__(self) -> Iterator[str]:
            if ALL_NAMES not in read:
                read[ALL_NAMES] = ""  # not again from within
                read[ALL_NAMES] = of_environment()
            return super().__iter__()

    return Environment


def _had_children() -> bool:
    """Whether this process ever had a child, by whatever way it was started."""
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0:
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
