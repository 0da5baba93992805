"""The house's order: which part may import which, what an import costs, and what every public name owes its reader."""

from __future__ import annotations

import ast
import fnmatch
import importlib
import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "dlbook").rglob("*.py"))

BUILT_ON_NUMPY_ALONE = {
    "autograd",
    "data",
    "gradcheck",
    "init",
    "metrics",
    "models",
    "nn",
    "ops",
    "optim",
    "train",
}

# "May import". A part may also import itself and `_lazy`; the press, which nothing imports, may import anything.
# For the type checker alone, every part may name the types of `autograd`: such imports are never executed.
ARROWS: dict[str, set[str]] = {
    "_lazy": set(),
    "_memory": set(),
    "autograd": set(),
    "data": set(),
    "gradcheck": {"autograd"},
    "init": set(),
    "metrics": set(),
    "models": BUILT_ON_NUMPY_ALONE - {"models"},
    "nn": {"autograd", "init", "ops"},
    "ops": {"autograd"},
    "optim": {"autograd"},
    "plot": BUILT_ON_NUMPY_ALONE,
    "train": {"autograd", "data", "metrics", "nn", "optim"},
}
PARTS = sorted(
    {path.relative_to(ROOT / "dlbook").parts[0].removesuffix(".py") for path in FILES}
    - {"__init__"}
)
PUBLIC_PARTS = sorted(set(PARTS) - {"_lazy", "_memory", "press"})


def part_of(path: Path) -> str:
    """The part that a file belongs to: `ops` for `dlbook/ops/loss.py`, `train` for `dlbook/train.py`."""
    return path.relative_to(ROOT / "dlbook").parts[0].removesuffix(".py")


def is_for_the_type_checker(node: ast.AST) -> bool:
    """Whether a node is `if TYPE_CHECKING:`; what stands below it is never executed."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and full name of every import below a node, wherever it stands."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"line {node.lineno}: imports are written in full, not relative to the file"
            )
            found += [
                (node.lineno, f"{node.module}.{name.name}") for name in node.names
            ]
    return found


def paid_at_import(tree: ast.Module) -> list[tuple[int, str]]:
    """The imports that run when the file is imported: not those in functions, not those for the type checker."""
    found = []
    for node in tree.body:
        if not isinstance(
            node, ast.FunctionDef | ast.ClassDef
        ) and not is_for_the_type_checker(node):
            found += imports(node)
    return found


@pytest.mark.parametrize("part", [part for part in PARTS if part != "press"])
def test_a_part_imports_only_what_stands_below_it(part: str) -> None:
    assert part in ARROWS, (
        f"{part} has no place in the house: give it its arrows here and in CONTRIBUTING.md"
    )
    wrong = []
    for path in FILES:
        if part_of(path) != part:
            continue
        tree = ast.parse(path.read_text())
        typing = {
            found
            for node in tree.body
            if is_for_the_type_checker(node)
            for found in imports(node)
        }
        for line, name in imports(tree):
            root, _, rest = name.partition(".")
            allowed = (
                {part, "_lazy"}
                | ARROWS[part]
                | ({"autograd"} if (line, name) in typing else set())
            )
            if root == "dlbook" and rest.split(".")[0] not in allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, wrong


def test_nothing_imports_the_press() -> None:
    importers = {
        str(path.relative_to(ROOT))
        for path in FILES
        if part_of(path) != "press"
        and any(
            name.startswith("dlbook.press")
            for _, name in imports(ast.parse(path.read_text()))
        )
    }
    assert importers == set()


@pytest.mark.parametrize("part", sorted(BUILT_ON_NUMPY_ALONE & set(PARTS)))
def test_importing_a_part_loads_numpy_and_the_standard_library_only(part: str) -> None:
    known = sys.stdlib_module_names | {"numpy", "dlbook"}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in FILES
        if part_of(path) == part
        for line, name in paid_at_import(ast.parse(path.read_text()))
        if name.split(".")[0] not in known
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    "part", sorted({"autograd", "data", "init", "metrics"} & set(PARTS))
)
def test_the_foundations_know_no_other_package_at_all(part: str) -> None:
    """Not even inside a function. Types are free: they are for the checker, and never loaded."""
    for path in FILES:
        if part_of(path) == part:
            tree = ast.parse(path.read_text())
            tree.body = [
                node for node in tree.body if not is_for_the_type_checker(node)
            ]
            others = (
                {name.split(".")[0] for _, name in imports(tree)}
                - sys.stdlib_module_names
                - {"numpy", "dlbook"}
            )
            assert others == set(), path.relative_to(ROOT)


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after one statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_importing_dlbook_loads_nothing_heavy() -> None:
    loaded = {name.split(".")[0] for name in loaded_after("import dlbook")}
    assert "dlbook" in loaded
    heavy = {
        "matplotlib",
        "tqdm",
        "jaxtyping",
        "beartype",
        "sklearn",
        "scipy",
        "torch",
        "mkdocs",
        "yaml",
    }
    assert loaded & heavy == set()


def test_importing_one_op_loads_one_file_of_ops() -> None:
    loaded = {
        name
        for name in loaded_after("from dlbook.ops import sigmoid")
        if name.startswith("dlbook.")
    }
    assert {name for name in loaded if name.startswith("dlbook.ops.")} == {
        "dlbook.ops.activation",
        "dlbook.ops.activation.squashing",
    }
    assert {name.split(".")[1] for name in loaded} == {
        "_lazy",
        "_memory",
        "autograd",
        "ops",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_be_read_at_one_sitting(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= 400, (
        f"{path.relative_to(ROOT)}: expected at most 400 lines, got {lines}"
    )


def public_names(part: str) -> dict[str, object]:
    """What a part offers: the names of its `__all__`, or those of a single file that it defines itself."""
    module = importlib.import_module(f"dlbook.{part}")
    names = getattr(module, "__all__", None) or [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", None) == module.__name__
    ]
    values = {name: getattr(module, name) for name in names}
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, ModuleType)
    }


@pytest.mark.parametrize("part", PUBLIC_PARTS)
def test_every_public_function_and_class_is_explained_by_an_example(part: str) -> None:
    lacking = []
    for name, value in public_names(part).items():
        if not callable(value) or (
            inspect.isclass(value) and issubclass(value, BaseException)
        ):
            continue
        doc = value.__doc__ or ""
        if not re.search(r"^\s*Examples:\n(.*\n)*?\s*>>> ", doc, re.MULTILINE):
            lacking.append(name)
    assert lacking == [], f"dlbook.{part}: no `Examples:` with a doctest"


@pytest.mark.parametrize("part", PUBLIC_PARTS)
def test_a_part_offers_what_it_announces(part: str) -> None:
    names = public_names(part)
    module = importlib.import_module(f"dlbook.{part}")
    assert names
    assert set(names) <= set(dir(module))
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # noqa: B018


def texts() -> dict[str, str]:
    """The repository's text files by path, without what `.gitignore` leaves out."""
    ignored = [
        line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()
    ]
    found = {}
    for folder, folders, names in os.walk(ROOT):
        kept = [
            d
            for d in folders
            if d != ".git"
            and not any(fnmatch.fnmatch(d, pattern) for pattern in ignored)
        ]
        folders[:] = sorted(kept)
        for path in (Path(folder, name) for name in sorted(names)):
            if (
                path.suffix not in {".npz", ".png", ".pyc", ".woff2"}
                and path.name != ".git"
            ):
                found[str(path.relative_to(ROOT))] = path.read_text()
    return found


