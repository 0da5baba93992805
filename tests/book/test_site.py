"""The built book, page by page: nothing from elsewhere, no dead link, nothing unfinished, nobody left out."""

from __future__ import annotations

import itertools
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from tests.pages import pages_of, read_page

Pages = dict[str, BeautifulSoup]

# Attributes that make a browser fetch something as soon as the page is open.
FETCHED = [
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("audio", "src"),
    ("track", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("image", "href"),
    ("image", "xlink:href"),
]
FETCHED_LINKS = {
    "stylesheet",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "icon",
    "manifest",
}


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    found = {
        str(path.relative_to(site)): BeautifulSoup(read_page(path), "html.parser")
        for path in pages_of(site)
    }
    assert {"index.html", "404.html"} <= found.keys()
    return found


def is_elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in {"", "data"}


def css_addresses(css: str) -> list[str]:
    quoted = re.findall(r"""url\(\s*["']?([^"')]+)["']?\s*\)""", css)
    return quoted + re.findall(r"""@import\s+["']([^"']+)["']""", css)


def target(page: str, address: str) -> tuple[str, str]:
    """The file of the site and the anchor that an address on a page leads to."""
    path, anchor = urldefrag(address)
    path = unquote(urlsplit(path).path)
    if not path:
        return page, unquote(anchor)
    parts = [] if path.startswith("/") else list(Path(page).parent.parts)
    for part in path.split("/"):
        if part == "..":
            assert parts, f"{page}: {address} leads out of the site"
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts) + (
        "/index.html" if parts and path.endswith("/") else ""
    ) or "index.html", unquote(anchor)


def test_a_page_fetches_nothing_from_elsewhere(pages: Pages) -> None:
    fetched = []
    for name, page in pages.items():
        for tag, attribute in FETCHED:
            for found in page.find_all(tag, attrs={attribute: True}):
                for address in str(found[attribute]).split(","):
                    fetched.append(
                        (name, address.split()[0] if address.split() else "")
                    )
        for link in page.find_all("link", href=True):
            if FETCHED_LINKS & set(link.get_attribute_list("rel")):
                fetched.append((name, str(link["href"])))
        for style in page.find_all("style"):
            fetched += [(name, address) for address in css_addresses(style.get_text())]
        for styled in page.find_all(style=True):
            fetched += [
                (name, address) for address in css_addresses(str(styled["style"]))
            ]
    assert len(fetched) >= 2 * len(pages)
    assert [(name, address) for name, address in fetched if is_elsewhere(address)] == []


def test_a_style_sheet_fetches_nothing_from_elsewhere_and_everything_it_names_is_there(
    site: Path,
) -> None:
    sheets = sorted(site.rglob("*.css"))
    addresses = [
        (sheet, address)
        for sheet in sheets
        for address in css_addresses(sheet.read_text(encoding="utf-8"))
        if not address.startswith(("data:", "#"))
    ]
    assert any(address.endswith(".woff2") for _, address in addresses)
    assert [
        (sheet.name, address) for sheet, address in addresses if is_elsewhere(address)
    ] == []
    missing = [
        (sheet.name, address)
        for sheet, address in addresses
        if not (sheet.parent / urlsplit(address).path).resolve().is_file()
    ]
    assert missing == []


def test_everything_a_page_fetches_is_in_the_site(site: Path, pages: Pages) -> None:
    missing = []
    for name, page in pages.items():
        wanted = [str(tag["src"]) for tag in page.find_all(["script", "img"], src=True)]
        wanted += [
            str(link["href"])
            for link in page.find_all("link", href=True)
            if FETCHED_LINKS & set(link.get_attribute_list("rel"))
        ]
        for address in wanted:
            if (
                not address.startswith("data:")
                and not (site / target(name, address)[0]).is_file()
            ):
                missing.append((name, address))
    assert missing == []


def test_every_link_inside_the_book_leads_to_a_page_and_every_anchor_is_there(
    site: Path, pages: Pages
) -> None:
    anchors = {
        name: {str(tag["id"]) for tag in page.find_all(id=True)}
        | {str(tag["name"]) for tag in page.find_all("a", attrs={"name": True})}
        for name, page in pages.items()
    }
    followed, dead = 0, []
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            address = str(link["href"])
            if is_elsewhere(address):
                continue
            followed += 1
            file, anchor = target(name, address)
            if not (site / file).is_file() or (
                anchor and anchor not in anchors.get(file, {anchor})
            ):
                dead.append((name, address))
    assert followed > 10 * len(pages)
    assert dead == []


def test_links_that_leave_the_book_are_encrypted(pages: Pages) -> None:
    schemes = {
        (name, str(link["href"]))
        for name, page in pages.items()
        for link in page.find_all("a", href=True)
        if is_elsewhere(str(link["href"]))
        and urlsplit(str(link["href"])).scheme not in {"https", "mailto"}
    }
    assert schemes == set()


