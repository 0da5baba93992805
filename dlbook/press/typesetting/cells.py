"""The layout of a page's cells: code above, below or folded around the output that execution will bring."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from dlbook.press.listing import highlight
from dlbook.press.table import inline as value_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlbook.press.reading.labels import Labels
    from dlbook.press.reading.scan import Slot
    from dlbook.press.running.session import Outcome


def cell(slot: Slot) -> str:
    """A block's code and the place of its output; of a derivation, which says itself what it says, the place."""
    output = f"<div data-press-slot='{slot.number}'></div>"
    if slot.kind == "exercise":
        return _exercise_part(slot)
    if slot.kind == "derivation":
        return output
    code = f'<div class="press-code">{highlight(slot.code)}</div>'
    source = slot.options.get("source", "above")
    if source == "hide":
        inner = output
    elif source == "fold":
        inner = f'<details class="press-fold"><summary>Code</summary>{code}</details>{output}'
    else:
        inner = code + output if source == "above" else output + code
    return f'<div class="press-cell" data-cell="{slot.number}" data-line="{slot.line}">{inner}</div>'


def _exercise_part(slot: Slot) -> str:
    part = slot.options["part"]
    mark = f'data-press-part="{slot.number}"'
    name = html.escape(slot.options["exercise"], quote=True)
    code = f'<div class="press-code press-{part}" data-exercise="{name}" {mark}>{highlight(slot.code)}</div>'
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
        labels: The registry, for the number of a figure or a table.
        inline: From one line of Markdown to HTML, for a caption and for the reasons in a derivation.
    """
    if outcome.problem:
        return f'<pre class="press-error">{html.escape(str(outcome.problem))}</pre>'
    if slot.kind == "value":
        code = html.escape(slot.code, quote=True)
        return f'<span class="press-value" title="{code}">{value_html(outcome.text)}</span>'
    if slot.derivation is not None:
        if (
            not outcome.lines
        ):  # an earlier place on the page failed, so this one was not reached
            return ""
        from dlbook.press.derivation.layout import layout  # noqa: PLC0415  most pages have none

        name = slot.options["label"]
        return layout(slot.derivation, outcome.lines, label=name, inline=inline)
    kind = "press-text press-raised" if "raises" in slot.options else "press-text"
    text = (
        f'<pre class="{kind}">{html.escape(outcome.text.rstrip())}</pre>'
        if outcome.text.strip()
        else ""
    )
    rich = outcome.rich
    name = slot.options.get("label", "")
    if rich and name in labels:
        number = f'<span class="press-number">{labels[name].text}</span>'
        caption = f"<figcaption>{number} {inline(slot.options['caption'])}</figcaption>"
        play = outcome.play.get("name", "")
        moves = f' press-play" data-play="{play}' if play else ""
        rich = (
            f'<figure class="press-figure press-table-figure" id="{name}">{caption}{rich}</figure>'
            if name.startswith("tbl:")
            else f'<figure class="press-figure{moves}" id="{name}">{rich}{caption}</figure>'
        )
    return f'<div class="press-output">{text}{rich}</div>' if text or rich else ""
