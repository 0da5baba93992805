"""What is kept between builds is whole, or counts as absent."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dlbook.press.rebuilding.serving import digest
from dlbook.press.rebuilding.store import Store


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path / "entries", 1000)
    assert store.get("a") is None
    store.put("a", {"text": "σ", "list": [1, None]})
    store.put("b", [])
    assert store.get("a") == {"text": "σ", "list": [1, None]}
    assert Store(tmp_path / "entries", 1000).get("b") == []


def test_an_entry_with_one_letter_changed_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path, 1000)
    store.put("a", {"text": "right"})
    (entry,) = tmp_path.iterdir()
    entry.write_text(entry.read_text().replace("right", "wrong"))
    assert store.get("a") is None


def test_an_entry_that_is_cut_off_or_no_text_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path, 1000)
    store.put("a", "x" * 50)
    (entry,) = tmp_path.iterdir()
    whole = entry.read_bytes()
    for damaged in (b"", whole[:70], whole[:-1], b"\xff" + whole):
        entry.write_bytes(damaged)
        assert store.get("a") is None


def test_what_a_killed_build_left_is_removed_once_no_build_can_still_write_it(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path, 1000)
    store.put("a", 1)
    abandoned, fresh = tmp_path / "old.part", tmp_path / "new.part"
    for file in (abandoned, fresh):
        file.write_text("half")
    os.utime(abandoned, (time.time() - 7200, time.time() - 7200))
    store.prune()
    assert not abandoned.exists()
    assert fresh.exists()
    assert store.get("a") == 1


def test_the_digest_of_a_folder_sees_names_contents_and_what_is_absent(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "library"
    seen = {digest([folder])}
    folder.mkdir()
    (folder / "a.py").write_text("1")
    (folder / "b.py").write_text("2")
    seen.add(digest([folder]))
    (folder / "b.py").rename(folder / "c.py")
    seen.add(digest([folder]))
    (folder / "a.py").write_text("2")
    (folder / "c.py").write_text("1")
    seen.add(digest([folder]))
    assert len(seen) == 4
    before = digest([folder])
    (folder / "a.pyc").write_bytes(b"compiled")
    assert digest([folder]) == before
