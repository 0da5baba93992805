"""Who takes part, and what the processes find around them."""

from __future__ import annotations

import importlib.util
import os
import shutil

NEEDS = {  # who takes part, and the package or the program without which it cannot
    "dlbook": "numpy",
    "torch": "torch",
    "autograd": "autograd",
    "JAX": "jax",
    "JAX jit": "jax",
    "C": "gcc",
    "NumPy alone": "numpy",
}
# Not an implementation: the products, and the passes over arrays, that no form in NumPy can do without. It computes
# nothing that could be compared, and says how near to its target a workload can come.
FLOOR = "NumPy alone"

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}

# glibc gives large arrays back to the system when they are freed, and asks for fresh pages for the next ones; the
# library tells it to keep them (see `dlbook._memory`). Pinned, it keeps them for every implementation: what is
# left is the cost of the computation.
SETTINGS: dict[str, dict[str, str]] = {
    "as users have it": {},
    "pinned": {
        "MALLOC_MMAP_THRESHOLD_": str(2**30),
        "MALLOC_TRIM_THRESHOLD_": str(2**32),
    },
}


def lacking(peer: str) -> str:
    """Why a peer cannot take part; an empty string if it can."""
    need = NEEDS[peer]
    there = shutil.which(need) if need == "gcc" else importlib.util.find_spec(need)
    return "" if there else f"{need} is not installed"


def environment(setting: str) -> dict[str, str]:
    """The environment of a worker: the user's, one thread, and memory as the setting says."""
    users = {k: v for k, v in os.environ.items() if not k.startswith("MALLOC_")}
    return users | ONE_THREAD | SETTINGS[setting]
