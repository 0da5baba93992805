"""Arrays in a file: whole or not at all, without pickle, and with the version of the format."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlbook.autograd.core import Array

FORMAT, VERSION = "dlbook.train", 1


def write(
    path: str | os.PathLike[str], told: Mapping[str, Any], **parts: Mapping[str, Any]
) -> None:
    """Write a file in NumPy's `.npz` format, in place of the one that was there.

    The new file is written beside the old one, and takes its place when all of it is on the disk. Whatever goes
    wrong before, the old one is still whole.

    Args:
        path: The file.
        told: What is not an array: numbers, words, and lists and dicts of them.
        parts: Arrays by name, each part under a name of its own.

    Raises:
        TypeError: If an array holds Python objects.
    """
    path = Path(path)
    arrays = {
        f"{part}.{name}": np.asarray(array)
        for part, named in parts.items()
        for name, array in named.items()
    }
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{path}: {name}: expected numbers, got Python objects")
    header = {"format": FORMAT, "version": VERSION, **told}
    arrays["header"] = np.array(json.dumps(header, default=np.ndarray.tolist))
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # no array is named allow_pickle
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def read(
    path: str | os.PathLike[str],
) -> tuple[dict[str, Any], dict[str, dict[str, Array]]]:
    """Read what `write` wrote: what was told, and the parts.

    Args:
        path: The file.

    Raises:
        OSError: If there is no such file, or it may not be read.
        ValueError: If it is not whole, not of this format, or of another version of it.
    """
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        header = json.loads(arrays.pop("header").item())
        kind, version = header.pop("format"), header.pop("version")
    except OSError:
        raise
    except Exception as error:  # a damaged file may break its reader anywhere
        raise ValueError(
            f"{path}: expected a whole file that dlbook.train has written, got one that can't be read: {error!r}"
        ) from error
    if (kind, version) != (FORMAT, VERSION):
        raise ValueError(
            f"{path}: expected {FORMAT} version {VERSION}, got {kind} version {version}"
        )
    parts: dict[str, dict[str, Array]] = {}
    for name, array in arrays.items():
        part, _, rest = name.partition(".")
        parts.setdefault(part, {})[rest] = array
    return header, parts
