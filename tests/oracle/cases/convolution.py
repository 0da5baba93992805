"""Convolutions, transposed ones, and padding."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import nn, ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.choice import Choice


def _setting(choice: Choice, low: int, high: int, axes: int) -> Any:
    """One number, or one for each axis."""
    if choice.integer(0, 1):
        return choice.integer(low, high)
    return tuple(choice.integer(low, high) for _ in range(axes))


def _each(value: Any, axes: int) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,) * axes


def _convolution(choice: Choice, axes: int) -> tuple[list[Any], dict[str, Any]]:
    """Images or signals, kernel and bias that fit together, and the settings."""
    groups, n = choice.integer(1, 3), choice.integer(1, 3)
    c, k = groups * choice.integer(1, 3), groups * choice.integer(1, 3)
    kernel = tuple(choice.integer(1, 4) for _ in range(axes))
    settings: dict[str, Any] = {
        "padding": choice.among(["number", "number", "same", "valid"]),
        "dilation": _setting(choice, 1, 3, axes),
        "groups": groups,
    }
    if settings["padding"] != "same":
        settings["stride"] = _setting(choice, 1, 3, axes)
    if settings["padding"] == "number":
        settings["padding"] = _setting(choice, 0, 3, axes)
    added = (
        _each(settings["padding"], axes)
        if not isinstance(settings["padding"], str)
        else (0,) * axes
    )
    dilation = _each(settings["dilation"], axes)
    size = tuple(
        max(1, d * (taps - 1) + 1 - 2 * p) + choice.integer(0, 5)
        for taps, d, p in zip(kernel, dilation, added, strict=True)
    )
    x, w = choice.normal(n, c, *size), choice.normal(k, c // groups, *kernel)
    return [x, w, choice.normal(k) if choice.integer(0, 1) else None], settings


def _quietly(f: Callable[..., Any], *arrays: Any, **settings: Any) -> Any:
    """PyTorch warns that padding an odd number of places may take a copy."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel")
        return f(*arrays, **settings)


def conv2d(choice: Choice) -> Comparison:
    """A convolution of images."""
    inputs, settings = _convolution(choice, 2)
    return of_function(
        choice,
        inputs,
        lambda x, w, b: ops.conv2d(x, w, b, **settings),
        lambda torch, x, w, b: _quietly(
            torch.nn.functional.conv2d, x, w, b, **settings
        ),
    )


def conv1d(choice: Choice) -> Comparison:
    """A convolution of signals."""
    inputs, settings = _convolution(choice, 1)
    return of_function(
        choice,
        inputs,
        lambda x, w, b: ops.conv1d(x, w, b, **settings),
        lambda torch, x, w, b: _quietly(
            torch.nn.functional.conv1d, x, w, b, **settings
        ),
    )


def larger_images(choice: Choice) -> Comparison:
    """A convolution of several blocks, or by one matrix product an image."""
    n, c, k = choice.integer(1, 3), choice.integer(1, 4), choice.integer(1, 4)
    taps, size = choice.among([1, 3]), choice.integer(8, 12)
    settings = {"padding": choice.integer(0, 1), "stride": choice.integer(1, 2)}
    return of_function(
        choice,
        [choice.normal(n, c, size, size), choice.normal(k, c, taps, taps), None],
        lambda x, w, b: ops.conv2d(x, w, b, **settings),
        lambda torch, x, w, b: torch.nn.functional.conv2d(x, w, b, **settings),
    )


