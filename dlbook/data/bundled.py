"""The bundled files: read only when they are what the table of sources says."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

_HERE = Path(__file__).parent


def verified(name: str) -> bytes:
    """The bytes of a bundled data file, once their hash agrees with the table of sources.

    Args:
        name: The file's name in `sources.toml`.

    Raises:
        ValueError: If the file is not the one that the table describes.
    """
    table = tomllib.loads((_HERE / "sources.toml").read_text(encoding="utf-8"))[
        "source"
    ]
    entry = next(row for row in table if row["name"] == name)
    stored = (_HERE / entry["file"]).read_bytes()
    found = hashlib.sha256(stored).hexdigest()
    if found != entry["sha256"]:
        raise ValueError(
            f"load_{name}: {entry['file']}: expected SHA-256 {entry['sha256']}, got {found}"
        )
    return stored
