"""Citations and works: what a page shows of them, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dlbook.press.citations.bibliography import (
    BIBLIOGRAPHY,
    REFERENCES,
    Bibliography,
    docstring_sources,
)
from dlbook.press.reading.scan import Scan
from dlbook.press.rebuilding.store import Store

COX = """@article{cox1958,
  author = {D. R. Cox},
  title = {The regression analysis of binary sequences},
  journal = {Journal of the Royal Statistical Society B},
  volume = {20},
  number = {2},
  pages = {215--242},
  year = {1958},
  doi = {10.1111/j.2517-6161.1958.tb00292.x},
}
"""
BERKSON = "@misc{berkson1944, author = {J. Berkson}, title = {Logits}, year = 1944}\n"
FULL = (
    "D. R. Cox. The regression analysis of binary sequences. "
    "Journal of the Royal Statistical Society B 20(2), 1958, 215–242."
)


def bibliography(folder: Path, text: str | bytes) -> Bibliography:
    file = folder / "docs" / "references.bib"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Bibliography(file, folder, Store(folder / "cache", 2**20))


def misc(
    key: str, title: str = "T", author: str = "A. Author", year: str = "2000"
) -> str:
    return f"@misc{{{key}, author = {{{author}}}, title = {{{title}}}, year = {{{year}}}}}\n"


def page(*citations: tuple[str, int], text: str = "", name: str = "docs/a.md") -> Scan:
    return Scan(name, citations=list(citations), lines=text.split("\n"))


LIST = page(text="# References\n\n```bibliography\n```\n", name="docs/references.md")


def told(folder: Path, text: str | bytes) -> list[str]:
    """What is wrong with a file, without what nobody cites."""
    works = bibliography(folder, text)
    return [str(p) for p in sorted(works.problems)]


def only(folder: Path, entry: str) -> str:
    """How the one work of a file reads."""
    works = bibliography(folder, entry)
    assert not works.problems
    (found,) = works.entries.values()
    return found.text


# Citations ------------------------------------------------------------------------------------------------------


def test_citation_stands_in_parentheses_and_leads_to_the_page_of_references(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX)
    works.check_book(
        [(page(("cox1958", 3)), "part/a.html", "A"), (LIST, "end/refs.html", "R")]
    )
    link = works.citation(["cox1958"], False, "part/a.html")
    assert link == (
        '(<a class="press-cite" href="../end/refs.html#ref-cox1958" '
        f'data-reference="{FULL}">Cox\N{NBSP}1958</a>)'
    )


def test_textual_citation_makes_the_authors_part_of_the_sentence(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX + BERKSON + misc("b1999", author="C. B"))
    shown = works.citation(["cox1958"], True, "a.html")
    assert shown.endswith(">Cox (1958)</a>")
    assert not shown.startswith("(")
    two = works.citation(["cox1958", "berkson1944"], True, "a.html")
    assert "</a> and <a" in two
    three = works.citation(["cox1958", "berkson1944", "b1999"], True, "a.html")
    assert three.count("</a>, <a") == 1
    assert three.count("</a> and <a") == 1


def test_several_works_share_their_parentheses_in_the_order_in_which_they_are_named(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX + BERKSON)
    shown = works.citation(["cox1958", "berkson1944"], False, "a.html")
    assert shown.startswith("(<a")
    assert shown.endswith("</a>)")
    assert shown.index("Cox\N{NBSP}1958</a>; <a") < shown.index("Berkson\N{NBSP}1944")


@pytest.mark.parametrize(
    ("author", "short"),
    [
        ("D. R. Cox", "Cox"),
        ("A. Albert and J. A. Anderson", "Albert and Anderson"),
        ("A. Albert and B. Brown and C. Clark", "Albert et al."),
        ("C. R. Harris and others", "Harris et al."),
        ("S. van der Walt", "van der Walt"),
        ("Du Croz, Jeremy", "Du Croz"),
        (r"K.-R. M{\"u}ller", "Müller"),
        ("{The UCI Repository}", "The UCI Repository"),
    ],
)
def test_authors_are_cited_by_their_surnames(
    tmp_path: Path, author: str, short: str
) -> None:
    works = bibliography(tmp_path, misc("k", author=author))
    assert works.entries["k"].short == short


def test_works_of_the_same_authors_and_year_get_letters_in_the_order_of_the_list(
    tmp_path: Path,
) -> None:
    works = bibliography(
        tmp_path,
        misc("z", "Zeros") + misc("a", "Areas") + misc("m", "Means", year="2001"),
    )
    assert [(e.key, e.year) for e in works.entries.values()] == [
        ("a", "2000a"),
        ("z", "2000b"),
        ("m", "2001"),
    ]
    assert works.entries["z"].text == "A. Author. Zeros. 2000b."


def test_unknown_key_is_told_with_page_and_line_and_shown_as_an_error(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX)
    problems = list(works.check(page(("cox1958", 3), ("cox1985", 7))))
    assert [str(p) for p in problems] == [
        "docs/a.md:7: citation of 'cox1985', which is not in docs/references.bib"
    ]
    assert '<code class="press-error">x&lt;</code>' in works.citation(["x<"], False, "")


def test_book_without_a_file_knows_no_works(tmp_path: Path) -> None:
    works = Bibliography(
        tmp_path / "docs" / "references.bib", tmp_path, Store(tmp_path / "c", 9)
    )
    assert works.check_book([(page(), "a.html", "A")]) == []
    assert len(list(works.check(page(("cox1958", 3))))) == 1


# Lists ----------------------------------------------------------------------------------------------------------


def test_fences_are_filled_with_the_works_of_the_page_and_with_all_works(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX + BERKSON)
    first = page(("cox1958", 1), ("cox1958", 2))
    second = page(("cox1958", 1), ("berkson1944", 2), name="docs/b.md")
    pages = [
        (first, "p/a.html", "A & B"),
        (second, "p/b.html", "B"),
        (LIST, "r.html", "R"),
    ]
    assert works.check_book(pages) == []
    own = works.fill(f"<p>x</p>{REFERENCES}", first, "p/a.html")
    assert own.count("<li>") == 1
    assert "<em>Journal of the Royal Statistical Society B</em> 20(2), 1958" in own
    assert "ref-" not in own
    every = works.fill(BIBLIOGRAPHY, LIST, "r.html")
    assert every.index('id="ref-berkson1944"') < every.index('id="ref-cox1958"')
    assert (
        'Cited in <a href="p/a.html">A &amp; B</a>, <a href="p/b.html">B</a>.' in every
    )
    assert every.count('href="p/a.html"') == 1


def test_places_of_citations_are_filled(tmp_path: Path) -> None:
    works = bibliography(tmp_path, COX + BERKSON)
    place = "<a data-press-cite='{}' data-press-textual='{}'></a>"
    shown = works.fill(
        f"{place.format('cox1958,berkson1944', 0)} {place.format('cox1958', 1)}",
        page(),
        "a.html",
    )
    assert "data-press" not in shown
    assert shown.count("#ref-cox1958") == 2
    assert ">Cox (1958)</a>" in shown


def test_list_on_a_page_that_cites_nothing_is_refused(tmp_path: Path) -> None:
    works = bibliography(tmp_path, COX)
    empty = page(text="# A\n\nText.\n\n```references\n```\n")
    assert [p.line for p in works.check(empty)] == [5]
    quoted = page(text="# A\n\n````markdown\n```\n```references\n```\n````\n")
    assert list(works.check(quoted)) == []


def test_entry_that_nobody_cites_is_told_when_the_whole_book_is_known(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX + "\n" + BERKSON)
    assert works.problems == []
    assert list(works.check(page(("cox1958", 1)))) == []
    problems = works.check_book([(page(("cox1958", 1)), "a", "A"), (LIST, "r", "R")])
    assert [str(p) for p in problems] == [
        "docs/references.bib:12: entry 'berkson1944': nobody cites it"
    ]


def test_book_that_cites_needs_one_page_of_references(tmp_path: Path) -> None:
    works = bibliography(tmp_path, COX)
    citing = (page(("cox1958", 4)), "a.html", "A")
    (problem,) = works.check_book([citing])
    assert str(problem).startswith("docs/a.md:4: this is cited, and no page lists")
    (problem,) = works.check_book([citing, (LIST, "r", "R"), (LIST, "s", "S")])
    assert str(problem).startswith("docs/references.md:3: all works are listed on")


def test_what_a_page_is_made_from_changes_with_the_works_that_it_shows(
    tmp_path: Path,
) -> None:
    citing, other = page(("cox1958", 4)), page(name="docs/b.md")
    made = []
    for text in (COX + BERKSON, COX.replace("20", "21") + BERKSON):
        works = bibliography(tmp_path, text)
        works.check_book([(citing, "a", "A"), (other, "b", "B"), (LIST, "r", "R")])
        made.append(
            [
                works.made_from(s, u)
                for s, u in ((citing, "a"), (other, "b"), (LIST, "r"))
            ]
        )
    assert [x == y for x, y in zip(*made, strict=True)] == [False, True, False]


# Docstrings -----------------------------------------------------------------------------------------------------


def test_docstring_that_names_a_work_as_its_source_counts_as_a_citation(
    tmp_path: Path,
) -> None:
    package = tmp_path / "dlbook" / "ops"
    package.mkdir(parents=True)
    (package / "loss.py").write_text(
        '"""A module."""\n\ndef f():\n    """A rule.\n\n    Source:\n'
        "        D. R. Cox, *The regression\n        analysis of sequences* (1958).\n\n"
        '    Examples:\n        J. Berkson, *Logits* (1944)\n    """\n',
        encoding="utf-8",
    )
    assert [name for name, _ in docstring_sources(tmp_path / "dlbook")] == [
        "dlbook.ops.loss.f"
    ]
    works = bibliography(tmp_path, COX + BERKSON)
    problems = works.check_book([(LIST, "r.html", "R")])
    assert ["berkson1944" in str(p) for p in problems] == [True]
    every = works.fill(BIBLIOGRAPHY, LIST, "r.html")
    assert (
        'Source of <autoref optional identifier="dlbook.ops.loss.f"><code>f</code></autoref>.'
        in every
    )


