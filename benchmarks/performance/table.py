"""What was measured, a line for each workload, and whether the target is met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD = (
    f"{'':<46} {'ms':>9}   {'as users have it':<20} {'pinned':<20} {'target':<18}"
).rstrip()


def line(measured: dict[str, Any]) -> str:
    """A workload's line, and one for each implementation beside the library and the reference.

    Args:
        measured: What `comparison.measured` gave for it.
    """
    told = measured["what"]
    if len(told) > 46:
        told = f"{told[:45]}…"
    pinned = " pinned" if measured["judged"] == "pinned" else ""
    target = f"≤ {measured['at_most']:g} {measured['over']}{pinned}"
    lines = [
        f"{told:<46} {_cells('dlbook', measured)} {target:<18} {verdict(measured)}"
    ]
    lines += [
        f"{f'    {peer}':<46} {_cells(peer, measured)}".rstrip()
        for peer in _all(measured)
        if peer != "dlbook"
    ]
    return "\n".join(lines)


HEADERS = ("one thread", "ms", "as users have it", "pinned", "others", "target", "")


def rows(workloads: Mapping[str, Any]) -> list[list[str]]:
    """The whole run for people who read, a row for each workload.

    Args:
        workloads: What `comparison.measured` gave for each, by name.
    """
    found = []
    for measured in workloads.values():
        peers = next(iter(measured["settings"].values()))["peers"]
        others = [
            f"{peer} {each['ratio']:.2f}"
            for peer, each in peers.items()
            if peer not in {"dlbook", measured["over"]} and "ratio" in each
        ]
        pinned = ", pinned" if measured["judged"] == "pinned" else ""
        target = f"≤ {measured['at_most']:g} of {measured['over']}{pinned}"
        cells = [*_numbers("dlbook", measured), ", ".join(others), target]
        found.append([measured["what"], *cells, verdict(measured)])
    return found


def markdown(workloads: Mapping[str, Any]) -> str:
    """The rows as a table in Markdown."""
    lines = [HEADERS, ("---", "---:", *["---"] * 5), *rows(workloads)]
    return "\n".join(
        f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines
    )


def verdict(measured: dict[str, Any]) -> str:
    """OK or MISS; or that nothing can be said, since the reference is missing."""
    if measured["holds"] is None:
        return f"no {measured['over']}"
    return "OK" if measured["holds"] else "MISS"


def _all(measured: dict[str, Any]) -> list[str]:
    settings = list(measured["settings"].values())
    return list(settings[0]["peers"])


def _cells(peer: str, measured: dict[str, Any]) -> str:
    ms, *ratios = _numbers(peer, measured)
    return " ".join([f"{ms:>9}  ", *(f"{ratio:<20}" for ratio in ratios)])


def _numbers(peer: str, measured: dict[str, Any]) -> list[str]:
    found = [setting["peers"][peer] for setting in measured["settings"].values()]
    return [f"{found[0]['ms']:.4g}", *map(_ratio, found)]


def _ratio(found: dict[str, Any]) -> str:
    if "ratio" not in found:
        return "-"
    low, high = found["quartiles"]
    return f"{found['ratio']:.2f} ({low:.2f}–{high:.2f})"
