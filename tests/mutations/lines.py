"""Faults planted in the lines of a page's derivations, and those that the press does not find.

Agreement on random inputs is blind where a term is always zero: with any sign and any factor the line still holds.
So each line is tried with each sign turned, each divisor made a factor and each number one larger.

Called with a page, prints how many faults were planted, and as JSON those that were not found.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from dlbook.press.derivation.check import FalseLine, check
from dlbook.press.reading.scan import scan
from dlbook.press.running.capture import Capture
from dlbook.press.running.display import PRINTED
from dlbook.press.running.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlbook.press.derivation.form import Derivation

ROOT = Path(__file__).resolve().parents[2]
TURNED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Div: ast.Mult,
}


def faulty(expression: str) -> Iterator[str]:
    """The expression with one fault, in all ways."""
    sound = ast.parse(expression, mode="eval")
    for place, node in enumerate(ast.walk(sound)):
        tree = copy.deepcopy(sound)
        twin: Any = list(ast.walk(tree))[place]
        match node:
            case ast.BinOp(op=op) if type(op) in TURNED:
                twin.op = TURNED[type(op)]()
            case ast.UnaryOp(op=ast.USub()):
                twin.op = ast.UAdd()
            case ast.Constant(value=int() | float() as value):
                twin.value = value + 1
            case _:
                continue
        yield ast.unparse(tree)


def planted(derivation: Derivation) -> Iterator[tuple[str, Derivation]]:
    """The derivation with one fault, in all ways, and where it is. Inequalities have room, and are let be."""
    steps = derivation.steps
    for k, step in enumerate(steps):
        neighbors = steps[1:2] if k == 0 else [step]
        if [s.relation for s in neighbors] != ["="]:
            continue
        for expression in faulty(step.expression):
            false = list(steps)
            false[k] = replace(step, expression=expression, tex=None)
            where = f"line {step.line}: {expression}"
            yield where, replace(derivation, steps=tuple(false))


def outcomes(
    derivation: Derivation, namespace: dict[str, Any]
) -> Iterator[tuple[str, bool]]:
    """For each planted fault, where it is, and whether it is found. One without values is none."""
    for where, false in planted(derivation):
        try:
            check(false, namespace)
        except FalseLine as error:
            if "does not hold" in str(error):
                yield where, True
        else:
            yield where, False


def main(page: str) -> None:
    """Run a page's slots in their order, and plant faults in each derivation as it comes."""
    os.chdir(ROOT)
    mpl.use("Agg")
    np.set_printoptions(**PRINTED)
    text = Path(page).read_text("utf-8")
    body = text.split("---\n", 2)[2] if text.startswith("---\n") else text
    faults: list[tuple[str, bool]] = []
    with Capture() as capture:
        session = Session(page, str(ROOT), capture, [])
        for slot in scan(page, text, body).slots:
            outcome = session.fill(slot)
            assert outcome.problem is None, outcome.problem
            if slot.derivation:
                faults += outcomes(slot.derivation, session.namespace)
    overlooked = [where for where, found in faults if not found]
    print(json.dumps({"planted": len(faults), "overlooked": overlooked}))


if __name__ == "__main__":
    main(sys.argv[1])
