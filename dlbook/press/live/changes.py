"""Which names of a page's namespace a block has changed: bound, bound anew, or changed in place, by whatever alias.

Nobody can tell that from the code alone (`optimizer.step(…)` changes the weights that it was made with). So it is
seen: the values are fingerprinted before a block and after it. What cannot be looked into, such as a generator or a
figure, counts as changed by every block that mentions it.
"""

from __future__ import annotations

import types
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRIVATE = "__"
"""How the names begin that belong to Python, not to the page."""

_PLAIN = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    range,
    slice,
    np.generic,
    np.dtype,
)
_FIXED = (
    types.ModuleType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    type,
)
_LARGEST = 50_000  # parts of one value that are looked at
_CLOSED = ("matplotlib", "mpl_toolkits", "sklearn", "scipy")  # packages not looked into


class _OpaqueError(Exception):
    """A value that cannot be looked into."""


class Fingerprints:
    """The values of a namespace at one moment, each as a number; `None` for what cannot be looked into.

    Args:
        namespace: The names and their values.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._seen: dict[int, int] = {}
        self._kept: list[Any] = []  # alive, so that no id is used twice
        self.values: dict[str, tuple[int, int | None]] = {}
        for name, value in list(namespace.items()):
            if not name.startswith(PRIVATE):
                self.values[name] = id(value), self._print(value)

    def changed(self, later: Fingerprints, mentioned: Iterable[str]) -> list[str]:
        """The names that are new or other than they were, in alphabetical order.

        Args:
            later: The fingerprints of the same namespace after a block.
            mentioned: The names that the block could reach by its code.
        """
        opaque = {
            name for name in mentioned if self.values.get(name, (0, 0))[1] is None
        }
        names = self.values.keys() | later.values.keys()
        return sorted(
            name
            for name in names
            if name in opaque or self.values.get(name) != later.values.get(name)
        )

    def _print(self, value: Any) -> int | None:
        self._budget = _LARGEST
        try:
            return self._of(value)
        except (_OpaqueError, RecursionError):
            return None

    def _of(self, value: Any) -> int:
        """The fingerprint of a value and of all that can be reached from it."""
        if isinstance(value, _PLAIN):
            return hash((type(value).__name__, repr(value)))
        known = self._seen.get(id(value))
        if known is not None:
            return known
        self._budget -= 1
        if self._budget < 0:
            raise _OpaqueError
        self._seen[id(value)] = id(value)  # for what refers to itself
        self._kept.append(value)
        try:
            found = self._look_into(value)
        except (_OpaqueError, RecursionError):
            del self._seen[id(value)]
            raise
        self._seen[id(value)] = found
        return found

    def _look_into(self, value: Any) -> int:
        if isinstance(value, np.ndarray) and value.dtype != object:
            content = zlib.crc32(np.ascontiguousarray(value).view(np.uint8).data)
            return hash((value.shape, value.dtype.str, content))
        if isinstance(value, set | frozenset):
            return hash(frozenset(map(self._of, value)))
        own, parts = _content(value)
        return hash((own, *map(self._of, parts)))


def _content(value: Any) -> tuple[Any, Iterable[Any]]:
    """What a value is by itself, and the values that it is made of."""
    match value:
        case _ if isinstance(value, _FIXED):
            return id(value), ()
        case list() | tuple() | np.ndarray():
            return type(value).__name__, value
        case dict():
            return "dict", [part for item in value.items() for part in item]
        case types.FunctionType():
            cells = [_inside(cell) for cell in value.__closure__ or ()]
            parts = [value.__defaults__, value.__kwdefaults__, vars(value), cells]
            return id(value.__code__), parts
        case types.MethodType():
            return id(value.__func__), [value.__self__]
    return id(type(value)), _fields(value)


def _inside(cell: types.CellType) -> Any:
    """What a closure holds; nothing yet, while the function around it runs."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _fields(value: Any) -> list[Any]:
    """The fields of an object, if it is of Python's own making."""
    cls = type(value)
    if isinstance(value, np.random.Generator):
        return [str(value.bit_generator.state)]
    names = [
        name
        for base in cls.__mro__
        for name in _slots(base)
        if hasattr(value, name) and not name.startswith("__")
    ]
    closed = cls.__module__.partition(".")[0] in _CLOSED
    if closed or not (hasattr(value, "__dict__") or names):
        raise _OpaqueError
    return [*(getattr(value, name) for name in names), getattr(value, "__dict__", {})]


def _slots(cls: type) -> list[str]:
    """The names of a class's own slots."""
    slots = vars(cls).get("__slots__", ())
    return [slots] if isinstance(slots, str) else list(slots)
