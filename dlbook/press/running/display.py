"""How a value is shown: a figure, a table or another rich form, else as text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from dlbook.press.reading.fences import COMMENT_OPTIONS
from dlbook.press.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlbook.press.reading.scan import Slot


PRINTED: dict[str, Any] = {"precision": 6, "suppress": True, "linewidth": 76}
"""How arrays are printed: to digits that any CPU gives."""


def display(value: Any, slot: Slot) -> str:
    """A block's last value: rich if it has a rich form, else printed; a figure must be described, a table may be."""
    described = [name for name in COMMENT_OPTIONS if name in slot.options]
    moving = _moving(value)
    if is_figure(value) or moving:
        _check_description("figure", "fig", COMMENT_OPTIONS, slot)
        name, alt = slot.options["label"].replace(":", "-"), slot.options["alt"]
        still = form(moving.figure if moving else value, name=name, alt=alt)
        return still + moving.panel(name) if moving else still
    if described and not isinstance(value, Table):
        told = f"{' and '.join(described)} given, but the block's last value is no figure and no table"
        raise ValueError(told)
    if described:
        _check_description("table", "tbl", ("label", "caption"), slot)
    if not hasattr(value, "_repr_html_") and " at 0x" in (text := repr(value)):
        raise ValueError(
            f"the block's last value shows an address, another on every run: {text}"
        )
    return form(value)


def moves(value: Any, slot: Slot) -> dict[str, Any]:
    """Of a figure that moves, once it is shown: its script, and trials of its function."""
    moving = _moving(value)
    if not moving:
        return {}
    name = slot.options["label"].replace(":", "-")
    return {"name": name, "script": moving.script(name), "trials": moving.trials()}


def _moving(value: Any) -> Any:
    """A figure that moves, or None."""
    cls = type(value)
    is_one = f"{cls.__module__}.{cls.__name__}" == "dlbook.press.play.figure.Play"
    return value if is_one else None


def form(value: Any, *, name: str = "", alt: str = "") -> str:
    """A value's rich form, as HTML; one that has none is printed, and None is nothing.

    Args:
        value: The value.
        name: Sets the ids in a figure apart from those of others.
        alt: What a reader is told who cannot see a figure.
    """
    if moving := _moving(value):
        value = moving.figure
    if is_figure(value):
        from dlbook.press.typesetting.svg import figure_svg  # noqa: PLC0415  only pages that draw need it

        return figure_svg(value, name=name, alt=alt)
    if hasattr(value, "_repr_html_"):
        return str(value._repr_html_())
    if value is not None:
        show(f"{value!r}\n")
    return ""


def is_figure(value: Any) -> bool:
    """Whether a value is a figure of matplotlib's, or of what stands in for it."""
    return "matplotlib.figure.Figure" in [
        f"{cls.__module__}.{cls.__name__}" for cls in type(value).__mro__
    ]


def show(text: str) -> None:
    """Print, whatever the page has made of `print` and of `sys.stdout`."""
    assert sys.__stdout__
    sys.__stdout__.write(text)


def _check_description(
    thing: str, prefix: str, wanted: Sequence[str], slot: Slot
) -> None:
    """A figure or a table has each of the wanted options, no other, and a label of its own kind."""
    if missing := [n for n in wanted if not slot.options.get(n, "").strip()]:
        raise ValueError(
            f"{thing} without {', '.join(missing)}: give each on a line `#| name: …` at the block's head"
        )
    if more := [n for n in COMMENT_OPTIONS if n in slot.options and n not in wanted]:
        raise ValueError(f"{thing} with {', '.join(more)}: it is read as it stands")
    if not slot.options["label"].startswith(f"{prefix}:"):
        told = (
            f"label: that of a {thing} is {prefix}:name, got {slot.options['label']!r}"
        )
        raise ValueError(told)
