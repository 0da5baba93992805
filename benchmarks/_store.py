"""Where results go, and what is written down beside them: machine, versions, date and sources.

Every script here ends with `store(__file__, results)`. The file it writes holds

- `script`, `date` and `seconds` (how long the script ran),
- `machine`: processor, cores, operating system, Python, the packages' versions, the BLAS library with its
  kernel and its number of threads; no names of hosts, users or folders,
- `sources`: the SHA-256 of the script, of every `dlbook` file that it loaded and of the data,
- `results`: what was measured.

Importing this file limits NumPy to one thread, so that scripts compare one core with one core. Their clock is
`process_time`, the processor time of the process: other programs on the machine hardly touch it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "scikit-learn": "sklearn",
    "torch": "torch",
}  # a version is stored if the script loaded the package
_STARTED = perf_counter()

threadpoolctl.threadpool_limits(1)


def store(script: str, results: dict[str, Any]) -> None:
    """Write `NAME.json` beside `NAME.py` and print the results.

    Args:
        script: The script's `__file__`.
        results: What was measured, as JSON knows it.
    """
    path = Path(script).resolve()
    run = {
        "script": f"benchmarks/{path.name}",
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(perf_counter() - _STARTED, 1),
        "machine": machine(),
        "sources": sources(path),
        "results": results,
    }
    path.with_suffix(".json").write_text(
        json.dumps(run, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(json.dumps(results, indent=2, ensure_ascii=False))


def machine() -> dict[str, Any]:
    """What the numbers hang on."""
    (blas,) = [
        pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"
    ][:1] or [{}]
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        **{
            name: version(name)
            for name, module in PACKAGES.items()
            if module in sys.modules
        },
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


def sources(script: Path) -> dict[str, str]:
    """The SHA-256 of the script and of what it used of this repository."""
    files = {
        getattr(module, "__file__", None)
        for name, module in sys.modules.items()
        if name.startswith("dlbook.")
    }
    used = {script, *(Path(file) for file in files if file)}
    if "dlbook.data.digits" in sys.modules:
        used.add(ROOT / "dlbook" / "data" / "digits.npz")
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(used)
    }


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
