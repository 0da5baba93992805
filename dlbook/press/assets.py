"""What the site shows that is not ours: KaTeX, the fonts and a shim, copied from the installed npm packages."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from dlbook.press.typesetting.fonts import BASIC, subset
from dlbook.press.typesetting.theme import trim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

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


def made_of_packages(root: Path) -> Path:
    """The folder for what is made of npm packages: beside them, as npm's tools have it, so that books share it."""
    return root / "node_modules" / ".cache" / "dlbook"


STYLE = "assets/css/site.css"
"""All style sheets of the site in one file: each file more is one more answer that a first view waits for."""

_REFERENCE_STYLE = "assets/_mkdocstrings.css"
_BRANCH = "var s=r[i],o=this.edges[s];e=e+s+o.id}return e}"
_ON_A_SERVER = 'location.protocol!=="file:"'
_AT_ONCE = f'({_ON_A_SERVER}),Je("search")).pipe('
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def refer(config: MkDocsConfig) -> None:
    """Let every page load the book's script."""
    if "assets/js/main.js" not in map(str, config.extra_javascript):
        main = ExtraScriptValue("assets/js/main.js")
        main.defer = True
        config.extra_javascript.append(main)


def mend_search(config: MkDocsConfig, files: Files) -> None:
    """Keep the search whole where words have digits, and let no page load its index before a reader wants it.

    lunr tells equal branches of its tree of words by a text of each branch's letter and number, with nothing
    between: letter "1", number 23 reads like letter "1", number 2 and what begins with 3. In a large book two
    branches are so taken for one, words appear that nobody wrote, and every query fails.

    The theme waits for the search to be opened on a page from a disk alone. The index is larger than a chapter, and
    to read it holds a phone up for a tenth of a second: it waits on every page.
    """
    _mend(config, files, "workers/search", _BRANCH, _BRANCH.replace("o.id", 'o.id+" "'))
    _mend(config, files, "bundle", _AT_ONCE, _AT_ONCE.replace(_ON_A_SERVER, "!1"))


def _mend(config: MkDocsConfig, files: Files, script: str, old: str, new: str) -> None:
    """Put one text in the place of another in a script of the theme."""
    path = re.compile(rf"/javascripts/{script}\.\w+\.min\.js$")
    for file in [each for each in files if path.search(each.src_uri)]:
        code = file.content_string
        if code.count(old) != 1:
            raise PluginError(f"{file.src_uri}: expected once: {old}")
        files.remove(file)
        mended = code.replace(old, new)
        files.append(File.generated(config, file.src_uri, content=mended))


def join_styles(config: MkDocsConfig, files: Files, root: Path) -> None:
    """Put the styles of the theme, the reference and KaTeX and the book's own into one file, in the place of many."""

    def taken(name: str) -> str:
        file = files.get_file_from_path(name)
        if file is None:
            return ""
        files.remove(file)
        return _COMMENT.sub("", file.content_string)

    theme_sheets = [
        f.src_uri for f in files if re.match(r"assets/stylesheets/.*\.css$", f.src_uri)
    ]
    own = [name for name in config.extra_css if name.startswith("assets/css/")]
    parts = [trim(taken(name)) for name in sorted(theme_sheets)]
    if _REFERENCE_STYLE in config.extra_css:
        handler = resources.files("mkdocstrings_handlers.python")
        style = handler / "templates" / "material" / "style.css"
        parts.append(style.read_text(encoding="utf-8"))
    parts += [_katex_style(root), *map(taken, own)]
    joined = {_REFERENCE_STYLE, *own}
    config.extra_css = [n for n in config.extra_css if n not in joined] + [STYLE]
    files.append(File.generated(config, STYLE, content="\n".join(parts)))


def _katex_style(root: Path) -> str:
    """KaTeX's style sheet; every browser reads WOFF2, so the other formats are left out."""
    katex = npm_package(root, "katex") / "dist"
    css = (katex / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)
    return css.replace("url(fonts/", "url(../katex/fonts/")


def fonts(root: Path, script: str) -> Iterator[Path]:
    """The font files of the book for Latin or Greek letters, as WOFF2."""
    for family, cuts in FONTS.items():
        folder = npm_package(root, f"@fontsource/{family}") / "files"
        yield from (folder / f"{family}-{script}-{cut}.woff2" for cut in cuts)


def files(config: MkDocsConfig, root: Path) -> Iterator[File]:
    """The files to add to the site."""
    found = {p.name: p for script in ("latin", "greek") for p in fonts(root, script)}
    for path in fonts(root, "latin"):
        name = path.name.replace("-latin-", "-basic-")
        found[name] = subset(path, BASIC, made_of_packages(root) / "fonts")
    for name, path in found.items():
        yield File.generated(config, f"assets/fonts/{name}", abs_src_path=str(path))
    katex = npm_package(root, "katex") / "dist"
    # for the search of a copy on a disk
    shim = npm_package(root, "iframe-worker") / "shim" / "index.js"
    yield File.generated(config, "assets/js/iframe-worker.js", abs_src_path=str(shim))
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
            with TTFont(folder / "files" / f"source-sans-3-latin-{cut}.woff") as font:
                font.flavor = None
                font.save(target)
        made.append(str(target))
    return made
