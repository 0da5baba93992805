"""The bundled digits: the file, the table that describes it, and what the loader hands out."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets

from dlbook.data import digits, load_digits

DATA = Path(digits.__file__).parent
SOURCES = tomllib.loads((DATA / "sources.toml").read_text())["source"]


def test_the_digits_are_those_of_scikit_learn() -> None:
    theirs = datasets.load_digits()
    images, labels = load_digits()
    assert images.shape == (1797, 1, 8, 8) and images.dtype == np.uint8
    assert labels.shape == (1797,) and labels.dtype == np.int64
    np.testing.assert_array_equal(images[:, 0], theirs.images)
    np.testing.assert_array_equal(labels, theirs.target)


def test_ink_goes_from_0_to_16() -> None:
    images = load_digits().images
    assert (images.min(), images.max()) == (0, 16)


def test_the_lines_in_the_readme_make_the_file_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fence = re.search(
        r"```python\n(.*?)```", (DATA / "README.md").read_text(), re.DOTALL
    )
    assert fence is not None
    monkeypatch.chdir(tmp_path)
    exec(fence[1], {})
    assert (tmp_path / "digits.npz").read_bytes() == (DATA / "digits.npz").read_bytes()


def test_every_data_file_is_in_the_table_of_sources() -> None:
    files = {
        path.name
        for path in DATA.iterdir()
        if path.suffix not in {".py", ".md", ".toml", ""}
    }
    assert files == {row["file"] for row in SOURCES}


@pytest.mark.parametrize("row", SOURCES, ids=lambda row: row["name"])
def test_a_source_is_complete_and_true(row: dict[str, object]) -> None:
    assert set(row) == {
        "name", "file", "sha256", "title", "authors", "year", "source", "publisher", "licence", "changes", "n",
    }  # fmt: skip
    assert row["licence"] in {"CC BY 4.0", "CC0", "public domain"}
    stored = DATA / str(row["file"])
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == row["sha256"]
    with np.load(stored, allow_pickle=False) as arrays:
        assert {len(array) for array in arrays.values()} == {row["n"]}


def test_a_file_that_was_tampered_with_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DATA / "sources.toml", tmp_path)
    stored = bytearray((DATA / "digits.npz").read_bytes())
    stored[5000] ^= 1
    (tmp_path / "digits.npz").write_bytes(stored)
    monkeypatch.setattr(digits, "_HERE", tmp_path)
    with pytest.raises(
        ValueError,
        match=r"load_digits: digits\.npz: expected SHA-256 712917bf\w+, got ",
    ):
        load_digits()


def test_what_one_reader_changes_no_other_sees() -> None:
    images, labels = load_digits()
    images[:] = 0
    labels[:] = 0
    again = load_digits()
    assert again.images.any() and again.labels.any()
