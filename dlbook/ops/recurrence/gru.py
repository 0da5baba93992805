"""The gated recurrent unit: a state that is kept or replaced, unit by unit."""

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


def gru_cell(x: Any, h: Any, w: Any, u: Any, b: Any = None, b_u: Any = None, /) -> Any:
    r"""One step of a gated recurrent unit.

    $$[p_r, p_z, p_n] = xw + b, \qquad [q_r, q_z, q_n] = hu + b_u,$$
    $$r = \sigma(p_r + q_r), \qquad z = \sigma(p_z + q_z), \qquad n = \tanh(p_n + r \odot q_n),$$
    $$h' = (1 - z) \odot n + z \odot h .$$
    The reset gate $r$ decides how much of the past enters the candidate $n$, the update gate $z$ how much of the
    state stays. As in PyTorch, $r$ acts on the product $q_n$, bias included: that is why there are two biases.

    Args:
        x: The step's input, `(n, d)`.
        h: The state before, `(n, k)`.
        w: Weights of the input, `(d, 3k)`; their columns in the order $r, z, n$, as in PyTorch.
        u: Weights of the state, `(k, 3k)`.
        b: Biases of the input's scores, `(3k,)`; none if left out.
        b_u: Biases of the state's scores, `(3k,)`; none if left out.

    Returns:
        The state after, `(n, k)`: an array for arrays, a tensor where any input is one.

    Raises:
        ValueError: If the shapes do not fit.

    Source:
        K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine
        translation* (2014), where $r$ acts on $h$, before the product.

    Examples:
        With weights of zero both gates are half open, and the candidate is zero:

        >>> gru_cell([[1.0]], [[4.0]], np.zeros((1, 3)), np.zeros((1, 3)))
        array([[2.]])
    """
    p_r, p_z, p_n = split(linear(x, w, b), 3)
    q_r, q_z, q_n = split(linear(h, u, b_u), 3)
    r, z = sigmoid(p_r + q_r), sigmoid(p_z + q_z)
    n = tanh(p_n + r * q_n)
    return (1 - z) * n + z * h


