"""What is kept between builds: files of JSON in a folder, each whole or not there at all.

A build can be killed at any moment, and two can run at once. So an entry is written beside its place and moved
there in one step, and it carries the hash of its content: what is damaged, cut off or of another make is as good
as absent, and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

_ABANDONED = 3600  # seconds after which a half-written file belongs to no running build


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, whatever other builds do; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with open(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


class Store:
    """A folder of entries.

    Args:
        folder: Where they lie; made when something is put there.
        limit: How many bytes the folder may hold after `prune`.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def get(self, key: str) -> Any:
        """What was put under a key; None if nothing was, or it is damaged."""
        path = self._path(key)
        try:
            digest, _, text = path.read_text(encoding="utf-8").partition("\n")
            if digest != hashlib.sha256(text.encode()).hexdigest():
                return None
            os.utime(path)  # it was of use today
            return json.loads(text)
        except (OSError, ValueError):
            return None

    def put(self, key: str, data: Any) -> None:
        """Keep data that JSON can hold."""
        text = json.dumps(data, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        write_whole(self._path(key), f"{digest}\n{text}".encode())

    def prune(self) -> None:
        """Drop what was used longest ago until the rest keeps to the limit, and what killed builds left behind."""
        entries = []
        for entry in os.scandir(self._folder) if self._folder.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):  # another build prunes, too
                stat = entry.stat()
                if not entry.name.endswith(".part"):
                    entries.append((stat.st_mtime, stat.st_size, entry.path))
                elif time.time() - stat.st_mtime > _ABANDONED:
                    os.unlink(entry.path)
        total = 0
        for _, size, path in sorted(entries, reverse=True):
            total += size
            if total > self._limit:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
