"""What was measured, a line for each workload, and whether the target is met."""

from __future__ import annotations

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


def verdict(measured: dict[str, Any]) -> str:
    """OK or MISS; or that nothing can be said, since the reference is missing."""
    if measured["holds"] is None:
        return f"no {measured['over']}"
    return "OK" if measured["holds"] else "MISS"


def _all(measured: dict[str, Any]) -> list[str]:
    settings = list(measured["settings"].values())
    return list(settings[0]["peers"])


def _cells(peer: str, measured: dict[str, Any]) -> str:
    found = [setting["peers"][peer] for setting in measured["settings"].values()]
    return " ".join([f"{found[0]['ms']:>9.4g}  ", *(f"{_ratio(f):<20}" for f in found)])


def _ratio(found: dict[str, Any]) -> str:
    if "ratio" not in found:
        return "-"
    low, high = found["quartiles"]
    return f"{found['ratio']:.2f} ({low:.2f}–{high:.2f})"
