"""The test suite, read as text: which tests name which primitive, and how many tests there are."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
UNSEEN = ("dlbook.plot", "dlbook.press")  # hold no primitive, and cost much to import


WHAT = {
    "": "gradient checks, this page, and the order of the house",
    "autograd": "the engine: graphs, broadcasting, shapes, errors",
    "benchmarks": "how workloads are run beside PyTorch: same results, turns, provenance",
    "book": "the built book: links, anchors, headings, documents",
    "browser": "the built book in Chromium, light and dark, wide and narrow",
    "data": "the bundled data, splits, folds, batches, preparation",
    "metrics": "of classes, of numbers, of probabilities",
    "models": "the regressions, the perceptron, networks of dense layers",
    "mutations": "the planted faults: each must fail a test",
    "nn": "modules and layers",
    "ops": "the rules: differences, types, shapes, what they refuse",
    "optim": "the optimizers",
    "oracle": "PyTorch, live and by stored results",
    "plot": "the figures",
    "press": "the program that runs and typesets the pages",
    "reproducible": "the book built twice: the same to the last byte",
    "train": "the loop, its callbacks, what is cut and resumed",
}


class Check(NamedTuple):
    """A test function: its file, relative to the project, and its name."""

    file: str
    name: str

    def __str__(self) -> str:
        return self.name.removeprefix("test_").replace("_", " ")


@dataclass
class File:
    """What one file of the suite binds at its top, and what it imports anywhere."""

    path: str
    top: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str, text: str) -> File:
        """Read a file's text."""
        file, tree = cls(path), ast.parse(text)
        for node in tree.body:
            for name in _bound(node):
                file.top.setdefault(name, []).append(node)
        for part in ast.walk(tree):
            if isinstance(part, ast.ImportFrom):
                for found in part.names:
                    target = f"{part.module}.{found.name}"
                    file.imports[found.asname or found.name] = target
            elif isinstance(part, ast.Import):
                for found in part.names:
                    target = found.name if found.asname else found.name.split(".")[0]
                    file.imports[found.asname or target] = target
        return file

    @property
    def tests(self) -> Iterator[ast.FunctionDef]:
        """Its test functions."""
        for name, nodes in self.top.items():
            if name.startswith("test_"):
                yield from (node for node in nodes if isinstance(node, ast.FunctionDef))

    def path_of(self, part: ast.AST, own: set[str]) -> str | None:
        """The full dotted name that a name or an attribute stands for, unless the code itself binds its root."""
        names = []
        while isinstance(part, ast.Attribute):
            names.append(part.attr)
            part = part.value
        if not isinstance(part, ast.Name) or part.id in own:
            return None
        here = self.path.removesuffix(".py").replace("/", ".")
        root = f"{here}.{part.id}" if part.id in self.top else None
        root = root or self.imports.get(part.id)
        return ".".join([root, *reversed(names)]) if root else None


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of a file binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return _assigned(node)


def _assigned(node: ast.AST) -> set[str]:
    """The names that a piece of code assigns to."""
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


class Suite:
    """The files of the suite, and the primitives that their tests name.

    A test holds a primitive if its body names it, or that of a helper or a fixture that it uses, or if a table
    that it is parametrized by does. Names are followed from file to file; nothing is run.

    Args:
        files: The text of each file by its path, relative to the project.
        primitives: A name for each object that stands for a primitive, by the object's `id`.
    """

    def __init__(self, files: Mapping[str, str], primitives: Mapping[int, str]) -> None:
        self.files = {path: File.read(path, text) for path, text in files.items()}
        self.primitives = primitives
        self._leads: dict[ast.AST, tuple[set[str], list[tuple[File, ast.stmt]]]] = {}

    def holding(self) -> dict[str, list[Check]]:
        """The tests that hold each primitive, by its name."""
        found = defaultdict(list)
        for file in self.files.values():
            for test in file.tests:
                named = self._named(file, test, tables=False)
                for decorator in test.decorator_list:
                    named |= self._named(file, decorator, tables=True)
                for name in named:
                    found[name].append(Check(file.path, test.name))
        return dict(found)

    def count(self) -> dict[str, int]:
        """How many test functions there are in each folder ("" for none)."""
        counts: dict[str, int] = {}
        for path, file in self.files.items():
            tests = sum(1 for _ in file.tests)
            folder = path.split("/")[1] if path.count("/") > 1 else ""
            if tests:
                counts[folder] = counts.get(folder, 0) + tests
        return counts

    def _named(self, file: File, code: ast.AST, *, tables: bool) -> set[str]:
        """The primitives that code names, itself or through what it uses of the suite.

        Args:
            file: Where it stands.
            code: What to look into.
            tables: Whether to look also into what is assigned at the top of a file.
        """
        found: set[str] = set()
        seen: set[ast.AST] = set()
        waiting = [(file, code)]
        while waiting:
            file, code = waiting.pop()
            if code in seen:
                continue
            seen.add(code)
            if code not in self._leads:
                self._leads[code] = self._lead(file, code)
            named, used = self._leads[code]
            found |= named
            waiting += [
                (where, node)
                for where, node in used
                if tables or isinstance(node, ast.FunctionDef | ast.ClassDef)
            ]
        return found

    def _lead(
        self, file: File, code: ast.AST
    ) -> tuple[set[str], list[tuple[File, ast.stmt]]]:
        """The primitives that code names itself, and what of the suite it uses."""
        parts = list(ast.walk(code))
        arguments = {part.arg for part in parts if isinstance(part, ast.arg)}
        own = arguments | _assigned(code)
        used = [
            (file, node)
            for name in arguments  # an argument of a test is a fixture
            for node in file.top.get(name, [])
        ]
        named = set()
        for part in parts:
            path = file.path_of(part, own) or ""
            module, _, name = path.rpartition(".")
            place = module.replace(".", "/")
            home = self.files.get(f"{place}.py") or self.files.get(
                f"{place}/__init__.py"
            )
            if home:
                used += [(home, node) for node in home.top.get(name, [])]
            elif id(_thing(path)) in self.primitives:
                named.add(self.primitives[id(_thing(path))])
        return named, used


def _thing(path: str) -> Any:
    """The object of the library that a dotted name leads to, or None."""
    if not path.startswith("dlbook.") or path.startswith(UNSEEN):
        return sys.modules.get(path)
    module, _, name = path.rpartition(".")
    return getattr(sys.modules.get(module) or _thing(module), name, None)


def _texts(folder: str) -> dict[str, str]:
    """The text of each Python file below a folder of the project, by its path."""
    found = {}
    for here, folders, names in os.walk(ROOT / folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for path in (Path(here, name) for name in sorted(names)):
            if path.suffix == ".py":
                found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    return found


def on_disk(primitives: Mapping[int, str]) -> Suite:
    """The suite as it stands in the folder `tests/`."""
    return Suite(_texts("tests"), primitives)


def examples() -> int:
    """How many statements of the docstrings of `dlbook` are run as examples."""
    statement = re.compile(r"^ *>>> ", re.MULTILINE)
    return sum(len(statement.findall(text)) for text in _texts("dlbook").values())


def rows() -> list[tuple[str, str, int]]:
    """The folders of the suite, what is held there, and by how many tests."""
    counts = on_disk({}).count()
    unsaid = sorted(counts.keys() - WHAT.keys())
    assert not unsaid, f"tests/suite.py: WHAT does not say what {unsaid} holds"
    return [(f"`tests/{f}`", WHAT[f], n) for f, n in sorted(counts.items())]
