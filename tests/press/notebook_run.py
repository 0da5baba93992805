"""Runs the code cells of a notebook from top to bottom, as Jupyter's "Run all" does; prints what went wrong.

A process of its own runs it: `python tests/press/notebook_run.py page.ipynb`.
"""

from __future__ import annotations

import ast
import json
import linecache
import sys
from pathlib import Path
from typing import Any


def run(cell: dict[str, Any], namespace: dict[str, Any]) -> None:
    """Execute a cell; its last expression is shown, as Jupyter would."""
    name = f"<{cell['id']}>"
    lines = cell["source"]
    linecache.cache[name] = (len(lines), None, lines, name)  # as Jupyter does
    tree = ast.parse("".join(lines))
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
        getattr(value, "_repr_html_", lambda: repr(value))()


def main(path: Path) -> int:
    """How many cells did not end as they say: by an error, if they are tagged so, and without one otherwise."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    wrong = 0
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        raised = ""
        try:
            run(cell, namespace)
        except Exception as error:
            raised = f"{type(error).__name__}: {error}"
        if bool(raised) != ("raises-exception" in cell["metadata"].get("tags", [])):
            sys.stderr.write(f"{cell['id']}: {raised or 'raised nothing'}\n")
            wrong += 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
