"""What is numbered, how it is referred to, and what a page shows of it."""

from __future__ import annotations

import json
import re

import pytest

from dlbook.press.reading.labels import Labels, fits
from dlbook.press.reading.scan import scan
from tests.press.conftest import CONFIG, ROOT, Book

PAGE = """# A chapter

## First

## Second one {#sec:second}

$$
x = 1 \\label{eq:one}
$$

!!! theorem "Of nothing"
    \\label{thm:nothing}
    Zero times $x$ is zero.

    ??? proof "By counting"
        Nothing, $x$ times.

!!! theorem "Without a name"
    It is true.

!!! algorithm "Counting"
    \\label{alg:count}

    1. Begin.
    2. Go on.

!!! exercise "Open"

    \\label{ex:open}
    Think.

```python exec="on" source="hide"
#| label: tbl:ones
#| caption: All ones, `{python} 1 + 1` of them; see \\ref{sec:second}.
table([[1, 1]], headers=["a", "b"])
```

```derivation label="eq:square"
given:
    a = rng.normal()
steps:
    (a + 1)**2
    = (a + 1) * (a + 1)    # what a square is
    = a**2 + 2*a + 1       # by $a \\cdot 1 = a$ and \\eqref{eq:one} {eq:last}
```
"""

REFERENCES = {
    "\\ref{sec:second}": ("sec:second", "Section 1.2"),
    "\\eqref{eq:one}": ("eq:one", "(1.1)"),
    "\\ref{thm:nothing}": ("thm:nothing", "Theorem 1.1"),
    "\\ref{alg:count}": ("alg:count", "Algorithm 1.1"),
    "\\ref{ex:open}": ("ex:open", "Exercise 1.1"),
    "\\ref{tbl:ones}": ("tbl:ones", "Table 1.1"),
    "\\eqref{eq:square}": ("eq:square", "(1.2)"),
    "\\eqref{eq:last}": ("eq:last", "(1.2b)"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Book:
    made = Book(tmp_path_factory.mktemp("book"))
    (made.folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    (made.folder / "node_modules").symlink_to(ROOT / "node_modules")
    made.write("index.md", "# Home\n\nWelcome.\n")
    made.write("part/a.md", PAGE)
    made.write("part/b.md", "# B\n\n" + "\n".join(f"- {ref}" for ref in REFERENCES))
    run = made.build()
    assert run.returncode == 0, run.stderr
    return made


@pytest.mark.parametrize("reference", REFERENCES)
def test_whatever_is_numbered_is_found_from_another_page(
    site: Book, reference: str
) -> None:
    anchor, text = REFERENCES[reference]
    link = f'<a class="press-ref" href="a.html#{anchor}">{text}</a>'
    assert link in site.page("part/b.html")
    assert site.page("part/a.html").count(f'id="{anchor}"') == 1


def test_chapter_s_sections_show_their_numbers(site: Book) -> None:
    page = re.sub(r' data-search-\w+="1"', "", site.page("part/a.html"))
    first = r'<h2 id="first"><span class="press-number">1\.1</span> First'
    second = r'<h2 id="sec:second"><span class="press-number">1\.2</span> Second one'
    assert re.search(first, page)
    assert re.search(second, page)
    menu = page[: page.index("<article")]
    assert "Second one" in menu
    assert "press-number" not in menu


def test_page_that_is_no_chapter_shows_no_numbers_at_its_sections(book: Book) -> None:
    book.write("index.md", "# T\n\n## A section\n")
    assert book.build().returncode == 0
    assert '<h2 id="a-section">A section' in book.page("index.html")


def test_boxes_show_their_numbers_and_keep_their_labels_to_themselves(
    site: Book,
) -> None:
    page = site.page("part/a.html")
    for number in (
        '<span class="press-number" id="thm:nothing">Theorem 1.1</span> Of nothing',
        '<span class="press-number">Theorem 1.2</span> Without a name',
        '<span class="press-number" id="alg:count">Algorithm 1.1</span> Counting',
        '<span class="press-number" id="ex:open">Exercise 1.1</span> Open',
    ):
        assert number in page
    assert "label{" not in page
    assert '<details class="proof">' in page


def test_table_has_its_number_and_caption_above_it(site: Book) -> None:
    page = site.page("part/a.html")
    figure = page[page.index('<figure class="press-figure press-table-figure"') :]
    figure = figure[: figure.index("</figure>")]
    assert figure.index("Table 1.1</span> All ones") < figure.index("<table")
    assert '<span class="press-value" title="1 + 1">2</span> of them' in figure
    assert 'href="#sec:second">Section 1.2</a>' in figure


def test_derivation_s_lines_have_letters_and_its_reasons_are_prose(site: Book) -> None:
    page = site.page("part/a.html")
    numbers = re.findall(r'<span class="press-number"([^>]*)>(\(1\.2\w\))</span>', page)
    assert [number for _, number in numbers] == ["(1.2a)", "(1.2b)"]
    assert "id=" not in numbers[0][0]
    assert 'id="eq:last"' in numbers[1][0]
    assert 'and <a class="press-ref" href="#eq:one">(1.1)</a>' in page


def test_nothing_of_the_places_is_left_in_a_page_or_in_the_search_index(
    site: Book,
) -> None:
    assert "data-press" not in site.page("part/a.html")
    entries = json.loads(site.page("search/search_index.json"))["docs"]
    titles = [entry["title"] for entry in entries]
    assert {"A chapter", "First", "Second one", "B"} <= set(titles)
    text = json.dumps(entries)
    assert "press-" not in text
    assert "(1.2b)" not in "".join(
        e["text"] for e in entries if e["location"].startswith("part/a")
    )


def test_pages_that_are_no_chapters_number_plainly() -> None:
    body = '!!! theorem "T"\n    \\label{thm:t}\n\n!!! theorem "U"\n'
    found = scan("t.md", body, body)
    labels = Labels()
    assert not list(labels.add_page(found, None, "t.html"))
    assert labels["thm:t"].text == "Theorem 1"
    assert labels["thm:@t.md:4"].text == "Theorem 2"
    assert labels["thm:@t.md:4"].anchor == ""


@pytest.mark.parametrize(
    ("label", "fit"),
    [
        ("eq:a-b_2", True),
        ("eq:", False),
        ("eq:a b", False),
        ("eq:ä", False),
        ("fig:a", False),
        ("eq", False),
        ("eq:a:b", False),
    ],
)
def test_label_is_a_kind_and_a_name_of_plain_characters(label: str, fit: bool) -> None:
    assert fits(label, "eq", "tbl") is fit


@pytest.mark.parametrize("label", ["eq:a b", "eq:ä", "eq:"])
def test_malformed_label_is_told_with_its_line(label: str) -> None:
    body = f"$$\nx\n\\label{{{label}}}\n$$\n"
    (problem,) = Labels().add_page(scan("t.md", body, body), 1, "t.html")
    assert (problem.line, f"label {label!r}: expected" in problem.message) == (3, True)


def test_label_used_twice_is_told_across_pages() -> None:
    labels, body = Labels(), "$$ x \\label{eq:a} $$\n"
    assert not list(labels.add_page(scan("a.md", body, body), 1, "a.html"))
    (problem,) = labels.add_page(scan("b.md", body, body), 2, "b.html")
    assert str(problem) == "b.md:1: label 'eq:a' stands already at a.md:1"
