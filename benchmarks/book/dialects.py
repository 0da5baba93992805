"""The made-up book as Markdown: for the press, for plain markdown-exec, and with nothing to execute."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from benchmarks.book.generate import Block, Formula, Reference, Value

if TYPE_CHECKING:
    from benchmarks.book.generate import Page, Part, Piece

CONTESTANTS = ("press", "plain", "nothing")


def markdown(page: Page, contestant: str) -> str:
    """A page in one contestant's dialect.

    Args:
        page: The page.
        contestant: `press`; `plain`, which has numbers and links written out, since nothing else would make
            them; or `nothing`, the text of `press` with its code as listings.
    """
    write = {"press": _press_block, "plain": _plain_block, "nothing": _listing}
    made = [f"# {page.title}"]
    for part in page.parts:
        if isinstance(part, Block):
            made.append(write[contestant](part, page))
        else:
            made.append(_text(part, page, contestant))
    return "\n\n".join(made) + "\n"


def _text(part: Part, page: Page, contestant: str) -> str:
    pieces = part if isinstance(part, tuple) else (part,)
    return " ".join(_piece(piece, page, contestant) for piece in pieces)


def _piece(piece: Piece | Block, page: Page, contestant: str) -> str:
    match piece:
        case Formula(tex, True, label, number):
            tag = rf" \tag{{{number}}}" if contestant == "plain" else ""
            end = tag or f"\n\\label{{{label}}}"
            return f"$$\n{tex}{end * bool(label)}\n$$"
        case Formula(tex):
            return f"${tex}$"
        case Value(expression):
            return f"`{{python}} {expression}`"
        case Reference(label, text, file):
            if contestant == "plain":
                address = posixpath.relpath(file, posixpath.dirname(page.file))
                return f"[{text}]({address})"
            command = "eqref" if label.startswith("eq:") else "ref"
            return rf"\{command}{{{label}}}"
        case _:
            return str(piece)


def _press_block(block: Block, _: Page) -> str:
    head = ""
    if block.label:
        head = f"#| label: {block.label}\n#| caption: {block.words}\n#| alt: {block.words}\n"
    return f'```python exec="on"\n{head}{block.code}\n```'


def _plain_block(block: Block, page: Page) -> str:
    options = f'exec="on" source="above" session="{page.file}"'
    if not block.label:
        return f'```python {options} result="text"\n{block.code}\n```'
    shown = "svg = plot.svg(figure)\nprint(svg[svg.index('<svg') :])"
    code = block.code.removesuffix("figure") + shown
    return f'```python {options} html="1"\n{code}\n```\n\n{block.words}'


def _listing(block: Block, _: Page) -> str:
    return f"```python\n{block.code}\n```"
