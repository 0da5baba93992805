"""What the site shows that is not ours: KaTeX's style and the fonts, copied from the installed npm packages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

# Each family in the cuts that the book uses.
FONTS = {
    "source-serif-4": ("400-normal", "400-italic", "600-normal"),
    "source-sans-3": ("400-normal", "600-normal"),
    "jetbrains-mono": ("400-normal", "600-normal"),
}


def npm_package(root: Path, name: str) -> Path:
    """The folder of an installed npm package.

    Raises:
        PluginError: If it is not installed; says how to install it.
    """
    folder = root / "node_modules" / name
    if not folder.is_dir():
        raise PluginError(
            f"the npm package {name} is not installed: run `make setup`, or `npm ci` in {root.name}/"
        )
    return folder


def refer(config: MkDocsConfig) -> None:
    """Let every page load KaTeX's style and the book's script."""
    if "assets/katex/katex.min.css" not in config.extra_css:
        config.extra_css.insert(0, "assets/katex/katex.min.css")
    if "assets/js/main.js" not in map(str, config.extra_javascript):
        main = ExtraScriptValue("assets/js/main.js")
        main.defer = True
        config.extra_javascript.append(main)


def fonts(root: Path) -> Iterator[Path]:
    """The font files of the book, as WOFF2."""
    for family, cuts in FONTS.items():
        folder = npm_package(root, f"@fontsource/{family}") / "files"
        yield from (
            folder / f"{family}-{script}-{cut}.woff2"
            for script in ("latin", "greek")
            for cut in cuts
        )


def files(config: MkDocsConfig, root: Path) -> Iterator[File]:
    """The files to add to the site."""
    for path in fonts(root):
        yield File.generated(
            config, f"assets/fonts/{path.name}", abs_src_path=str(path)
        )
    katex = npm_package(root, "katex") / "dist"
    css = (katex / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(
        r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css
    )  # every browser reads WOFF2
    yield File.generated(config, "assets/katex/katex.min.css", content=css)
    # for live outputs with formulas; a page itself needs no script for them
    script = katex / "katex.min.js"
    yield File.generated(config, "assets/katex/katex.min.js", abs_src_path=str(script))


def katex_fonts(root: Path) -> list[Path]:
    """KaTeX's fonts, as WOFF2."""
    return sorted((npm_package(root, "katex") / "dist" / "fonts").glob("*.woff2"))


def figure_fonts(root: Path, cache: Path) -> list[str]:
    """The sans face as TrueType files, which matplotlib reads; made once from the npm package's WOFF files."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  comes with matplotlib; only a build of the book needs it

    made = []
    folder = npm_package(root, "@fontsource/source-sans-3")
    for cut in FONTS["source-sans-3"]:
        target = cache / "fonts" / f"source-sans-3-{cut}.ttf"
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            font = TTFont(folder / "files" / f"source-sans-3-latin-{cut}.woff")
            font.flavor = None
            font.save(target)
        made.append(str(target))
    return made
