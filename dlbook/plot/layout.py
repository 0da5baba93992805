"""Where the boxes of a graph go: layers from left to right, few crossings, level arrows.

The method is Sugiyama's. Each node's layer is one more than that of its last input. Arrows that skip layers
get a stop in each. Orders within the layers are improved by sweeps that sort nodes by the mean place of
their neighbors. Heights are then a least-squares problem: near the neighbors, but far enough apart. Calls come
first in it, so that a chain of calls is a straight line and inputs stand above and below it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SWEEPS = 24
_ASIDE, _CALL, _STOP = (
    1e-6,
    1.0,
    3.0,
)  # inputs and their long arrows, calls, the long arrows of calls


def spread(
    wanted: Sequence[float],
    gaps: Sequence[float],
    weights: Sequence[float] | None = None,
) -> list[float]:
    """Positions nearest to those wanted, in the same order and at least a gap apart.

    The least-squares answer, by pooling neighbors that are too close: `gaps[i]` is the least distance from
    position `i` to position `i + 1` (the last one is not used).

    Source:
        M. Ayer and others, *An empirical distribution function for sampling with incomplete information* (1955).

    Examples:
        >>> spread([0.0, 3.0, 3.0], [2.0, 2.0, 2.0])
        [0.0, 2.0, 4.0]
    """
    offsets = [0.0, *itertools.accumulate(gaps[:-1])]
    pools: list[tuple[float, float, int]] = []  # mean, weight, number of members
    for i, goal in enumerate(wanted):
        pool = (goal - offsets[i], 1.0 if weights is None else weights[i], 1)
        while pools and pools[-1][0] > pool[0]:
            mean, weight, count = pools.pop()
            total = weight + pool[1]
            pool = ((mean * weight + pool[0] * pool[1]) / total, total, count + pool[2])
        pools.append(pool)
    settled = [mean for mean, _, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(settled, offsets, strict=False)]


@dataclass
class _Item:
    """A node, or a stop of a long arrow, in its layer."""

    width: float
    height: float
    layer: int
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    y: float = 0.0
    weight: float = 1.0  # how much it counts that the item stands where it wants to

    @property
    def is_aside(self) -> bool:
        return self.weight < 1


@dataclass(frozen=True)
class Placed:
    """The layout: all lengths in the unit of the sizes given.

    Attributes:
        centers: The middle `(x, y)` of each node; y grows upwards.
        routes: For each edge the points `(x, y)` of the stops between its ends.
        columns: For each node the left and right boundary of its column, which no curve bends in.
        width: Of the whole drawing, whose lower left corner is the origin.
        height: Of the whole drawing.
    """

    centers: list[tuple[float, float]]
    routes: list[list[tuple[float, float]]]
    columns: list[tuple[float, float]]
    width: float
    height: float


def place(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    *,
    x_gap: float,
    y_gap: float,
    stop_height: float,
) -> Placed:
    """Lay out a directed graph without cycles.

    Args:
        sizes: Width and height of each node, with its captions.
        edges: Pairs `(from, to)`; a pair may occur twice.
        x_gap: The space between layers, for the arrows.
        y_gap: The least space between two nodes of a layer.
        stop_height: The height that a passing arrow keeps free.

    Source:
        K. Sugiyama, S. Tagawa and M. Toda, *Methods for visual understanding of hierarchical system
        structures*, IEEE Trans. SMC 11 (1981).

    Examples:
        >>> placed = place([(1, 1), (1, 1), (2, 1)], [(0, 2), (1, 2)], x_gap=1, y_gap=0.5, stop_height=0.2)
        >>> placed.centers
        [(0.5, 2.0), (0.5, 0.5), (3.0, 1.25)]
    """
    layers_of = _layers(len(sizes), edges)
    results = {end for _, end in edges}
    items = [
        _Item(w, h, layer, weight=_CALL if i in results else _ASIDE)
        for i, ((w, h), layer) in enumerate(zip(sizes, layers_of, strict=True))
    ]
    chains = []
    for start, end in edges:
        chain = [start]
        for layer in range(items[start].layer + 1, items[end].layer):
            items.append(
                _Item(
                    0.0,
                    stop_height,
                    layer,
                    weight=_STOP if start in results else _ASIDE,
                )
            )
            chain.append(len(items) - 1)
        chain.append(end)
        chains.append(chain)
        for a, b in itertools.pairwise(chain):
            items[a].after.append(b)
            items[b].before.append(a)

    layers: list[list[int]] = [[] for _ in range(1 + max(layers_of))]
    for i, item in enumerate(items):
        layers[item.layer].append(i)
    layers = _ordered(items, layers)
    _level(items, layers, y_gap)

    lefts, widths = [], [max(items[i].width for i in layer) for layer in layers]
    x = 0.0
    for width in widths:
        lefts.append(x)
        x += width + x_gap
    bottom = min(item.y - item.height / 2 for item in items)
    top = max(item.y + item.height / 2 for item in items)

    def center(i: int) -> tuple[float, float]:
        layer = items[i].layer
        return lefts[layer] + widths[layer] / 2, items[i].y - bottom

    return Placed(
        centers=[center(i) for i in range(len(sizes))],
        routes=[
            [
                point
                for i in chain[1:-1]
                for left, y in [(lefts[items[i].layer], center(i)[1])]
                for point in ((left, y), (left + widths[items[i].layer], y))
            ]
            for chain in chains
        ],
        columns=[(lefts[layer], lefts[layer] + widths[layer]) for layer in layers_of],
        width=x - x_gap,
        height=top - bottom,
    )


def _layers(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Longest paths from the sources; a source itself stands right before its first use."""
    before: list[list[int]] = [[] for _ in range(n)]
    after: list[list[int]] = [[] for _ in range(n)]
    for start, end in edges:
        before[end].append(start)
        after[start].append(end)
    waiting = [len(b) for b in before]
    ready = [i for i in range(n) if not waiting[i]]
    layer = [0] * n
    for i in ready:
        for j in after[i]:
            layer[j] = max(layer[j], layer[i] + 1)
            waiting[j] -= 1
            if not waiting[j]:
                ready.append(j)
    if len(ready) < n:
        raise ValueError("place: edges: expected no cycle, got one")
    for i in range(n):
        if not before[i] and after[i]:
            layer[i] = min(layer[j] for j in after[i]) - 1
    return layer