@pytest.mark.parametrize(
    "text",
    [
        "D. R. Cox, *The regression analysis of binary sequences* (1959).",
        "D. Box, *The regression analysis of binary sequences* (1958).",
        "D. R. Cox, *Planning of Experiments* (1958).",
    ],
)
def test_docstring_that_names_another_work_does_not_count(
    tmp_path: Path, text: str
) -> None:
    assert not bibliography(tmp_path, COX).entries["cox1958"].is_named_in(text)


# Formatting -----------------------------------------------------------------------------------------------------


def test_article_reads_authors_title_journal_volume_number_year_pages_and_doi(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, COX)
    assert works.entries["cox1958"].text == FULL
    markup = works.entries["cox1958"].html
    assert markup == (
        FULL.replace("D. R. Cox", "D.\N{NBSP}R. Cox").replace(
            "Journal of the Royal Statistical Society B",
            "<em>Journal of the Royal Statistical Society B</em>",
        )
        + ' <a href="https://doi.org/10.1111/j.2517-6161.1958.tb00292.x">'
        "doi:10.1111/j.2517-6161.1958.tb00292.x</a>."
    )


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (
            "@book{k, author={A. Griewank and Andrea Walther}, title={Evaluating {D}erivatives}, edition={2nd}, "
            "publisher={SIAM}, year=2008}",
            "A. Griewank and A. Walther. Evaluating Derivatives. SIAM, 2nd edition, 2008.",
        ),
        (
            "@incollection{k, author={P. Werbos}, title={Uses}, editor={Drenick, R. F. and F. Kozin}, "
            "booktitle={Modeling}, publisher={Springer}, year=1982, pages={762-770}}",
            "P. Werbos. Uses. In R. F. Drenick and F. Kozin, editors, Modeling, Springer, 1982, 762–770.",
        ),
        (
            "@inproceedings{k, author={Pierre-Louis Ab and B. Cd and E. Fg}, title={T?}, booktitle={ICML}, year=2010}",
            "P.-L. Ab, B. Cd and E. Fg. T? In ICML, 2010.",
        ),
        (
            "@mastersthesis{k, author={C. Kaynak}, title={Methods}, school={Boğaziçi University}, year=1995}",
            "C. Kaynak. Methods. Master’s thesis, Boğaziçi University, 1995.",
        ),
        (
            "@techreport{k, author={J. Cramer}, title={Origins}, type={Discussion Paper}, number={2002-119/4}, "
            "institution={Tinbergen Institute}, year=2002}",
            "J. Cramer. Origins. Discussion Paper 2002-119/4, Tinbergen Institute, 2002.",
        ),
        (
            "@article{k, author={C. Harris and others}, title={Arrays}, journal={Nature}, number=7, year=2020}",
            "C. Harris et al. Arrays. Nature no. 7, 2020.",
        ),
        (
            "@string{jmlr = {Journal of {ML}}}\n@article{k, author={A. B}, title={T}, journal=jmlr, year=2018}",
            "A. B. T. Journal of ML, 2018.",
        ),
    ],
)
def test_each_type_reads_in_the_standard_order(
    tmp_path: Path, entry: str, text: str
) -> None:
    assert only(tmp_path, entry) == text


