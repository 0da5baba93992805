"""Values of a block that a browser does not run again, as JSON: arrays, numbers, words, and what is made of these."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping


def pack(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values as JSON can hold them, by name, and the names of those that cannot be kept."""
    packed, refused = {}, []
    for name, value in values.items():
        try:
            packed[name] = _packed(value)
        except TypeError:
            refused.append(name)
    return packed, refused


def unpack(packed: Mapping[str, Any]) -> dict[str, Any]:
    """The values that were packed."""
    return {name: _unpacked(value) for name, value in packed.items()}


def _packed(value: Any) -> Any:
    kind = type(value)
    if kind in (int, float, str, bool, type(None)):
        return value
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype == object:
            raise TypeError(kind)
        text = io.BytesIO()
        np.save(text, np.asarray(value), allow_pickle=False)
        name = "array" if isinstance(value, np.ndarray) else "number"
        return {name: base64.b64encode(text.getvalue()).decode()}
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if kind in (list, tuple):
        return {kind.__name__: [_packed(item) for item in value]}
    if kind is dict:
        return {"dict": [[_packed(k), _packed(v)] for k, v in value.items()]}
    raise TypeError(kind)


def _unpacked(packed: Any) -> Any:
    if not isinstance(packed, dict):
        return packed
    ((kind, content),) = packed.items()
    if kind in ("array", "number"):
        array = np.load(io.BytesIO(base64.b64decode(content)), allow_pickle=False)
        return array if kind == "array" else array[()]
    if kind == "generator":
        generator = np.random.Generator(getattr(np.random, content["bit_generator"])())
        generator.bit_generator.state = content
        return generator
    if kind == "dict":
        return {_unpacked(key): _unpacked(value) for key, value in content}
    items = [_unpacked(item) for item in content]
    return tuple(items) if kind == "tuple" else items
