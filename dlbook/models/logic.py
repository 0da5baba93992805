"""The truth tables of the logical functions: the smallest data sets that there are."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Int
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array

# from the number of ones among the inputs, and the number of inputs
GATES: dict[str, Callable[[Any, int], Any]] = {
    "NOT": lambda ones, inputs: ones == 0,
    "AND": lambda ones, inputs: ones == inputs,
    "NAND": lambda ones, inputs: ones < inputs,
    "OR": lambda ones, inputs: ones > 0,
    "NOR": lambda ones, inputs: ones == 0,
    "XOR": lambda ones, inputs: ones % 2 == 1,
    "XNOR": lambda ones, inputs: ones % 2 == 0,
}
MOST = 16  # 65,536 rows


class LogicTable(NamedTuple):
    """A logical function as examples: all inputs that there are, and what is to be answered.

    Printed, it is the table.

    Attributes:
        x: The inputs, 0 or 1, in the shape (n, d) with n = 2**d, in the order of counting.
        y: The function's values, 0 or 1, in the shape (n,).

    Examples:
        >>> print(LogicTable(np.array([[0], [1]]), np.array([1, 0])))
        x1 y
         0 1
         1 0
    """

    x: Int[Array, "n d"]
    y: Int[Array, " n"]

    def __str__(self) -> str:
        head = [*(f"x{j + 1}" for j in range(self.x.shape[1])), "y"]
        rows = np.column_stack([self.x, self.y])
        width = [len(name) for name in head]
        lines = [
            " ".join(f"{cell:>{n}}" for cell, n in zip(line, width, strict=True))
            for line in [head, *rows]
        ]
        return "\n".join(lines)

    def beside(self, answers: ArrayLike, /) -> str:
        """The table with a unit's answers as one more column, the wrong ones marked.

        Args:
            answers: One for each row, such as `unit.predict(table.x)`.

        Raises:
            ValueError: If there is not one answer for each row.

        Examples:
            >>> print(logic_table("AND").beside([0, 1, 0, 1]))
            x1 x2 y answer
             0  0 0 0
             0  1 0 1 wrong
             1  0 0 0
             1  1 1 1
        """
        answers = np.asarray(answers)
        if answers.shape != self.y.shape:
            raise ValueError(
                f"beside: answers: expected shape {self.y.shape}, got {answers.shape}"
            )
        head, *lines = str(self).splitlines()
        told = [
            f"{line} {answer}{'' if answer == y else ' wrong'}"
            for line, answer, y in zip(lines, answers, self.y, strict=True)
        ]
        return "\n".join([f"{head} answer", *told])


def logic_table(gate: str, *, inputs: int | None = None) -> LogicTable:
    """The truth table of a logical function, as arrays to learn from.

    `XOR` of several inputs is 1 where an odd number of them is 1 (parity), and `XNOR` where an even number is.

    Args:
        gate: `"NOT"`, `"AND"`, `"NAND"`, `"OR"`, `"NOR"`, `"XOR"` or `"XNOR"`.
        inputs: The number of inputs, from 2 to 16; left out, two. `NOT` has one.

    Returns:
        The inputs `x` and the values `y`, as integers.

    Raises:
        ValueError: If there is no such function, or not of so many inputs.

    Examples:
        >>> x, y = logic_table("XOR")
        >>> x.tolist(), y
        ([[0, 0], [0, 1], [1, 0], [1, 1]], array([0, 1, 1, 0]))
    """
    if gate not in GATES:
        raise ValueError(
            f"logic_table: gate: expected one of {', '.join(GATES)}, got {gate!r}"
        )
    least, most = (1, 1) if gate == "NOT" else (2, MOST)
    inputs = least if inputs is None else inputs
    if not least <= inputs <= most:
        wanted = "1" if gate == "NOT" else f"{least} to {most}"
        raise ValueError(
            f"logic_table: inputs: expected {wanted} for {gate}, got {inputs}"
        )
    x = np.array(list(product((0, 1), repeat=inputs)))
    return LogicTable(x, GATES[gate](x.sum(axis=1), inputs).astype(np.int64))
