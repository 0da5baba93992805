"""Stands in for matplotlib in the reader's browser, where matplotlib cannot be had: plots in the plane, as SVG.

It knows what `dlbook.plot` and the book's pages use of matplotlib, by the same names and by the same rules: limits,
ticks, cycles and layout come out as they do there. Whatever else is asked for is refused; no wrong picture is drawn.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class NotDrawnError(AttributeError):
    """Something that is drawn when the book is built, and not in a browser.

    To `hasattr` a method that is not drawn is one that is not there.
    """


def refuse(what: str) -> NoReturn:
    """Say that something is not drawn here."""
    told = f"{what} is not drawn in the browser; the book's own figure was drawn when it was built"
    raise NotDrawnError(told)


class Refusing:
    """Something whose methods and arguments are matplotlib's, as far as they are here; all others are refused."""

    _kind = "this"

    def __init_subclass__(cls) -> None:
        """Let each public method refuse the arguments that it does not know."""
        for name, method in list(vars(cls).items()):
            if callable(method) and name[0] != "_" and not isinstance(method, type):
                setattr(cls, name, _of_known_arguments(method, f"{cls._kind}.{name}"))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return refuse(f"{self._kind}.{name}")


def _of_known_arguments(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    code = method.__code__
    if code.co_flags & 8:  # it takes any
        return method
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @functools.wraps(method)
    def call(*args: Any, **given: Any) -> Any:
        for argument in given:
            if argument not in known:
                refuse(f"{name} with {argument}")
        return method(*args, **given)

    return call


_ORDINARY = (
    "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf"
)

rcParamsDefault: dict[str, Any] = {
    "axes.axisbelow": "line",
    "axes.edgecolor": "black",
    "axes.facecolor": "white",
    "axes.formatter.useoffset": True,
    "axes.labelcolor": "black",
    "axes.labelpad": 4.0,
    "axes.labelsize": 10.0,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": [{"color": color} for color in _ORDINARY.split()],
    "axes.spines.bottom": True,
    "axes.spines.left": True,
    "axes.spines.right": True,
    "axes.spines.top": True,
    "axes.titlepad": 6.0,
    "axes.titlesize": 12.0,
    "figure.facecolor": "white",
    "font.size": 10.0,
    "grid.alpha": 1.0,
    "grid.color": "#b0b0b0",
    "grid.linewidth": 0.8,
    "hatch.color": "edge",
    "hatch.linewidth": 1.0,
    "legend.frameon": True,
    "lines.color": "#1f77b4",
    "lines.linewidth": 1.5,
    "lines.markersize": 6.0,
    "patch.edgecolor": "black",
    "patch.facecolor": "#1f77b4",
    "patch.linewidth": 1.0,
    "text.color": "black",
    "xtick.color": "black",
    "xtick.labelcolor": "inherit",
    "xtick.labelsize": 10.0,
    "ytick.color": "black",
    "ytick.labelcolor": "inherit",
    "ytick.labelsize": 10.0,
}
rcParams: dict[str, Any] = dict(rcParamsDefault)


@contextlib.contextmanager
def rc_context(settings: Mapping[str, Any]) -> Iterator[None]:
    """Settings that hold for a while."""
    kept = dict(rcParams)
    rcParams.update(settings)
    try:
        yield
    finally:
        rcParams.clear()
        rcParams.update(kept)
