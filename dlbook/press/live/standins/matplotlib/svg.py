"""SVG, tag by tag."""

from __future__ import annotations

import html
from typing import Any


def tag(name: str, inner: str = "", **attributes: Any) -> str:
    """An element; attributes without a value are left out, and lengths have two decimals."""
    written = "".join(
        f' {key.replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value not in (None, "")
    )
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return html.escape(str(value))
