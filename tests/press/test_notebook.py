"""Chapters as notebooks: Jupyter can read them, they run from top to bottom, and they hold no solution."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.press.conftest import ROOT, Book, begun

PAGE = """---
numbers:
  an example: ["2.5"]
---
# A chapter

## A section {#sec:here}

By \\eqref{eq:line} of \\ref{sec:here}, twice 2.5 is `{python} 2 * 2.5`. See [the next page](other.md#there), or
[elsewhere](https://example.org).

$$
\\cact{a} = 2 \\cdata{x}
\\label{eq:line}
$$

```python exec="on" source="hide"
x = 2
```

- a list

    ```text
    [kept](as.md) it is: \\cdata{x}
    ```

```python exec="on"
table([[x, x]], headers=["a", "b"])
```

```python exec="on" raises="ValueError"
int("two")
```

??? derivation "Twice"
    ```derivation label="eq:twice"
    given:
        x = rng.normal()
    for:
        j in range(2)
    steps:
        x + x + j
        = 2 * x + j    # counted, as in \\eqref{eq:line} {eq:counted}
    ```

    And so on, by \\eqref{eq:counted}.

!!! exercise "Three times"
    Write it.

    ```python exercise="thrice" part="starter"
    def thrice(x):
        return x
    ```

    ```python exercise="thrice" part="check"
    assert thrice(x) == 3 * x
    ```

    ??? hint "Hint 1"
        Multiply $\\cdata{x}$.

    ??? solution "Solution"
        It is not told here.

        ```python exercise="thrice" part="solution"
        def thrice(x):
            return 3 * x
        ```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A small book, built once."""
    book = begun(tmp_path_factory.mktemp("book"))
    book.write("part/a.md", PAGE)
    book.write("part/other.md", "# Another\n\n## There\n\nNo code.\n")
    run = book.build()
    assert run.returncode == 0, run.stderr
    return book


@pytest.fixture
def made(built: Book) -> dict[str, Any]:
    """The notebook of its chapter."""
    return dict(json.loads(built.page("part/a.ipynb")))


def text(notebook: dict[str, Any], kind: str = "markdown") -> str:
    cells = (c for c in notebook["cells"] if c["cell_type"] == kind)
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def cell(notebook: dict[str, Any], code: str) -> dict[str, Any]:
    found = [c for c in notebook["cells"] if code in "".join(c["source"])]
    assert len(found) == 1
    return dict(found[0])


def test_a_notebook_has_the_form_that_jupyter_reads(made: dict[str, Any]) -> None:
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    names = [c["id"] for c in made["cells"]]
    assert len(set(names)) == len(names)
    for one in made["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", one["id"])
        own = {"cell_type", "id", "metadata", "source"}
        if one["cell_type"] == "code":
            own |= {"execution_count", "outputs"}
            assert (one["outputs"], one["execution_count"]) == ([], None)
        assert one.keys() == own


def test_the_first_cell_says_how_to_install_what_the_code_needs(
    made: dict[str, Any],
) -> None:
    assert "pip install" in "".join(made["cells"][0]["source"])
    helpers = "".join(made["cells"][1]["source"])
    assert helpers == "from dlbook.press.table import table"


def test_what_the_book_fills_in_is_text(made: dict[str, Any]) -> None:
    told = text(made)
    assert "# Chapter 1: A chapter" in told
    assert "## 1.1 A section\n" in told
    assert "By (1.1) of Section 1.1, twice 2.5 is 5.0." in told
    assert "data-press" not in told


def test_formulas_have_their_numbers_and_no_colors(made: dict[str, Any]) -> None:
    assert "{a} = 2 {x}\n\\tag{1.1}" in text(made)
    assert "Multiply ${x}$." in text(made)


def test_a_link_to_another_page_is_its_text_and_one_to_elsewhere_a_link(
    made: dict[str, Any],
) -> None:
    told = text(made)
    assert "See the next page, or\n[elsewhere](https://example.org)." in told


def test_a_fence_that_does_not_run_stays_as_it_is(made: dict[str, Any]) -> None:
    assert "```text\n    [kept](as.md) it is: \\cdata{x}\n" in text(made)


def test_a_derivation_has_its_lines_its_reasons_and_its_indices(
    made: dict[str, Any],
) -> None:
    told = text(made)
    assert r"&= 2 x + j && \text{(1.2a)}" in told
    assert "- (1.2a) counted, as in (1.1)" in told
    assert "for $j = 0, \\dots, 1$" in told
    assert "And so on, by (1.2a)." in told


def test_hidden_code_is_there_and_folded(made: dict[str, Any]) -> None:
    assert cell(made, "x = 2")["metadata"]["jupyter"] == {"source_hidden": True}


def test_a_block_that_must_fail_does_not_stop_the_notebook(
    made: dict[str, Any],
) -> None:
    assert cell(made, 'int("two")')["metadata"]["tags"] == ["raises-exception"]


def test_an_exercise_is_its_starter_and_its_checks_without_the_solution(
    made: dict[str, Any],
) -> None:
    starter = cell(made, "def thrice(x):")
    assert starter["metadata"]["dlbook"] == {"exercise": "thrice"}
    check = cell(made, "assert thrice(x) == 3 * x")
    assert check["metadata"]["tags"] == ["raises-exception"]
    assert "**Exercise 1.1. Three times**" in text(made)
    assert "<details><summary>Hint 1</summary>\n\nMultiply" in text(made)
    assert "It is not told here" not in text(made)
    assert "return 3 * x" not in text(made, "code")


def test_a_page_leads_to_its_notebook_and_one_without_code_has_none(
    built: Book,
) -> None:
    assert 'href="a.ipynb" download>' in built.page("part/a.html")
    assert "ipynb" not in built.page("part/other.html")
    assert not Path(built.folder, "site/part/other.ipynb").exists()


def test_two_builds_write_the_same_notebook(built: Book) -> None:
    first = built.page("part/a.ipynb")
    assert built.build().returncode == 0
    assert built.page("part/a.ipynb") == first


def test_a_notebook_runs_from_top_to_bottom(built: Book) -> None:
    assert ran(built.folder / "site/part/a.ipynb") == ""


def test_a_cell_that_fails_unannounced_is_told(built: Book, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(built.page("part/a.ipynb").replace("x = 2", "x = y"))
    assert "NameError" in ran(path)


def ran(path: Path) -> str:
    """What went wrong when a notebook's code ran, in a process of its own and in the project's folder."""
    script = Path(__file__).with_name("notebook_run.py")
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, str(script), str(path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(run.returncode) == bool(run.stderr)
    return run.stderr
