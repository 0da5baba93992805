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
SETTINGS = (  # each is asked for by its name: who watches what a process reads then sees no others
    "GLIBC_TUNABLES",
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_MAX_",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TOP_PAD_",
    "MALLOC_TRIM_THRESHOLD_",
)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = (
    -1,
    -3,
)  # as <malloc.h> numbers them; see mallopt(3)


def keep_freed_memory() -> bool:
    """Tell glibc to keep freed memory, unless the environment already says what its allocator should do.

    Left alone are other C libraries, and processes with one of the variables in `SETTINGS`.

    Returns:
        Whether it was told.
    """
    if not hasattr(os, "confstr") or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    if any(name in os.environ for name in SETTINGS):
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all([mallopt(M_TRIM_THRESHOLD, KEPT), mallopt(M_MMAP_THRESHOLD, KEPT)])
