"""The archives that a reader's browser unpacks: complete, small, the same to the byte, and really importable."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

import dlbook
from dlbook.press.live import runtime
from dlbook.press.typesetting.formulas import node

ROOT = Path(__file__).resolve().parents[3]

IN_PYODIDE = """
const {loadPyodide} = require(process.argv[1] + "/pyodide");
const fs = require("fs");
(async () => {
  const python = await loadPyodide();
  for (const file of process.argv.slice(2, 4))
    python.unpackArchive(new Uint8Array(fs.readFileSync(file)), "zip", {extractDir: "/packages"});
  python._module.mergeLibSymbols({backtrace: () => 0}, "backtrace");  // as the worker does
  python.runPython("import sys; sys.path.insert(0, '/packages')");
  console.log(python.runPython(process.argv[4]));
})().catch((error) => { console.error(error.message); process.exit(1); });
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


def test_the_wheel_holds_every_file_of_the_package(cache: Path) -> None:
    wheel = runtime.wheel(cache)
    assert wheel.name == f"dlbook-{dlbook.__version__}-py3-none-any.whl"
    package = ROOT / "dlbook"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files <= set(zipfile.ZipFile(wheel).namelist())


def test_archives_are_the_same_to_the_byte_and_made_once(
    cache: Path, tmp_path: Path
) -> None:
    for make in (runtime.wheel, lambda where: runtime.packages(ROOT, where)):
        first, second = make(cache), make(tmp_path)
        assert first.read_bytes() == second.read_bytes()
        made = first.stat().st_mtime_ns
        assert make(cache).stat().st_mtime_ns == made


def test_the_library_runs_in_pyodide_on_the_numpy_of_the_book(cache: Path) -> None:
    code = """
import numpy as np, sys, tqdm
from dlbook import check_vjp
from dlbook.data import load_digits
from dlbook.ops import cross_entropy
rng = np.random.default_rng(0)
large = np.ones(100_000)
assert ((large * 2 - 1) + 1 - 1).sum() == 100_000  # temporary arrays that NumPy would reuse
gap = check_vjp(cross_entropy, rng.normal(size=(5, 10)), rng.integers(0, 10, 5), rng=rng)
f"{sys.version_info[:2]} {np.__version__} {gap < 1e-7} {load_digits().images.shape}"
"""
    packages, wheel = runtime.packages(ROOT, cache), runtime.wheel(cache)
    command = [
        node(),
        "-e",
        IN_PYODIDE,
        str(ROOT / "node_modules"),
        str(packages),
        str(wheel),
        code,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "(3, 11) 2.1.1 True (1797, 1, 8, 8)", run.stderr


def test_what_the_browser_runs_is_pinned_by_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name in ("pyodide", "@emscripten-forge/numpy"):
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")
