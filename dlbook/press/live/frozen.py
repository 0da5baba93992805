"""Which blocks are frozen for the reader's browser, and which modules it has."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AT_HAND = frozenset({"cycler", "dlbook", "matplotlib", "numpy", "tqdm"})
"""What the browser has besides the standard library; matplotlib is a small stand-in there."""

SECONDS = 1.0
"""From this much computing on, a block should be frozen."""

LONGEST = 3.0
"""From this much on, a build insists: below it, a slow or busy machine might say so of a quick block."""


def is_frozen(options: Mapping[str, str], code: str) -> bool:
    """Whether a block is not run again in the browser when others depend on it."""
    return options.get("frozen") == "on" or bool(lacking(code))


def lacking(code: str) -> list[str]:
    """The packages that a piece of code imports and a browser does not have."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return []
    roots = {
        name.name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import)
        for name in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in nodes
        if isinstance(node, ast.ImportFrom)
    }
    return sorted(roots - AT_HAND - sys.stdlib_module_names)
