"""The simple recurrent network: its state is a layer's output, and an input of the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.activation.rectifiers import relu
from dlbook.ops.activation.squashing import tanh
from dlbook.ops.linear import linear
from dlbook.ops.recurrence.steps import Steps, rows

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


def rnn_cell(
    x: Any, h: Any, w: Any, u: Any, b: Any = None, /, *, nonlinearity: str = "tanh"
) -> Any:
    r"""One step of a simple recurrent network, $h' = \tanh(xw + hu + b)$.

    Args:
        x: The step's input, `(n, d)`.
        h: The state before, `(n, k)`.
        w: Weights of the input, `(d, k)`.
        u: Weights of the state, `(k, k)`.
        b: Biases, `(k,)`; none if left out.
        nonlinearity: `"tanh"` or `"relu"`.

    Returns:
        The state after, `(n, k)`: an array for arrays, a tensor where any input is one.

    Raises:
        ValueError: If the shapes do not fit, or `nonlinearity` is neither.

    Source:
        J. L. Elman, *Finding structure in time* (1990).

    Examples:
        >>> rnn_cell([[1.0]], [[0.5]], [[2.0]], [[4.0]], [-4.0])
        array([[0.]])
    """
    expect_nonlinearity("rnn_cell", nonlinearity)
    z = linear(x, w, b) + linear(h, u)
    return tanh(z) if nonlinearity == "tanh" else relu(z)


@primitive
def rnn(
    x: Float[Array, "n t d"],
    h0: Float[Array, "n k"],
    w: Float[Array, "d k"],
    u: Float[Array, "k k"],
    b: Float[Array, " k"] | None = None,
    /,
    *,
    nonlinearity: str = "tanh",
    lengths: Int[Array, " n"] | None = None,
) -> Rule:
    r"""A simple recurrent network over whole sequences: `rnn_cell`, step after step.

    With $z_t = x_t w + h_{t-1} u + b$ the state is $h_t = f(z_t)$, $f$ being $\tanh$ or the rectifier. Back
    through time, a state is paid for what it is used for: as an output ($dy_t$), and by the next state:
    $$dh_t = dy_t + dz_{t+1} u^\top, \qquad dz_t = dh_t \odot f'(z_t), \qquad
    f'(z) = 1 - h^2 \ \text{ or } \ [h > 0],$$
    $$dx_t = dz_t w^\top, \qquad dw = \sum_t x_t^\top dz_t, \qquad du = \sum_t h_{t-1}^\top dz_t,$$
    $$db = \sum_t dz_t, \qquad dh_0 = dz_1 u^\top .$$
    All that does not hang on the step before is computed for all steps at once.

    Args:
        x: Sequences, `(n, t, d)`.
        h0: The states before the first step, `(n, k)`.
        w: Weights of the inputs, `(d, k)`.
        u: Weights of the states, `(k, k)`.
        b: Biases, `(k,)`; none if left out. PyTorch has two that are added, and the same gradient for both.
        nonlinearity: `"tanh"` or `"relu"`.
        lengths: How many steps of each sequence are real, `(n,)`, from 0 to $t$; all, if left out. What
            follows them is padding: it is not looked at, gets no gradient and leaves the state as it is.

    Returns:
        The states after each step, `(n, t, k)`; the last one, `h[:, -1]`, is that after the last real step.

    Raises:
        TypeError: If the lengths are not integers.
        ValueError: If the shapes do not fit, there is no step, a length is out of its range, or
            `nonlinearity` is neither.

    Source:
        J. L. Elman, *Finding structure in time* (1990); backpropagation through time: P. J. Werbos,
        *Backpropagation through time: what it does and how to do it* (1990).

    Examples:
        >>> x = np.array([[[1.0], [2.0], [9.0]]])
        >>> rnn(x, [[0.0]], [[1.0]], [[10.0]], nonlinearity="relu", lengths=[2])
        array([[[ 1.],
                [12.],
                [12.]]])
    """
    expect_nonlinearity("rnn", nonlinearity)
    steps = Steps("rnn", x, lengths)
    z, to_input = linear.rule(steps.x, w, b)
    h = np.concatenate([h0[None, steps.order], z])
    for t, m in enumerate(steps.running):
        z[t, :m] += h[t, :m] @ u
        if nonlinearity == "tanh":
            np.tanh(z[t, :m], out=h[t + 1, :m])
        else:
            np.maximum(z[t, :m], 0, out=h[t + 1, :m])
        h[t + 1, m:] = h[t, m:]

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True,) * 5
    ) -> tuple[Array | None, ...]:
        dy = steps.enter(dy)
        dz = (
            1 - h[1:] * h[1:] if nonlinearity == "tanh" else (h[1:] > 0).astype(h.dtype)
        )
        dh, u_t = np.zeros_like(h[0]), np.ascontiguousarray(u.T)
        for t, m in reversed([*enumerate(steps.running)]):
            dh += dy[t]
            dz[t, :m] *= dh[:m]
            dz[t, m:] = 0
            dh[:m] = dz[t, :m] @ u_t
        dx, dw, db = to_input(dz, (needs[0], needs[2], needs[4]))
        du = rows(h[:-1]).T @ rows(dz) if needs[3] else None
        return None if dx is None else steps.leave(dx), dh[steps.back], dw, du, db

    return steps.leave(h[1:]), vjp


def expect_nonlinearity(name: str, nonlinearity: str) -> None:
    """Refuse what is neither; `name` is for the message."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(
            f"{name}: nonlinearity: expected 'tanh' or 'relu', got {nonlinearity!r}"
        )
