"""What a rule's annotations promise about its arrays, and the check of each call against it.

A rule is annotated in jaxtyping's notation, `x: Float[Array, "n d"]`. The library itself never imports
jaxtyping: the annotations stay strings, and the few forms that rules use are read here. One statement of a
shape is thus what the reader sees, what the type checker sees and what a call is held to.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_KINDS = {"Float": "f", "Int": "iu", "Bool": "b", "Shaped": "fiub"}
_WORDS = {
    "Float": "numbers",
    "Int": "integers",
    "Bool": "truth values",
    "Shaped": "numbers",
}
_FORM = re.compile(r"(\w+)\[Array, ['\"]([^'\"]*)['\"]\]")


class Form:
    """One annotated form of an array: a kind of number and the names of the axes.

    Args:
        kind: `Float`, `Int`, `Bool` or `Shaped` (any of them).
        axes: A name binds an axis' length, a number fixes it, `_` leaves it open, `4*h` is four times the length
            that an earlier argument bound to `h`, and one `*name` or `...` stands for any number of axes.

    Examples:
        >>> Form("Float", "*batch d").bind((2, 3, 5), {"d": 5})
        {'d': 5, '*batch': (2, 3)}
    """

    __slots__ = ("axes", "kind", "kinds", "multiples", "single", "star")

    def __init__(self, kind: str, axes: str) -> None:
        self.kind = kind
        self.kinds = _KINDS[kind]
        self.axes = axes.split()
        self.star = next(
            (i for i, axis in enumerate(self.axes) if axis[0] in "*."), None
        )
        self.single = [
            int(axis) if axis.isdigit() else axis
            for axis in self.axes
            if axis[0] not in "*."
        ]
        self.multiples = [axis for axis in self.axes if "*" in axis[1:]]

    def expected(self, sizes: dict[str, Any]) -> str:
        """The shape as an error message writes it, with the sizes known so far."""
        parts: list[str] = []
        sizes = self._with_multiples(sizes)
        for axis in self.axes:
            known = sizes.get(axis)
            parts += (
                map(str, known)
                if isinstance(known, tuple)
                else [axis if known is None else f"{axis}={known}"]
            )
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"

    def bind(
        self, shape: tuple[int, ...], sizes: dict[str, Any]
    ) -> dict[str, Any] | None:
        """The sizes known so far with those of this shape added, or None where the shape does not fit."""
        sizes = self._with_multiples(sizes)
        i = self.star
        if i is not None:
            end = len(shape) - (len(self.single) - i)
            if end < i:
                return None
            stretch, shape = shape[i:end], shape[:i] + shape[end:]
            if (
                self.axes[i] != "..."
                and sizes.setdefault(self.axes[i], stretch) != stretch
            ):
                return None
        if len(shape) != len(self.single):
            return None
        for axis, size in zip(self.single, shape, strict=True):
            if (
                axis != "_"
                and (axis if isinstance(axis, int) else sizes.setdefault(axis, size))
                != size
            ):
                return None
        return sizes

    def _with_multiples(self, sizes: dict[str, Any]) -> dict[str, Any]:
        """A copy of the sizes, with those that are multiples of others."""
        sizes = sizes.copy()
        for axis in self.multiples:
            times, _, name = axis.partition("*")
            sizes[axis] = int(times) * sizes[name]
        return sizes


@dataclass(frozen=True, slots=True)
class Argument:
    """A positional argument of a rule: its name, its forms (none: anything goes), whether None may stand for it."""

    name: str
    forms: tuple[Form, ...]
    kinds: str
    optional: bool

    @classmethod
    def of(cls, parameter: inspect.Parameter) -> Argument:
        """Read one parameter of a rule."""
        note = parameter.annotation if isinstance(parameter.annotation, str) else ""
        forms = tuple(Form(kind, axes) for kind, axes in _FORM.findall(note))
        return cls(
            parameter.name,
            forms,
            "".join(form.kinds for form in forms),
            parameter.default is None,
        )


class Signature:
    """The arrays and settings that a rule takes, read from its annotations when first called."""

    __slots__ = ("_arguments", "_rest", "_rule", "_settings")

    def __init__(self, rule: Callable[..., Any]) -> None:
        self._rule = rule
        self._arguments: tuple[Argument, ...] | None = None

    def check(self, values: list[Any], settings: dict[str, Any]) -> list[Any]:
        """The values as arrays of the promised kind and shape, one for each argument (None where left out).

        Values of an argument without annotation are passed on as they are. Where the rule wants floats,
        whole numbers, lists and Python's own numbers take the float type of the call's other arrays, so that
        they do not turn a float32 computation into one in float64.

        Raises:
            TypeError: If there are too few or too many arrays, a setting is unknown, or the kind is wrong.
            ValueError: If a shape is wrong.
        """
        arguments = self._arguments
        if arguments is None:
            arguments = self._read()
        if len(values) != len(arguments) or not settings.keys() <= self._settings:
            arguments = self._matched(arguments, values, settings)
        sizes: dict[str, Any] = {}
        for i, argument in enumerate(arguments):
            if argument.forms and not (argument.optional and values[i] is None):
                values[i], sizes = self._fit(argument, values[i], sizes, values)
        return values

    def _read(self) -> tuple[Argument, ...]:
        parameters = inspect.signature(self._rule).parameters.values()
        self._settings = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
        self._rest = next(
            (Argument.of(p) for p in parameters if p.kind is p.VAR_POSITIONAL), None
        )
        self._arguments = tuple(
            Argument.of(p) for p in parameters if p.kind is p.POSITIONAL_ONLY
        )
        return self._arguments

    def _matched(
        self, arguments: Sequence[Argument], values: list[Any], settings: dict[str, Any]
    ) -> Any:
        """One argument for each value, and one value for each argument."""
        name = self._rule.__name__
        for key in settings:
            if key not in self._settings:
                known = ", ".join(sorted(self._settings)) or "none"
                hint = (
                    "; arrays are given by position"
                    if any(a.name == key for a in arguments)
                    else ""
                )
                raise TypeError(
                    f"{name}: {key}: no such setting; expected {known}{hint}"
                )
        least = sum(not a.optional for a in arguments)
        if len(values) < least or (len(values) > len(arguments) and self._rest is None):
            wanted = ", ".join(a.name for a in arguments)
            raise TypeError(
                f"{name}: expected the arrays {wanted}, got {len(values)} of them"
            )
        values += [None] * (len(arguments) - len(values))
        return [*arguments, *[self._rest] * (len(values) - len(arguments))]

    def _fit(
        self, argument: Argument, value: Any, sizes: dict[str, Any], values: list[Any]
    ) -> tuple[Any, dict[str, Any]]:
        if not isinstance(value, np.ndarray):
            value = self._array(argument, value, values)
        kind = value.dtype.kind
        if kind in "iub" and "f" in argument.kinds and kind not in argument.kinds:
            kind, value = "f", value.astype(_float_type(values))
        for form in argument.forms:
            if kind in form.kinds:
                bound = form.bind(value.shape, sizes)
                if bound is not None:
                    return value, bound
        raise self._misfit(argument, value, sizes)

    def _misfit(
        self, argument: Argument, value: Any, sizes: dict[str, Any]
    ) -> TypeError | ValueError:
        where = f"{self._rule.__name__}: {argument.name}"
        forms = [form for form in argument.forms if value.dtype.kind in form.kinds]
        if not forms:
            wanted = " or ".join(
                dict.fromkeys(_WORDS[form.kind] for form in argument.forms)
            )
            return TypeError(f"{where}: expected {wanted}, got {value.dtype}")
        wanted = " or ".join(form.expected(sizes) for form in forms)
        return ValueError(f"{where}: expected shape {wanted}, got {value.shape}")

    def _array(self, argument: Argument, value: Any, values: list[Any]) -> Any:
        try:
            array = np.asarray(value)
        except ValueError as error:
            raise ValueError(
                f"{self._rule.__name__}: {argument.name}: expected an array, got {value!r}"
            ) from error
        if array.dtype == np.float64 and not hasattr(value, "dtype"):
            array = array.astype(_float_type(values))
        return array


def _float_type(values: list[Any]) -> Any:
    """The float type of a call: that of its arrays, or float64 if none is of floats."""
    types = [v.dtype for v in values if hasattr(v, "dtype") and v.dtype.kind == "f"]
    return np.result_type(*types) if types else np.float64