def test_accents_braces_and_dashes_of_latex_are_read(tmp_path: Path) -> None:
    author = r"H. {\"O}zg{\"u}r and J. H{\'e}rault"
    title = r"The {ROC} of Bo{\u{g}}azi{\c{c}}i -- it's 50\% \& {m}ore"
    shown = only(tmp_path, misc("k", title, author))
    assert shown == (
        "H. Özgür and J. Hérault. The ROC of Boğaziçi – it’s 50% & more. 2000."
    )


def test_titles_of_wholes_are_in_italics_and_those_of_parts_upright(
    tmp_path: Path,
) -> None:
    book = "@book{k, author={A}, title={A {B} C}, publisher={P}, year=2000}"
    assert (
        bibliography(tmp_path, book).entries["k"].html == "A. <em>A B C</em>. P, 2000."
    )
    other = bibliography(tmp_path, misc("k", "A B")).entries["k"].html
    assert other == "A.\N{NBSP}Author. <em>A B</em>. 2000."
    part = "@inproceedings{k, author={A}, title={A {B} C}, booktitle={D}, year=2000}"
    assert bibliography(tmp_path, part).entries["k"].html == (
        "A. A B C. In <em>D</em>, 2000."
    )


def test_titles_names_and_dois_are_escaped(tmp_path: Path) -> None:
    text = (
        '@misc{k, author={{A <b> "C"}}, title={1 < 2 & "x"}, year=2000, '
        "doi={10.1175/1520(1950)078<0001:V>2.0;2}}"
    )
    works = bibliography(tmp_path, text)
    assert not works.problems
    markup = works.entries["k"].html
    assert "A &lt;b&gt;" in markup
    assert "1 &lt; 2 &amp;" in markup
    assert 'href="https://doi.org/10.1175/1520(1950)078%3C0001:V%3E2.0;2"' in markup
    assert ">doi:10.1175/1520(1950)078&lt;0001:V&gt;2.0;2</a>" in markup
    link = works.citation(["k"], False, "a.html")
    assert "<b>" not in link
    assert link.count('"') == 6  # three attributes: a quote in the title ends none


