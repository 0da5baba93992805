"""What stands behind each primitive: its gaps, its tests, the faults planted in it. The page of evidence shows it.

Nothing is listed by hand: primitives are found in the package, calls in the grid and in PyTorch's stored
results, tests in the suite's text, faults in their list. What lacks one of the first three is an error.
"""

from __future__ import annotations

import html
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

import dlbook
from dlbook.autograd import Primitive
from tests.gradient_cases import CASES
from tests.mutations.faults import FAULTS
from tests.oracle.cases.comparison import largest_gap
from tests.oracle.store import load
from tests.suite import Check, on_disk

LIBRARY = Path(dlbook.__file__).parent
# No gap is shown as less than these powers of ten: below them it is the processor that decides.
FINEST_DIFFERENCE, FINEST_ORACLE = -8, -12


@dataclass
class Evidence:
    """What stands behind one primitive.

    Args:
        name: Its public name, in full.
        file: Where it stands, relative to the project.
        lines: Its first and its last line there.
        gaps: Its gap to central differences on each call of the grid.
        oracle_gaps: Its gap to PyTorch in each stored comparison that calls it.
        checks: The tests that hold it.
        faults: What the faults planted in its lines are.
    """

    name: str
    file: str
    lines: tuple[int, int]
    gaps: list[float] = field(default_factory=list)
    oracle_gaps: list[float] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def lacks(self) -> list[str]:
        """What is missing."""
        parts = {
            "a gradient case": self.gaps,
            "a stored result of PyTorch": self.oracle_gaps,
            "a test": self.checks,
        }
        return [what for what, found in parts.items() if not found]


def collect(primitives: Mapping[str, Primitive]) -> list[Evidence]:
    """The evidence for each primitive, in the order of files and lines.

    Args:
        primitives: The primitives by their full name.

    Raises:
        AssertionError: If one lacks a gradient case, a stored result of PyTorch, a test or a public name, if a
            gap is too large, or if a fault is planted in text that is not there.
    """
    found = {
        id(primitive): _blank(name, primitive) for name, primitive in primitives.items()
    }
    for case in CASES:
        if id(case.primitive) in found:
            found[id(case.primitive)].gaps.append(case.gap(np.random.default_rng(0)))
    for called, gap in _comparisons():
        for primitive in called & found.keys():
            found[primitive].oracle_gaps.append(gap)
    names = {key: evidence.name for key, evidence in found.items()}
    public = {id(_public(evidence.name)): evidence.name for evidence in found.values()}
    holding = on_disk(names | public).holding()
    for evidence in found.values():
        evidence.checks = holding.get(evidence.name, [])
    for fault, where in zip(FAULTS, planted(found.values()), strict=True):
        if where:
            where.faults.append(fault.what)
    lacking = [
        f"{evidence.name} lacks {' and '.join(evidence.lacks)}"
        for evidence in found.values()
        if evidence.lacks
    ]
    assert not lacking, "; ".join(lacking)
    return sorted(found.values(), key=lambda evidence: (evidence.file, evidence.lines))


def _blank(name: str, primitive: Primitive) -> Evidence:
    """A primitive's public name and its place."""
    module, _, own = name.rpartition(".")
    public = own.lstrip("_")
    assert hasattr(sys.modules[module], public), f"{name} has no public name {public}"
    lines, first = inspect.getsourcelines(primitive.rule)
    file = Path(inspect.getfile(primitive.rule)).relative_to(LIBRARY.parent)
    return Evidence(
        f"{module}.{public}", file.as_posix(), (first, first + len(lines) - 1)
    )


def _public(name: str) -> Any:
    """What stands under a public name: the primitive, or the function through which it is called."""
    module, _, own = name.rpartition(".")
    return getattr(sys.modules[module], own)


def _comparisons() -> Iterator[tuple[set[int], float]]:
    """For each stored comparison the primitives that it calls, by their `id`, and its gap.

    Setting a comparison up calls its function once, on arrays, without the cotangent: these calls are meant.
    """
    call, called = Primitive.__call__, set()

    def noting(primitive: Primitive, *inputs: Any, **settings: Any) -> Any:
        called.add(id(primitive))
        return call(primitive, *inputs, **settings)

    for stored in load()[1]:
        called.clear()
        Primitive.__call__ = noting  # type: ignore[method-assign]
        try:
            comparison = stored.comparison()
        finally:
            Primitive.__call__ = call  # type: ignore[method-assign]
        yield called.copy(), largest_gap(comparison.ours(), stored.expected)


