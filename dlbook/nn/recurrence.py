"""Recurrent layers, one upon another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter
from dlbook.autograd.operators import stack
from dlbook.nn.checks import check_sizes
from dlbook.nn.dropout import Dropout
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module
from dlbook.ops.recurrence.rnn import expect_nonlinearity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd import Tensor


class Layer(Module):
    r"""One layer of a recurrent network: a rule of `ops`, and the weights it works with.

    Args:
        rule: `ops.rnn`, `ops.lstm` or `ops.gru`.
        input_size: The number of features of a step, $d$.
        hidden_size: The number of units, $k$.
        gates: How many scores each unit has, $g$.
        biases: The names of the biases.
        rng: Draws the initial weights, then the biases; the same ones in every dtype, up to rounding.
        dtype: The dtype of the parameters.
        settings: Settings of the rule.

    Attributes:
        w: Weights of the inputs, in the shape (d, gk).
        u: Weights of the states, in the shape (k, gk).
        b: Biases, in the shape (gk,), or None.
        b_u: The GRU's biases of the states' scores, in the shape (gk,), or None.
    """

    def __init__(
        self,
        rule: Callable[..., Any],
        input_size: int,
        hidden_size: int,
        *,
        gates: int,
        biases: Sequence[str],
        rng: np.random.Generator,
        dtype: DTypeLike,
        **settings: Any,
    ) -> None:
        bound = 1 / np.sqrt(hidden_size)
        scores = gates * hidden_size
        self.w = Parameter(rng.uniform(-bound, bound, (input_size, scores)), dtype)
        self.u = Parameter(rng.uniform(-bound, bound, (hidden_size, scores)), dtype)
        self.b: Parameter | None = None
        self.b_u: Parameter | None = None
        for name in biases:
            setattr(self, name, Parameter(rng.uniform(-bound, bound, scores), dtype))
        self.rule, self.settings = rule, settings

    def forward(
        self, x: Any, *states: Any, lengths: Any = None, rng: Any = None
    ) -> Tensor:
        """What the rule gives for these inputs and initial states: all steps."""
        biases = (self.b,) if self.b_u is None else (self.b, self.b_u)
        return self.rule(
            x, *states, self.w, self.u, *biases, lengths=lengths, **self.settings
        )


class Recurrent(Module):
    """What the recurrent networks have in common: layers, each of which reads the states of the one below.

    Attributes:
        layers: The layers, from the inputs up, each with its weights `w`, `u` and its biases; see `Layer`.
        dropout: The `Dropout` between two layers, or None.
    """

    _rule: Callable[..., Any]
    _gates: int
    _biases: tuple[str, ...] = ("b",)
    _states: tuple[str, ...] = ("h0",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bias: bool = True,
        dropout: float = 0.0,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
        **settings: Any,
    ) -> None:
        name = type(self).__name__
        check_sizes(
            name,
            dtype,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
        )
        if dropout and num_layers == 1:
            raise ValueError(
                f"{name}: dropout: expected 0 with a single layer, got {dropout}"
            )
        self.dropout = Dropout(dropout) if dropout else None
        self.layers = [
            Layer(
                type(self)._rule,
                hidden_size if above else input_size,
                hidden_size,
                gates=self._gates,
                biases=self._biases if bias else (),
                rng=rng,
                dtype=dtype,
                **settings,
            )
            for above in range(num_layers)
        ]

    def _run(
        self, x: Any, initial: Any, lengths: Any, rng: Any
    ) -> tuple[Tensor, list[Tensor]]:
        """The states of the top layer at all steps; the last ones of each layer, for each kind of state."""
        name, w = type(self).__name__, self.layers[0].w
        x = as_input(name, x, w)
        if x.ndim != 3:
            raise ValueError(
                f"{name}: x: expected shape (n, t, d={len(w)}), got {x.shape}"
            )
        initial = self._initial(initial, len(x))
        last = []
        for j, layer in enumerate(self.layers):
            if j and self.dropout is not None:
                x = self.dropout(x, rng=rng)
            y = layer(x, *(state[j] for state in initial), lengths=lengths)
            states = [y] if len(self._states) == 1 else [*y]
            last.append([state[:, -1] for state in states])
            x = states[0]
        return x, [stack(states) for states in zip(*last, strict=True)]

    def _initial(self, initial: Any, n: int) -> list[Any]:
        """Initial states as they were given, or zeros."""
        name, u = type(self).__name__, self.layers[0].u
        shape = (len(self.layers), n, len(u))
        if initial is None:
            return [np.zeros(shape, u.dtype) for _ in self._states]
        checked = []
        for argument, state in zip(self._states, initial, strict=True):
            checked.append(as_input(name, state, u, argument))
            if checked[-1].shape != shape:
                raise ValueError(
                    f"{name}: {argument}: expected shape {shape}, got {checked[-1].shape}"
                )
        return checked

    def extra_repr(self) -> str:
        """The network's settings."""
        d, k = len(self.layers[0].w), len(self.layers[0].u)
        return f"{d}, {k}, num_layers={len(self.layers)}"


