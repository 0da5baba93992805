"""The scripts of the site: those in `browser/`, bundled with what they import from npm."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

from dlbook.press import assets
from dlbook.press.typesetting.formulas import node

if TYPE_CHECKING:
    from dlbook.press.rebuilding.store import Store

BROWSER = Path(__file__).with_name("browser")

ENTRIES = ("main", "editor", "play", "record", "worker")
"""The scripts that a page loads by name; each becomes one file with all that it imports."""


def bundles(root: Path, store: Store) -> dict[str, str]:
    """The text of each bundle, by the name of its file.

    They are classic scripts, not modules: a browser loads no module into a page that was opened from a disk.

    Args:
        root: The project's folder, with `node_modules`.
        store: Where bundles are kept between builds.

    Raises:
        PluginError: If esbuild cannot bundle them; says what it said.
    """
    esbuild = assets.npm_package(root, "esbuild")
    sources = sorted(BROWSER.rglob("*.js"))
    lock = root / "node_modules" / ".package-lock.json"
    digest = hashlib.sha256()
    for path in [*sources, lock, Path(__file__)]:
        digest.update(str(path.relative_to(path.parents[1])).encode())
        digest.update(path.read_bytes())
    key = digest.hexdigest()
    kept = store.get(key)
    if kept is None:
        kept = _bundle(root, esbuild)
        store.put(key, kept)
    return kept


def _bundle(root: Path, esbuild: Path) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [
                node(),
                str(esbuild / "bin" / "esbuild"),
                *(str(BROWSER / f"{name}.js") for name in ENTRIES),
                "--bundle",
                "--minify",
                "--format=iife",
                "--target=es2022",
                "--charset=utf8",
                "--legal-comments=inline",
                "--log-level=warning",
                f"--outdir={folder}",
            ],
            cwd=root,
            env={"NODE_PATH": str(root / "node_modules")},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if run.returncode or run.stderr:
            raise PluginError(f"esbuild could not bundle the scripts:\n{run.stderr}")
        return {
            f"{name}.js": Path(folder, f"{name}.js").read_text(encoding="utf-8")
            for name in ENTRIES
        }
