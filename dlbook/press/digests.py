"""What stands for a source of a stored run: a file's bytes, and of Python what a change of results could come from.

Comments, docstrings and blank lines of code are left out: to word them better is no reason to compute again.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
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
    if file.endswith(".py"):
        code = stored.decode("utf-8")
        tree = ast.parse(code)
        package = file.removesuffix("/__init__.py")
        homes = {
            name: f"{package}/{home.replace('.', '/')}.py"
            for name, home in _table(tree).items()
        }
        counted = {name: home for name, home in homes.items() if home in used}
        code = json.dumps(counted, sort_keys=True) if homes else _bare(code, tree)
        stored = code.encode("utf-8")
    return sha256(stored).hexdigest()


def _table(tree: ast.Module) -> dict[str, str]:
    """The table that a package hands to `attach`; empty where it hands none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "attach":
            table: dict[str, str] = ast.literal_eval(node.args[1])
            return table
    return {}


def _bare(code: str, tree: ast.Module) -> str:
    """The code without comments, docstrings and blank lines."""
    lines = code.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            said = node.body[0]
            for row in range(said.lineno, (said.end_lineno or said.lineno) + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())
