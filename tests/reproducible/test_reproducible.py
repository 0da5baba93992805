"""The same sources give the same site, to the byte: elsewhere, with other hashes, with fewer cores, from the cache."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.book.contestants import generate

ROOT = Path(__file__).resolve().parents[2]
OWN = ("docs", "mkdocs.yml")  # copied; all else of the project is linked to
LEFT_OUT = (".cache", ".git", "site", "build", "dist")


def date() -> str:
    """The time of the last commit, in seconds; without git some other, fixed time."""
    try:
        run = subprocess.run(
            ["git", "log", "-1", "--format=%ct"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "1700000000"
    return run.stdout.strip()


def copy_of_the_real_book(folder: Path) -> str:
    folder.mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name not in (*OWN, *LEFT_OUT):
            (folder / path.name).symlink_to(path)
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return "mkdocs.yml"


def made_up_book(folder: Path) -> str:
    generate(folder, 12)
    return "press.yml"


def build(
    folder: Path, config: str, *, site: str, seed: int, zone: str, cores: int
) -> Path:
    narrowed = None  # where the system cannot say on which cores a process may run, it runs on all
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))[:cores]
        narrowed = partial(os.sched_setaffinity, 0, allowed)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    run = subprocess.run(
        [*command, "--config-file", config, "--site-dir", site],
        cwd=folder,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": str(seed),
            "SOURCE_DATE_EPOCH": date(),
            "TZ": zone,
        },
        preexec_fn=narrowed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / site


class Sites(NamedTuple):
    """One book, built three times, under circumstances that should not matter."""

    here: Path
    there: Path
    again: Path


@pytest.fixture(scope="module", params=[made_up_book, copy_of_the_real_book])
def sites(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Sites:
    """The book in two folders, built with nothing remembered; and in the first once more, with what is."""
    place = tmp_path_factory.mktemp("sites")
    here, there = place / "here", place / "there-which-is-a-longer-name"
    config = request.param(here), request.param(there)
    assert not any((folder / ".cache").exists() for folder in (here, there))
    return Sites(
        build(here, config[0], site="built", seed=1, zone="UTC", cores=64),
        build(there, config[1], site="built", seed=2, zone="Asia/Kathmandu", cores=1),
        build(here, config[0], site="again", seed=3, zone="UTC", cores=64),
    )


def first_difference(one: Path, other: Path) -> str | None:
    """The first file that is not the same in two folders, with the place where it begins to differ."""
    found = [
        {path.relative_to(top) for path in top.rglob("*") if path.is_file()}
        for top in (one, other)
    ]
    for name in sorted(found[0] | found[1]):
        for top, files in zip((one, other), found, strict=True):
            if name not in files:
                return f"{name} is not in {top}"
        a, b = (one / name).read_bytes(), (other / name).read_bytes()
        if a != b:
            unlike = (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
            at = next(unlike, min(len(a), len(b)))
            part = slice(max(0, at - 40), at + 80)
            return f"{name} differs from byte {at} on: {a[part]!r}, {b[part]!r}"
    return None


def test_two_builds_of_a_book_are_the_same_to_the_byte(sites: Sites) -> None:
    assert sum(path.suffix == ".html" for path in sites.here.rglob("*")) > 12
    difference = first_difference(sites.here, sites.there)
    assert difference is None, difference


def test_a_build_that_remembers_the_last_one_gives_the_same_site(sites: Sites) -> None:
    assert (sites.here.parent / ".cache").exists()
    difference = first_difference(sites.here, sites.again)
    assert difference is None, difference


def test_a_site_names_no_folder_of_the_machine_that_built_it(sites: Sites) -> None:
    places = [str(place) for place in (sites.here.parent, ROOT, sys.prefix)]
    pattern = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, places))})\b".encode())
    named = []
    for path in sorted(sites.here.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            match = pattern.search(content)
            if match:
                around = content[max(0, match.start() - 40) : match.end() + 40]
                named.append(f"{path.relative_to(sites.here)}: {around!r}")
    assert named == []


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"a.html": b"one", "b.html": b"two"}, None),
        ({"a.html": b"one", "b.html": b"tow"}, "b.html differs from byte 1 on"),
        ({"a.html": b"one", "b.html": b"two!"}, "b.html differs from byte 3 on"),
        ({"a.html": b"one"}, "b.html is not in"),
        ({"0.html": b"", "a.html": b"one", "b.html": b"two"}, "0.html is not in"),
    ],
)
def test_the_first_file_that_differs_is_named(
    tmp_path: Path, there: dict[str, bytes], told: str | None
) -> None:
    here = {"a.html": b"one", "b.html": b"two"}
    for folder, files in {"here": here, "there": there}.items():
        (tmp_path / folder).mkdir()
        for name, content in files.items():
            (tmp_path / folder / name).write_bytes(content)
    got = first_difference(tmp_path / "here", tmp_path / "there")
    assert got == told if told is None else (got or "").startswith(told)
