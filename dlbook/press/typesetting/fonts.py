"""Fonts, cut down to the letters that most pages need: a page moves a part of what it would."""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
from typing import TYPE_CHECKING

from dlbook.press.rebuilding.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TAG = re.compile(r"<[^>]*>")
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_ALWAYS = set(_ASCII + "αβγδεηθλμπρστφωΣΔ∂∇−·…≤≥≈→")
"""Letters that a formula may have which only a reader's own run sets."""

BASIC = f"{_ASCII}{''.join(map(chr, range(0xA0, 0xBA)))}×é\u2009–—‘’“”•…−"
"""What English prose and code are written with: nearly all pages need no more of the text's faces."""


def letters(formulas: Iterable[str]) -> str:
    """All letters in formulas as KaTeX set them, in order."""
    found = set(_ALWAYS)
    for formula in formulas:
        found.update(html.unescape(_TAG.sub("", formula)))
    return "".join(sorted(found))


def subset(font: Path, wanted: str, cache: Path) -> Path:
    """A font with some letters only; made once for the same font and letters.

    Args:
        font: A WOFF2 file.
        wanted: The letters; those that the font does not have do not matter.
        cache: A folder for what was made.
    """
    content = font.read_bytes()
    key = hashlib.sha256(content + wanted.encode()).hexdigest()[:16]
    target = cache / f"{font.stem}-{key}.woff2"
    if not target.exists():
        from fontTools import subset as tool  # noqa: PLC0415  most builds find what the last one made

        options = tool.Options(flavor="woff2", desubroutinize=True)
        options.layout_features = ["*"]
        cutter = tool.Subsetter(options)
        cutter.populate(text=wanted)
        written = io.BytesIO()
        with tool.load_font(str(font), options) as made:
            cutter.subset(made)
            tool.save_font(made, written, options)
        write_whole(target, written.getvalue())
    return target


def write(
    formulas: Iterable[str], fonts: Iterable[Path], folder: Path, cache: Path
) -> None:
    """Write the fonts into the site, each with the letters of the book's formulas only.

    Args:
        formulas: All formulas, as KaTeX set them.
        fonts: KaTeX's fonts.
        folder: Where they go.
        cache: A folder for what was made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = letters(formulas)
    for font in fonts:
        shutil.copyfile(subset(font, wanted, cache), folder / font.name)
