"""Stands in for cycler in the reader's browser: properties that go round together."""

from __future__ import annotations

from typing import Any


def cycler(**properties: list[Any]) -> list[dict[str, Any]]:
    """The properties of the first, the second, … thing that is drawn."""
    rows = zip(*properties.values(), strict=True)
    return [dict(zip(properties, row, strict=True)) for row in rows]
