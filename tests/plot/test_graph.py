from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Polygon

from dlbook.autograd import Parameter, Tensor, exp
from dlbook.ops import linear, sigmoid
from dlbook.plot import (
    ACTIVATION,
    DATA,
    GRADIENT,
    INK,
    PARAMETER,
    computational_graph,
    svg,
)
from tests.plot.drawing import foreign_colors, texts


def worked_example() -> dict[str, Tensor]:
    """J = 3(a + bc) with a = 5, b = 3, c = 2."""
    a, b, c = Tensor(5.0), Tensor(3.0), Tensor(2.0)
    u = b * c
    v = a + u
    return {"a": a, "b": b, "c": c, "u": u, "v": v, "J": 3 * v}


def network() -> tuple[Tensor, dict[str, Any]]:
    rng = np.random.default_rng(0)
    w, b = Parameter(rng.normal(size=(3, 2))), Parameter(np.zeros(2))
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    h = sigmoid(linear(x, w, b))
    return ((h - y) ** 2).mean(), {"w": w, "b": b, "x": x, "h": h, "y": y}


def heads(figure: Any, color: str) -> list[Any]:
    """The tips and bases of the arrows of one color, as arrays of points."""
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    return [p.get_xy() for p in patches if to_hex(p.get_facecolor()) == color.lower()]


def boxes(figure: Any) -> dict[str, int]:
    """How many outlines there are of each color."""
    outlines = [
        p
        for p in figure.axes[0].patches
        if isinstance(p, PathPatch) and p.get_linewidth() == 1.3
    ]
    colors = [to_hex(p.get_edgecolor()).upper() for p in outlines]
    return {color: colors.count(color) for color in set(colors)}


def test_the_worked_example_shows_its_values_and_gradients() -> None:
    names = worked_example()
    written = texts(computational_graph(names["J"], names=names, gradients=True))
    for value in ("5", "3", "2", "6", "11", "33"):
        assert value in written
    for gradient in ("da = 3", "db = 6", "dc = 9", "du = 3", "dv = 3", "dJ = 1"):
        assert f"${gradient}$" in written


def test_a_named_call_is_written_as_a_formula() -> None:
    names = worked_example()
    written = texts(computational_graph(names["J"], names=names))
    assert {r"$u = b \times c$", "$v = a + u$", r"$J = 3 \times v$"} <= set(written)


def test_a_name_with_an_equals_sign_stands_as_it_is_and_its_gradient_uses_the_left_side() -> (
    None
):
    names = worked_example()
    written = texts(
        computational_graph(names["J"], names={"u = bc": names["u"]}, gradients=True)
    )
    assert {"$u = bc$", "$du = 3$"} <= set(written)


def test_calls_without_names_show_their_operators() -> None:
    written = texts(computational_graph(worked_example()["J"]))
    assert {"×", "+", "3 × ·"} <= set(written)


def test_forward_arrows_point_right_and_gradients_point_left() -> None:
    names = worked_example()
    figure = computational_graph(names["J"], names=names, gradients=True)
    forward, back = heads(figure, INK), heads(figure, GRADIENT)
    assert len(forward) == len(back) == 5
    assert all(head[0, 0] > head[1, 0] for head in forward)
    assert all(head[0, 0] < head[1, 0] for head in back)


def test_without_gradients_nothing_is_drawn_in_their_color() -> None:
    assert GRADIENT.lower() not in svg(computational_graph(worked_example()["J"]))


def test_gradients_can_be_shown_for_some_tensors_only() -> None:
    names = worked_example()
    figure = computational_graph(
        names["J"], names=names, gradients=[names["J"], names["v"]]
    )
    assert [text for text in texts(figure) if text.startswith("$d")] == [
        "$dv = 3$",
        "$dJ = 1$",
    ]
    assert len(heads(figure, GRADIENT)) == 1


def test_values_can_be_left_out() -> None:
    names = worked_example()
    assert "11" not in texts(computational_graph(names["J"], names=names, values=False))


def test_data_parameters_and_calls_have_their_colors() -> None:
    loss, names = network()
    assert boxes(computational_graph(loss, names=names)) == {
        DATA: 2,
        PARAMETER: 2,
        ACTIVATION: 5,
    }


def test_arrays_are_written_by_their_shape_and_their_gradients_by_their_norm() -> None:
    loss, names = network()
    written = texts(computational_graph(loss, names=names, gradients=True))
    assert {"(4, 3)", "(3, 2)", "(2,)"} <= set(written)
    assert any(text.startswith(r"$\Vert dw \Vert = ") for text in written)