def test_list_is_sorted_without_case_and_accents(tmp_path: Path) -> None:
    names = ["Zeta", "Özgür", "van Berg", "Ozzy", "Abel", "Oz"]
    works = bibliography(
        tmp_path, "".join(misc(f"k{i}", author=n) for i, n in enumerate(names))
    )
    assert [e.short for e in works.entries.values()] == [
        "Abel",
        "Oz",
        "Özgür",
        "Ozzy",
        "van Berg",
        "Zeta",
    ]


# Faults of the file ---------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[str | bytes, int, str]] = {
    "a duplicate key": (
        misc("k") + "\n" + misc("k"),
        3,
        "'k': it stands already at line 1",
    ),
    "no author": ("@misc{k, title={T}, year=2000}", 1, "the field author is missing"),
    "no title": ("\n@misc{k, author={A}, year=2000}", 2, "the field title is missing"),
    "no year": ("@misc{k, author={A}, title={T}}", 1, "the field year is missing"),
    "an empty title": (misc("k", ""), 1, "the field title is missing"),
    "nobody but others": (misc("k", author="others"), 1, "the field author is missing"),
    "no journal": (
        "@article{k, author={A}, title={T}, year=2000}",
        1,
        "the field journal is missing",
    ),
    "a year that is none": (
        misc("k", year="n.d."),
        1,
        "year: expected four digits, got 'n.d.'",
    ),
    "a DOI that is an address": (
        "@misc{k, author={A}, title={T}, year=2000, doi={https://doi.org/10.1000/1}}",
        1,
        "doi: expected the bare DOI",
    ),
    "a misspelt field": (
        "@misc{k, author={A}, title={T}, year=2000, jurnal={Nature}}",
        1,
        "does not show the field jurnal",
    ),
    "an editor that no article shows": (
        "@misc{k, author={A}, title={T}, year=2000, editor={E. Ditor}}",
        1,
        "does not show the field editor",
    ),
    "a field twice": (
        "@misc{k, author={A}, title={T}, title={U}, year=2000}",
        1,
        "the field title is given twice",
    ),
    "an unknown type": (
        misc("k").replace("misc", "artikel"),
        1,
        "unknown type @artikel",
    ),
    "a key with capitals": (misc("Cox1958"), 1, "expected a key like cox1958"),
    "an unknown macro": (
        "@misc{k, author={A}, title=foo, year=2000}",
        1,
        "undefined string: foo",
    ),
    "a name with too many commas": (
        misc("k", author="A, B, C, D"),
        1,
        "Too many commas",
    ),
    "unknown LaTeX": (misc("k", r"On \frobnicate{x}"), 1, r"not known: \frobnicate"),
    "a formula": (misc("k", "On $x$"), 1, "a reference holds no formulas"),
    "a brace that is not closed": (
        misc("a") + "\n@misc{k, author={A}, title={T, year=2000}\n",
        3,
        "entry 'k': the file ends before this is closed",
    ),
    "a comma that is missing": (
        "@misc{k,\n  author={A},\n  title={T}\n  year=2000,\n}\n",
        4,
        "entry 'k': syntax error: '}' expected",
    ),
    "an entry without its @": (
        misc("a") + "misc{b, year=2000}\n",
        2,
        "outside of an entry",
    ),
    "another encoding": (misc("a").encode() + b"\n@misc{\xfc}", 3, "this is not UTF-8"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faulty_file_is_told_with_its_line_and_nothing_else(
    tmp_path: Path, name: str
) -> None:
    text, line, message = FAULTS[name]
    problems = told(tmp_path, text)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"docs/references.bib:{line}: ")
    assert message in problems[0]


