"""A derivation must need its signs and factors: a line that holds with another one is checked by nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.mutations.lines import ROOT, faulty

PAGES = [
    str(page.relative_to(ROOT))
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if "```derivation" in page.read_text("utf-8")
]


@pytest.mark.parametrize("page", PAGES)
def test_each_sign_and_factor_of_a_derivation_is_needed(page: str) -> None:
    command = [sys.executable, "-m", "tests.mutations.lines", page]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # as the press runs a page
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["planted"] > 0
    assert result["overlooked"] == []


def test_faults_are_planted_everywhere() -> None:
    assert list(faulty("-x / 2 + f(x - 1)")) == [
        "-x / 2 - f(x - 1)",
        "-x * 2 + f(x - 1)",
        "+x / 2 + f(x - 1)",
        "-x / 3 + f(x - 1)",
        "-x / 2 + f(x + 1)",
        "-x / 2 + f(x - 2)",
    ]
