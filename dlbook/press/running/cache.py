"""What pages came to, kept between builds: a page runs again only if something that it used has changed."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlbook.press.rebuilding.store import Store
from dlbook.press.running.session import Outcome
from dlbook.press.running.uses import Present, Uses, of_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlbook.press.reading.scan import Scan, Slot
    from dlbook.press.running.workers import Ran

FORMAT = 1
"""Counted up when entries are written in another way."""

PAGES = 224 * 2**20
"""The most bytes that the entries may take."""

COMPILED = 32 * 2**20
"""The most bytes that the project's compiled modules may take."""

# Read by Python and its libraries before a page begins, where no record can see it.
_READ_EARLY = ("PYTHON", "OPENBLAS", "NPY_", "MPL", "MATPLOTLIB")


class Cache:
    """One entry a page. Made anew for each build.

    An entry is found by what stands on the page and what everything runs on: the slots' code and options, Python,
    packages, the press, the fonts. It counts if all that the page used when it ran is as it was (`Uses`).

    Args:
        folder: Where the entries are kept, in `pages`, beside the project's compiled modules in `pyc`.
        root: The project's folder.
        fonts: The figures' fonts.
    """

    def __init__(self, folder: Path, root: Path, fonts: Sequence[str] = ()) -> None:
        self._store = Store(folder / "pages", PAGES)
        self._compiled = folder / "pyc"
        self._present = Present(str(root))
        self._ground = json.dumps(
            [FORMAT, _python(), packages(), _press(), [of_file(f) for f in fonts]]
        )

    def get(self, scan: Scan) -> list[Outcome] | None:
        """What a page came to when it last ran; `None` if it has to run.

        Whatever is wrong with an entry, it is as if there were none.
        """
        if not scan.slots:
            return []
        try:
            entry = self._store.get(self._key(scan))
            if entry["lines"] not in (None, _lines(scan)):
                return None
            if not self._present.agrees(Uses(**entry["uses"])):
                return None
            return [_outcome(kept) for kept in entry["outcomes"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, scan: Scan, ran: Ran) -> None:
        """Keep what a page came to, unless it has a problem or reaches beyond what can be recorded."""
        problems = [*ran.problems, *(o.problem for o in ran.outcomes if o.problem)]
        if problems or not scan.slots or ran.uses.beyond:
            return
        # a page that prints its own name has printed a traceback, with the numbers of its lines
        named = any(scan.page in o.text + o.rich for o in ran.outcomes)
        entry = {
            "lines": _lines(scan) if named else None,
            "seconds": round(ran.seconds, 3),
            "uses": dataclasses.asdict(ran.uses),
            "outcomes": [dataclasses.asdict(outcome) for outcome in ran.outcomes],
        }
        # OSError: a folder that cannot be written is no error; UnicodeError: nor is a name that cannot be stored
        with contextlib.suppress(OSError, UnicodeError):
            self._store.put(self._key(scan), entry)

    def prune(self) -> None:
        """Keep the folder small: the entries that were not used for longest go first."""
        self._store.prune()
        with contextlib.suppress(OSError):
            if (
                sum(entry.stat().st_size for entry in os.scandir(self._compiled))
                > COMPILED
            ):
                shutil.rmtree(self._compiled)  # they are made anew when they are needed

    def _key(self, scan: Scan) -> str:
        slots = [_slot(slot) for slot in scan.slots]
        return json.dumps([self._ground, scan.page, slots], sort_keys=True)


def _slot(slot: Slot) -> list[Any]:
    """What of a slot decides about its outcome: not where it stands, and not how its code or its caption reads."""
    options = {k: v for k, v in slot.options.items() if k != "source"}
    if "caption" in options:
        options["caption"] = str(bool(options["caption"].strip()))
    derivation = getattr(slot, "derivation", None)
    plain = dataclasses.asdict(derivation) if derivation else None
    return [slot.kind, slot.code, options, _without_lines(plain)]


def _without_lines(data: Any) -> Any:
    if isinstance(data, dict):
        return {
            name: _without_lines(value)
            for name, value in data.items()
            if name != "line" and not name.endswith("_line")
        }
    if isinstance(data, list | tuple):
        return [_without_lines(value) for value in data]
    return data


def _lines(scan: Scan) -> list[int]:
    return [slot.line for slot in scan.slots]


def _outcome(kept: dict[str, Any]) -> Outcome:
    if kept["lines"]:
        from dlbook.press.derivation.check import CheckedLine  # noqa: PLC0415  most pages have no derivation

        kept["lines"] = [CheckedLine(**line) for line in kept["lines"]]
    return Outcome(**kept)


def _python() -> list[Any]:
    """The interpreter, the machine's kind, and the settings that both read when they start."""
    settings = sorted(
        item for item in os.environ.items() if item[0].startswith(_READ_EARLY)
    )
    return [sys.version, sys.platform, platform.machine(), settings]


def packages() -> list[str]:
    """The installed packages, each with its version: the names of their `.dist-info` folders."""
    found = set()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            found |= {
                name
                for name in os.listdir(folder or ".")
                if name.endswith((".dist-info", ".egg-info"))
            }
    return sorted(found)


def _press() -> str:
    """The fingerprint of the press itself."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
