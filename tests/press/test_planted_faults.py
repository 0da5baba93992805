"""A book with a fault in it must not build, and the message must name page and line."""

from __future__ import annotations

import pytest

from dlbook.press.errata import owner
from tests.press.conftest import Book

EXERCISE = """# T

!!! exercise "Square"
    Square it.

    ```python exercise="sq" part="starter"
    {}
    ```
    ```python exercise="sq" part="check"
    assert f(2) == 4
    ```
    ```python exercise="sq" part="solution"
    def f(x):
        {}
    ```
"""

# name: (the page, the line at fault, what the message must say)
FAULTS = {
    "a value in an alt text": (
        '# T\n\n```python exec="on"\n#| label: fig:a\n#| caption: C.\n#| alt: At `{python} 1`.\n1\n```\n',
        6,
        "alt: no values are computed here",
    ),
    "a box whose content is not inside": (
        '# T\n\n??? proof "P"\n  Text.\n',
        3,
        "the box 'proof' is empty: what it holds is indented by four spaces",
    ),
    "a value with all the digits of a float": (
        "# T\n\nIt is `{python} 1 / 3`.\n",
        3,
        "has more digits than survive another CPU",
    ),
    "another error than the one that is expected": (
        '# T\n\n```python exec="on" raises="ValueError"\n1 / 0\n```\n',
        4,
        "the block should raise ValueError",
    ),
    "a starter that cannot run": (
        EXERCISE.format("def f(x):\n        raise NotImplementedError", "return x * x"),
        11,
        "exercise 'sq': its starter has to run, and to fail by an assert of its checks",
    ),
    "a solution that is wrong": (
        EXERCISE.format("def f(x):\n        return 0", "return x + x + 1"),
        11,
        "exercise 'sq': its solution fails its checks",
    ),
    "an exception": (
        '# T\n\n```python exec="on"\nx = 1\n1 / 0\n```\n',
        5,
        "ZeroDivisionError",
    ),
    "a failed assert": (
        '# T\n\n```python exec="on"\nassert 1 == 2, "unequal"\n```\n',
        4,
        "AssertionError: unequal",
    ),
    "sys.exit(0)": (
        '# T\n\n```python exec="on"\nimport sys\nsys.exit(0)\n```\n',
        5,
        "SystemExit",
    ),
    "KeyboardInterrupt": (
        '# T\n\n```python exec="on"\nraise KeyboardInterrupt\n```\n',
        4,
        "KeyboardInterrupt",
    ),
    "a syntax error": (
        '# T\n\n```python exec="on"\nx = 1\ny = = 2\n```\n',
        5,
        "SyntaxError",
    ),
    "a warning": (
        '# T\n\n```python exec="on"\nimport numpy as np\nnp.log(np.zeros(2))\n```\n',
        5,
        "RuntimeWarning",
    ),
    "a dying process": (
        '# T\n\n```python exec="on"\nimport os\nos._exit(0)\n```\n',
        4,
        "the page's process died here, with exit code 0",
    ),
    "a return outside of a function": (
        '# T\n\n```python exec="on"\nx = 1\nreturn x\n```\n',
        5,
        "SyntaxError",
    ),
    "a value that does not parse": (
        "# T\n\nOne.\n\nIt is `{python} 1 +`.\n",
        5,
        "SyntaxError",
    ),
    "a thread that fails": (
        '# T\n\n```python exec="on"\nfrom threading import Thread\nt = Thread(target=lambda: 1 / 0)\n'
        "t.start()\nt.join()\n```\n",
        5,
        "ZeroDivisionError",
    ),
    "an option given twice": (
        '# T\n\n```python exec="on" source="hide" source="fold"\nx = 1\n```\n',
        3,
        "an option is given twice",
    ),
    "a misspelt box": (
        '# T\n\n??? evidense "Title"\n    Text.\n',
        3,
        "unknown box 'evidense'",
    ),
    "an exercise without title": (
        "# T\n\n!!! exercise\n    Text.\n",
        3,
        "an exercise has a title",
    ),
    "a fence in a block quote": (
        '# T\n\n> ```python exec="on"\n> x = 1\n> ```\n',
        3,
        "a fence in a block quote never runs",
    ),
    "a fence that Markdown takes for text": (
        'Text.\n\n    ```python exec="on"\n    x = 1\n    ```\n',
        4,
        "Markdown took it for plain text",
    ),
    "a misspelt inline value": (
        "# T\n\nIt is `{pyhton} 1 + 1`.\n",
        3,
        "expected `{python} …`",
    ),
    "a value that comes to nothing": ("# T\n\nIt is `{python} None`.\n", 3, "got None"),
    "a misspelt reference": (
        "# T\n\nSee \\eqrfe{eq:a}.\n",
        3,
        "\\eqrfe stands outside of a formula",
    ),
    "a label that is not numbered": (
        "# T\n\n\\begin{equation}\nx \\label{eq:a}\n\\end{equation}\n",
        3,
        "\\begin stands outside of a formula",
    ),
    "a command that is not trusted": (
        "# T\n\n$\\href{https://example.org}{x}$\n",
        3,
        "a command that the book does not trust",
    ),
    "a figure with another kind of label": (
        '# T\n\n```python exec="on"\n#| label: nokind\nx = 1\n```\n',
        4,
        "label: expected fig:name or tbl:name, got 'nokind'",
    ),
    "a description of no figure": (
        '# T\n\n```python exec="on"\n#| label: fig:a\n#| caption: c\n#| alt: a\nx = 1\n```\n',
        7,
        "the block's last value is no figure",
    ),
    "a value with an address": (
        '# T\n\n```python exec="on"\nobject()\n```\n',
        4,
        "shows an address, another on every run",
    ),
    "an alt text left empty": (
        '# T\n\n```python exec="on"\n#| label: fig:a\n#| caption: A figure.\n#| alt:\n'
        "from dlbook import plot\nfigure, ax = plot.subplots()\nfigure\n```\n",
        7,
        "figure without alt",
    ),
    "a check that fails by accident": (
        '# T\n\n```python exercise="a" part="starter"\nx = 1\n```\n\n'
        '```python exercise="a" part="check"\nassert y == 1\n```\n\n'
        '```python exercise="a" part="solution"\ny = 1\n```\n',
        8,
        "NameError",
    ),
    "a misspelt exec": (
        '# T\n\n```python exce="on"\nx = 1\n```\n',
        3,
        "unknown option 'exce'",
    ),
    "a wrong exec": (
        '# T\n\n```python exec="onn"\nx = 1\n```\n',
        3,
        "exec: expected on, got 'onn'",
    ),
    "a misspelt source": (
        '# T\n\n```python exec="on" source="abvoe"\nx = 1\n```\n',
        3,
        "source: expected above or below or fold or hide, got 'abvoe'",
    ),
    "an unquoted word": (
        "# T\n\n```python exec on\nx = 1\n```\n",
        3,
        "cannot read 'exec on'",
    ),
    "a misspelt language": (
        '# T\n\n```pyhton exec="on"\nx = 1\n```\n',
        3,
        "unknown language 'pyhton'",
    ),
    "a misspelt block option": (
        '# T\n\n```python exec="on"\n#| captoin: a\nx = 1\n```\n',
        4,
        "unknown option 'captoin'",
    ),
    "a fence never closed": ('# T\n\n```python exec="on"\nx = 1\n', 3, "never closed"),
    "a bad formula": (
        "# T\n\nWords.\n\nThen $\\frac{1}{2$ here.\n",
        5,
        "formula: KaTeX parse error",
    ),
    "an unknown macro": (
        "# T\n\n$$\nx = \\sigmoid{z}\n$$\n",
        4,
        "Undefined control sequence: \\sigmoid",
    ),
    "an unknown \\eqref": (
        "# T\n\nWords.\nSee \\eqref{eq:nowhere}.\n",
        4,
        "unknown label 'eq:nowhere'",
    ),
    "an unknown \\ref": (
        "# T\n\nSee \\ref{fig:nowhere}.\n",
        3,
        "unknown label 'fig:nowhere'",
    ),
    "a label used twice": (
        "# T\n\n$$\nx \\label{eq:a}\n$$\n\n$$\ny \\label{eq:a}\n$$\n",
        8,
        "label 'eq:a' stands already at docs/part/fault.md:4",
    ),
    "a figure without alt text": (
        '# T\n\n```python exec="on"\n#| label: fig:a\n#| caption: A figure.\n'
        "from dlbook import plot\nfigure, ax = plot.subplots()\nfigure\n```\n",
        6,
        "figure without alt",
    ),
    "a value that fails": (
        "# T\n\nOne.\n\nThe value is `{python} undefined`.\n",
        5,
        "NameError",
    ),
    "a value not closed": (
        "# T\n\nThe value is `{python} 1 +\n1`.\n",
        3,
        "not closed on its line",
    ),
    "an expected error that does not come": (
        '# T\n\n```python exec="on" raises="ValueError"\nx = 1\n```\n',
        4,
        "should raise ValueError",
    ),
    "another error than the expected one": (
        '# T\n\n```python exec="on" raises="ValueError"\n1 / 0\n```\n',
        4,
        "ZeroDivisionError",
    ),
    "a check that the starter passes": (
        '# T\n\n```python exercise="a" part="starter"\nx = 1\n```\n\n'
        '```python exercise="a" part="check"\nassert True\n```\n\n```python exercise="a" part="solution"\nx = 2\n```\n',
        12,
        "the starter passes the checks",
    ),
    "a solution that fails its check": (
        '# T\n\n```python exercise="a" part="starter"\nx = 1\n```\n\n'
        '```python exercise="a" part="check"\nassert x == 3\n```\n\n'
        '```python exercise="a" part="solution"\nx = 2\n```\n',
        8,
        "AssertionError",
    ),
    "an exercise without solution": (
        '# T\n\n```python exercise="a" part="starter"\nx = 1\n```\n\n'
        '```python exercise="a" part="check"\nassert x == 3\n```\n',
        4,
        "lacks its solution",
    ),
    "an unknown erratum": (
        '# T\n\n```python exec="on" erratum="7"\nx = 1\n```\n',
        4,
        "erratum 7 is not a row of this page",
    ),
    "a formula in a heading": ("# T\n\n## The $x$\n", 3, "no formulas in headings"),
    "a figure with a table's label": (
        '# T\n\n```python exec="on"\n#| label: tbl:a\n#| caption: A figure.\n#| alt: a\n'
        "from dlbook import plot\nfigure, ax = plot.subplots()\nfigure\n```\n",
        7,
        "label: that of a figure is fig:name, got 'tbl:a'",
    ),
    "a table with a figure's label": (
        '# T\n\n```python exec="on"\n#| label: fig:a\n#| caption: A table.\ntable([[1]], headers=["a"])\n```\n',
        6,
        "label: that of a table is tbl:name, got 'fig:a'",
    ),
    "a table with an alt text": (
        '# T\n\n```python exec="on"\n#| label: tbl:a\n#| caption: A table.\n#| alt: a\n'
        'table([[1]], headers=["a"])\n```\n',
        7,
        "table with alt",
    ),
    "a table with a label and no caption": (
        '# T\n\n```python exec="on"\n#| label: tbl:a\ntable([[1]], headers=["a"])\n```\n',
        5,
        "table without caption",
    ),
    "a table with a caption and no label": (
        '# T\n\n```python exec="on"\n#| caption: c\ntable([[1]], headers=["a"])\n```\n',
        5,
        "table without label",
    ),
    "a part of an exercise that Markdown takes for text": (
        '# T\n\n!!! exercise "E"\n    Text.\n\nNo box.\n\n'
        '    ```python exercise="a" part="starter"\n    x = 1\n    ```\n',
        9,
        "this exercise would run, but Markdown took it for plain text",
    ),
    "a line of a derivation that is false": (
        '# T\n\n```derivation label="eq:d"\ngiven:\n    x = rng.normal()\nsteps:\n'
        "    (x + 1)**2\n    = x**2 + 2*x + 1    # the square\n    = x**2 + x + 1      # a slip\n```\n",
        9,
        "line",
    ),
    "a derivation that cannot be read": (
        '# T\n\n```derivation label="eq:d"\nsteps:\n    1 + 1\n    = 2\n```\n',
        6,
        "reason",
    ),
    "a label of a derivation's line used twice": (
        "# T\n\n$$\nx \\label{eq:two}\n$$\n\n"
        '```derivation label="eq:d"\nsteps:\n    1 + 1\n    = 2    # by counting {eq:two}\n```\n',
        10,
        "label 'eq:two' stands already at docs/part/fault.md:4",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_fails_the_build_with_page_and_line(book: Book, name: str) -> None:
    text, line, message = FAULTS[name]
    book.write("part/fault.md", text)
    book.write("part/sound.md", '# Sound\n\n```python exec="on"\nprint(1)\n```\n')
    run = book.build()
    assert run.returncode != 0
    assert f"docs/part/fault.md:{line}: " in run.stderr, run.stderr
    assert message in run.stderr, run.stderr
    assert "sound.md" not in run.stderr, run.stderr


def test_fault_in_a_helper_is_told_at_the_block_that_called_it(book: Book) -> None:
    helper = '```python exec="on"\ndef check(x):\n    assert x > 0\n```\n'
    book.write(
        "part/fault.md",
        f'# T\n\n{helper}\n```python exec="on"\ncheck(1)\ncheck(-1)\n```\n',
    )
    assert "docs/part/fault.md:10: AssertionError" in book.build().stderr


ROW = 'number = 3\npage = "fault"\nnotes = "000"\nkind = "{}"\nclaim = "1 = 2"\ncorrect = "1 = 1"\n'


def test_erratum_that_asserts_nothing_fails_the_build(book: Book) -> None:
    book.write("errata.toml", f"[[erratum]]\n{ROW.format('mistake')}")
    book.write("part/fault.md", '# T\n\n```python exec="on" erratum="3"\n1 == 2\n```\n')
    told = "docs/part/fault.md:4: erratum 3: its block settles nothing, since it holds no assert"
    assert told in book.build().stderr


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.format("mistaek"), "kind: expected mistake or remark, got 'mistaek'"),
        (ROW.format("mistake").replace("claim", "claims"), "expected the keys"),
        (
            f"{ROW.format('mistake')}[[erratum]]\n{ROW.format('remark')}",
            "two rows with the number 3",
        ),
    ],
)
def test_erratum_row_that_is_wrong_fails_the_build(
    book: Book, row: str, message: str
) -> None:
    book.write("errata.toml", f"[[erratum]]\n{row}")
    run = book.build()
    assert run.returncode != 0
    assert message in run.stderr


