"""What a sound book looks like once it is built."""

from __future__ import annotations

import json
import re

from tests.press.conftest import Book


def test_block_shows_code_then_output_then_the_last_value(book: Book) -> None:
    book.write(
        "part/a.md", '# A\n\n```python exec="on"\nprint("printed")\n[1, 2]\n```\n'
    )
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert '<pre class="press-text">printed\n[1, 2]</pre>' in page
    assert page.index("press-code") < page.index("press-text")


def test_source_options_move_fold_and_hide_the_code(book: Book) -> None:
    fence = '```python exec="on" source="{}"\nprint("out")\n```\n'
    for option in ("below", "fold", "hide"):
        book.write(f"part/{option}.md", f"# T\n\n{fence.format(option)}")
    assert book.build().returncode == 0
    below = book.page("part/below.html")
    assert below.index("press-text") < below.index("press-code")
    assert '<details class="press-fold">' in book.page("part/fold.html")
    assert "press-code" not in book.page("part/hide.html")


def test_page_has_its_own_session_and_shares_it_between_blocks(book: Book) -> None:
    book.write(
        "part/a.md",
        '# A\n\n```python exec="on"\nx = 41\n```\n\n```python exec="on"\nprint(x + 1)\n```\n',
    )
    book.write(
        "part/b.md", '# B\n\n```python exec="on"\nprint("x" in globals())\n```\n'
    )
    assert book.build().returncode == 0
    assert ">42</pre>" in book.page("part/a.html")
    assert ">False</pre>" in book.page("part/b.html")


def test_inline_value_takes_its_place_in_the_order_of_the_page(book: Book) -> None:
    block = '```python exec="on"\nx = {}\n```\n'
    text = f"# A\n\n{block.format(1)}\nNow `{{python}} x`.\n\n{block.format(2)}\nThen **`{{python}} x`**.\n"
    book.write("part/a.md", text)
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert re.search(r'Now <span class="press-value" title="x">1</span>\.', page)
    assert re.search(
        r'Then <strong><span class="press-value" title="x">2</span></strong>\.', page
    )


def test_formula_in_an_inline_value_is_set(book: Book) -> None:
    book.write("part/a.md", '# A\n\nBelow `{python} "$10^{-7}$"`.\n')
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert re.search(r'class="press-value"[^>]*><span class="katex">', page)
    assert ">$10" not in page


def test_inline_value_inside_a_fold_title_a_table_and_a_list(book: Book) -> None:
    book.write(
        "part/a.md",
        '# A\n\n??? note "It is `{python} 1 + 1`"\n    Text `{python} "a|b"`.\n\n'
        "| a | b |\n|---|---|\n| `{python} 3 | 4` | x |\n\n- item `{python} 5`\n",
    )
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert re.findall(r'<span class="press-value"[^>]*>(.*?)</span>', page) == [
        "2",
        "a|b",
        "7",
        "5",
    ]


def test_code_span_that_shows_the_syntax_is_left_alone(book: Book) -> None:
    book.write(
        "part/a.md",
        '# A\n\nWrite `` `{python} x` `` to show a value.\n\n````markdown\n```python exec="on"\nundefined\n```\n````\n',
    )
    assert book.build().returncode == 0
    assert "<code>`{python} x`</code>" in book.page("part/a.html")


def test_equations_are_numbered_by_chapter_and_found_from_other_pages(
    book: Book,
) -> None:
    equation = "$$\nx = {} \\label{{eq:{}}}\n$$\n\n"
    book.write("part/a.md", "# A\n\n> $$\n> x = 1 \\label{eq:one}\n> $$\n")
    book.write(
        "part/b.md",
        "# B\n\n"
        + equation.format(2, "two")
        + equation.format(3, "three")
        + "See \\eqref{eq:one}, \\eqref{eq:three}.\n\n$\\text{from \\eqref{eq:three}}$\n",
    )
    assert book.build().returncode == 0
    page = book.page("part/b.html")
    assert '<a class="press-ref" href="a.html#eq:one">(1.1)</a>' in page
    assert '<a class="press-ref" href="#eq:three">(2.2)</a>' in page
    assert 'id="eq:three"' in page
    assert re.search(r"<mtext>from.\(2\.2\)</mtext>", page)
    assert 'id="eq:one"' in book.page("part/a.html")


def test_formulas_are_set_at_build_time_and_kept_out_of_the_search_index(
    book: Book,
) -> None:
    book.write("part/a.md", "# A\n\nLet $a < b$ and $\\cparam{w}$.\n")
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert "katex-mathml" in page
    assert "dl-parameter" in page
    assert "arithmatex" not in page
    index = json.loads(book.page("search/search_index.json"))
    assert "katex" not in json.dumps(index)
    assert "Let a &lt; b and" in json.dumps(index)


def test_damaged_formula_cache_is_made_anew(book: Book) -> None:
    book.write("part/a.md", "# A\n\nLet $x$.\n")
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    kept = [
        path
        for path in (book.folder / ".cache" / "press").rglob("*")
        if path.is_file() and b"katex-mathml" in path.read_bytes()
    ]
    assert kept
    before = [path.read_bytes() for path in kept]
    for path in kept:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert book.build().returncode == 0
    assert book.page("part/a.html") == page
    assert [path.read_bytes() for path in kept] == before