def _transposed(choice: Choice) -> tuple[list[Any], dict[str, Any]]:
    """Maps, kernel and bias of a transposed convolution that fit together, and the settings."""
    groups, n = choice.integer(1, 3), choice.integer(1, 3)
    c, k = groups * choice.integer(1, 2), groups * choice.integer(1, 3)
    kernel, size = (tuple(choice.integer(1, 4) for _ in range(2)) for _ in range(2))
    stride, dilation = _setting(choice, 1, 3, 2), _setting(choice, 1, 3, 2)
    steps = zip(_each(stride, 2), _each(dilation, 2), strict=True)
    more = tuple(choice.integer(0, max(pair) - 1) for pair in steps)
    spans = zip(size, kernel, _each(stride, 2), _each(dilation, 2), strict=True)
    cut = tuple(
        choice.integer(0, min(3, ((h - 1) * s + d * (taps - 1)) // 2))
        for h, taps, s, d in spans
    )
    settings = {
        "stride": stride,
        "padding": cut,
        "output_padding": more,
        "groups": groups,
        "dilation": dilation,
    }
    x, w = choice.normal(n, c, *size), choice.normal(c, k // groups, *kernel)
    return [x, w, choice.normal(k) if choice.integer(0, 1) else None], settings


def conv_transpose2d(choice: Choice) -> Comparison:
    """A transposed convolution."""
    inputs, settings = _transposed(choice)
    return of_function(
        choice,
        inputs,
        lambda x, w, b: ops.conv_transpose2d(x, w, b, **settings),
        lambda torch, x, w, b: torch.nn.functional.conv_transpose2d(
            x, w, b, **settings
        ),
    )


def _layer(
    choice: Choice, name: str, inputs: list[Any], settings: dict[str, Any]
) -> Comparison:
    """A module with the given parameters, here and in PyTorch."""
    x, w, b = inputs
    groups = settings["groups"]
    channels = (
        (w.shape[0], w.shape[1] * groups)
        if "Transpose" in name
        else (w.shape[1] * groups, w.shape[0])
    )
    kernel, bias = w.shape[2:], b is not None

    def ours(x: Any, w: Any, b: Any) -> Any:
        rng = np.random.default_rng(0)
        make: Callable[..., Any] = getattr(nn, name)
        layer = make(
            *channels, kernel, bias=bias, rng=rng, dtype=np.float64, **settings
        )
        assert layer.w.shape == w.shape
        layer.w, layer.b = w, b
        return layer(x)

    def theirs(torch: Any, x: Any, w: Any, b: Any) -> Any:
        make = getattr(torch.nn, name)
        layer = make(*channels, kernel, bias=bias, dtype=torch.float64, **settings)
        parameters = {"weight": w} | ({"bias": b} if bias else {})
        return _quietly(torch.func.functional_call, layer, parameters, x)

    return of_function(choice, [x, w, b], ours, theirs)


def convolution_modules(choice: Choice) -> Comparison:
    """The layers that convolve."""
    name = choice.among(["Conv1d", "Conv2d", "ConvTranspose2d"])
    if name == "ConvTranspose2d":
        return _layer(choice, name, *_transposed(choice))
    return _layer(choice, name, *_convolution(choice, int(name[-2])))


def flatten_module(choice: Choice) -> Comparison:
    """Axes merged."""
    shape = choice.shape(least=2, most=4)
    start = choice.integer(0, len(shape) - 1)
    end = choice.integer(start, len(shape) - 1) - choice.among([0, len(shape)])
    return of_function(
        choice,
        [choice.normal(*shape)],
        nn.Flatten(start, end),
        lambda torch, x: torch.nn.Flatten(start, end)(x),
    )


def pad(choice: Choice) -> Comparison:
    """What is put around an array, in PyTorch's order."""
    mode = choice.among(["constant", "reflect", "replicate", "circular"])
    if mode == "constant":
        shape = choice.shape(least=1, most=4)
        sides = [
            (choice.integer(-(n // 2), 3), choice.integer(-((n - 1) // 2), 3))
            for n in shape[::-1][: choice.integer(1, len(shape))]
        ]
        settings: dict[str, Any] = {"value": choice.among([0.0, -1.5])}
    else:
        axes = choice.integer(1, 3)
        shape = (choice.integer(1, 2), 2, *(choice.integer(1, 4) for _ in range(axes)))
        sides = [
            (choice.integer(0, bound), choice.integer(0, bound))
            for bound in (
                {"reflect": n - 1, "circular": n}.get(mode, 4) for n in shape[:1:-1]
            )
        ]
        settings = {"mode": mode}
    numbers = tuple(number for pair in sides for number in pair)
    return of_function(
        choice,
        [choice.normal(*shape)],
        lambda x: ops.pad(x, pad=numbers, **settings),
        lambda torch, x: torch.nn.functional.pad(x, numbers, **settings),
    )


CASES = [
    conv1d,
    conv2d,
    larger_images,
    conv_transpose2d,
    convolution_modules,
    flatten_module,
    pad,
]