def test_erratum_without_its_box_fails_the_build(book: Book) -> None:
    book.write("errata.toml", f"[[erratum]]\n{ROW.format('mistake')}")
    book.write("part/fault.md", "# T\n")
    run = book.build()
    assert run.returncode != 0
    assert (
        "docs/part/fault.md:1: erratum 3 is a row of this page and has no box on it"
        in run.stderr
    )


def test_quiet_and_strict_exclude_each_other(book: Book) -> None:
    run = book.build("-q")
    assert run.returncode != 0
    assert "--quiet silences the warnings that --strict counts" in run.stderr


def test_section_of_a_page_that_is_no_chapter_has_no_number_to_refer_to(
    book: Book,
) -> None:
    book.write("index.md", "# T\n\n## S {#sec:s}\n\nSee \\ref{sec:s}.\n")
    run = book.build()
    assert run.returncode != 0
    told = "docs/index.md:3: label 'sec:s': sections are numbered in chapters only"
    assert told in run.stderr
    assert "docs/index.md:5: reference to an unknown label 'sec:s'" in run.stderr


def test_all_faults_of_a_book_are_told_at_once(book: Book) -> None:
    book.write("part/a.md", FAULTS["an exception"][0])
    book.write("part/b.md", FAULTS["a bad formula"][0])
    run = book.build()
    assert "docs/part/a.md:5:" in run.stderr
    assert "docs/part/b.md:5:" in run.stderr
    assert "the book has 2 problems" in run.stderr


def test_a_page_of_the_reference_owns_no_erratum() -> None:
    assert owner("part/fault.md") == "fault"
    assert owner("reference/fault.md") == ""
