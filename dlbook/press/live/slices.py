"""What a cell of a page depends on: the blocks before it that must have run, and no others.

A backward slice. Which names a block changed is known (`changes.py`); which it reads is taken from its code, and
rather too many than too few: every name in it counts, and with a function also the names that it will read when it is
called.
"""

from __future__ import annotations

import ast
import functools
import symtable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORLD = ""
"""Stands among the names for what every block depends on: settings of a library, the environment."""

DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
"""Statements that bind a name to a module, a function or a class."""

_BINDING = (ast.Assign, ast.AnnAssign, ast.With, *DEFINING)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SETTINGS = frozenset(
    {"gc", "matplotlib", "mpl", "np", "numpy", "os", "random", "sys", "warnings"}
)


@dataclass(frozen=True)
class Names:
    """The names in a piece of code.

    Args:
        loads: Those that it reads, at once or later, in a function that it defines.
        needs: Those of them that it may read before it binds them itself.
        binds: Those that it binds at its top level.
        kills: Those that it surely binds before it reads them: their earlier values cannot matter to it.
        fixed: Those that it binds to a module, a function or a class.
        later: Those that its functions read, when they are called.
        world: Whether it may change what does not stand in the namespace.
    """

    loads: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    kills: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    world: bool = False


@dataclass(frozen=True)
class Block:
    """One executed piece of a page.

    Args:
        code: What is executed.
        changed: The names that it changed when the book was built.
        frozen: Whether its names are loaded rather than made, since it takes too long, or needs what a browser lacks.
    """

    code: str
    changed: frozenset[str] = field(default_factory=frozenset)
    frozen: bool = False

    @property
    def names(self) -> Names:
        """The names in its code."""
        return names(self.code)

    @property
    def changes(self) -> frozenset[str]:
        """The names that it changes, the world among them."""
        return self.changed | {WORLD} if self.names.world else self.changed


@functools.lru_cache(maxsize=4096)
def names(code: str) -> Names:
    """Read the names of a piece of code; of code that is not Python there are none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return Names()
    nodes = list(ast.walk(tree))
    table = symtable.symtable(code, "<cell>", "exec")
    loads = _loads(table)
    loads |= {name for node in nodes for name in _handled(node)}
    kills: set[str] = set()
    fixed: set[str] = set()
    binds: set[str] = set()
    read: set[str] = set()
    for statement in tree.body:
        bound = _bound(statement)
        module = ast.Module([statement], [])
        read |= _loads(symtable.symtable(ast.unparse(module), "<cell>", "exec"))
        read |= {name for node in ast.walk(statement) for name in _handled(node)}
        if isinstance(statement, _BINDING):
            kills |= bound - read
        if isinstance(statement, DEFINING):
            fixed |= bound
        binds |= bound
    return Names(
        loads=frozenset(loads),
        needs=frozenset(loads - kills),
        binds=frozenset(binds),
        kills=frozenset(kills),
        fixed=frozenset(fixed),
        later=frozenset(_later(table)),
        world=any(_changes_the_world(n) for n in nodes),
    )


def _loads(table: symtable.SymbolTable) -> set[str]:
    """The names of the page that a scope and those within it read."""
    top = table.get_type() == "module"
    found = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
    }
    return found.union(*map(_loads, table.get_children()))


def _later(table: symtable.SymbolTable) -> set[str]:
    """The names of the page that the functions in a scope read; a list is made at once, by no call."""
    at_once = ("listcomp", "setcomp", "dictcomp")
    return set[str]().union(
        *(
            _later(child) if child.get_name() in at_once else _loads(child)
            for child in table.get_children()
        )
    )


def _handled(node: ast.AST) -> list[str]:
    """The names that `x += 1` and `del x` read, though they do not look like it."""
    targets = node.targets if isinstance(node, ast.Delete) else []
    if isinstance(node, ast.AugAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds in the scope that it stands in."""
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {a.asname or a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.NamedExpr):
            found.add(node.target.id)  # also out of a comprehension
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)
        else:
            waiting += [n for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]
    return found


def _changes_the_world(node: ast.AST) -> bool:
    """Whether a statement looks like one that sets something: `np.set_printoptions(…)`, `warnings.x = …`."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _root(node.value.func) in _SETTINGS
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = node.targets if not isinstance(node, ast.AugAssign) else [node.target]
        return any(
            isinstance(t, ast.Attribute | ast.Subscript) and _root(t) in _SETTINGS
            for t in targets
        )
    return False


def _root(node: ast.expr) -> str:
    """The name that an expression such as `np.random.seed` begins with; empty if it is a name alone."""
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript | ast.Call):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return inner.id if isinstance(inner, ast.Name) and inner is not node else ""


class Reads:
    """What blocks read, with what the functions read that they may call.

    Args:
        blocks: The page's blocks, in order.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._carried: dict[str, frozenset[str]] = {}
        for block in blocks:
            found = block.names
            for name in block.changed | found.binds if found.later else ():
                known = self._carried.get(name, frozenset())
                self._carried[name] = known | found.later

    def of(self, code: str) -> frozenset[str]:
        """The names whose values a piece of code may depend on."""
        wanted, waiting = {WORLD}, set(names(code).needs)
        while waiting:
            wanted |= waiting
            waiting = {
                other for name in waiting for other in self._carried.get(name, ())
            } - wanted
        return frozenset(wanted)


def dependencies(blocks: Sequence[Block], code: str, before: int) -> list[int]:
    """The blocks that must have run before a piece of code, in order.

    Args:
        blocks: The page's blocks, in order.
        code: The piece of code.
        before: Its place: only the blocks before this number count.
    """
    reads = Reads(blocks)
    needed, found = set(reads.of(code)), []
    for number in reversed(range(before)):
        block = blocks[number]
        if needed.isdisjoint(block.changes):
            continue
        found.append(number)
        if block.frozen:
            needed -= block.changed
        else:
            needed -= block.names.kills
            needed |= reads.of(block.code)
    return found[::-1]
