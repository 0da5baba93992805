"""Run in a process of its own, with the stand-in for matplotlib in the place of matplotlib: the book's own figures.

Prints JSON: for each figure its label and its SVG, or what was not drawn.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
STANDINS = ROOT / "dlbook" / "press" / "live" / "standins"


def figures() -> dict[str, dict[str, str]]:
    """All figures of the book, block after block as in a browser."""
    from mkdocs.utils import meta

    from dlbook.press.listing import source
    from dlbook.press.live.execute import Piece
    from dlbook.press.reading.scan import scan
    from dlbook.press.runs import stored_run
    from dlbook.press.table import table

    found = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        names: dict[str, Any] = {"__name__": "__page__", "source": source}
        names |= {"table": table, "stored_run": stored_run}
        for slot in scan(path.name, text, meta.get_data(text)[0]).slots:
            if slot.kind != "block":
                continue
            piece = Piece(slot.code, slot.number, slot.options)
            label = slot.options.get("label", "")
            if label.startswith("fig:"):
                result = piece.show(names, lambda _: None)
                found[label] = {"svg": result.rich, "error": result.error}
            piece.replay(names)
    return found


if __name__ == "__main__":
    sys.path[:0] = [str(STANDINS), str(ROOT)]
    with contextlib.redirect_stdout(io.StringIO()):
        made = figures()
    import matplotlib as mpl

    assert STANDINS in Path(mpl.__file__).parents
    json.dump(made, sys.stdout)
