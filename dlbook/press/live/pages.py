"""What the reader's browser needs to run a page's code: one JSON file a page, and the values of its frozen blocks."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dlbook.press.live.frozen import is_frozen, lacking
from dlbook.press.live.slices import Block, Reads, dependencies
from dlbook.press.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dlbook.press.reading.scan import Scan
    from dlbook.press.running.session import Outcome

FOLDER = "assets/live"
_RUN = re.compile(r"\bstored_run\(\s*[\"'](\w+)[\"']")


def files(
    found: Scan, outcomes: Sequence[Outcome], address: str, root: Path
) -> dict[str, str]:
    """The files of one page, by their place in the site.

    Args:
        found: What was read on the page.
        outcomes: What its slots came to.
        address: The page's file in the site, such as `foundations/notation.html`.
        root: The project's folder, where the stored runs are.
    """
    if not any(slot.kind == "block" for slot in found.slots):
        return {}
    place = PurePosixPath(address).with_suffix("")
    blocks = _blocks(found, outcomes)
    reads = Reads(blocks)
    made: dict[str, str] = {}
    kept: dict[str, str] = {}
    for slot, outcome in zip(found.slots, outcomes, strict=True):
        if is_frozen(slot.options, slot.code):
            kept[str(slot.number)] = f"{place}/{slot.number}.json"
            later = [reads.of(other.code) for other in found.slots[slot.number + 1 :]]
            read = frozenset().union(*later)
            values = {n: value for n, value in outcome.kept.items() if n in read}
            made[f"{FOLDER}/{place}/{slot.number}.json"] = _json(values)
        for name in _RUN.findall(slot.code):
            run = root / "benchmarks" / f"{name}.json"
            if run.exists():
                made[f"{FOLDER}/runs/{name}.json"] = run.read_text(encoding="utf-8")
    page: dict[str, Any] = {
        "blocks": [_written(*each) for each in zip(found.slots, blocks, strict=True)],
        "exercises": _exercises(found),
        "kept": kept,
        "lacking": _lacking(found, outcomes, blocks),
    }
    return made | {f"{FOLDER}/{place}.json": _json(page)}


def exercises(scans: Mapping[str, Scan]) -> dict[str, str]:
    """The file that says how many exercises each page has, for readers who have begun.

    Args:
        scans: The pages, by their file in the site.
    """
    counts = {
        str(PurePosixPath(address).with_suffix("")): count
        for address, found in scans.items()
        if (count := sum(name.startswith("ex:") for name, _ in found.labels))
    }
    # a script, since a page that was opened from a disk can fetch nothing else
    return {f"{FOLDER}/exercises.js": f"window.dlbookExercises = {_json(counts)};\n"}


def problems(found: Scan, outcomes: Sequence[Outcome]) -> Iterator[Problem]:
    """Frozen blocks whose values a later block reads, and which cannot be kept."""
    blocks = _blocks(found, outcomes)
    for slot in found.slots:
        if slot.options.get("frozen") != "on" or len(outcomes) < len(found.slots):
            continue
        for name, line in _refused(found, outcomes, blocks, slot.number):
            told = f"frozen: {name!r}, which line {line} reads, is no array, number or text, nor made of these"
            yield Problem(found.page, slot.line, told)


def _blocks(found: Scan, outcomes: Sequence[Outcome]) -> list[Block]:
    """The page's blocks by the number of their slots; a slot that is never replayed changes nothing."""
    return [
        Block(
            slot.code if slot.kind in ("block", "value") else "",
            frozenset(outcome.changed),
            is_frozen(slot.options, slot.code),
        )
        for slot, outcome in zip(found.slots, outcomes, strict=False)
    ]


def _written(slot: Any, block: Block) -> dict[str, Any]:
    options = {k: v for k, v in slot.options.items() if k in ("raises", "alt")}
    written: dict[str, Any] = {"code": block.code, "changed": sorted(block.changed)}
    if block.frozen:
        written["frozen"] = True
    if options:
        written["options"] = options
    return written


def _exercises(found: Scan) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {}
    for slot in found.slots:
        if slot.kind == "exercise":
            exercise = parts.setdefault(slot.options["exercise"], {})
            exercise["at"] = slot.number
            if slot.options["part"] == "check":
                exercise["check"] = slot.code
    return parts


def _refused(
    found: Scan, outcomes: Sequence[Outcome], blocks: Sequence[Block], number: int
) -> Iterator[tuple[str, int]]:
    """The names of a frozen block that are not kept, each with the line of a block that reads them."""
    lost = (
        blocks[number].changed
        - outcomes[number].kept.keys()
        - blocks[number].names.fixed
    )
    reads = Reads(blocks)
    for slot in found.slots[number + 1 :]:
        if slot.kind != "block":
            continue
        for name in sorted(lost & reads.of(slot.code)):
            if number in dependencies(blocks, slot.code, slot.number):
                yield name, slot.line
        lost -= blocks[slot.number].names.kills


def _lacking(
    found: Scan, outcomes: Sequence[Outcome], blocks: Sequence[Block]
) -> dict[str, list[str]]:
    """The packages that a cell, or what it depends on, needs and a browser does not have."""
    told: dict[str, set[str]] = {}
    for slot in found.slots:
        if slot.kind != "block":
            continue
        wanted = set(lacking(slot.code))
        if wanted:
            told.setdefault(str(slot.number), set()).update(wanted)
            for _, line in _refused(found, outcomes, blocks, slot.number):
                number = next(s.number for s in found.slots if s.line == line)
                told.setdefault(str(number), set()).update(wanted)
    return {number: sorted(names) for number, names in told.items()}


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
