"""Python for the reader's browser: Pyodide and NumPy from npm, tqdm and the book's own wheel from this machine.

All but the wheel is compiled, once for what npm installed. Of the wheel readers see the source.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import re
import tarfile
import tempfile
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

import dlbook
from dlbook.press import assets
from dlbook.press.live.compiling import SCRIPT, Archive, compile_all
from dlbook.press.rebuilding.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig

FOLDER = "assets/live"
_PYODIDE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")
_LIBRARY = "python_stdlib.zip"
_NUMPY = "@emscripten-forge/numpy"
_SITE_PACKAGES = re.compile(r"lib/python3\.\d+/site-packages/")
# What of NumPy nobody runs: tests, types, and what builds extensions.
_UNUSED = re.compile(
    r"(^|/)(tests|f2py|distutils|_pyinstaller|include|doc)/|\.(pyi|a|h|npz|ini|cfg|pxd|pyx)$|_tests\.cpython"
)
_DATE = (1980, 1, 1, 0, 0, 0)  # the same in every build


def files(
    config: MkDocsConfig, root: Path, cache: Path, elsewhere: str
) -> Iterator[File]:
    """The runtime as files of the site, and the list of its addresses, which the worker reads first.

    Args:
        config: The configuration.
        root: The project's folder, with `node_modules`.
        cache: Where archives are kept between builds.
        elsewhere: The address of another Pyodide, which brings a NumPy of its own; empty for the one from npm.
    """
    book = wheel(cache)
    addresses = {"wheel": book.name, "pyodide": f"{elsewhere.rstrip('/')}/"}
    paths = {book.name: book}
    if not elsewhere:
        folder = assets.npm_package(root, "pyodide")
        paths |= {f"pyodide/{name}": folder / name for name in _PYODIDE}
        library, packed = compiled(root, assets.made_of_packages(root))
        paths |= {f"pyodide/{_LIBRARY}": library, packed.name: packed}
        addresses |= {
            "pyodide": "pyodide/",
            "lock": "pyodide/pyodide-lock.json",
            "packages": packed.name,
        }
        lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
        yield _generated(config, "pyodide/pyodide-lock.json", lock | {"packages": {}})
    for name, path in paths.items():
        yield File.generated(config, f"{FOLDER}/{name}", abs_src_path=str(path))
    yield _generated(config, "runtime.json", addresses)


def _generated(config: MkDocsConfig, name: str, data: Any) -> File:
    text = json.dumps(data, sort_keys=True)
    return File.generated(config, f"{FOLDER}/{name}", content=text)


def compiled(root: Path, cache: Path) -> tuple[Path, Path]:
    """The archive of Python's own library, and that of NumPy and tqdm, made once.

    Args:
        root: The project's folder, with `node_modules`.
        cache: Where they are kept.
    """
    library = assets.npm_package(root, "pyodide") / _LIBRARY
    (archive,) = (assets.npm_package(root, _NUMPY) / "pkg").glob("*.tar.gz")
    tqdm = importlib.metadata.distribution("tqdm")
    key = hashlib.sha256(f"{archive.name} {tqdm.version}".encode())
    for path in (library, SCRIPT, Path(__file__)):
        key.update(path.read_bytes())
    digest = key.hexdigest()[:16]
    targets = cache / f"python-{digest}.zip", cache / f"packages-{digest}.zip"
    if not all(target.exists() for target in targets):
        files = {**_numpy(archive), **_installed(tqdm)}
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, _LIBRARY), Path(folder, "packages.zip")
            made[0].write_bytes(library.read_bytes())
            made[1].write_bytes(_zip(files.items()))
            compile_all(
                root,
                [
                    Archive(str(made[0]), "/lib/python311.zip", optimize=2),
                    Archive(str(made[1]), "/packages", optimize=0),
                ],
            )
            for path, target in zip(made, targets, strict=True):
                write_whole(target, path.read_bytes())
    return targets


def wheel(cache: Path) -> Path:
    """The book's own package as a wheel, made anew when a file of it has changed."""
    package = Path(dlbook.__file__).parent
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    info = f"dlbook-{dlbook.__version__}.dist-info"
    metadata = importlib.metadata.distribution("dlbook").read_text("METADATA") or ""
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    hashes = [(name, hashlib.sha256(content)) for name, content in files.items()]
    record = [
        f"{name},sha256={urlsafe_b64encode(found.digest()).decode().rstrip('=')},{len(files[name])}\n"
        for name, found in hashes
    ]
    files[f"{info}/RECORD"] = f"{''.join(record)}{info}/RECORD,,\n".encode()
    key = hashlib.sha256(files[f"{info}/RECORD"]).hexdigest()[:16]
    target = cache / f"wheel-{key}" / f"dlbook-{dlbook.__version__}-py3-none-any.whl"
    if not target.exists():
        write_whole(target, _zip(files.items()))
    return target


def _numpy(archive: Path) -> dict[str, bytes]:
    files = {}
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            name = _SITE_PACKAGES.sub("", member.name)
            content = packed.extractfile(member) if name != member.name else None
            if content and not _UNUSED.search(name):
                files[name] = content.read()
    return files


def _installed(package: importlib.metadata.Distribution) -> dict[str, bytes]:
    return {
        str(path): Path(str(path.locate())).read_bytes()
        for path in package.files or ()
        if path.suffix == ".py" and path.parts[0] == package.name
    }


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive that is the same to the byte for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files:
            archive.writestr(
                zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()