@primitive
def gru(
    x: Float[Array, "n t d"],
    h0: Float[Array, "n k"],
    w: Float[Array, "d 3*k"],
    u: Float[Array, "k 3*k"],
    b: Float[Array, " 3*k"] | None = None,
    b_u: Float[Array, " 3*k"] | None = None,
    /,
    *,
    lengths: Int[Array, " n"] | None = None,
) -> Rule:
    r"""A gated recurrent unit over whole sequences: `gru_cell`, step after step.

    $$[p_r, p_z, p_n]_t = x_t w + b, \qquad [q_r, q_z, q_n]_t = h_{t-1} u + b_u,$$
    $$r = \sigma(p_r + q_r), \qquad z = \sigma(p_z + q_z), \qquad n = \tanh(p_n + r \odot q_n),$$
    $$h_t = (1 - z) \odot n + z \odot h_{t-1} .$$
    Back through time, with $dy_t$ the gradient of the output $h_t$,
    $$dh_t = dy_t + dh_{t+1} \odot z_{t+1} + dq_{t+1} u^\top,$$
    $$dp_n = dh_t \odot (1 - z)(1 - n^2), \qquad dq_n = dp_n \odot r,$$
    $$dp_r = dq_r = dp_n \odot q_n \odot r(1 - r), \qquad
    dp_z = dq_z = dh_t \odot (h_{t-1} - n) \odot z(1 - z),$$
    $$dx_t = dp_t w^\top, \qquad dw = \sum_t x_t^\top dp_t, \qquad db = \sum_t dp_t,$$
    $$du = \sum_t h_{t-1}^\top dq_t, \qquad db_u = \sum_t dq_t .$$
    The path $dh_t = \dots + dh_{t+1} \odot z_{t+1}$ has no weights in it: a state that is kept hands its gradient
    back unchanged. All that does not hang on the step before is computed for all steps at once.

    Args:
        x: Sequences, `(n, t, d)`.
        h0: The states before the first step, `(n, k)`.
        w: Weights of the inputs, `(d, 3k)`; their columns in the order $r, z, n$, as in PyTorch.
        u: Weights of the states, `(k, 3k)`.
        b: Biases of the inputs' scores, `(3k,)`; none if left out.
        b_u: Biases of the states' scores, `(3k,)`; none if left out. The reset gate acts on the candidate's
            part of it, so that it is not one with `b`.
        lengths: How many steps of each sequence are real, `(n,)`, from 0 to $t$; all, if left out. What
            follows them is padding: it is not looked at, gets no gradient and leaves the state as it is.

    Returns:
        The states after each step, `(n, t, k)`; the last one, `h[:, -1]`, is that after the last real step.

    Raises:
        TypeError: If the lengths are not integers.
        ValueError: If the shapes do not fit, there is no step, or a length is out of its range.

    Source:
        K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine
        translation* (2014), where $r$ acts on $h$, before the product.

    Examples:
        A state that is told to stay, stays:

        >>> b = np.array([0.0, 50.0, 0.0])
        >>> gru(np.ones((1, 3, 1)), [[2.0]], np.ones((1, 3)), np.zeros((1, 3)), b)
        array([[[2.],
                [2.],
                [2.]]])
    """
    steps = Steps("gru", x, lengths)
    p, to_input = linear.rule(steps.x, w, b)
    h = np.empty((len(p) + 1, *h0.shape), p.dtype)
    h[0] = h0[steps.order]
    gates, q_n = _walk(steps.running, by_gate(p, 3), h, u, b_u)

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True,) * 6
    ) -> tuple[Array | None, ...]:
        dy = steps.enter(dy)
        slopes, dp_n = _slopes(gates, h[:-1], q_n)
        dq = np.zeros((*dy.shape[:2], u.shape[1]), p.dtype)
        dq_by_gate, u_t = by_gate(dq, 3), np.ascontiguousarray(u.T)
        dh = np.zeros_like(h[0])
        for t, m in reversed([*enumerate(steps.running)]):
            dh += dy[t]
            np.multiply(dh[:m], slopes[:, t, :m], out=dq_by_gate[:, t, :m])
            dp_n[t, :m] *= dh[:m]
            dp_n[t, m:] = 0
            dh[:m] *= gates[1, t, :m]
            dh[:m] += dq[t, :m] @ u_t
        du = rows(h[:-1]).T @ rows(dq) if needs[3] else None
        db_u = rows(dq).sum(axis=0) if b_u is not None and needs[5] else None
        dq_by_gate[2] = dp_n  # which makes it dp
        dx, dw, db = to_input(dq, (needs[0], needs[2], needs[4]))
        dx = None if dx is None else steps.leave(dx)
        return dx, dh[steps.back], dw, du, db, db_u

    return steps.leave(h[1:]), vjp


def _walk(
    running: list[int], p: Array, h: Array, u: Array, b_u: Array | None
) -> tuple[Array, Array]:
    """Fill in the states; what r, z, n and q_n were at each step, zero where nothing ran."""
    gates, q_n = np.zeros(p.shape, p.dtype), np.zeros(p.shape[1:], p.dtype)
    u = np.ascontiguousarray(by_gate(u, 3))
    b = 0 if b_u is None else by_gate(b_u, 3)[:, None]
    for t, m in enumerate(running):
        q = h[t, :m] @ u
        q += b
        q_n[t, :m] = q[2]
        r, z, n = now = gates[:, t, :m]
        np.add(p[:2, t, :m], q[:2], out=now[:2])
        squash(now[:2], 0.5)
        np.multiply(r, q[2], out=n)
        n += p[2, t, :m]
        np.tanh(n, out=n)
        after = h[t + 1, :m]
        np.subtract(h[t, :m], n, out=after)
        after *= z
        after += n  # (1 - z) n + z h
        h[t + 1, m:] = h[t, m:]
    return gates, q_n


def _slopes(gates: Array, h: Array, q_n: Array) -> tuple[Array, Array]:
    """For all steps: what dq and dp_n are besides dh."""
    r, z, n = gates
    slopes = np.empty_like(gates)
    np.subtract(1, gates, out=slopes)
    dp_n = n * n
    np.subtract(1, dp_n, out=dp_n)
    dp_n *= slopes[1]
    np.multiply(dp_n, r, out=slopes[2])
    slopes[0] *= slopes[2]
    slopes[0] *= q_n
    slopes[1] *= z
    slopes[1] *= h - n
    return slopes, dp_n
