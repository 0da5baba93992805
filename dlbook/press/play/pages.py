"""The figures that move on a page: their scripts, and whether these do what the page's Python does."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dlbook.press.play.translation import difference, run
from dlbook.press.problems import Problem
from dlbook.press.typesetting.formulas import node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlbook.press.reading.scan import Scan
    from dlbook.press.rebuilding.store import Store
    from dlbook.press.running.session import Outcome

FOLDER = "assets/play"


def files(outcomes: Sequence[Outcome], address: str) -> dict[str, str]:
    """The scripts of a page's figures, by their place in the site.

    Args:
        outcomes: What the page's slots came to.
        address: The page's file in the site.
    """
    place = PurePosixPath(address).with_suffix("")
    moving = [outcome.play for outcome in outcomes if outcome.play]
    return {f"{FOLDER}/{place}/{play['name']}.js": play["script"] for play in moving}


def problems(
    pages: Sequence[tuple[Scan, Sequence[Outcome]]], store: Store
) -> Iterator[Problem]:
    """Figures whose JavaScript does not come to what their Python comes to.

    Args:
        pages: The pages, each with what its slots came to.
        store: Where it is kept of which scripts this is known.
    """
    moving = [
        (found.page, slot.line, outcome.play)
        for found, outcomes in pages
        for slot, outcome in zip(found.slots, outcomes, strict=False)
        if outcome.play
    ]
    keys = [
        hashlib.sha256(json.dumps(play).encode()).hexdigest() for *_, play in moving
    ]
    told = [store.get(key) for key in keys]
    new = [i for i, known in enumerate(told) if known is None]
    if new:
        wanted = [moving[i][2] for i in new]
        scripts = [
            (_function(play["script"]), [inputs for inputs, _ in play["trials"]])
            for play in wanted
        ]
        for i, play, got in zip(new, wanted, run(node(), scripts), strict=True):
            expected = [result for _, result in play["trials"]]
            told[i] = (
                got if isinstance(got, str) else difference(expected, got, "trial")
            )
            store.put(keys[i], told[i])
    for (page, line, _), message in zip(moving, told, strict=True):
        if message:
            yield Problem(
                page, line, f"play: the translation to JavaScript fails: {message}"
            )


def _function(script: str) -> str:
    """The definition of `f` alone."""
    return script[script.index("(() => { ") + 9 : script.rindex("\nreturn { f, ...")]
