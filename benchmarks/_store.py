"""Where results go, and what is written down beside them: machine, versions, date and sources.

Every script here ends with `store(__file__, results)`. The file it writes holds

- `script`, `date` and `seconds` (how long the script ran),
- `machine`: processor, cores, operating system, Python, the packages' versions, the BLAS library with its
  kernel and its number of threads; no names of hosts, users or folders,
- `sources`: the SHA-256 of the script, of every file of `dlbook` and `benchmarks` that it loaded (but for this one
  and the press) and of the data that it read there; a page shows the run while they stay what they are. A script
  whose work is done by other processes hands on the `report()` of each,
- `results`: what was measured.

If one of the sources changes while the script runs, nothing is stored: nobody could say which of the two was
measured. The file is replaced in one move, so a reader finds the old run or the new one.

Importing this file limits NumPy to one thread, so that scripts compare one core with one core. Their clock is
`process_time`, the processor time of the process: other programs on the machine hardly touch it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time, time
from typing import Any

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]

from dlbook.press.digests import digest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {  # a version is stored if the script loaded the package
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "torch": "torch",
    "autograd": "autograd",
    "jax": "jax",
}
OURS = ("dlbook", "benchmarks")
_STARTED = perf_counter()
_BEGAN = time() - thread_time()  # the process began no later than this

threadpoolctl.threadpool_limits(1)

_read: set[str] = set()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    """Note the files of the project that are opened for reading: data reaches a script in no other way."""
    if event == "open" and isinstance(arguments[0], str):
        path, flags = os.path.abspath(arguments[0]), arguments[2]
        inside = path.startswith(tuple(f"{ROOT / part}{os.sep}" for part in OURS))
        if inside and not (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            _read.add(path)


sys.addaudithook(_note)


def store(
    script: str, results: dict[str, Any], reports: Iterable[dict[str, Any]] = ()
) -> None:
    """Write `NAME.json` beside `NAME.py` and print the results.

    Args:
        script: The script's `__file__`.
        results: What was measured, as JSON knows it.
        reports: Of each process that the script had work for it, the `report()`.
    """
    path = Path(script).resolve()
    reports = [report(), *reports]
    files = sources(path, {file for each in reports for file in each["files"]})
    changed = [file for file in files if _last_change(ROOT / file) > _BEGAN]
    if changed:
        raise RuntimeError(
            f"store: {', '.join(changed)} changed while {path.name} ran: run it again"
        )
    run = {
        "script": f"benchmarks/{path.name}",
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(perf_counter() - _STARTED, 1),
        "machine": machine({k: v for r in reports for k, v in r["packages"].items()}),
        "sources": files,
        "results": results,
    }
    _replace(
        path.with_suffix(".json"), json.dumps(run, indent=2, ensure_ascii=False) + "\n"
    )
    print(json.dumps(results, indent=2, ensure_ascii=False))


def _last_change(path: Path) -> float:
    """When a file's content last changed, or another file took its place."""
    status = path.stat()
    return max(status.st_mtime, status.st_ctime)


def _replace(path: Path, text: str) -> None:
    """Write a file in one move; if anything goes wrong, the old one is still there, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def report() -> dict[str, Any]:
    """What this process used so far: files of the project, and packages with their versions."""
    prefixes = tuple(f"{part}." for part in OURS)
    files = (
        getattr(module, "__file__", None)
        for name, module in sys.modules.items()
        if name.startswith((*prefixes, "__main__"))
        and not name.startswith("dlbook.press")
    )
    loaded = {path for path in map(Path, filter(None, files)) if _is_ours(path)}
    loaded -= {Path(__file__)}
    code = {".py", ".pyc"}  # that of loaded modules, whichever of the two was read
    data = {  # the table of sources only names the files that are read
        path
        for path in map(Path, _read)
        if path.is_file() and path.suffix not in code and path.name != "sources.toml"
    }
    return {
        "files": sorted(p.relative_to(ROOT).as_posix() for p in loaded | data),
        "packages": {
            name: version(name)
            for name, module in PACKAGES.items()
            if module in sys.modules
        },
    }


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS


def machine(packages: dict[str, str]) -> dict[str, Any]:
    """What the numbers hang on.

    Args:
        packages: The versions of those that were used beside NumPy.
    """
    pools = [p for p in threadpoolctl.threadpool_info() if p["user_api"] == "blas"]
    pools.sort(key=lambda pool: "numpy" not in pool["filepath"])  # SciPy has its own
    blas = pools[0] if pools else {}
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        **packages,
        "blas": {
            key: blas.get(key)
            for key in ("internal_api", "version", "architecture", "num_threads")
        },
        "environment": {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("OPENBLAS_", "OMP_NUM", "MALLOC_"))
        },
    }


def sources(script: Path, used: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of the script and of what it used of this repository.

    Args:
        script: The script.
        used: The files, relative to the project's folder; the run that the script made before is none of them.
    """
    own, run = (
        script.with_suffix(end).relative_to(ROOT).as_posix() for end in (".py", ".json")
    )
    names = sorted({own, *used} - {run})
    return {name: digest(name, names, ROOT) for name in names}


def compare(seconds: dict[str, list[float]], ours: str, theirs: str) -> dict[str, Any]:
    """Paired timings as a summary: medians, minima and both ratios, ours over theirs.

    Args:
        seconds: For each contestant its timings; the i-th ones were taken right after one another.
        ours: The contestant whose ratio is wanted.
        theirs: The one that it is compared with.
    """
    return {
        "repeats": len(seconds[ours]),
        "median_ms": {name: _ms(median(values)) for name, values in seconds.items()},
        "minimum_ms": {name: _ms(min(values)) for name, values in seconds.items()},
        "ratio_of_medians": float(
            f"{median(seconds[ours]) / median(seconds[theirs]):.3g}"
        ),
        "ratio_of_minima": float(f"{min(seconds[ours]) / min(seconds[theirs]):.3g}"),
    }


def _ms(seconds: float) -> float:
    return float(f"{1e3 * seconds:.4g}")


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
