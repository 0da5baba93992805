"""Pooling and interpolation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def planes(choice: Choice) -> Any:
    """Channels or images; some with ties, as a rectifier leaves them."""
    batch = [choice.integer(1, 3) for _ in range(choice.integer(1, 2))]
    x = choice.normal(*batch, choice.integer(1, 9), choice.integer(1, 9))
    return choice.among([x, x.round(), x.clip(0), x - 5])


def either(choice: Choice, low: int, high: int) -> Any:
    """One number, or one for rows and one for columns."""
    if choice.integer(0, 1):
        return choice.integer(low, high)
    return choice.integer(low, high), choice.integer(low, high)


def both(setting: Any) -> tuple[int, int]:
    """One for rows and one for columns."""
    return setting if isinstance(setting, tuple) else (setting, setting)


def fitting(choice: Choice, size: tuple[int, ...], *, dilated: bool) -> dict[str, Any]:
    """Settings of windows that fit, and fall between no pixels."""
    kernel = either(choice, 1, 4)
    dilation = either(choice, 1, 3) if dilated and choice.integer(0, 1) else 1
    spans = [(k - 1) * d + 1 for k, d in zip(both(kernel), both(dilation), strict=True)]
    padding = tuple(
        # with dilation, windows that begin outside may miss a small plane altogether
        choice.integer(0, span // 2 if dilation == 1 else 0)
        for span in spans
    )
    if any(n + 2 * p < span for n, p, span in zip(size, padding, spans, strict=True)):
        kernel, padding, dilation = 1, (0, 0), 1
    settings = {
        "kernel_size": kernel,
        "stride": either(choice, 1, 4) if choice.integer(0, 2) else None,
        "padding": padding,
        "ceil_mode": bool(choice.integer(0, 1)),
    }
    return settings | {"dilation": dilation} if dilated else settings


def max_pool2d(choice: Choice) -> Comparison:
    """The maxima and where their gradient goes, ties and padding included."""
    x = planes(choice)
    settings = fitting(choice, x.shape[-2:], dilated=True)
    return of_function(
        choice,
        [x],
        lambda x: ops.max_pool2d(x, **settings),
        lambda torch, x: torch.nn.functional.max_pool2d(x, **settings),
    )


def avg_pool2d(choice: Choice) -> Comparison:
    """The means, whatever is counted."""
    x = planes(choice)
    settings = fitting(choice, x.shape[-2:], dilated=False)
    settings["count_include_pad"] = bool(choice.integer(0, 1))
    return of_function(
        choice,
        [x],
        lambda x: ops.avg_pool2d(x, **settings),
        lambda torch, x: torch.nn.functional.avg_pool2d(x, **settings),
    )


def adaptive_pool2d(choice: Choice) -> Comparison:
    """Both kinds of pooling to a size, larger ones than the input's too."""
    f = choice.among([ops.adaptive_avg_pool2d, ops.adaptive_max_pool2d])
    x, size = planes(choice), either(choice, 1, 6)
    if isinstance(size, tuple) and choice.integer(0, 1):
        size = choice.among([(size[0], None), (None, size[1]), (None, None)])
    return of_function(
        choice,
        [x],
        lambda x: f(x, output_size=size),
        lambda torch, x: getattr(torch.nn.functional, f.rule.__name__)(x, size),
    )


def interpolate(choice: Choice) -> Comparison:
    """The three ways to read between pixels, larger and smaller, by size and by factor."""
    x = planes(choice)
    x = x if x.ndim == 4 else x[None]
    settings: dict[str, Any] = choice.among(
        [
            {},
            {"mode": "nearest"},
            {"mode": "bilinear"},
            {"mode": "bilinear", "align_corners": True},
            {"mode": "bilinear", "align_corners": False},
        ]
    )
    if choice.integer(0, 1):
        settings = settings | {"size": either(choice, 1, 12)}
    else:
        factors = [1.0, 1.5, 2.0, 2.5, 3.0]
        factors += [0.5, 0.25] if min(x.shape[-2:]) >= 4 else []
        if choice.integer(0, 1):
            settings = settings | {"scale_factor": choice.among(factors)}
        else:
            both = choice.among(factors), choice.among(factors)
            settings = settings | {"scale_factor": both}
    return of_function(
        choice,
        [x],
        lambda x: ops.interpolate(x, **settings),
        lambda torch, x: torch.nn.functional.interpolate(x, **settings),
    )


CASES = [max_pool2d, avg_pool2d, adaptive_pool2d, interpolate]
