"""What a block prints, by whatever way: `print`, a C library, a child process; all in the order in which it came."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import io
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

SHOWN = 10_000
"""The most characters that a block may print."""

STOPPED = 1_000_000
"""A Python program that prints more than this many bytes in one block is stopped at that line."""

_UNBUFFERED = 2  # C's _IONBF
_HIGH = 200  # file descriptors that a page does not close by accident


class TooMuchOutputError(Exception):
    """A block prints more than any reader wants to see."""


class _Stream(io.FileIO):
    """Standard output without a buffer, so that its order among other writers is kept."""

    written = 0

    def write(self, data: Any, /) -> int:
        self.written += len(data)
        if self.written > STOPPED:
            raise TooMuchOutputError(
                f"the block printed {self.written:,} bytes and was stopped; at most {SHOWN:,} characters are shown"
            )
        return super().write(data)


class Capture:
    """Standard output and standard error of the process, turned into a file as long as the context lasts."""

    def __enter__(self) -> Capture:
        self._streams = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
        self._flush()
        self._kept = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH) for fd in (1, 2)]
        with tempfile.TemporaryFile(buffering=0) as file:
            self._file = fcntl.fcntl(file.fileno(), fcntl.F_DUPFD_CLOEXEC, _HIGH)
        # a writer that was left behind must not leave a hole after what was read is cut off
        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        fcntl.fcntl(self._file, fcntl.F_SETFL, flags | os.O_APPEND)
        _no_buffers_in_c()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = self._streams  # type: ignore[misc]
        for fd, kept in zip((1, 2), self._kept, strict=True):
            os.dup2(kept, fd)
            os.close(kept)
        os.close(self._file)

    def begin(self) -> None:
        """A block begins: whatever the one before did to the streams is put right again."""
        for fd in (1, 2):
            os.dup2(self._file, fd)
        streams = [
            io.TextIOWrapper(
                _Stream(fd, "w", closefd=False), encoding="utf-8", write_through=True
            )
            for fd in (1, 2)
        ]
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]

    def end(self) -> str:
        """A block has ended: all that was written since it began."""
        self._flush()
        size = os.fstat(self._file).st_size
        data = os.pread(self._file, size, 0)
        os.ftruncate(self._file, 0)
        return data.decode("utf-8", "replace")

    def _flush(self) -> None:
        for stream in (*_standard(), *self._streams):
            with contextlib.suppress(Exception):  # the page may have put anything there
                stream.flush()
        ctypes.CDLL(None).fflush(None)


def _standard() -> list[Any]:
    """Standard output and error, if the page has left any."""
    return [getattr(sys, name, None) for name in ("stdout", "stderr")]


def _no_buffers_in_c() -> None:
    """What a C library prints would else come out whenever its buffer is full."""
    c = ctypes.CDLL(None)
    for name in ("stdout", "__stdoutp"):  # as Linux and as macOS call it
        with contextlib.suppress(ValueError):
            c.setvbuf(ctypes.c_void_p.in_dll(c, name), None, _UNBUFFERED, 0)
