"""The layout of a page's cells: code above, below or folded around the output that execution will bring."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from dlbook.press.listing import highlight

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlbook.press.labels import Labels
    from dlbook.press.scan import Slot
    from dlbook.press.session import Outcome


def cell(slot: Slot) -> str:
    """A block's code and the place of its output."""
    if slot.kind == "exercise":
        return _exercise_part(slot)
    code = f'<div class="press-code">{highlight(slot.code)}</div>'
    output = f"<div data-press-slot='{slot.number}'></div>"
    source = slot.options.get("source", "above")
    if source == "hide":
        inner = output
    elif source == "fold":
        inner = f'<details class="press-fold"><summary>Code</summary>{code}</details>{output}'
    else:
        inner = code + output if source == "above" else output + code
    return f'<div class="press-cell" data-line="{slot.line}">{inner}</div>'


def _exercise_part(slot: Slot) -> str:
    name, part = slot.options["exercise"], slot.options["part"]
    anchor = f' id="ex:{html.escape(name)}"' if part == "starter" else ""
    code = f'<div class="press-code press-{part}"{anchor}>{highlight(slot.code)}</div>'
    if part == "check":
        return f'<details class="press-fold press-check"><summary>The checks</summary>{code}</details>'
    return code


def output(
    slot: Slot, outcome: Outcome, labels: Labels, inline: Callable[[str], str]
) -> str:
    """What execution brought, as the page shows it.

    Args:
        slot: Where it stands.
        outcome: What it came to.
        labels: The registry, for a figure's number.
        inline: From one line of Markdown to HTML, for a figure's caption.
    """
    if outcome.problem:
        return f'<pre class="press-error">{html.escape(str(outcome.problem))}</pre>'
    if slot.kind == "value":
        code = html.escape(slot.code, quote=True)
        return f'<span class="press-value" title="{code}">{html.escape(outcome.text)}</span>'
    kind = "press-text press-raised" if "raises" in slot.options else "press-text"
    text = (
        f'<pre class="{kind}">{html.escape(outcome.text.rstrip())}</pre>'
        if outcome.text.strip()
        else ""
    )
    rich = outcome.rich
    if rich.startswith("<svg"):
        label = labels[slot.options["label"]]
        caption = f'<span class="press-number">{label.text}</span> {inline(slot.options["caption"])}'
        rich = f'<figure class="press-figure" id="{label.name}">{rich}<figcaption>{caption}</figcaption></figure>'
    return f'<div class="press-output">{text}{rich}</div>' if text or rich else ""
