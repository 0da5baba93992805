"""What stands for a source of a stored run: a file's bytes, or what a lazy package says of the files used."""

from __future__ import annotations

import ast
import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def digest(file: str, used: Collection[str], root: Path) -> str:
    """The SHA-256 of a source.

    A lazy package only says where its names live. Of its table those names count whose files were used: a name
    more is no change, a name that moves from one file to another is.

    Args:
        file: The source, relative to the root.
        used: All sources of the run, relative to the root.
        root: The project's folder.
    """
    stored = (root / file).read_bytes()
    if file.endswith("/__init__.py"):
        package = file.removesuffix("/__init__.py")
        homes = {
            name: f"{package}/{home.replace('.', '/')}.py"
            for name, home in _table(stored.decode("utf-8")).items()
        }
        if homes:
            counted = {name: home for name, home in homes.items() if home in used}
            stored = json.dumps(counted, sort_keys=True).encode("utf-8")
    return sha256(stored).hexdigest()


def _table(code: str) -> dict[str, str]:
    """The table that a package hands to `attach`; empty where it hands none."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "attach":
            table: dict[str, str] = ast.literal_eval(node.args[1])
            return table
    return {}