def test_an_array_used_twice_is_drawn_once() -> None:
    x = np.ones((2, 2))
    w = Parameter(np.ones((2, 2)))
    assert boxes(computational_graph(((w * x) + x).sum())) == {
        DATA: 1,
        PARAMETER: 1,
        ACTIVATION: 3,
    }


def test_a_tensor_used_twice_by_one_call_has_two_arrows() -> None:
    x = Tensor(3.0)
    assert len(heads(computational_graph(x * x), INK)) == 2


def test_an_input_left_out_is_not_drawn() -> None:
    w = Parameter(np.ones((3, 2)))
    figure = computational_graph(linear(np.ones((4, 3)), w, None).sum())
    assert boxes(figure) == {DATA: 1, PARAMETER: 1, ACTIVATION: 2}


def test_the_same_graph_gives_the_same_drawing() -> None:
    drawings = []
    for _ in range(2):
        loss, names = network()
        drawings.append(svg(computational_graph(loss, names=names, gradients=True)))
    assert drawings[0] == drawings[1]


def test_a_graph_of_forty_nodes_keeps_its_texts_apart() -> None:
    t = q = Tensor(0.5)
    for _ in range(5):
        t = exp(-(t * t)) + t / (1 + q)
    figure = computational_graph(t, names={"q": q}, gradients=True)
    figure.draw_without_rendering()
    found = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(found) > 80
    for i, a in enumerate(found):
        for b in found[:i]:
            assert (
                min(a.x1, b.x1) - max(a.x0, b.x0) < 1
                or min(a.y1, b.y1) - max(a.y0, b.y0) < 1
            )


def test_every_text_lies_in_the_figure() -> None:
    loss, names = network()
    figure = computational_graph(loss, names=names, gradients=True)
    figure.draw_without_rendering()
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0
        assert box.y1 <= figure.bbox.y1


def test_a_graph_uses_only_the_palette() -> None:
    loss, names = network()
    assert (
        foreign_colors(computational_graph(loss, names=names, gradients=True)) == set()
    )


def test_very_small_constants_and_gradients_are_set_in_powers_of_ten() -> None:
    x = Tensor(2.0)
    y = 1e-7 * x
    figure = computational_graph(y, names={"y": y}, gradients=True)
    written = texts(figure)
    assert r"$y = 1×10^{\mathdefault{-7}} \times \cdot$" in written
    assert r"$\leftarrow$ 1×10$^{\mathdefault{-7}}$" in written
    assert foreign_colors(figure) == set(), "and it can be drawn"


def test_something_that_is_not_a_tensor_is_refused() -> None:
    with pytest.raises(
        TypeError, match="computational_graph: y: expected a Tensor, got ndarray"
    ):
        computational_graph(np.ones(2))  # type: ignore[arg-type]


def test_a_tensor_without_a_past_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match="y: expected the result of a call, got a tensor without a past",
    ):
        computational_graph(Tensor(1.0))


def test_a_graph_too_large_to_read_is_refused() -> None:
    t = Tensor(1.0)
    for _ in range(200):
        t = t + 1
    with pytest.raises(
        ValueError, match="expected a graph of at most 120 nodes, got more; draw a part"
    ):
        computational_graph(t)


def test_a_name_for_something_outside_the_graph_is_refused() -> None:
    names = worked_example()
    with pytest.raises(
        ValueError, match="names: expected tensors that y was computed from, got 'J'"
    ):
        computational_graph(names["v"], names=names)


def test_names_the_wrong_way_round_are_refused() -> None:
    names = worked_example()
    with pytest.raises(
        TypeError,
        match=r"names: expected names and their tensors or arrays.*got Tensor: str",
    ):
        computational_graph(names["J"], names={names["a"]: "a"})  # type: ignore[dict-item]


def test_a_gradient_asked_for_outside_the_graph_is_refused() -> None:
    names = worked_example()
    with pytest.raises(
        ValueError, match="gradients: expected tensors of the graph, number 1 is not"
    ):
        computational_graph(names["u"], gradients=[names["b"], names["a"]])


def test_gradients_need_a_single_element() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(
        ValueError, match=r"grad: loss: expected a single element, got shape \(2,\)"
    ):
        computational_graph(x * x, gradients=True)