def test_figure_is_drawn_numbered_described_and_the_same_every_time(book: Book) -> None:
    book.write(
        "part/a.md",
        '# A\n\n```python exec="on"\n#| label: fig:line\n#| caption: A line of slope `{python} 2`, $x$.\n'
        '#| alt: A straight "line".\nfrom dlbook import plot\nfigure, ax = plot.subplots()\n'
        "ax.plot([0, 1], [0, 2], color=plot.DATA)\nfigure\n```\n\nSee \\ref{fig:line}.\n",
    )
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert '<figure class="press-figure" id="fig:line">' in page
    assert 'aria-label="A straight &quot;line&quot;."' in page
    assert '<span class="press-number">Figure 1.1</span>' in page
    assert 'title="2">2</span>' in page
    assert '<a class="press-ref" href="#fig:line">Figure 1.1</a>' in page
    assert "var(--dl-data, #0072b2)" in page.lower()
    assert "#| alt" not in page
    assert book.build().returncode == 0
    assert book.page("part/a.html") == page


EXERCISE = """
!!! exercise "Square"
    Square it.

    ```python exercise="sq" part="starter"
    def f(x): ...
    ```

    ```python exercise="sq" part="check"
    assert f(2) == 4
    ```

    ??? solution "Solution"
        ```python exercise="sq" part="solution"
        def f(x):
            return x * x
        ```
"""


def test_exercise_is_numbered_and_its_parts_are_shown(book: Book) -> None:
    unnamed = '\n!!! exercise "Open"\n    Think.\n'
    book.write("part/a.md", f"# A\n{unnamed}{EXERCISE}\nSee \\ref{{ex:sq}}.\n")
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert '<span class="press-number">Exercise 1.1</span> Open' in page
    assert '<span class="press-number" id="ex:sq">Exercise 1.2</span> Square' in page
    assert 'href="#ex:sq">Exercise 1.2</a>' in page
    assert page.count('id="ex:sq"') == 1
    assert "data-press" not in page


def test_expected_error_is_shown(book: Book) -> None:
    book.write(
        "part/a.md",
        '# A\n\n```python exec="on" raises="ZeroDivisionError"\n1 / 0\n```\n',
    )
    assert book.build().returncode == 0
    assert (
        '<pre class="press-text press-raised">ZeroDivisionError: division by zero</pre>'
        in book.page("part/a.html")
    )


def test_erratum_box_and_table_come_from_the_same_row(book: Book) -> None:
    row = 'page = "a"\nnotes = "001"\nkind = "mistake"\nclaim = "$1 = 2$"\ncorrect = "$1 = 1$"\nshows = ["False"]\n'
    other = row.replace('"a"', '"unwritten"')
    book.write(
        "errata.toml",
        f"[[erratum]]\nnumber = 3\n{row}\n[[erratum]]\nnumber = 4\n{other}",
    )
    book.write(
        "part/a.md",
        '# A\n\n```python exec="on" erratum="3"\nassert 1 != 2\nprint(1 == 2)\n```\n',
    )
    book.write("errata.md", "# Errata\n\n```errata-table\n```\n")
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    assert 'id="erratum-3"' in page
    assert page.index("press-claim") < page.index(">False</pre>")
    table = book.page("errata.html")
    assert 'href="part/a.html#erratum-3"' in table
    assert "unwritten" not in table


def test_windows_line_ends_and_other_alphabets_are_read(book: Book) -> None:
    book.write(
        "part/a.md",
        '# Ä\r\n\r\n```python exec="on"\r\nprint("σ = ½ — 中文")\r\n```\r\n',
    )
    assert book.build().returncode == 0
    assert "σ = ½ — 中文</pre>" in book.page("part/a.html")


def test_part_of_the_theme_whose_style_is_left_out_is_refused(book: Book) -> None:
    book.write("part/a.md", "# A\n\n[To B](b.md){ .md-button }\n")
    book.write("part/b.md", '# B\n\nIn `class="md-button"` is no button.\n')
    built = book.build()
    assert built.returncode != 0
    assert 'part/a.md has class="md-button", whose style is left out' in built.stderr
    book.write("part/a.md", "# A\n\n[To B](b.md)\n")
    assert book.build().returncode == 0
    style = book.page("assets/css/site.css")
    assert ".md-button" not in style
    assert "[dir=rtl]" not in style
    assert ".md-search__form{" in style
    assert style.count("{") == style.count("}")


def test_site_asks_no_other_site_for_anything(book: Book) -> None:
    book.write("part/a.md", "# A\n\nLet $x$.\n")
    assert book.build().returncode == 0
    page = book.page("part/a.html")
    for tag in re.findall(r"<(?:script|link|img|source|iframe)\b[^>]*>", page):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', tag), tag
    urls = re.findall(r"url\(([^)]*)\)", book.page("assets/css/site.css"))
    own = [url for url in urls if not url.startswith(("data:", '"data:'))]
    assert len(own) > 10
    assert all((book.folder / "site/assets/css" / url).exists() for url in own)
