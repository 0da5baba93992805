"""The documents at the top of the repository: what they say can be run, and is."""

from __future__ import annotations

import doctest
import re
import shutil
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import dlbook
from tests.book.build import ROOT, mkdocs_build
from tests.pages import read_page


def fences(document: str, language: str) -> list[str]:
    """The code of a document's three-backquote fences of one language, outside of its four-backquote ones."""
    text = re.sub(
        r"^````.*?^````$",
        "",
        (ROOT / document).read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    found = re.findall(
        rf"^([ ]*)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL
    )
    return [textwrap.dedent(code) for _, code in found]


def files_in(document: str) -> dict[str, str]:
    """The files that a document shows whole, in fences of four backquotes with a title."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return dict(
        re.findall(
            r'^````\w+ title="([^"]+)"\n(.*?)^````$', text, re.MULTILINE | re.DOTALL
        )
    )


def run_examples(text: str, names: dict[str, Any], where: str) -> int:
    """Run the doctests in a text; returns how many examples there were."""
    test = doctest.DocTestParser().get_doctest(text, names, where, where, 0)
    result = doctest.DocTestRunner(verbose=False).run(test)
    assert result.failed == 0, (
        f"{where}: {result.failed} of {result.attempted} examples fail; see above"
    )
    return result.attempted


def test_the_readme_s_example_does_what_it_says() -> None:
    (example,) = fences("README.md", "pycon")
    assert run_examples(example, {}, "README.md") > 10


def test_the_primitive_of_contributing_works_and_passes_its_checks() -> None:
    blocks = fences("CONTRIBUTING.md", "python")
    assert len(blocks) == 3
    names: dict[str, Any] = {"__name__": "contributing"}
    for block in blocks:
        exec(compile(block, "CONTRIBUTING.md", "exec", dont_inherit=True), names)
    softplus = names["softplus"]
    assert run_examples(softplus.__doc__, names, "CONTRIBUTING.md: softplus") == 1
    with pytest.raises(TypeError, match="softplus: z: expected"):
        softplus("a word")


def test_the_page_of_contributing_builds_strictly_and_uses_every_form(
    tmp_path: Path,
) -> None:
    files = files_in("CONTRIBUTING.md")
    page = files["docs/foundations/smooth-ramp.md"]
    for name in ("node_modules", "dlbook", "benchmarks", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs" / "assets", tmp_path / "docs" / "assets")
    for name, text in {
        **files,
        "docs/index.md": "# Home\n\nA book of one page.\n\n```bibliography\n```\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = "nav:\n  - index.md\n  - Foundations:\n      - foundations/smooth-ramp.md\n"
    config, count = re.subn(r"^nav:\n(?:[ ].*\n)+", nav, config, flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")

    run = mkdocs_build(tmp_path / "site", tmp_path / "mkdocs.yml")

    assert run.returncode == 0, run.stdout + run.stderr
    built = read_page(tmp_path / "site" / "foundations" / "smooth-ramp.html")
    for sign in (
        "Figure 1.1",
        "(1.1)",
        "Exercise 1.1",
        "dlbook/ops/activation/squashing.py",
        "FloatingPointError",
        "1000.0",
        "Table 1.1",
        "Theorem 1.1",
        "Algorithm 1.1",
        "Section 1.1",
        "(1.2b)",
        "Dugas et al.",
        "benchmarks/speed.py",
    ):
        assert sign in built, sign
    used = set(re.findall(r'(\w+)="', page))
    assert {"exec", "source", "raises", "erratum", "exercise", "part"} <= used


def test_contributing_names_every_part_of_the_house() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in (ROOT / "dlbook").iterdir():
        if not path.name.startswith(("_", ".")) and (
            path.is_dir() or path.suffix == ".py"
        ):
            assert f"  {path.name}{'/' if path.is_dir() else ''} " in text, path.name


def test_the_version_is_the_same_wherever_it_stands() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == dlbook.__version__ == citation["version"]


def test_the_readme_names_the_two_commands_first() -> None:
    first = fences("README.md", "bash")[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == [
        "make serve",
        "make test",
    ]


def test_every_target_that_a_document_names_is_in_the_makefile() -> None:
    targets = set(
        re.findall(
            r"^([a-z-]+):",
            (ROOT / "Makefile").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(
            re.findall(
                r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8")
            )
        )
        assert named
        assert named <= targets, document


def test_every_file_that_a_document_links_to_is_there() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for address in re.findall(r"\]\(([^)#]+)\)", text):
            if not address.startswith("https://"):
                assert (ROOT / address).is_file(), f"{document}: {address}"
