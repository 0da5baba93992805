"""A derivation as data."""

from __future__ import annotations

import ast
from dataclasses import dataclass

RELATIONS = ("=", "<=", ">=", "<", ">", "->")


class DerivationError(Exception):
    """A derivation that cannot be read.

    Args:
        line: The line of the file.
        message: What was expected there, and what came.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Args:
        relation: To the line before: one of `RELATIONS`, or nothing on the first line.
        expression: Python, on one line.
        reason: Why, in Markdown; nothing on the first line.
        tex: A formula given by hand.
        label: The line's own label.
        line: Where it starts in the file.
        by_hand: Whether the formula is said to be one that cannot be read back.
    """

    relation: str
    expression: str
    reason: str
    tex: str | None
    label: str | None
    line: int
    by_hand: bool = False


@dataclass(frozen=True)
class Derivation:
    """A derivation as it was written.

    Args:
        given: The Python code that makes the inputs.
        given_line: The line of the file on which it starts.
        symbols: Patterns and the templates of their formulas.
        indices: Free indices, each with the expression that it runs through.
        steps: The lines.
        conditions: For each index, the condition that its values fulfill ("" for none).
        limit: What tends where, `("h", "0")`.
        within: The gap that is allowed.
    """

    given: str
    given_line: int
    symbols: tuple[tuple[str, str], ...]
    indices: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    conditions: tuple[str, ...] = ()
    limit: tuple[str, str] | None = None
    within: float = 1e-9

    @property
    def random(self) -> bool:
        """Whether the inputs are drawn."""
        return "rng" in names(self.given)

    def letter(self, index: int) -> str:
        """The letter of a step in the derivation's numbers: the first two share a row and their letter."""
        return "abcdefghijklmnopqrstuvwxyz"[max(index - 1, 0)]


def names(code: str) -> set[str]:
    """The names that a piece of Python mentions."""
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
