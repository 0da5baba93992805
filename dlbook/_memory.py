"""Memory that arrays have used is kept for the next arrays.

A step of training makes the same large arrays again and again. The allocator of glibc, the C library of most Linux
systems, gives the memory of each back to the system when it is freed, and the system clears every page that it hands
out anew. For arrays of a megabyte that costs several times what a sum of their elements does. So importing the library
tells glibc to keep up to a gigabyte of what is freed. A process then holds what it needed at its peak, up to that.
"""

from __future__ import annotations

import ctypes
import os

KEPT = 2**30  # bytes
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = (
    -1,
    -3,
)  # as <malloc.h> numbers them; see mallopt(3)


def keep_freed_memory() -> bool:
    """Tell glibc to keep freed memory, unless the environment already says what its allocator should do.

    Left alone are other C libraries, and processes with a `MALLOC_…` variable or a tunable of `glibc.malloc`.

    Returns:
        Whether it was told.
    """
    if not hasattr(os, "confstr") or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    told = "glibc.malloc" in os.environ.get("GLIBC_TUNABLES", "")
    if told or any(name.startswith("MALLOC_") for name in os.environ):
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all([mallopt(M_TRIM_THRESHOLD, KEPT), mallopt(M_MMAP_THRESHOLD, KEPT)])