def test_no_file_names_a_registry_or_somebody_s_machine() -> None:
    # Spelled in pieces, so that this file doesn't find itself.
    hosts = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "registry.npm" + "js.org",
        "deb." + "debian.org",
    ]
    folders = [
        "/ro" + "ot/",
        "/wo" + "rk/",
        "/ho" + "me/",
        "/Us" + "ers/",
        "/t" + "mp/",
    ]
    pattern = re.compile(
        "|".join(
            [*map(re.escape, hosts), *(rf"(?<![\w.<]){folder}" for folder in folders)]
        )
    )
    files = texts()
    assert {
        "README.md",
        ".ci/run",
        "dlbook/__init__.py",
        "docs/index.md",
    } <= files.keys()
    found = [
        f"{name}:{number}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_lock_files_hold_versions_and_no_addresses() -> None:
    for path in sorted(ROOT.glob("requirements*.txt")):
        lines = [
            line
            for line in path.read_text().splitlines()
            if line and not line.startswith("#")
        ]
        assert lines
        for line in lines:
            assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line), (
                f"{path.name}: {line}"
            )
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_pinned_click_still_reloads_the_served_book() -> None:
    pins = dict(
        line.split("==") for line in (ROOT / "requirements.txt").read_text().split()
    )
    assert tuple(map(int, pins["click"].split(".")[:2])) < (8, 3)


def test_the_oldest_versions_that_are_tested_are_the_oldest_that_are_promised() -> None:
    makefile = (ROOT / "Makefile").read_text()
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "dependencies"
    ]
    tested = dict(re.findall(r"^OLDEST_(\w+) := (.+)$", makefile, re.MULTILINE))
    assert {
        f"{name.lower()}>={version.removesuffix('.0')}"
        for name, version in tested.items()
    } == set(promised)
