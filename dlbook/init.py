r"""Weights to begin with: random arrays whose spread keeps signals and gradients at their size.

A layer of weighted sums over `fan_in` inputs multiplies a signal's variance by `fan_in` times that of its weights,
and the gradient's, on the way back, by `fan_out` times it. Each function states which of both it keeps, and for
which activation. For weights in the shape (d, k), as `nn.Linear` has them, `fan_in` is d and `fan_out` is k. For a
convolution's kernels, in the shape (k, c, \*taps), `fan_in` is c and `fan_out` is k, each times the number of taps.
"""

from __future__ import annotations

from math import prod, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    Array = NDArray[Any]
    Shape = tuple[int, ...]

_GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": sqrt(2), "selu": 3 / 4}


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    r"""By how much weights are made larger, because the activation makes signals smaller.

    1 for `linear` and `sigmoid`, $5/3$ for `tanh`, $\sqrt 2$ for `relu`, $\sqrt{2 / (1 + s^2)}$ for `leaky_relu` of
    slope $s$, $3/4$ for `selu`. Those of the rectifiers keep the second moment $\operatorname{E}[a^2]$ exactly,
    for scores that are symmetric around 0. Those of `tanh` and `selu` are rules of thumb. (For a self-normalizing
    network the SELU's is 1.)

    Args:
        nonlinearity: The activation's name.
        param: The slope $s$ of `leaky_relu`.

    Raises:
        ValueError: If the activation is another one.

    Examples:
        >>> round(calculate_gain("relu") ** 2, 6)
        2.0
    """
    if nonlinearity == "leaky_relu":
        return sqrt(2 / (1 + param**2))
    if nonlinearity not in _GAINS:
        raise ValueError(
            f"calculate_gain: nonlinearity: expected one of {', '.join([*_GAINS, 'leaky_relu'])}, got {nonlinearity!r}"
        )
    return _GAINS[nonlinearity]


