"""Packages that load their names when asked: the table and the type checker's block say the same."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = [
    path
    for path in sorted((ROOT / "dlbook").rglob("__init__.py"))
    if "attach(" in path.read_text("utf-8")
]


def package_of(path: Path) -> str:
    return ".".join(path.parent.relative_to(ROOT).parts)


def names_for_the_type_checker(path: Path) -> dict[str, str]:
    """For each name under `TYPE_CHECKING`, its home relative to the package."""
    tree = ast.parse(path.read_text("utf-8"))
    block = next(
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    homes = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            assert alias.asname == alias.name, (
                f"{alias.name}: mypy takes it for private unless it is imported as itself"
            )
            home = (
                ""
                if node.module == package_of(path)
                else (node.module or "").removeprefix(f"{package_of(path)}.")
            )
            homes[alias.name] = home or "."
    return homes


def table(path: Path) -> dict[str, str]:
    """The table that the package hands to `attach`."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    call = next(node for node in calls if ast.unparse(node.func) == "attach")
    homes = ast.literal_eval(call.args[1])
    assert isinstance(homes, dict)
    return homes


each_package = pytest.mark.parametrize("path", PACKAGES, ids=package_of)


@each_package
def test_the_table_and_the_type_checker_agree(path: Path) -> None:
    assert table(path) == names_for_the_type_checker(path)


@each_package
def test_the_table_is_sorted(path: Path) -> None:
    assert list(table(path)) == sorted(table(path))


@each_package
def test_every_name_can_be_had(path: Path) -> None:
    package = importlib.import_module(package_of(path))
    assert set(package.__all__) == set(table(path)) <= set(dir(package))
    for name, home in table(path).items():
        value = getattr(package, name)
        if home == ".":
            assert value is importlib.import_module(f"{package.__name__}.{name}")
        else:
            assert value is getattr(
                importlib.import_module(f"{package.__name__}.{home}"), name
            )


@each_package
def test_an_unknown_name_is_an_attribute_error(path: Path) -> None:
    package = importlib.import_module(package_of(path))
    with pytest.raises(
        AttributeError,
        match=rf"^module '{package.__name__}' has no attribute 'nothing_of_the_sort'$",
    ):
        package.nothing_of_the_sort  # noqa: B018


def modules_after(code: str) -> set[str]:
    """The modules of dlbook that a fresh interpreter has loaded after running the code."""
    report = "import sys; print(*[name for name in sys.modules if name.startswith('dlbook')])"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(done.stdout.split())


def test_importing_one_op_imports_one_file() -> None:
    loaded = modules_after("from dlbook.ops import relu")
    assert {name for name in loaded if name.startswith("dlbook.ops")} == {
        "dlbook.ops",
        "dlbook.ops.activation",
        "dlbook.ops.activation.rectifiers",
    }


def test_importing_the_package_imports_nothing_of_it() -> None:
    assert modules_after("import dlbook") == {
        "dlbook",
        "dlbook._lazy",
        "dlbook._memory",
    }


@pytest.mark.parametrize(
    "code",
    [
        "import dlbook.ops.linear; linear = dlbook.ops.linear",
        "from dlbook.ops.linear import linear as _; from dlbook.ops import linear",
        "from dlbook.ops import linear; import dlbook.ops.linear",
        "import dlbook; linear = dlbook.ops.linear",
    ],
)
def test_a_function_is_not_hidden_by_the_file_of_its_name(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(type(linear).__name__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == "Primitive\n"
