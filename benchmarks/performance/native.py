"""Plain loops in C, compiled when they are needed, into a folder that is gone afterwards."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path
from typing import Any


def compiled(code: str) -> ctypes.CDLL:
    """The library that `gcc -O2` makes of the code."""
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "loops.c"), Path(folder, "loops.so")
        source.write_text(code, encoding="utf-8")
        subprocess.run(
            ["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)],
            check=True,
        )
        return ctypes.CDLL(str(library))


def pointer(array: Any) -> ctypes.c_void_p:
    """Where an array's numbers stand; the array has to outlive the call."""
    assert array.flags.c_contiguous
    return ctypes.c_void_p(array.ctypes.data)
