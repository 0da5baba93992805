"""The values of a formula's names, and the shapes of what its parts give: found by evaluating them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlbook.press.derivation import language
from dlbook.press.derivation.places import Index


class Values:
    """What names stand for: those of the derivation, and those of its language.

    Args:
        names: The names of the derivation, with their values.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._known = language.environment(names)
        self._found: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def is_function(self, name: str) -> bool:
        """Whether a name can be called."""
        return callable(self._known.get(name))

    def is_integer(self, name: str) -> bool:
        """Whether a name is an integer."""
        value = self._known.get(name)
        return isinstance(value, int | np.integer) and not isinstance(value, bool)

    def is_quantity(self, name: str) -> bool:
        """Whether a name is a number or an array, also one in a `Tensor`."""
        value = self._known.get(name)
        kinds = int | float | complex | np.number | np.bool_ | np.ndarray
        return isinstance(getattr(value, "value", value), kinds)

    def shape(self, node: ast.expr, indices: Sequence[Index]) -> tuple[int, ...]:
        """The shape of what an expression gives.

        Args:
            node: The expression.
            indices: The sums around it; it is evaluated at their first indices, or at their last.

        Raises:
            Exception: Whatever the expression raises at both.
        """
        held = self._known.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(held, list | tuple):
            return (len(held),)
        return np.shape(self._evaluated(ast.unparse(node), indices))

    def runs_through(self, run: ast.expr, name: str, indices: Sequence[Index]) -> bool:
        """Whether an index that runs through something may have the value of a name.

        Args:
            run: What the index runs through.
            name: The name.
            indices: The sums around it.
        """
        return bool(self._evaluated(f"{name} in {ast.unparse(run)}", indices))

    def _evaluated(self, expression: str, indices: Sequence[Index]) -> Any:
        """A value within sums, at their first indices or, if it has none there, at their last."""
        first = last = expression
        for index in reversed(indices):
            run = ast.unparse(index.run)
            first = f"(lambda {index.name}: {first})(next(iter({run})))"
            last = f"(lambda {index.name}: {last})(list({run}).pop())"
        if first not in self._found:
            with np.errstate(all="ignore"):
                try:
                    value = eval(language.compiled(first), self._known)
                except Exception:  # 1 / (x_i - x_j) where both are the first
                    value = eval(language.compiled(last), self._known)
            self._found[first] = getattr(value, "value", value)
        return self._found[first]
