"""The long short-term memory: a cell that keeps what it holds until a gate lets go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.squashing import sigmoid, tanh
from dlbook.ops.linear import linear
from dlbook.ops.recurrence.gates import by_gate, split, squash
from dlbook.ops.recurrence.steps import Steps, rows

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


def lstm_cell(
    x: Any, h: Any, c: Any, w: Any, u: Any, b: Any = None, /
) -> tuple[Any, Any]:
    r"""One step of a long short-term memory.

    $$[z_i, z_f, z_g, z_o] = xw + hu + b,$$
    $$i = \sigma(z_i), \qquad f = \sigma(z_f), \qquad g = \tanh z_g, \qquad o = \sigma(z_o),$$
    $$c' = f \odot c + i \odot g, \qquad h' = o \odot \tanh c' .$$
    The forget gate $f$ keeps the cell's content, the input gate $i$ admits the candidate $g$, and the output gate
    $o$ shows what is inside.

    Args:
        x: The step's input, `(n, d)`.
        h: The state before, `(n, k)`.
        c: The cell before, `(n, k)`.
        w: Weights of the input, `(d, 4k)`; their columns in the order $i, f, g, o$, as in PyTorch.
        u: Weights of the state, `(k, 4k)`.
        b: Biases, `(4k,)`; none if left out.

    Returns:
        The state and the cell after, each `(n, k)`: arrays for arrays, tensors where any input is one.

    Raises:
        ValueError: If the shapes do not fit.

    Source:
        S. Hochreiter and J. Schmidhuber, *Long short-term memory* (1997); with the forget gate of F. A. Gers,
        J. Schmidhuber, F. Cummins, *Learning to forget: continual prediction with LSTM* (2000).

    Examples:
        With weights of zero all gates are half open, and the candidate is zero:

        >>> h, c = lstm_cell([[1.0]], [[0.0]], [[2.0]], np.zeros((1, 4)), np.zeros((1, 4)))
        >>> c, h.round(4)
        (array([[1.]]), array([[0.3808]]))
    """
    i, f, g, o = split(linear(x, w, b) + linear(h, u), 4)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


@primitive
def lstm(
    x: Float[Array, "n t d"],
    h0: Float[Array, "n k"],
    c0: Float[Array, "n k"],
    w: Float[Array, "d 4*k"],
    u: Float[Array, "k 4*k"],
    b: Float[Array, " 4*k"] | None = None,
    /,
    *,
    lengths: Int[Array, " n"] | None = None,
) -> Rule:
    r"""A long short-term memory over whole sequences: `lstm_cell`, step after step.

    $$[z_i, z_f, z_g, z_o]_t = x_t w + h_{t-1} u + b,$$
    $$c_t = f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh c_t,$$
    with $i = \sigma(z_i)$, $f = \sigma(z_f)$, $g = \tanh z_g$, $o = \sigma(z_o)$. Back through time, with $dy_t$
    and $dm_t$ the gradients of the outputs $h_t$ and $c_t$,
    $$dh_t = dy_t + dz_{t+1} u^\top,$$
    $$dc_t = dm_t + dc_{t+1} \odot f_{t+1} + dh_t \odot o \odot (1 - \tanh^2 c_t),$$
    $$dz_i = dc_t \odot g \odot i(1 - i), \qquad dz_f = dc_t \odot c_{t-1} \odot f(1 - f),$$
    $$dz_g = dc_t \odot i \odot (1 - g^2), \qquad dz_o = dh_t \odot \tanh c_t \odot o(1 - o),$$
    $$dx_t = dz_t w^\top, \qquad dw = \sum_t x_t^\top dz_t, \qquad du = \sum_t h_{t-1}^\top dz_t, \qquad
    db = \sum_t dz_t .$$
    The path $dc_t = \dots + dc_{t+1} \odot f_{t+1}$ has no weights in it: as long as the forget gate is open, a
    gradient is handed back unchanged. All that does not hang on the step before is computed for all steps at
    once.

    Args:
        x: Sequences, `(n, t, d)`.
        h0: The states before the first step, `(n, k)`.
        c0: The cells before the first step, `(n, k)`.
        w: Weights of the inputs, `(d, 4k)`; their columns in the order $i, f, g, o$, as in PyTorch.
        u: Weights of the states, `(k, 4k)`.
        b: Biases, `(4k,)`; none if left out. PyTorch has two that are added, and the same gradient for both.
        lengths: How many steps of each sequence are real, `(n,)`, from 0 to $t$; all, if left out. What
            follows them is padding: it is not looked at, gets no gradient and leaves state and cell as they are.

    Returns:
        The states and the cells after each step, `(2, n, t, k)`, to be unpacked: `h, c = lstm(…)`. The last ones,
        `h[:, -1]` and `c[:, -1]`, are those after the last real step.

    Raises:
        TypeError: If the lengths are not integers.
        ValueError: If the shapes do not fit, there is no step, or a length is out of its range.

    Source:
        S. Hochreiter and J. Schmidhuber, *Long short-term memory* (1997); with the forget gate of F. A. Gers,
        J. Schmidhuber, F. Cummins, *Learning to forget: continual prediction with LSTM* (2000).

    Examples:
        A cell that is told to keep what it has, keeps it:

        >>> b = np.array([-50.0, 50.0, 0.0, 50.0])
        >>> h, c = lstm(np.ones((1, 3, 1)), [[0.0]], [[2.0]], np.zeros((1, 4)), np.zeros((1, 4)), b)
        >>> c
        array([[[2.],
                [2.],
                [2.]]])
    """
    steps = Steps("lstm", x, lengths)
    z, to_input = linear.rule(steps.x, w, b)
    states = np.empty((2, len(z) + 1, *h0.shape), z.dtype)
    states[:, 0] = h0[steps.order], c0[steps.order]
    gates, tanh_c = _walk(steps.running, by_gate(z, 4), states, u)

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True,) * 6
    ) -> tuple[Array | None, ...]:
        dy_h, dy_c = steps.enter(dy)
        slopes, slope = _slopes(gates, states[1, :-1], tanh_c)
        dz = np.zeros((*dy_h.shape[:2], u.shape[1]), z.dtype)
        dz_by_gate, u_t = by_gate(dz, 4), np.ascontiguousarray(u.T)
        dh, dc = np.zeros_like(states[:, 0])
        for t, m in reversed([*enumerate(steps.running)]):
            dh += dy_h[t]
            dc += dy_c[t]
            dc[:m] += dh[:m] * slope[t, :m]
            np.multiply(dc[:m], slopes[:3, t, :m], out=dz_by_gate[:3, t, :m])
            np.multiply(dh[:m], slopes[3, t, :m], out=dz_by_gate[3, t, :m])
            dc[:m] *= gates[1, t, :m]
            dh[:m] = dz[t, :m] @ u_t
        dx, dw, db = to_input(dz, (needs[0], needs[3], needs[5]))
        dx = None if dx is None else steps.leave(dx)
        du = rows(states[0, :-1]).T @ rows(dz) if needs[4] else None
        return dx, dh[steps.back], dc[steps.back], dw, du, db

    return steps.leave(states[:, 1:]), vjp


def _walk(running: list[int], z: Array, states: Array, u: Array) -> tuple[Array, Array]:
    """Fill in the states; what the gates, and the tangent of the cells, were at each step, zero where nothing ran."""
    h, c = states
    gates, tanh_c = np.zeros(z.shape, z.dtype), np.zeros(z.shape[1:], z.dtype)
    scale = np.array([0.5, 0.5, 1, 0.5], z.dtype)[:, None, None]  # g is no sigmoid
    u = np.ascontiguousarray(by_gate(u, 4))
    for t, m in enumerate(running):
        i, f, g, o = now = gates[:, t, :m]
        np.add(z[:, t, :m], h[t, :m] @ u, out=now)
        squash(now, scale)
        np.multiply(f, c[t, :m], out=c[t + 1, :m])
        c[t + 1, :m] += i * g
        np.tanh(c[t + 1, :m], out=tanh_c[t, :m])
        np.multiply(o, tanh_c[t, :m], out=h[t + 1, :m])
        states[:, t + 1, m:] = states[:, t, m:]
    return gates, tanh_c


def _slopes(gates: Array, c: Array, tanh_c: Array) -> tuple[Array, Array]:
    """For all steps: what dz is besides dc (for i, f, g) and dh (for o); the slope of h in c."""
    i, _, g, o = gates
    slopes = gates * gates
    np.subtract(gates, slopes, out=slopes)  # s (1 - s) for the sigmoids
    np.subtract(1, g * g, out=slopes[2])
    for gate, factor in enumerate((g, c, i, tanh_c)):
        slopes[gate] *= factor
    return slopes, o * (1 - tanh_c * tanh_c)
