from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlbook.plot.layout import Placed, place

Graph = tuple[list[tuple[float, float]], list[tuple[int, int]]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Sizes and edges of a random graph without cycles, twin edges included."""
    n = draw(st.integers(2, 25))
    sizes = draw(
        st.lists(
            st.tuples(st.floats(0.1, 2), st.floats(0.1, 1)), min_size=n, max_size=n
        )
    )
    pairs = st.tuples(st.integers(0, n - 2), st.integers(1, n - 1)).filter(
        lambda pair: pair[0] < pair[1]
    )
    return sizes, draw(st.lists(pairs, min_size=1, max_size=2 * n))


def placed(graph: Graph) -> Placed:
    return place(*graph, x_gap=0.3, y_gap=0.1, stop_height=0.15)


@given(graphs())
def test_arrows_lead_from_left_to_right(graph: Graph) -> None:
    sizes, edges = graph
    layout = placed(graph)
    for (start, end), route in zip(edges, layout.routes, strict=True):
        left = layout.centers[start][0] + sizes[start][0] / 2
        right = layout.centers[end][0] - sizes[end][0] / 2
        xs = [
            left,
            layout.columns[start][1],
            *(x for x, _ in route),
            layout.columns[end][0],
            right,
        ]
        assert all(b - a >= -1e-9 for a, b in itertools.pairwise(xs))
        assert layout.columns[end][0] - layout.columns[start][1] >= 0.3 - 1e-9


@given(graphs())
def test_no_two_nodes_overlap(graph: Graph) -> None:
    sizes, _ = graph
    centers = placed(graph).centers
    for i, (x, y) in enumerate(centers):
        for j, (u, v) in enumerate(centers[:i]):
            beside = abs(x - u) >= (sizes[i][0] + sizes[j][0]) / 2 + 0.3 - 1e-9
            above = abs(y - v) >= (sizes[i][1] + sizes[j][1]) / 2 + 0.1 - 1e-9
            assert beside or above, (i, j)


@given(graphs())
def test_no_arrow_passes_through_a_node(graph: Graph) -> None:
    sizes, _ = graph
    layout = placed(graph)
    for route in layout.routes:
        for x, y in route:
            for (u, v), (w, h) in zip(layout.centers, sizes, strict=True):
                assert abs(x - u) >= w / 2 - 1e-9 or abs(y - v) >= h / 2 + 0.1 - 1e-9


@given(graphs())
def test_everything_lies_in_the_drawing(graph: Graph) -> None:
    sizes, _ = graph
    layout = placed(graph)
    for (x, y), (w, h) in zip(layout.centers, sizes, strict=True):
        assert w / 2 - 1e-9 <= x <= layout.width - w / 2 + 1e-9
        assert h / 2 - 1e-9 <= y <= layout.height - h / 2 + 1e-9


@given(graphs())
def test_the_same_graph_is_laid_out_in_the_same_way(graph: Graph) -> None:
    assert placed(graph) == placed(graph)


def test_a_chain_is_a_straight_line() -> None:
    layout = placed(([(1, 0.3)] * 5, [(0, 1), (1, 2), (2, 3), (3, 4)]))
    assert len({round(y, 4) for _, y in layout.centers}) == 1


def test_a_chain_of_calls_stays_straight_when_inputs_join_it() -> None:
    # 0 → 2 → 4 → 6, where 1, 3 and 5 come in from aside
    layout = placed(([(1, 0.3)] * 7, [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]))
    assert len({round(layout.centers[i][1], 4) for i in (2, 4, 6)}) == 1


def test_an_input_stands_right_before_its_first_use() -> None:
    layout = placed(([(1, 0.3)] * 5, [(0, 1), (1, 2), (2, 4), (3, 4)]))
    assert layout.columns[3] == layout.columns[2]


def test_crossings_that_can_be_avoided_are() -> None:
    # two chains given in an order that crosses: 0 → 3 and 1 → 2
    layout = placed(([(1, 0.3)] * 5, [(0, 3), (1, 2), (3, 4), (2, 4)]))
    height = [y for _, y in layout.centers]
    assert (height[0] - height[1]) * (height[3] - height[2]) > 0


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="place: edges: expected no cycle, got one"):
        placed(([(1, 1)] * 2, [(0, 1), (1, 0)]))
