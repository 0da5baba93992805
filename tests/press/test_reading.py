"""What the press refuses when it reads a page, before anything runs, each fault told once and with its line."""

from __future__ import annotations

import pytest

from dlbook.press.reading.scan import Scan, scan

RUN = '```python exec="on"\n{}\n```\n'
EXERCISE = '!!! exercise "E"\n\n    ```python exercise="a" part="{}"\n    {}\n    ```\n'
DERIVATION = "```derivation {}\nsteps:\n    1 + 1\n    = 2    # {}\n```\n"

# name: (the page, the line at fault, what the message must say)
FAULTS = {
    "a stray dollar sign": ("It costs 5$ or\nso, and $x$.\n", 1, "a dollar sign"),
    "a dollar sign that opens nothing": ("Then $x is it.\n", 1, "a dollar sign"),
    "a formula that its item does not close": ("- $a\n- b\n", 1, "a dollar sign"),
    "a displayed formula in running text": ("It is $$x$$ so.\n", 1, "a dollar sign"),
    "a display that touches the text before it": (
        "Then\n$$\nx\n$$\n",
        2,
        "a displayed formula stands between blank lines",
    ),
    "a display that touches the text after it": (
        "$$\nx\n$$\nholds.\n",
        4,
        "a displayed formula stands between blank lines",
    ),
    "a display that touches a fence": (
        "```text\nx\n```\n$$\nx\n$$\n",
        4,
        "a displayed formula stands between blank lines",
    ),
    "a blank line in a display": ("$$\nx\n\ny\n$$\n", 3, "a blank line in a displayed"),
    "a display never closed": ("Text.\n\n$$\nx\n\nMore.\n", 3, "never closed"),
    "text behind a display": ("$$ x $$ holds.\n", 1, "ends with its $$"),
    "a display with two labels": (
        "$$\nx \\label{eq:a} \\\\\ny \\label{eq:b}\n$$\n",
        3,
        "a second \\label",
    ),
    "a formula with a figure's label": (
        "$$\nx \\label{fig:a}\n$$\n",
        2,
        "\\label{fig:a}: in a formula there are only",
    ),
    "a figure referred to from a formula": (
        "Let $x \\text{ of \\ref{fig:a}}$.\n",
        1,
        "\\ref{fig:a}: in a formula there are only",
    ),
    "a figure referred to as an equation": (
        "One.\nSee \\eqref{fig:a}.\n",
        2,
        "\\eqref{fig:a}: equations are referred to by \\eqref{eq:…}, all else by \\ref",
    ),
    "an equation referred to as a figure": (
        "See \\ref{eq:a}.\n",
        1,
        "\\ref{eq:a}: equations",
    ),
    "a label in running text": (
        "One \\label{eq:a}.\n",
        1,
        "\\label{eq:a} stands neither in a formula nor at the head of a box",
    ),
    "a fence in a comment": ("<!--\n```text\nx\n```\n-->\n", 2, "a fence in a comment"),
    "a comment never closed": ("One.\n\n<!-- two\n\nthree\n", 3, "a comment is opened"),
    "something left to do": ("One.\nTODO: two.\n", 2, "TODO stands in the text"),
    "an image without a description": ("![ ](a.png)\n", 1, "an image without"),
    "an image tag without a description": (
        'One.\n<img src="a.png" alt="">\n',
        2,
        "an image without a description",
    ),
    "an empty block": (RUN.format(""), 1, "an empty block"),
    "an empty listing": ("```text\n```\n", 1, "an empty block"),
    "a block of comments": (RUN.format("# x = 1"), 2, "an empty block"),
    "an option after the code": (
        RUN.format("x = 1\n#| label: fig:a"),
        3,
        "expected at the head of the block",
    ),
    "options that are no YAML": (
        RUN.format("#| label: [\nx = 1"),
        2,
        "block options: ",
    ),
    "a label with a bad character": (
        RUN.format("#| caption: c\n#| label: fig:a b\nx = 1"),
        3,
        "expected fig:name or tbl:name, got 'fig:a b'",
    ),
    "a section's label on a smaller heading": (
        "### T {#sec:a}\n",
        1,
        "label 'sec:a': only a section",
    ),
    "a section's label on the title": ("# T {#sec:a}\n", 1, "only a section"),
    "an equation's label on a section": ("## T {#eq:a}\n", 1, "only a section"),
    "a section inside of a box": (
        "!!! note\n\n    ## T\n",
        3,
        "a section cannot stand inside of a box",
    ),
    "a heading that stands there twice": (
        "## T\n\n### `T`\n",
        3,
        "'`T`' stands already on line 4, and both would have one anchor",
    ),
    "an underlined heading": ("T\n---\n", 2, "a heading is written with #"),
    "a value in a heading": ("## The `{python} 1`\n", 1, "heading: no values"),
    "a reference in a heading": ("## By \\eqref{eq:a}\n", 1, "heading: no values"),
    "a figure that is never shown": (
        RUN.format("fig, ax = plot.subplots()\nax.plot(x)\nfig.suptitle('a')"),
        2,
        "the figure 'fig' is made and never shown",
    ),
    "a figure whose name goes to another": (
        RUN.format("fig, ax = plot.subplots()")
        + RUN.format("fig, ax = plot.subplots()\nfig"),
        2,
        "the figure 'fig' is made and never shown",
    ),
    "text behind a closing fence": (
        "```text\nx\n``` y\n",
        3,
        "a fence is closed by ``` alone",
    ),
    "a fence closed by too many marks": (
        "```text\nx\n````\n",
        3,
        "closed by ``` alone",
    ),
    "a fence closed further left": (
        "!!! note\n\n    ```text\n    x\n```\n",
        5,
        "closed by ``` alone",
    ),
    "a line left of its fence": (
        "!!! note\n\n    ```text\n  x\n    ```\n",
        4,
        "begins left of its first line",
    ),
    "a check that nothing fails": (
        EXERCISE.format("check", "f(2) == 4"),
        4,
        "hold neither an assert nor a raise",
    ),
    "an exercise without a box": (
        '```python exercise="a" part="starter"\nx = 1\n```\n',
        1,
        "exercise 'a' stands in no box",
    ),
    "two exercises in a box": (
        EXERCISE.format("starter", "x = 1")
        + '\n    ```python exercise="b" part="starter"\n    x = 1\n    ```\n',
        7,
        "exercise 'b' needs a box of its own",
    ),
    "a theorem without a title": ("!!! theorem\n    T.\n", 1, "a theorem has a title"),
    "a folded algorithm": (
        '??? algorithm "A"\n    A.\n',
        1,
        "an algorithm has a title",
    ),
    "a title without quotes": (
        "!!! note Beware\n    T.\n",
        1,
        "box: expected a title in quotes, got Beware",
    ),
    "a theorem with an algorithm's label": (
        '!!! theorem "T"\n    \\label{alg:a}\n',
        2,
        "label: expected thm:name, got 'alg:a'",
    ),
    "a label that is not the box's first line": (
        '!!! theorem "T"\n    One.\n\n    \\label{thm:a}\n',
        4,
        "label 'thm:a': expected on the first line of algorithm or exercise or theorem",
    ),
    "a citation of nothing": (
        "By \\cite{a, }.\n",
        1,
        "expected keys of the bibliography",
    ),
    "a list of references with text": (
        "```references\ncox1958\n```\n",
        2,
        "references: expected nothing in it, got 'cox1958'",
    ),
    "a derivation without a label": (
        DERIVATION.format("", "counting"),
        1,
        "derivation: expected label=\"eq:name\", got ''",
    ),
    "a derivation with a figure's label": (
        DERIVATION.format('label="fig:a"', "counting"),
        1,
        "derivation: expected label=\"eq:name\", got 'fig:a'",
    ),
    "a derivation with an unknown option": (
        DERIVATION.format('label="eq:a" source="fold"', "counting"),
        1,
        "unknown option 'source'; expected one of label, within",
    ),
    "a derivation that allows too much": (
        DERIVATION.format('label="eq:a" within="0.1"', "counting"),
        2,
        "within: expected a number above 0",
    ),
    "a derivation without reasons": (
        DERIVATION.format('label="eq:a"', ""),
        4,
        "reason",
    ),
    "a value in a reason": (
        DERIVATION.format('label="eq:a"', "by `{python} 1`"),
        4,
        "none in the reasons of a derivation",
    ),
    "a bad reference in a reason": (
        DERIVATION.format('label="eq:a"', "by \\ref{eq:b}"),
        4,
        "\\ref{eq:b}: equations",
    ),
}


