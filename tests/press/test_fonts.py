"""The faces of the text: which letters are in which file, and that the style sheet says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from dlbook.press.assets import FONTS, fonts
from dlbook.press.typesetting.fonts import BASIC, subset

ROOT = Path(__file__).resolve().parents[2]
STYLE = (ROOT / "docs" / "assets" / "css" / "fonts.css").read_text("utf-8")
FACE = re.compile(r'url\("\.\./fonts/([\w-]+\.woff2)"\)[^}]*unicode-range: ([^;]*);')


def said(ranges: str) -> set[str]:
    """The letters of a `unicode-range`."""
    letters: set[str] = set()
    for each in re.findall(r"U\+([\w-]+)", ranges):
        first, _, last = each.partition("-")
        letters |= {chr(c) for c in range(int(first, 16), int(last or first, 16) + 1)}
    return letters


def held(font: Path) -> set[str]:
    """The letters that a font has."""
    with TTFont(font) as opened:
        return set(map(chr, opened.getBestCmap()))


def test_each_cut_has_a_face_for_basic_latin_and_greek_letters() -> None:
    names = [name for name, _ in FACE.findall(STYLE)]
    assert sorted(names) == sorted(
        f"{family}-{script}-{cut}.woff2"
        for family, cuts in FONTS.items()
        for cut in cuts
        for script in ("basic", "latin", "greek")
    )
    scripts = [name.rsplit("-", 3)[1] for name in names]
    assert scripts == sorted(scripts, key=["latin", "greek", "basic"].index)


def test_the_style_says_which_letters_are_basic() -> None:
    ranges = {ranges for name, ranges in FACE.findall(STYLE) if "-basic-" in name}
    assert [said(each) for each in ranges] == [set(BASIC)]


@pytest.mark.parametrize("font", list(fonts(ROOT, "latin")), ids=lambda font: font.stem)
def test_no_letter_of_a_face_is_lost(font: Path, tmp_path: Path) -> None:
    ranges = {ranges for name, ranges in FACE.findall(STYLE) if "-latin-" in name}
    assert len(ranges) == 1
    letters = held(font)
    basic = held(subset(font, BASIC, tmp_path))
    assert letters & set(BASIC) <= basic
    drawn = {letter for letter in letters - set(BASIC) if letter > "\xb9"}
    assert drawn <= said(*ranges) | {"\u200b", "\ufeff", "\ufffd"}
