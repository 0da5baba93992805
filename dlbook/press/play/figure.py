"""`play(…)`: a figure, the function that moves it, and what the reader moves it by."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.press.play.parts import Choice, Guess, Handle, Readout, Slider
from dlbook.press.play.translation import javascript, plain
from dlbook.press.table import inline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Control = Slider | Choice | Handle

LARGEST = 60_000
"""The most bytes that the script of a figure may have."""

TRIALS = 40
"""On how many settings of the controls Python and JavaScript are compared."""


@dataclass(frozen=True)
class Play:
    """A figure that moves. As the last expression of a block it is shown."""

    figure: Any
    function: Callable[..., Mapping[str, Any]]
    controls: Sequence[Control]
    show: Mapping[str, Any]
    guess: Guess
    data: Mapping[str, Any]

    def _inputs(self, values: Mapping[str, Any]) -> list[Any]:
        """Controls and data in the order of the function's parameters."""
        known = {**values, **self.data}
        return [known[name] for name in inspect.signature(self.function).parameters]

    def panel(self, ident: str) -> str:
        """The question, the controls and the readouts, as HTML.

        Args:
            ident: Sets its ids apart from those of others.
        """
        controls = "".join(control.control(f"{ident}-now") for control in self.controls)
        readouts = "".join(
            f'<div><dt>{inline(part.text)}</dt><dd data-show="{key}"></dd></div>'
            for key, part in self.show.items()
            if isinstance(part, Readout)
        )
        return (
            f'<div class="play-panel">{self.guess.panel()}'
            f'<div class="play-controls" inert>{controls}'
            f'<button type="button" class="live-button play-reset">Reset</button></div>'
            f'<dl class="play-readouts">{readouts}</dl><p class="play-note" id="{ident}-now" role="status"></p></div>'
        )

    def script(self, ident: str) -> str:
        """All that the browser needs, to be called once the figure has been drawn; a definition of `f` among it."""
        axes = list(self.figure.axes)
        figure = {
            "controls": [self._control(control, axes) for control in self.controls],
            "parameters": list(inspect.signature(self.function).parameters),
            "data": dict(self.data),
            "axes": [self._frame(ax) for ax in axes],
            "show": {key: self._shown(part, axes) for key, part in self.show.items()},
            "guess": {"answer": float(self.guess.answer), "form": self.guess.form},
        }
        text = json.dumps(plain_data(figure), ensure_ascii=False, separators=(",", ":"))
        body = f"{javascript(self.function)}\nreturn {{ f, ...{text} }};"
        made = f"(window.dlbookPlay ??= {{}})[{json.dumps(ident)}] = (() => {{ {body} }})();\n"
        size = len(made.encode())
        if size > LARGEST:
            told = f"play: the figure's script has {size:,} bytes; at most {LARGEST:,} are sent"
            raise ValueError(told)
        return made

    def trials(self) -> list[list[Any]]:
        """Settings of the controls, each with what the function makes of it in Python."""
        rng = np.random.default_rng(0)
        settings = [{c.name: c.draw(rng) for c in self.controls} for _ in range(TRIALS)]
        settings.append({c.name: plain(c.value) for c in self.controls})
        inputs = [self._inputs(values) for values in settings]
        return [[plain(i), plain(dict(self.function(*i)))] for i in inputs]

    def name_artists(self) -> None:
        """Give each artist that moves its id, before the figure is drawn."""
        for key, part in self.show.items():
            if not isinstance(part, Readout):
                part.set_gid(f"play-{key}")

    def _control(self, control: Control, axes: list[Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"name": control.name, "value": plain(control.value)}
        if isinstance(control, Handle):
            made |= {"axes": axes.index(control.ax), "text": control.text}
        if isinstance(control, Slider):
            made["form"] = control.form
        return made

    def _frame(self, ax: Any) -> dict[str, Any]:
        """An axes' limits and where they lie in the picture, in points from its upper left corner."""
        (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
        corners = ax.transData.transform([(x0, y0), (x1, y1)]) * 72 / self.figure.dpi
        high = self.figure.get_size_inches()[1] * 72
        (px0, py0), (px1, py1) = corners
        box = [px0, high - py0, px1, high - py1]
        return {"limits": [x0, x1, y0, y1], "box": [round(float(v), 3) for v in box]}

    def _shown(self, part: Any, axes: list[Any]) -> dict[str, Any]:
        if isinstance(part, Readout):
            return {"kind": "readout", "form": part.form}
        where = axes.index(part.axes)
        if hasattr(part, "get_xydata"):
            return {"kind": "line", "axes": where}
        if hasattr(part, "get_text"):
            anchors = {"left": "start", "center": "middle", "right": "end"}
            return {
                "kind": "text",
                "axes": where,
                "at": [float(value) for value in part.get_position()],
                "anchor": anchors[part.get_ha()],
                "size": part.get_size(),
                "color": part.get_color(),
            }
        raise TypeError(
            f"play: show: expected a line, a text or a Readout, got {type(part).__name__}"
        )


def plain_data(value: Any) -> Any:
    """Data as JSON can hold it, numbers as short as they can be."""
    if isinstance(value, dict):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_data(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def play(
    figure: Any,
    function: Callable[..., Mapping[str, Any]],
    *,
    controls: Sequence[Control],
    show: Mapping[str, Any],
    guess: Guess,
    data: Mapping[str, Any] | None = None,
) -> Play:
    """A figure that moves, for the end of a block.

    Args:
        figure: The still: the figure as `function` makes it at the controls' first values.
        function: From the controls, and the data, by the names of its parameters, to a dictionary: for a line a pair of
            lists `[x, y]`, for a text words, for a readout a number; `note` may hold words on what is to be seen. Plain
            Python: numbers, lists, loops. It is translated to JavaScript.
        controls: What the reader moves it by.
        show: For each key of the dictionary the artist that shows it, a line or a text of the figure, or a `Readout`.
        guess: The question before the figure moves.
        data: Lists of numbers that the function reads besides.

    Raises:
        ValueError: If the function's parameters are not the controls and the data, or `show` names what it does not
            return.
    """
    data = data or {}
    wanted = set(inspect.signature(function).parameters)
    given = {c.name for c in controls} | data.keys()
    if wanted != given:
        raise ValueError(
            f"play: function: expected the parameters {sorted(given)}, got {sorted(wanted)}"
        )
    made = Play(figure, function, controls, show, guess, data)
    returned = function(
        *made._inputs({c.name: plain(c.value) for c in controls})
    ).keys()
    if missing := show.keys() - returned:
        told = f"play: show: expected keys of what the function returns, {sorted(returned)}"
        raise ValueError(f"{told}, got {sorted(missing)}")
    made.name_artists()
    return made