def planted(found: Iterable[Evidence]) -> list[Evidence | None]:
    """For each planted fault the primitive in whose lines it is; None for helpers and the rest of the library."""
    found, places = list(found), []
    texts = {
        file: (LIBRARY / file).read_text("utf-8") for file in {f.file for f in FAULTS}
    }
    for fault in FAULTS:
        before, *after = texts[fault.file].split(fault.old)
        assert len(after) == 1, (
            f"{fault.file}: expected once, found {len(after)} times: {fault.old}"
        )
        line = before.count("\n") + 1
        here = (
            evidence
            for evidence in found
            if evidence.file == f"dlbook/{fault.file}"
            and evidence.lines[0] <= line <= evidence.lines[1]
        )
        places.append(next(here, None))
    return places


def bound(gaps: Sequence[float], finest: int) -> str:
    """The largest gap, rounded up to a power of ten that is no less than the finest, as a formula."""
    worst = float(np.max(gaps))
    power = next((k for k in range(finest, 0) if worst < 10.0**k), None)
    assert power is not None, f"a gap of {worst}"
    return rf'<span class="arithmatex">\(&lt; 10^{{{power}}}\)</span>'


@dataclass(frozen=True)
class Html:
    """A part of the page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def _link(name: str) -> str:
    """The name of a primitive, leading to its entry in the reference."""
    own = name.rpartition(".")[2]
    return f'<autoref identifier="{name}"><code>{own}</code></autoref>'


def _list(title: str, items: Iterable[str]) -> str:
    return f"<p>{title}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


NUMBER = 'class="press-numeric"'
HEAD = f"""
<tr><th scope="col" rowspan="2">primitive</th><th scope="colgroup" colspan="2">differences</th>
<th scope="colgroup" colspan="2">PyTorch</th><th scope="col" rowspan="2" {NUMBER}>tests</th>
<th scope="col" rowspan="2" {NUMBER}>faults</th></tr>
<tr><th scope="col" {NUMBER}>calls</th><th scope="col" {NUMBER}>gap</th>
<th scope="col" {NUMBER}>calls</th><th scope="col" {NUMBER}>gap</th></tr>
"""


def overview(found: Sequence[Evidence]) -> Html:
    """A row for each primitive, below the file that it stands in."""
    bodies = ""
    for file, group in groupby(found, key=lambda evidence: evidence.file):
        rows = (
            f'<tr><th scope="row">{_link(evidence.name)}</th>{_cells(evidence)}</tr>'
            for evidence in group
        )
        first = f'<tr><th scope="rowgroup" colspan="7"><code>{file}</code></th></tr>'
        bodies += f"<tbody>{first}{''.join(rows)}</tbody>"
    table = f'<table class="press-table"><thead>{HEAD}</thead>{bodies}</table>'
    return Html(f'<div class="press-scroll">{table}</div>')


def _cells(evidence: Evidence) -> str:
    cells = [
        len(evidence.gaps),
        bound(evidence.gaps, FINEST_DIFFERENCE),
        len(evidence.oracle_gaps),
        bound(evidence.oracle_gaps, FINEST_ORACLE),
        len(evidence.checks),
        len(evidence.faults),
    ]
    return "".join(f"<td {NUMBER}>{cell}</td>" for cell in cells)


def listed_tests(found: Sequence[Evidence]) -> Html:
    """The tests that hold every primitive, then the further ones of each."""
    common = set.intersection(*(set(evidence.checks) for evidence in found))
    groups = [("Every primitive", sorted(common))]
    for evidence in found:
        further = [check for check in evidence.checks if check not in common]
        groups += [(_link(evidence.name), further)] if further else []
    text = ""
    for title, checks in groups:
        files = groupby(checks, key=lambda check: check.file)
        text += _list(
            title,
            (f"<code>{file}</code>: {'; '.join(map(str, own))}" for file, own in files),
        )
    return Html(text)


def listed_faults(found: Sequence[Evidence]) -> Html:
    """The planted faults, below the files in which they are planted."""
    places = dict(zip(FAULTS, planted(found), strict=True))
    text = ""
    for file, faults in groupby(
        sorted(FAULTS, key=lambda fault: fault.file), key=lambda fault: fault.file
    ):
        lines = []
        for fault in faults:
            where = places[fault]
            before = f"{_link(where.name)}: " if where else ""
            lines.append(f"{before}{html.escape(fault.what)}")
        text += _list(f"<code>dlbook/{file}</code>", lines)
    return Html(text)
