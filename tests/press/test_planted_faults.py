"""A book with a fault in it must not build, and the message must name page and line."""

from __future__ import annotations

import pytest

from tests.press.conftest import Book

# name: (the page, the line at fault, what the message must say)
FAULTS = {
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
        1,
        "process died",
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
    assert "sound.md" not in run.stderr or name == "a dying process", run.stderr


def test_fault_in_a_helper_is_told_at_the_block_that_called_it(book: Book) -> None:
    helper = '```python exec="on"\ndef check(x):\n    assert x > 0\n```\n'
    book.write(
        "part/fault.md",
        f'# T\n\n{helper}\n```python exec="on"\ncheck(1)\ncheck(-1)\n```\n',
    )
    assert "docs/part/fault.md:10: AssertionError" in book.build().stderr


def test_erratum_without_its_box_fails_the_build(book: Book) -> None:
    row = 'number = 3\npage = "fault"\nnotes = "000"\nkind = "mistake"\nclaim = "1 = 2"\ncorrect = "1 = 1"\n'
    book.write("errata.toml", f"[[erratum]]\n{row}")
    book.write("part/fault.md", "# T\n")
    run = book.build()
    assert run.returncode != 0
    assert (
        "docs/part/fault.md:1: erratum 3 is a row of this page and has no box on it"
        in run.stderr
    )


def test_quiet_build_fails_too(book: Book) -> None:
    book.write("part/fault.md", FAULTS["sys.exit(0)"][0])
    assert book.build("-q").returncode != 0


def test_all_faults_of_a_book_are_told_at_once(book: Book) -> None:
    book.write("part/a.md", FAULTS["an exception"][0])
    book.write("part/b.md", FAULTS["a bad formula"][0])
    run = book.build()
    assert "docs/part/a.md:5:" in run.stderr
    assert "docs/part/b.md:5:" in run.stderr
    assert "the book has 2 problems" in run.stderr
