"""Modules compiled ahead, so that a reader's browser need not: it was half of what a first run took.

Bytecode is of one version of Python. So the Python of the browser compiles, in Node.js, whatever runs the build.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from mkdocs.exceptions import PluginError

from dlbook.press import assets
from dlbook.press.typesetting.formulas import node

SCRIPT = Path(__file__).with_name("compile.cjs")


@dataclass(frozen=True)
class Archive:
    """A ZIP file of modules, and how they are to be compiled.

    Args:
        path: The file; what is compiled takes its place.
        at: Where the modules stand in the browser; errors name their files so.
        optimize: As `py_compile` has it; 2 leaves out asserts and docstrings.
    """

    path: str
    at: str
    optimize: int


def compile_all(root: Path, archives: list[Archive]) -> None:
    """Put bytecode in the place of each module's source.

    Args:
        root: The project's folder, with `node_modules`.
        archives: What to compile.

    Raises:
        PluginError: If Pyodide does not run, or a module does not compile; says what it said.
    """
    request = {
        "pyodide": str(assets.npm_package(root, "pyodide")),
        "archives": [asdict(archive) for archive in archives],
    }
    run = subprocess.run(
        [node(), str(SCRIPT)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        raise PluginError(
            f"Pyodide could not compile the modules for the browser:\n{run.stderr}"
        )
