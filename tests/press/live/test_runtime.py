"""The archives that a reader's browser unpacks: complete, small, the same to the byte, and really importable."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError

import dlbook
from dlbook.press.live import runtime
from dlbook.press.live.compiling import Archive, compile_all
from dlbook.press.typesetting.formulas import node

ROOT = Path(__file__).resolve().parents[3]

IN_PYODIDE = """
const {loadPyodide} = require(process.argv[1] + "/pyodide");
const fs = require("fs");
(async () => {
  const [library, packages, wheel, code] = process.argv.slice(2);
  const python = await loadPyodide({stdLibURL: library});
  for (const file of [packages, wheel])
    python.unpackArchive(new Uint8Array(fs.readFileSync(file)), "zip", {extractDir: "/packages"});
  python._module.mergeLibSymbols({backtrace: () => 0}, "backtrace");  // as the worker does
  python.runPython("import sys; sys.path.insert(0, '/packages')");
  console.log(python.runPython(code));
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
    def make(where: Path) -> list[Path]:
        return [runtime.wheel(where), *runtime.compiled(ROOT, where)]

    for first, second, again in zip(
        make(cache), make(tmp_path), make(cache), strict=True
    ):
        assert first.read_bytes() == second.read_bytes()
        assert again.stat().st_mtime_ns < second.stat().st_mtime_ns


def test_what_is_imported_is_compiled_and_nothing_is_lost(cache: Path) -> None:
    given = zipfile.ZipFile(ROOT / "node_modules/pyodide/python_stdlib.zip").namelist()
    library, packages = map(zipfile.ZipFile, runtime.compiled(ROOT, cache))
    assert sorted(library.namelist()) == sorted(
        f"{name}c" if name.endswith(".py") else name for name in given
    )
    assert {"numpy/__init__.pyc", "tqdm/__init__.pyc"} < set(packages.namelist())
    assert not [name for name in packages.namelist() if name.endswith(".py")]


def test_module_that_does_not_compile_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("part/broken.py", "x = = 1\n")
    with pytest.raises(PluginError, match=r"/packages/part/broken\.py"):
        compile_all(ROOT, [Archive(str(broken), "/packages", optimize=0)])


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
    library, packages = runtime.compiled(ROOT, cache)
    command = [
        node(),
        "-e",
        IN_PYODIDE,
        str(ROOT / "node_modules"),
        str(library),
        str(packages),
        str(runtime.wheel(cache)),
        code,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "(3, 11) 2.1.1 True (1797, 1, 8, 8)", run.stderr


def test_what_the_browser_runs_is_pinned_by_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name in ("pyodide", "@emscripten-forge/numpy"):
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")
