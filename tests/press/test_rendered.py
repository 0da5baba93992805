"""Pages that were rendered before: the site is the same with and without them, and no warning is lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.press.conftest import Book

PAGE = """# {name}

See [a heading](b.md#there) and `{{python}} 1 + 1`, ==not marked==.

## There

$$
x = 1 \\label{{eq:{name}}}
$$

```python exec="on"
print("{name}")
```
"""
OBJECTS = "# Objects\n\n::: tinylib.answer\n\nSee [it][tinylib.answer].\n"


def site(book: Book) -> dict[str, str]:
    folder = book.folder / "site"
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def with_objects(book: Book) -> None:
    (book.folder / "tinylib.py").write_text('def answer():\n    """It is 42."""\n')
    config = book.folder / "mkdocs.yml"
    plugins = "  - autorefs\n  - mkdocstrings\nmarkdown_extensions:"
    config.write_text(config.read_text().replace("markdown_extensions:", plugins))
    book.write("objects.md", OBJECTS)


def test_a_second_build_writes_the_same_site(book: Book) -> None:
    book.write("part/a.md", PAGE.format(name="a"))
    book.write("part/b.md", PAGE.format(name="b"))
    with_objects(book)
    assert book.build().returncode == 0
    first = site(book)
    rendered = [*Path(book.folder, ".cache/press/rendered").iterdir()]
    assert len(rendered) == 4

    assert book.build().returncode == 0

    assert site(book) == first
    assert [*Path(book.folder, ".cache/press/rendered").iterdir()] == rendered
    assert 'href="#tinylib.answer"' in book.page("objects.html")


def test_a_dead_link_is_told_by_every_build(book: Book) -> None:
    book.write("part/a.md", "# A\n\nTo [nowhere](missing.md).\n")
    for _ in range(2):
        run = book.build()
        assert run.returncode == 1
        assert "missing.md" in run.stderr


def test_a_dead_anchor_on_another_page_is_told_by_every_build(book: Book) -> None:
    config = book.folder / "mkdocs.yml"
    config.write_text(config.read_text() + "validation: {links: {anchors: warn}}\n")
    book.write("part/a.md", "# A\n\nTo [somewhere](b.md#there).\n")
    book.write("part/b.md", PAGE.format(name="b"))
    assert book.build().returncode == 0
    book.write("part/b.md", PAGE.format(name="b").replace("## There", "## Here"))
    for _ in range(2):
        run = book.build()
        assert run.returncode == 1
        assert "b.md#there" in run.stderr


def test_a_new_link_to_a_dead_anchor_of_a_page_that_is_kept_is_told(book: Book) -> None:
    config = book.folder / "mkdocs.yml"
    config.write_text(config.read_text() + "validation: {links: {anchors: warn}}\n")
    book.write("part/a.md", "# A\n")
    book.write("part/b.md", PAGE.format(name="b"))
    assert book.build().returncode == 0
    book.write("part/a.md", "# A\n\nTo [somewhere](b.md#nowhere).\n")
    assert "b.md#nowhere" in book.build().stderr
    book.write("part/a.md", "# A\n\nTo [somewhere](b.md#there).\n")
    assert book.build().returncode == 0


def test_an_edited_configuration_renders_all_pages_anew(book: Book) -> None:
    book.write("part/a.md", "# A\n\n==Marked==.\n")
    assert book.build().returncode == 0
    assert "<mark>" not in book.page("part/a.html")
    config = book.folder / "mkdocs.yml"
    config.write_text(config.read_text() + "  - pymdownx.mark\n")
    assert book.build().returncode == 0
    assert "<mark>" in book.page("part/a.html")


def test_objects_are_shown_as_they_are_now(book: Book) -> None:
    with_objects(book)
    assert book.build().returncode == 0
    library = book.folder / "tinylib.py"
    library.write_text(library.read_text().replace("42", "43"))
    assert book.build().returncode == 0
    assert "It is 43." in book.page("objects.html")
