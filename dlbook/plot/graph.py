"""The computational graph of a result: what was computed from what, values forward, gradients backward."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.textpath import text_to_path

from dlbook.autograd import Parameter, Tensor, grad
from dlbook.plot.layout import Placed, place
from dlbook.plot.notation import formula, number, operation, symbol, value_text
from dlbook.plot.palette import ACTIVATION, DATA, GRADIENT, PARAMETER
from dlbook.plot.strokes import APART, STUB, arrow, rounded
from dlbook.plot.style import SIZE, TEXT_WIDTH, settings, subplots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST = 120  # nodes; beyond this a drawing explains nothing
_LINE = SIZE * 1.3 / 72  # all lengths in inches
_PAD = 0.09
_MARGIN = 0.06
_GAPS = (0.24, 0.8)  # between the layers: at least and at most


@dataclass
class _Node:
    """A box of the drawing."""

    of: Any  # the tensor or array
    label: str
    color: str
    rounding: float  # of the corners, as a share of half the height
    value: str
    gradient: str = ""

    def measure(self) -> None:
        lines = self.label.split("\n")
        width = max(_text_width(line, SIZE + 1) for line in lines)
        self.box_height = max(0.3, len(lines) * _LINE + _PAD)
        self.box_width = max(
            self.box_height, width + 2 * _PAD + (0.05 if self.rounding == 1 else 0)
        )
        self.captions = (_LINE if self.value else 0.0, _LINE if self.gradient else 0.0)
        widths = [_text_width(text, SIZE - 0.5) for text in (self.value, self.gradient)]
        self.width = max(self.box_width, *widths) + APART
        self.height = self.box_height + 2 * max(
            self.captions
        )  # the box in the middle, where the arrows go


def computational_graph(
    y: Tensor,
    *,
    names: Mapping[str, Any] | None = None,
    gradients: bool | Iterable[Tensor] = False,
    values: bool = True,
) -> Figure:
    r"""Draw everything that a tensor was computed from.

    Each primitive call is a rounded green box with its operation and, above it, its value (of an array the
    shape). Data are blue pills, parameters vermillion boxes with sharp corners; plain numbers stand in the
    call that uses them. Gradients stand below the boxes, and dashed purple arrows show their way back.

    Args:
        y: The result.
        names: Names for tensors and arrays of the graph: `{"a": a, "u": u}`. A named call is written as a
            formula, $u = b \times c$; a name with an equals sign (`"u = bc"`) or dollar signs stands as it is.
        gradients: Whether to write the gradient of `y`, a single element, with respect to every tensor; or
            the tensors for which to write it. Of an array the norm is written.
        values: Whether to write the values.

    Returns:
        The figure, as wide as the graph.

    Raises:
        TypeError: If `y` is not a tensor, or a name stands for something that is neither tensor nor array.
        ValueError: If `y` was not computed from anything, the graph has more than 120 nodes, or something
            named or asked for is not part of it.

    Examples:
        >>> b, c = Tensor(3.0), Tensor(2.0)
        >>> figure = computational_graph(b * c, names={"b": b, "c": c}, gradients=True)
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['$b$', '3', '$db = 2$', '$c$', '2', '$dc = 3$', '×', '6', '← 1']
    """
    parts = _past(y)
    called = _called(names or {}, parts)
    slopes = _slopes(y, parts, gradients)
    nodes = [_node(part, called, slopes, values) for part in parts]
    place_of = {id(part): i for i, part in enumerate(parts)}
    edges = [
        (place_of[id(x)], place_of[id(part)])
        for part in parts
        if isinstance(part, Tensor)
        for x in part.inputs
        if id(x) in place_of
    ]
    for node in nodes:
        node.measure()

    sizes = [(node.width, node.height) for node in nodes]
    placed = place(sizes, edges, x_gap=_GAPS[0], y_gap=0.14, stop_height=0.16)
    room = TEXT_WIDTH - 2 * _MARGIN - placed.width
    gap = min(_GAPS[1], _GAPS[0] + max(room, 0) / (len(set(placed.columns)) - 1))
    placed = place(sizes, edges, x_gap=gap, y_gap=0.14, stop_height=0.16)

    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
    figure, ax = subplots(width=width, height=height)
    figure.set_layout_engine("none")
    ax.set(
        position=(0, 0, 1, 1),
        xlim=(-_MARGIN, width - _MARGIN),
        ylim=(-_MARGIN, height - _MARGIN),
    )
    ax.set_axis_off()
    _draw_arrows(ax, nodes, edges, placed)
    for node, center in zip(nodes, placed.centers, strict=True):
        _draw_node(ax, node, center)
    return figure


def _past(y: Tensor) -> list[Any]:
    """The tensors and arrays that led to `y`, in the order of their making; arrays before their first use."""
    if not isinstance(y, Tensor):
        raise TypeError(
            f"computational_graph: y: expected a Tensor, got {type(y).__name__}"
        )
    if not y.inputs:
        raise ValueError(
            "computational_graph: y: expected the result of a call, got a tensor without a past"
        )
    found = {id(y): y}
    todo = [y]
    while todo:
        for x in todo.pop().inputs:
            if isinstance(x, Tensor) and id(x) not in found:
                found[id(x)] = x
                todo.append(x)
        if len(found) > _MOST:
            raise ValueError(
                f"computational_graph: y: expected a graph of at most {_MOST} nodes, got more; draw a part"
            )
    parts: dict[int, Any] = {}
    for tensor in sorted(found.values(), key=attrgetter("order")):
        for x in tensor.inputs:
            if not isinstance(x, Tensor) and np.ndim(x) > 0:
                parts[id(x)] = x
        parts[id(tensor)] = tensor
    return list(parts.values())


def _called(names: Mapping[Any, Any], parts: list[Any]) -> dict[int, str]:
    known = {id(part) for part in parts}
    called = {}
    for name, part in names.items():
        if not isinstance(name, str) or not isinstance(part, (Tensor, np.ndarray)):
            raise TypeError(
                'computational_graph: names: expected names and their tensors or arrays, such as {"a": a}, '
                f"got {type(name).__name__}: {type(part).__name__}"
            )
        if id(part) not in known:
            raise ValueError(
                f"computational_graph: names: expected tensors that y was computed from, got {name!r}"
            )
        called[id(part)] = name
    return called


def _slopes(
    y: Tensor, parts: list[Any], gradients: bool | Iterable[Tensor]
) -> dict[int, Any]:
    if gradients is False:
        return {}
    tensors = [part for part in parts if isinstance(part, Tensor)]
    if gradients is not True:
        wanted = list(gradients)
        known = {id(tensor) for tensor in tensors}
        for i, tensor in enumerate(wanted):
            if id(tensor) not in known:
                raise ValueError(
                    f"computational_graph: gradients: expected tensors of the graph, number {i} is not"
                )
        tensors = wanted
    else:
        tensors = [
            tensor for tensor in tensors if tensor.dtype.kind == "f"
        ]  # whole numbers have no gradient
    return dict(zip(map(id, tensors), grad(y, tensors), strict=True))


def _node(
    part: Any, called: dict[int, str], slopes: dict[int, Any], values: bool
) -> _Node:
    name = called.get(id(part))
    value = part.value if isinstance(part, Tensor) else part
    written = value_text(value) if values else ""
    if not isinstance(part, Tensor) or not part.inputs:
        label = f"${symbol(name)}$" if name else (written or value_text(value))
        above = written if name else ""
        is_parameter = isinstance(part, Parameter)
        node = _Node(
            part,
            label,
            PARAMETER if is_parameter else DATA,
            0.0 if is_parameter else 1.0,
            above,
        )
    else:
        numbers = [
            x
            if not isinstance(x, Tensor) and x is not None and np.ndim(x) == 0
            else None
            for x in part.inputs
        ]
        label = operation(part.made_by, numbers)
        if name:
            label = formula(
                name,
                part.made_by,
                [_operand(x, called) for x in part.inputs if x is not None],
            )
        node = _Node(part, label, ACTIVATION, 0.5, written)
    if id(part) in slopes:
        node.gradient = _gradient_text(name, slopes[id(part)])
    return node


def _operand(x: Any, called: dict[int, str]) -> str | None:
    if id(x) in called:
        return symbol(called[id(x)].split("=")[0].strip())
    return (
        number(x).replace("$", "")
        if not isinstance(x, Tensor) and np.ndim(x) == 0
        else None
    )


def _gradient_text(name: str | None, slope: Any) -> str:
    is_number = np.ndim(slope) == 0
    size = number(slope, 3) if is_number else number(np.linalg.norm(slope), 2)
    if name is None:
        return f"← {size}" if "$" not in size else rf"$\leftarrow$ {size}"
    d = f"d{symbol(name.split('=')[0].strip())}"
    size = size.replace("$", "")
    return f"${d} = {size}$" if is_number else rf"$\Vert {d} \Vert = {size}$"


def _text_width(text: str, size: float) -> float:
    """In inches."""
    if not text:
        return 0.0
    font = FontProperties(
        family=settings()["font.family"], size=size, math_fontfamily="cm"
    )
    return (
        float(
            text_to_path.get_text_width_height_descent(text, font, ismath="$" in text)[
                0
            ]
        )
        / 72
    )


def _draw_node(ax: Axes, node: _Node, center: tuple[float, float]) -> None:
    x, y = center
    w, h = node.box_width, node.box_height
    box = rounded(x - w / 2, y - h / 2, w, h, node.rounding * h / 2)
    ax.add_patch(PathPatch(box, facecolor=node.color, edgecolor="none", alpha=0.13))
    ax.add_patch(PathPatch(box, facecolor="none", edgecolor=node.color, linewidth=1.3))
    ax.text(
        x,
        y,
        node.label,
        size=SIZE + 1,
        ha="center",
        va="center_baseline",
        linespacing=1.1,
    )
    if node.value:
        ax.text(
            x, y + h / 2 + 0.04, node.value, size=SIZE - 0.5, ha="center", va="bottom"
        )
    if node.gradient:
        ax.text(
            x,
            y - h / 2 - 0.045,
            node.gradient,
            size=SIZE - 0.5,
            ha="center",
            va="top",
            color=GRADIENT,
        )


def _draw_arrows(
    ax: Axes, nodes: list[_Node], edges: list[tuple[int, int]], placed: Placed
) -> None:
    ports = _ports(nodes, edges, placed)
    for k, (start, end) in enumerate(edges):
        left = placed.centers[start][0] + nodes[start].box_width / 2
        right = placed.centers[end][0] - nodes[end].box_width / 2
        points = [
            (left, ports[k, 0]),
            (max(placed.columns[start][1], left + STUB), ports[k, 0]),
            *placed.routes[k],
            (min(placed.columns[end][0], right - STUB), ports[k, 1]),
            (right, ports[k, 1]),
        ]
        flows_back = bool(nodes[start].gradient and nodes[end].gradient)
        arrow(ax, points, APART / 2 if flows_back else 0.0)
        if flows_back:
            arrow(ax, points, -APART / 2, back=True)


def _ports(
    nodes: list[_Node], edges: list[tuple[int, int]], placed: Placed
) -> dict[tuple[int, int], float]:
    """The height at which each edge leaves (side 0) and enters (side 1), in the order in which they come.

    An edge that comes level goes straight in, and the others keep above and below it.
    """
    ports = {}
    for i, node in enumerate(nodes):
        y = placed.centers[i][1]
        for side in (0, 1):
            rises = []
            for k, edge in enumerate(edges):
                if edge[side] == i:
                    route = placed.routes[k]
                    beyond = (
                        route[-side][1] if route else placed.centers[edge[1 - side]][1]
                    )
                    rises.append((round(beyond - y, 3), -k))
            rises.sort()
            level = [rank for rank, (rise, _) in enumerate(rises) if rise == 0]
            middle = level[0] if len(level) == 1 else (len(rises) - 1) / 2
            reach = max(middle, len(rises) - 1 - middle)
            step = min(0.1, 0.36 * node.box_height / max(reach, 1))
            for rank, (_, k) in enumerate(rises):
                ports[-k, side] = y + (rank - middle) * step
    return ports
