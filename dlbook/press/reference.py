"""What the reference pages need to know about this library: how its docstrings and its primitives are written."""

from __future__ import annotations

import re
from typing import Any

import griffe

_DISPLAY = re.compile(r"^[ \t]*\$\$.+?\$\$[.,;]?$", re.MULTILINE | re.DOTALL)


class Reference(griffe.Extension):
    """Reads docstrings as this library writes them, and a primitive as what it is to its caller.

    A displayed formula may follow its sentence directly; Markdown wants a blank line around it. And a primitive
    is written as a rule that returns `(value, vjp)`, but a call of it returns the value: an array, or a tensor if
    any input was one.
    """

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite what was loaded before it is parsed."""
        if obj.docstring:
            obj.docstring.value = _DISPLAY.sub(
                lambda display: f"\n{display[0]}\n", obj.docstring.value
            )
        if isinstance(obj, griffe.Function) and any(
            d.callable_path.endswith(".primitive") for d in obj.decorators
        ):
            obj.returns = "Array | Tensor"
