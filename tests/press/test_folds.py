"""What a page's folds hold lies beside the page, part by part."""

from __future__ import annotations

from pathlib import Path

from dlbook.press.typesetting.folds import put_aside
from tests.pages import read_page

PAGE = (
    '<html><head><title>A page</title><link rel="stylesheet" href="../site.css"></head>'
    '<body class="dark"><article><p>Shown.</p>{}</article></body></html>'
)
TWO = (
    "<details><summary>One</summary><p>first</p>"
    "<details><summary>In it</summary><p>inner</p></details><p>last</p></details>"
    '<details open="open"><summary>Open</summary><p>seen</p></details>'
    '<details class="proof"><summary>Two</summary><p>second</p></details>'
)


def written(folder: Path, content: str) -> tuple[str, Path]:
    file = folder / "part" / "a.html"
    shown = put_aside(PAGE.format(content), file)
    file.parent.mkdir(exist_ok=True)
    file.write_text(shown, encoding="utf-8")
    return shown, file


def test_the_page_has_what_is_shown_and_links_to_the_rest(tmp_path: Path) -> None:
    shown, _ = written(tmp_path, TWO)
    for text in ("Shown.", "One", "Open", "seen", "Two"):
        assert text in shown
    for text in ("first", "In it", "inner", "last", "second"):
        assert text not in shown
    assert shown.count("<noscript>") == 2
    for number in (0, 1):
        assert f'href="a.folds.html#fold-{number}"' in shown


def test_the_file_beside_it_has_each_outermost_fold_once_in_order(
    tmp_path: Path,
) -> None:
    _, file = written(tmp_path, TWO)
    aside = (tmp_path / "part" / "a.folds.html").read_text(encoding="utf-8")
    first, second = aside.split("<!--fold-->")[1:]
    assert 'id="fold-0"' in first
    assert first.index("first") < first.index("inner") < first.index("last")
    assert 'id="fold-1"' in second
    assert "second" in second
    assert "Shown." not in aside
    assert "seen" not in aside
    for of_the_page in (
        "A page",
        '"../site.css"',
        'class="dark"',
        '<base href="a.html">',
    ):
        assert of_the_page in aside
    assert read_page(file) == PAGE.format(TWO)


def test_a_page_without_folds_has_no_file_beside_it(tmp_path: Path) -> None:
    written(tmp_path, TWO)
    shown, _ = written(tmp_path, "<p>Nothing folded.</p>")
    assert shown == PAGE.format("<p>Nothing folded.</p>")
    assert not (tmp_path / "part" / "a.folds.html").exists()