def test_every_page_says_what_it_is(pages: Pages) -> None:
    titles = []
    for name, page in pages.items():
        assert page.html is not None and page.html.get("lang") == "en", name
        assert page.title is not None and page.title.get_text().strip(), name
        if (
            name != "404.html"
        ):  # which is no page of the book: every unknown address leads to it
            titles.append(page.title.get_text())
            description = page.find("meta", attrs={"name": "description"})
            assert (
                isinstance(description, Tag) and len(str(description["content"])) >= 20
            ), f"{name}: no description"
        assert len(page.find_all("h1")) == 1, (
            f"{name}: {len(page.find_all('h1'))} headings of the first level"
        )
        assert page.find("meta", attrs={"name": "viewport"}), name
        assert page.find("main"), name
    assert len(titles) == len(set(titles))


def test_headings_leave_out_no_level(pages: Pages) -> None:
    for name, page in pages.items():
        article = page.find("main")
        assert isinstance(article, Tag), name
        levels = [
            int(heading.name[1]) for heading in article.find_all(re.compile("^h[1-6]$"))
        ]
        jumps = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
        assert jumps == [], name


def test_every_picture_can_be_read_aloud(pages: Pages) -> None:
    silent = []
    for name, page in pages.items():
        silent += [
            (name, str(img.get("src")))
            for img in page.find_all("img")
            if img.get("alt") is None
        ]
        for svg in page.select("figure svg"):
            words = str(svg.get("aria-label") or "") or " ".join(
                t.get_text() for t in svg.find_all(["title", "desc"])
            )
            if svg.get("aria-hidden") != "true" and len(words.strip()) < 10:
                silent.append((name, str(svg.get("id"))))
        for figure in page.find_all("figure"):
            if figure.find("svg") and not figure.find("figcaption"):
                silent.append((name, "a figure without caption"))
    assert silent == []


def test_no_id_stands_twice_on_a_page(pages: Pages) -> None:
    for name, page in pages.items():
        ids = [str(tag["id"]) for tag in page.find_all(id=True)]
        assert sorted({i for i in ids if ids.count(i) > 1}) == [], name


@pytest.fixture(scope="session")
def prose(pages: Pages) -> dict[str, str]:
    """The pages' markup without code, pictures and the TeX that formulas keep for screen readers."""
    kept = {}
    for name, page in pages.items():
        rest = BeautifulSoup(str(page.find("main")), "html.parser")
        for part in rest.find_all(["pre", "code", "annotation", "svg"]):
            part.decompose()
        kept[name] = str(rest)
    return kept


@pytest.mark.parametrize(
    "leftover",
    [
        r"\(",
        r"\[",
        "$",
        "{python}",
        "data-press",
        "PRESS",
        "Traceback",
        "katex-error",
        r"\ref{",
        r"\eqref{",
    ],
)
def test_nothing_unfinished_is_left_on_a_page(
    prose: dict[str, str], leftover: str
) -> None:
    assert [name for name, text in prose.items() if leftover in text] == []


def test_no_output_of_a_block_is_an_error_that_nobody_announced(pages: Pages) -> None:
    found = {name for name, page in pages.items() if page.select(".press-error")}
    assert found == set()


def test_formulas_are_set_in_the_page_and_readable_by_machines(pages: Pages) -> None:
    chapters = [name for name in pages if name.startswith("foundations/")]
    assert chapters
    for name in chapters:
        formulas = pages[name].select(".katex")
        assert len(formulas) > 10, name
        assert all(formula.find("math") for formula in formulas), name


def test_the_search_index_reads_words_and_not_the_markup_of_formulas(
    site: Path,
) -> None:
    text = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    entries = json.loads(text)["docs"]
    assert any("sigmoid" in entry["text"] for entry in entries)
    assert "katex" not in text
    assert "data-press" not in text


def test_the_way_back_from_a_missing_page_is_shown(pages: Pages) -> None:
    links = [str(link["href"]) for link in pages["404.html"].find_all("a", href=True)]
    assert any(
        target("404.html", address)[0] == "index.html"
        for address in links
        if not is_elsewhere(address)
    )


def test_the_sitemap_is_sound_and_names_only_pages_that_exist(site: Path) -> None:
    root = ET.parse(site / "sitemap.xml").getroot()
    assert root.tag.endswith("urlset")
    for location in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        path = urlsplit(location.text or "").path.lstrip("/")
        assert (site / (path or "index.html")).exists(), location.text


def test_the_site_holds_no_source_no_cache_and_nothing_large(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.is_file()]
    assert not [
        path.name for path in files if path.suffix in {".py", ".pyc", ".toml", ".md"}
    ]
    large = [
        (str(path.relative_to(site)), path.stat().st_size)
        for path in files
        if path.stat().st_size > 2_000_000
        and not path.is_relative_to(site / "assets" / "live")  # Python, on demand
    ]
    assert large == []
