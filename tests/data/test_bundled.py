"""The bundled files: the table that describes them, the lines that make them, and what is refused."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dlbook import data
from dlbook.data import bundled

DATA = Path(bundled.__file__).parent
SOURCES = tomllib.loads((DATA / "sources.toml").read_text())["source"]
each = pytest.mark.parametrize("row", SOURCES, ids=lambda row: row["name"])


def loader(row: dict[str, object]) -> Callable[[], tuple[object, ...]]:
    function: Callable[[], tuple[object, ...]] = getattr(data, f"load_{row['name']}")
    return function


@each
def test_the_lines_in_the_readme_make_the_file_byte_for_byte(
    row: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = (DATA / "README.md").read_text().split(f"## {row['file']}")[1]
    fence = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert fence is not None
    monkeypatch.chdir(tmp_path)
    exec(fence[1], {})
    made = tmp_path / str(row["file"])
    assert made.read_bytes() == (DATA / made.name).read_bytes()


def test_every_data_file_is_in_the_table_of_sources() -> None:
    files = {
        path.name
        for path in DATA.iterdir()
        if path.suffix not in {".py", ".md", ".toml", ""}
    }
    assert files == {row["file"] for row in SOURCES}


@each
def test_a_source_is_complete_and_true(row: dict[str, object]) -> None:
    assert set(row) == {
        "name", "file", "sha256", "title", "authors", "year", "source", "publisher", "licence", "changes", "n",
    }  # fmt: skip
    assert row["licence"] in {
        "CC BY 4.0",
        "CC0",
        "none stated; copied from scikit-learn (BSD 3-Clause)",
        "public domain",
    }
    stored = DATA / str(row["file"])
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == row["sha256"]
    with np.load(stored, allow_pickle=False) as arrays:
        assert {len(array) for array in arrays.values()} == {row["n"]}


@each
def test_a_file_that_was_tampered_with_is_refused(
    row: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, file = str(row["name"]), str(row["file"])
    shutil.copy(DATA / "sources.toml", tmp_path)
    stored = bytearray((DATA / file).read_bytes())
    stored[5000] ^= 1
    (tmp_path / file).write_bytes(stored)
    monkeypatch.setattr(bundled, "_HERE", tmp_path)
    told = rf"load_{name}: {re.escape(file)}: expected SHA-256 {row['sha256']}, got "
    with pytest.raises(ValueError, match=told):
        loader(row)()


@each
def test_what_one_reader_changes_no_other_sees(row: dict[str, object]) -> None:
    load = loader(row)
    first = [array for array in load() if isinstance(array, np.ndarray)]
    assert len(first) == 2
    for array in first:
        array[:] = 0
    assert all(array.any() for array in load() if isinstance(array, np.ndarray))