def read(body: str) -> Scan:
    return scan("t.md", body, body)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_once_and_with_its_line(name: str) -> None:
    body, line, message = FAULTS[name]
    head = "---\ntitle: T\n---\n"
    found = scan("t.md", head + body, body)
    assert [problem.line for problem in found.problems] == [line + 3], found.problems
    assert message in found.problems[0].message


SOUND = {
    "a literal dollar sign": "It costs 5\\$, or $x$ times that.\n",
    "a formula over two lines": "Let $a\n- b + \\alpha$ be it.\n",
    "code over two lines": "Let `a $\nb` be it.\n",
    "a formula in an item and its continuation": "- let $a +\n  b$\n- $c$\n",
    "rows of a table": "| a | $b$ |\n|---|---|\n| c | `$` |\n",
    "a display in a quote": "> Then\n>\n> $$\n> x\n> $$\n",
    "a display in a box": '!!! note "T"\n    $$\n    x \\\\\n    y\n    $$\n',
    "a display behind a heading": "## T\n$$\nx\n$$\n",
    "a display on one line": "$$ x $$\n",
    "marks in a longer fence": "````markdown\n```python\nx\n```\n````\n",
    "an indented fence in a fence": "```text\n    ```\n    x\n    ```\n```\n",
    "a comment in code": "Write `<!--` and `-->` around it.\n",
    "a mark of work in code": "Search for `TODO`.\n",
    "a described image": '![A cat](cat.png) <img src="cat.png" alt="A cat">\n',
    "a heading with an anchor": "## T\n\n## U {#t2}\n\n### T again {#u2 .small}\n",
    "a figure that ends its block": RUN.format("fig, ax = plot.subplots()\nfig"),
    "a figure that a later block shows": RUN.format("fig, ax = plot.subplots()")
    + RUN.format("fig"),
    "a figure shown by what draws on its axes": RUN.format(
        "fig, (left, right) = plot.subplots(ncols=2)\nplot.grid(1, ax=right)"
    ),
    "a figure shown by a function": RUN.format("def show():\n    return fig")
    + RUN.format("fig, ax = plot.subplots()\nshow()"),
    "a figure reached through its axes": RUN.format(
        "fig, ax = plot.subplots()\nax.figure"
    ),
    "a figure whose block must fail": '```python exec="on" raises="ValueError"\nfig, ax = plot.subplots(bad=1)\n```\n',
    "a check that raises": EXERCISE.format("check", "raise AssertionError('always')"),
    "lists of works": "```references\n```\n\n```bibliography\n```\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_let_alone(name: str) -> None:
    assert read(SOUND[name]).problems == []


def test_nothing_in_a_comment_is_read() -> None:
    inside = "`{python} 1` \\eqref{eq:a} \\cite{cox1958} TODO $"
    found = read(f"One <!-- {inside} --> two.\n<!--\n\n## {inside}\n--> three\n")
    assert found.problems == []
    assert found.markdown == "One  two.\n\n\n\n three\n"
    assert (found.slots, found.references, found.citations) == ([], [], [])
    assert found.labels == []


def test_citations_become_places_and_are_noted_with_their_lines() -> None:
    found = read("One.\nAs \\citet{cox1958} says (\\cite{a-1, b}).\n")
    assert found.citations == [("cox1958", 2), ("a-1", 2), ("b", 2)]
    place = "<a data-press-cite='{}' data-press-textual='{}'></a>"
    assert place.format("cox1958", 1) in found.markdown
    assert place.format("a-1,b", 0) in found.markdown


def test_caption_is_prose_on_its_own_line() -> None:
    found = read(
        RUN.format(
            "#| label: fig:a\n#| alt: a\n#| caption: >-\n#|   From \\cite{b}\n#|   and `{python} 1`.\nfig"
        )
    )
    assert found.citations == [("b", 4)]
    assert [(slot.kind, slot.line) for slot in found.slots] == [
        ("block", 7),
        ("value", 4),
    ]
    assert "data-press-cite='b'" in found.slots[0].options["caption"]
    assert found.slots[0].code == "fig"


def test_reasons_of_a_derivation_are_prose_and_its_lines_have_labels() -> None:
    found = read(
        DERIVATION.format('label="eq:d"', "by \\eqref{eq:a} and \\cite{b} {eq:two}")
    )
    assert found.labels == [("eq:d", 1), ("eq:two", 4)]
    assert found.references == [("eq:a", 4)]
    assert found.citations == [("b", 4)]
    (slot,) = found.slots
    assert (slot.kind, slot.line) == ("derivation", 2)
    assert slot.derivation is not None
    reason = slot.derivation.steps[1].reason
    assert "<a data-press-ref='eq:a'></a>" in reason
    assert "data-press-cite='b'" in reason
    assert 'exec="on" slot="0"' in found.markdown


def test_sections_boxes_and_their_names_are_counted_in_order() -> None:
    found = read(
        '## A\n\n!!! theorem "T"\n\n    \\label{thm:t}\n\n## B {#sec:b .wide}\n'
    )
    assert found.labels == [("sec:@t.md:1", 1), ("thm:t", 5), ("sec:b", 7)]
    assert '## A {data-press-title="0"}' in found.markdown
    assert '## B {#sec:b .wide data-press-title="2"}' in found.markdown
    assert "label" not in found.markdown


def test_body_s_first_line_is_known() -> None:
    assert scan("t.md", "---\ntitle: T\n---\nOne.\n", "One.\n").body_line == 4
    assert read("One.\n").body_line == 1