def _ordered(items: list[_Item], layers: list[list[int]]) -> list[list[int]]:
    """The order of each layer from top to bottom, with as few crossings as the sweeps find."""
    best, fewest = layers, _crossings(items, layers)
    layers = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for depth in range(len(layers)) if forwards else reversed(range(len(layers))):
            near = depth - 1 if forwards else depth + 1
            if not 0 <= near < len(layers):
                continue
            place_of = {i: k for k, i in enumerate(layers[near])}
            here = {i: k for k, i in enumerate(layers[depth])}

            def wish(
                i: int,
                place_of: dict[int, int] = place_of,
                here: dict[int, int] = here,
                forwards: bool = forwards,
            ) -> float:
                places = [
                    place_of[j]
                    for j in (items[i].before if forwards else items[i].after)
                ]
                return (
                    sum(places) / len(places)
                    if places
                    else here[i] * (len(place_of) / len(here))
                )

            layers[depth].sort(key=wish)
        _exchange(items, layers)
        crossings = _crossings(items, layers)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _exchange(items: list[_Item], layers: list[list[int]]) -> None:
    """Swap neighbors where this removes crossings."""
    for depth, layer in enumerate(layers):
        around = layers[max(depth - 1, 0) : depth + 2]
        for k in range(len(layer) - 1):
            count = _crossings(items, around)
            layer[k], layer[k + 1] = layer[k + 1], layer[k]
            if _crossings(items, around) >= count:
                layer[k], layer[k + 1] = layer[k + 1], layer[k]


def _crossings(items: list[_Item], layers: list[list[int]]) -> int:
    count = 0
    for left, right in itertools.pairwise(layers):
        place_of = {i: k for k, i in enumerate(right)}
        ends = [
            place_of[j]
            for i in left
            for j in sorted(items[i].after, key=lambda j: place_of.get(j, 0))
        ]
        count += sum(a > b for k, a in enumerate(ends) for b in ends[k + 1 :])
    return count


def _level(items: list[_Item], layers: list[list[int]], y_gap: float) -> None:
    """Heights: each item as near to the mean of its neighbors as the others in its layer allow."""

    def wish(item: _Item, forwards: bool) -> float:
        sides = (
            [item.before, item.after]
            if forwards and not item.is_aside
            else [item.after, item.before]
        )
        calls = [[j for j in side if not items[j].is_aside] for side in sides]
        near = next((side for side in [*calls, *sides] if side), None)
        return sum(items[j].y for j in near) / len(near) if near else item.y

    def settle(layer: list[int], wishes: list[float]) -> None:
        gaps = [
            (items[a].height + items[b].height) / 2 + y_gap
            for a, b in itertools.pairwise(layer)
        ]
        downwards = spread(
            [-y for y in wishes], [*gaps, 0.0], [items[i].weight for i in layer]
        )
        for i, y in zip(layer, downwards, strict=True):
            items[i].y = -y

    for layer in layers:
        settle(layer, [0.0] * len(layer))
    for sweep in range(_SWEEPS + 1):  # the last one goes forwards
        forwards = sweep % 2 == 0
        for layer in layers if forwards else reversed(layers):
            settle(layer, [wish(items[i], forwards) for i in layer])
    for layer in layers:
        settle(
            layer,
            [wish(items[i], False) if items[i].is_aside else items[i].y for i in layer],
        )