class RNN(Recurrent):
    r"""The simple recurrent network, $h_t = \tanh(x_t w + h_{t-1} u + b)$, of one layer or several.

    Each further layer reads the states of the one below. Weights and biases start uniform in
    $[-1/\sqrt{k}, 1/\sqrt{k}]$, where $k$ is the number of units, as in PyTorch; its two biases are one here.

    Args:
        input_size: The number of features of a step, $d$.
        hidden_size: The number of units of a layer, $k$.
        num_layers: The number of layers.
        nonlinearity: `"tanh"` or `"relu"`.
        bias: Whether there are biases.
        dropout: The probability with which a training pass leaves out what one layer hands to the next.
        rng: Draws the initial weights, then the biases, layer by layer; the same ones in every dtype, up to
            rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        layers: The layers from the inputs up; each has `w` (d, k), `u` (k, k) and `b` (k,).

    Raises:
        ValueError: If a size is less than 1, `nonlinearity` is neither, or `dropout` is no probability or has no two
            layers to stand between.
        TypeError: If `dtype` is not a float type.

    Source:
        J. L. Elman, *Finding structure in time* (1990).

    Examples:
        >>> network = RNN(3, 5, rng=np.random.default_rng(0))
        >>> h, h_n = network(np.ones((2, 4, 3)))
        >>> h.shape, h_n.shape, network.layers[0].u.shape
        ((2, 4, 5), (1, 2, 5), (5, 5))
    """

    _rule, _gates = ops.rnn, 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        dropout: float = 0.0,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        expect_nonlinearity("RNN", nonlinearity)
        super().__init__(
            input_size,
            hidden_size,
            num_layers=num_layers,
            bias=bias,
            dropout=dropout,
            rng=rng,
            dtype=dtype,
            nonlinearity=nonlinearity,
        )

    def forward(
        self,
        x: Tensor | ArrayLike,
        h0: Tensor | ArrayLike | None = None,
        *,
        lengths: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The states of the top layer, (n, t, k), and the last one of each layer, (num_layers, n, k).

        Args:
            x: Sequences, (n, t, d).
            h0: The states before the first step, (num_layers, n, k); zeros, if left out.
            lengths: How many steps of each sequence are real, (n,); see `ops.rnn`.
            rng: Draws what is left out between the layers; without it, nothing is.
        """
        h, (h_n,) = self._run(x, None if h0 is None else [h0], lengths, rng)
        return h, h_n


class LSTM(Recurrent):
    r"""The long short-term memory, of one layer or several.

    $$[z_i, z_f, z_g, z_o]_t = x_t w + h_{t-1} u + b, \qquad c_t = f \odot c_{t-1} + i \odot g, \qquad
    h_t = o \odot \tanh c_t .$$
    Each further layer reads the states of the one below. Weights and biases start uniform in
    $[-1/\sqrt{k}, 1/\sqrt{k}]$, where $k$ is the number of units, as in PyTorch; its two biases are one here.

    Args:
        input_size: The number of features of a step, $d$.
        hidden_size: The number of units of a layer, $k$.
        num_layers: The number of layers.
        bias: Whether there are biases.
        dropout: The probability with which a training pass leaves out what one layer hands to the next.
        rng: Draws the initial weights, then the biases, layer by layer; the same ones in every dtype, up to
            rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        layers: The layers from the inputs up; each has `w` (d, 4k), `u` (k, 4k) and `b` (4k,), with the gates in
            the order $i, f, g, o$.

    Raises:
        ValueError: If a size is less than 1, or `dropout` is no probability or has no two layers to stand between.
        TypeError: If `dtype` is not a float type.

    Source:
        S. Hochreiter and J. Schmidhuber, *Long short-term memory* (1997).

    Examples:
        >>> network = LSTM(3, 5, num_layers=2, rng=np.random.default_rng(0))
        >>> network
        LSTM(3, 5, num_layers=2
          (layers.0): Layer(
            (rule): lstm
          )
          (layers.1): Layer(
            (rule): lstm
          )
        )
        >>> h, (h_n, c_n) = network(np.ones((2, 4, 3)))
        >>> h.shape, h_n.shape, network.layers[1].w.shape
        ((2, 4, 5), (2, 2, 5), (5, 20))
    """

    _rule, _gates, _states = ops.lstm, 4, ("h0", "c0")

    def forward(
        self,
        x: Tensor | ArrayLike,
        states: tuple[Tensor | ArrayLike, Tensor | ArrayLike] | None = None,
        *,
        lengths: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The states of the top layer, (n, t, k), and the last state and cell of each, (num_layers, n, k).

        Args:
            x: Sequences, (n, t, d).
            states: The pair (h0, c0) of states and cells before the first step, each (num_layers, n, k); zeros, if
                left out.
            lengths: How many steps of each sequence are real, (n,); see `ops.lstm`.
            rng: Draws what is left out between the layers; without it, nothing is.
        """
        if states is not None and len(states) != 2:
            raise ValueError(
                f"LSTM: states: expected the pair (h0, c0), got {len(states)}"
            )
        h, (h_n, c_n) = self._run(x, states, lengths, rng)
        return h, (h_n, c_n)


class GRU(Recurrent):
    r"""The gated recurrent unit, of one layer or several.

    $$h_t = (1 - z) \odot n + z \odot h_{t-1}, \qquad n = \tanh(p_n + r \odot q_n),$$
    $$p = x_t w + b, \qquad q = h_{t-1} u + b_u .$$
    Each further layer reads the states of the one below. Weights and biases start uniform in
    $[-1/\sqrt{k}, 1/\sqrt{k}]$, where $k$ is the number of units, as in PyTorch.

    Args:
        input_size: The number of features of a step, $d$.
        hidden_size: The number of units of a layer, $k$.
        num_layers: The number of layers.
        bias: Whether there are biases.
        dropout: The probability with which a training pass leaves out what one layer hands to the next.
        rng: Draws the initial weights, then the biases, layer by layer; the same ones in every dtype, up to
            rounding.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        layers: The layers from the inputs up; each has `w` (d, 3k), `u` (k, 3k) and the biases `b` and `b_u`
            (3k,), with the gates in the order $r, z, n$.

    Raises:
        ValueError: If a size is less than 1, or `dropout` is no probability or has no two layers to stand between.
        TypeError: If `dtype` is not a float type.

    Source:
        K. Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine
        translation* (2014).

    Examples:
        >>> network = GRU(3, 5, rng=np.random.default_rng(0))
        >>> h, h_n = network(np.ones((2, 4, 3)), lengths=[4, 1])
        >>> h.shape, h_n.shape, bool((h.value[1, 0] == h_n.value[0, 1]).all())
        ((2, 4, 5), (1, 2, 5), True)
    """

    _rule, _gates, _biases = ops.gru, 3, ("b", "b_u")

    def forward(
        self,
        x: Tensor | ArrayLike,
        h0: Tensor | ArrayLike | None = None,
        *,
        lengths: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The states of the top layer, (n, t, k), and the last one of each layer, (num_layers, n, k).

        Args:
            x: Sequences, (n, t, d).
            h0: The states before the first step, (num_layers, n, k); zeros, if left out.
            lengths: How many steps of each sequence are real, (n,); see `ops.gru`.
            rng: Draws what is left out between the layers; without it, nothing is.
        """
        h, (h_n,) = self._run(x, None if h0 is None else [h0], lengths, rng)
        return h, h_n
