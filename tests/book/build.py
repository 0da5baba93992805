"""The book as a reader gets it: built once, strictly, for the tests that look at the result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def mkdocs_build(
    folder: Path, config: Path = ROOT / "mkdocs.yml"
) -> subprocess.CompletedProcess[str]:
    """Run `mkdocs build --strict` with the interpreter that runs the tests, and its neighbors first in the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "--config-file",
            str(config),
            "--site-dir",
            str(folder),
        ],
        cwd=config.parent,
        env={**os.environ, "PATH": path, "NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def site_in(folder: Path) -> Path:
    """Build the book into a folder; where DLBOOK_SITE names a site that is built already, take that."""
    if "DLBOOK_SITE" in os.environ:
        return Path(os.environ["DLBOOK_SITE"]).resolve()
    run = mkdocs_build(folder)
    assert run.returncode == 0, (
        f"mkdocs build --strict failed:\n{run.stdout}{run.stderr}"
    )
    return folder