def test_faulty_entry_is_still_known_so_that_its_citations_are_no_further_faults(
    tmp_path: Path,
) -> None:
    works = bibliography(tmp_path, "@article{k, year=2000}")
    assert len(works.problems) == 3
    assert list(works.check(page(("k", 1)))) == []
    assert works.citation(["k"], True, "a.html").endswith(">? (2000)</a>")


def test_comments_windows_line_ends_and_both_kinds_of_brackets_are_read(
    tmp_path: Path,
) -> None:
    text = '% all\n\n@misc(k,\n  author = {A. B},\n  title = "T",\n  year = 2000\n)\n% end\n'
    works = bibliography(tmp_path, text.replace("\n", "\r\n"))
    assert works.problems == []
    assert (works.entries["k"].line, works.entries["k"].text) == (3, "A. B. T. 2000.")


# What is kept between builds ------------------------------------------------------------------------------------


def test_file_is_read_again_when_it_changes_or_what_was_kept_is_damaged(
    tmp_path: Path,
) -> None:
    first = bibliography(tmp_path, misc("k", "One") + misc("k"))
    again = bibliography(tmp_path, misc("k", "One") + misc("k"))
    assert (again.entries, again.problems) == (first.entries, first.problems)
    assert bibliography(tmp_path, misc("k", "Two")).entries["k"].text.count("Two") == 1
    for kept in (tmp_path / "cache").iterdir():
        kept.write_text(kept.read_text()[:-20])
    damaged = bibliography(tmp_path, misc("k", "One") + misc("k"))
    assert (damaged.entries, damaged.problems) == (first.entries, first.problems)


def test_pybtex_is_loaded_only_when_a_file_is_new(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from dlbook.press.citations.bibliography import Bibliography\n"
        "from dlbook.press.rebuilding.store import Store\n"
        "root = Path(sys.argv[1])\n"
        "works = Bibliography(root / 'docs/references.bib', root, Store(root / 'cache', 2**20))\n"
        "import json\nprint(json.dumps([len(works.entries), 'pybtex' in sys.modules]))\n"
    )

    def loaded() -> object:
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(run.stdout)

    assert loaded() == [0, False]
    bibliography(tmp_path, COX)
    assert loaded() == [1, False]
    (tmp_path / "docs" / "references.bib").write_text(COX + BERKSON, encoding="utf-8")
    assert loaded() == [2, True]
