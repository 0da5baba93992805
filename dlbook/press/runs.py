"""`stored_run(name)`: results that took too long, or depend too much on the machine, to be computed by a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def stored_run(name: str) -> dict[str, Any]:
    """The results that `benchmarks/<name>.py` stored when it last ran.

    Args:
        name: The script's name.

    Raises:
        FileNotFoundError: If there is no such run; says how to make it.
    """
    path = Path("benchmarks") / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(
            f"stored_run: name: no {path}; run python -m benchmarks.{name} to make it"
        )
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return run
