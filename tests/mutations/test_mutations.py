"""A test suite is only as good as the faults it finds: each of these must fail some test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
TESTS_FAILED = 1  # pytest's exit code where tests ran and some failed


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library and of its tests, to plant faults in."""
    copy = tmp_path_factory.mktemp("mutations")
    leave_out = shutil.ignore_patterns(
        "__pycache__", "press", "plot", "mutations", "book", "browser", "live"
    )
    for part in ("dlbook", "tests"):
        shutil.copytree(ROOT / part, copy / part, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def run(copy: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run tests of the copy until one fails."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--tb=line",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    return subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def write(file: Path, text: str) -> None:
    """Write the file, an hour after its last change: byte code of the same second and size would count as fresh."""
    later = file.stat().st_mtime + 3600
    file.write_text(text, "utf-8")
    os.utime(file, (later, later))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_the_fault_is_found(fault: Fault, copy: Path) -> None:
    file = copy / "dlbook" / fault.file
    sound = file.read_text("utf-8")
    assert sound.count(fault.old) == 1, (
        f"{fault.file}: expected to find this once: {fault.old}"
    )
    write(file, sound.replace(fault.old, fault.new))
    try:
        done = run(copy, fault.tests)
    finally:
        write(file, sound)
    assert done.returncode == TESTS_FAILED, done.stdout + done.stderr
    assert "ERROR" not in done.stdout, (
        done.stdout
    )  # the tests ran; the fault is not one of syntax


@pytest.mark.parametrize(
    "file",
    sorted({name for fault in FAULTS for name in fault.tests if name.endswith(".py")}),
)
def test_without_a_fault_the_tests_pass(file: str, copy: Path) -> None:
    done = run(copy, (file,))
    assert done.returncode == 0, done.stdout + done.stderr
