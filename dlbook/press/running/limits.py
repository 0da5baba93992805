"""What a page's process may take of the machine."""

from __future__ import annotations

import ctypes
import resource
import signal
import sys

FILE = 64 * 2**20
"""The most bytes in a file that a page writes, its output among them."""

MEMORY = 4 * 2**30
"""The most bytes of memory that a page may hold; beyond comes a MemoryError."""

_AIR = 256 * 2**20  # left for telling of a MemoryError
_DIE_WITH_PARENT = 1  # Linux' PR_SET_PDEATHSIG


def limit() -> None:
    """Set this process its limits; if the build is killed, it dies too."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY + _AIR))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def give_air() -> None:
    """After a MemoryError: some memory more, so that it can be told."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