def xavier_uniform(
    shape: Shape,
    *,
    gain: float = 1.0,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Array:
    r"""Uniform in $[-r, r]$ with $r = g \sqrt{6 / (\text{fan}_\text{in} + \text{fan}_\text{out})}$; Glorot's.

    The variance $2 g^2 / (\text{fan}_\text{in} + \text{fan}_\text{out})$ lies between the one that keeps
    signals and the one that keeps gradients.

    Args:
        shape: The weights' shape.
        gain: $g$; see `calculate_gain`.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes.

    Source:
        X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*
        (2010), equation 16.

    Examples:
        >>> w = xavier_uniform((30, 20), rng=np.random.default_rng(0))
        >>> bool(np.abs(w).max() <= np.sqrt(6 / 50)), w.dtype
        (True, dtype('float32'))
    """
    fan_in, fan_out = fans("xavier_uniform", shape)
    return _uniform(shape, gain * sqrt(2 / (fan_in + fan_out)), rng, dtype)


def xavier_normal(
    shape: Shape,
    *,
    gain: float = 1.0,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Array:
    r"""Normal with the variance $2 g^2 / (\text{fan}_\text{in} + \text{fan}_\text{out})$; Glorot's.

    Args:
        shape: The weights' shape.
        gain: $g$; see `calculate_gain`.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes.

    Source:
        X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*
        (2010).

    Examples:
        >>> w = xavier_normal((300, 200), rng=np.random.default_rng(0))
        >>> bool(abs(w.var() * 500 / 2 - 1) < 0.02)
        True
    """
    fan_in, fan_out = fans("xavier_normal", shape)
    return _normal(shape, gain * sqrt(2 / (fan_in + fan_out)), rng, dtype)


def kaiming_uniform(
    shape: Shape,
    *,
    nonlinearity: str = "relu",
    param: float = 0.01,
    mode: str = "fan_in",
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Array:
    r"""Uniform in $[-r, r]$ with $r = g \sqrt{3 / \text{fan}}$; He's.

    Args:
        shape: The weights' shape.
        nonlinearity: The activation after the sums, which gives the gain $g$; see `calculate_gain`. PyTorch's
            default is a leaky rectifier of slope 0.
        param: The slope of `leaky_relu`.
        mode: `"fan_in"` keeps the size of signals, `"fan_out"` that of gradients.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes, or a name is another one.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers* (2015), equations 10 and 14.

    Examples:
        >>> w = kaiming_uniform((24, 10), rng=np.random.default_rng(0))
        >>> bool(np.abs(w).max() <= np.sqrt(2) * np.sqrt(3 / 24))
        True
    """
    std = calculate_gain(nonlinearity, param) / sqrt(
        _fan("kaiming_uniform", shape, mode)
    )
    return _uniform(shape, std, rng, dtype)


def kaiming_normal(
    shape: Shape,
    *,
    nonlinearity: str = "relu",
    param: float = 0.01,
    mode: str = "fan_in",
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Array:
    r"""Normal with the variance $g^2 / \text{fan}$; He's.

    Args:
        shape: The weights' shape.
        nonlinearity: The activation after the sums, which gives the gain $g$; see `calculate_gain`.
        param: The slope of `leaky_relu`.
        mode: `"fan_in"` keeps the size of signals, `"fan_out"` that of gradients.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes, or a name is another one.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers* (2015), equations 10 and 14.

    Examples:
        Behind a rectifier, the scores of the next layer keep their size:

        >>> rng = np.random.default_rng(0)
        >>> a = np.maximum(rng.normal(size=(1000, 500)), 0)
        >>> z = a @ kaiming_normal((500, 500), rng=rng)
        >>> round(float(z.var()), 1)
        1.0
    """
    std = calculate_gain(nonlinearity, param) / sqrt(
        _fan("kaiming_normal", shape, mode)
    )
    return _normal(shape, std, rng, dtype)


def lecun_normal(
    shape: Shape, *, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Array:
    r"""Normal with the variance $1 / \text{fan}_\text{in}$; LeCun's.

    It keeps signals where the activation does not shrink them, and is the one for SELU. (PyTorch writes it
    `kaiming_normal_(w, nonlinearity="linear")`.)

    Args:
        shape: The weights' shape.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes.

    Source:
        Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp* (1998), section 4.6.

    Examples:
        >>> w = lecun_normal((400, 100), rng=np.random.default_rng(0))
        >>> round(float(w.var() * 400), 2)
        1.0
    """
    return _normal(shape, 1 / sqrt(fans("lecun_normal", shape)[0]), rng, dtype)


def orthogonal(
    shape: Shape,
    *,
    gain: float = 1.0,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Array:
    r"""A random orthogonal matrix times $g$: it turns signals and keeps every length.

    All axes but the first count as one. If both lengths differ, the rows or the columns, whichever are fewer,
    are orthonormal. It is drawn evenly from all such matrices: a normal matrix is factored into $QR$, and the signs
    of $R$'s diagonal are given to $Q$, without which the factoring's own choice of signs would show.

    Args:
        shape: The weights' shape.
        gain: $g$; see `calculate_gain`.
        rng: Draws the weights.
        dtype: Their type.

    Raises:
        ValueError: If the shape has fewer than two axes.

    Source:
        A. M. Saxe, J. L. McClelland, S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep
        linear neural networks* (2014); the signs: F. Mezzadri, *How to generate random matrices from the classical
        compact groups* (2007).

    Examples:
        >>> w = orthogonal((3, 5), rng=np.random.default_rng(0), dtype=np.float64)
        >>> np.abs(w @ w.T - np.eye(3)).max().round(9)
        np.float64(0.0)
    """
    fans("orthogonal", shape)
    rows, columns = shape[0], prod(shape[1:])
    draws = rng.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(draws)
    q *= np.sign(np.diag(r))
    q = q if rows >= columns else q.T
    return (gain * q).reshape(shape).astype(dtype)


def fans(where: str, shape: Shape) -> tuple[int, int]:
    """How many inputs a sum has, and how many sums an input goes into.

    Args:
        where: Who asks, for messages.
        shape: The shape of weights: (d, k), or (k, c, ...) for kernels.

    Raises:
        ValueError: If the shape has fewer than two axes, or an axis without length.

    Examples:
        >>> fans("here", (784, 10)), fans("here", (16, 6, 5, 5))
        ((784, 10), (150, 400))
    """
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(
            f"{where}: shape: expected two axes or more, each of at least 1, got {shape}"
        )
    if len(shape) == 2:
        return shape
    taps = prod(shape[2:])
    return shape[1] * taps, shape[0] * taps


def _fan(where: str, shape: Shape, mode: str) -> int:
    modes = dict(zip(("fan_in", "fan_out"), fans(where, shape), strict=True))
    if mode not in modes:
        raise ValueError(f"{where}: mode: expected 'fan_in' or 'fan_out', got {mode!r}")
    return modes[mode]


def _uniform(
    shape: Shape, std: float, rng: np.random.Generator, dtype: DTypeLike
) -> Array:
    return rng.uniform(-sqrt(3) * std, sqrt(3) * std, shape).astype(dtype)


def _normal(
    shape: Shape, std: float, rng: np.random.Generator, dtype: DTypeLike
) -> Array:
    return rng.normal(0, std, shape).astype(dtype)
