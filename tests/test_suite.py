"""Which tests hold a primitive, read from suites that are written for the purpose."""

from __future__ import annotations

import ast
import doctest

import pytest

from dlbook import autograd, ops
from dlbook.autograd import operators
from tests import suite
from tests.suite import ROOT, Suite

NAMES = {
    id(ops.relu): "relu",
    id(ops.tanh): "tanh",
    id(operators._stack): "stack",
    id(autograd.stack): "stack",
}


def holding(test: str, **files: str) -> dict[str, list[str]]:
    """The tests that hold each primitive, where one file is the test and the others stand beside it."""
    texts = {
        "tests/test_it.py": test,
        **{f"tests/{name}.py": text for name, text in files.items()},
    }
    found = Suite(texts, NAMES).holding()
    return {name: [check.name for check in checks] for name, checks in found.items()}


@pytest.mark.parametrize(
    "test",
    [
        "from dlbook.ops import relu\ndef test_a(): relu(0)",
        "from dlbook.ops import relu as ramp\ndef test_a(): ramp(0)",
        "from dlbook.ops.activation.rectifiers import relu\ndef test_a(): relu(0)",
        "from dlbook import ops\ndef test_a(): ops.relu(0)",
        "import dlbook\ndef test_a(): dlbook.ops.relu.rule(0)",
        "import dlbook.ops as o\ndef test_a(): o.activation.rectifiers.relu(0)",
        "def test_a():\n    from dlbook.ops import relu\n    relu(0)",
    ],
)
def test_a_name_is_known_however_it_was_imported(test: str) -> None:
    assert holding(test) == {"relu": ["test_a"]}


def test_a_test_is_held_to_what_its_helpers_and_fixtures_name() -> None:
    test = """
from dlbook import ops
from tests.helpers import ramp
def half(x): return ramp(x) / 2
@pytest.fixture
def network(): return ops.tanh
def test_helped(): half(1)
def test_fixed(network): network(1)
def test_neither(): pass
"""
    helpers = "from dlbook.ops import relu\ndef ramp(x): return relu(x)"
    assert holding(test, helpers=helpers) == {
        "relu": ["test_helped"],
        "tanh": ["test_fixed"],
    }


def test_a_table_counts_for_the_tests_that_run_over_it() -> None:
    test = """
from tests.cases import CASES
each = pytest.mark.parametrize("case", CASES)
@each
def test_each(case): case()
@pytest.mark.parametrize("case", CASES[:1])
def test_some(case): case()
def test_the_table_is_long(): assert len(CASES) > 1
"""
    cases = "from dlbook.ops import relu\ndef made(): return [relu]\nCASES: list[int] = [*made()]"
    assert holding(test, cases=cases) == {"relu": ["test_each", "test_some"]}


def test_a_table_of_a_folder_is_that_of_its_files() -> None:
    test = "from tests.cases import CASES\n@pytest.mark.parametrize('case', CASES)\ndef test_each(case): case()"
    folder = {
        "tests/test_it.py": test,
        "tests/cases/__init__.py": "from tests.cases import ramp\nCASES = [*ramp.CASES]",
        "tests/cases/ramp.py": "from dlbook.ops import relu\nCASES = [relu]",
    }
    found = Suite(folder, NAMES).holding()
    assert [check.name for check in found["relu"]] == ["test_each"]


def test_a_function_that_calls_a_primitive_stands_for_it() -> None:
    test = "from dlbook import stack\nfrom dlbook.autograd import operators\n"
    assert holding(
        f"{test}def test_a(): stack([1])\ndef test_b(): operators._stack(1)"
    ) == {"stack": ["test_a", "test_b"]}


def test_another_thing_of_the_same_name_is_not_taken_for_a_primitive() -> None:
    test = """
import numpy as np
from torch import relu
from dlbook import ops
def tanh(x): return x
def test_a(): relu(np.tanh(tanh(0)))
def test_b():
    ops = np
    ops.tanh(0)
def test_c(ops): ops.tanh(0)
"""
    assert holding(test) == {}


def test_helpers_may_call_each_other_in_a_circle() -> None:
    test = """
from dlbook.ops import relu
def f(x): return g(x)
def g(x): return f(x) if x else relu(x)
def test_a(): f(1)
def test_b(): g(1)
"""
    assert holding(test) == {"relu": ["test_a", "test_b"]}


def test_tests_are_counted_by_folder() -> None:
    files = {
        "tests/test_a.py": "def test_1(): ...\ndef helper(): ...",
        "tests/ops/test_b.py": "def test_2(): ...\ndef test_3(): ...",
        "tests/ops/deep/test_c.py": "def test_4(): ...",
        "tests/ops/cases.py": "CASES = []",
    }
    assert Suite(files, {}).count() == {"": 1, "ops": 3}


def test_the_suite_on_disk_says_of_every_folder_what_is_held_there() -> None:
    rows = suite.rows()
    assert all((ROOT / "tests" / folder).is_dir() for folder in suite.WHAT)
    trees = [ast.parse(p.read_text("utf-8")) for p in (ROOT / "tests").rglob("*.py")]
    functions = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert sum(tests for _, _, tests in rows) == len(functions)


def test_a_folder_of_which_nothing_is_said_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(suite.WHAT, "ops")
    with pytest.raises(AssertionError, match=r"WHAT does not say what \['ops'\] holds"):
        suite.rows()


def test_every_example_of_a_docstring_is_counted() -> None:
    parser, count = doctest.DocTestParser(), 0
    for path in (ROOT / "dlbook").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                count += len(parser.get_examples(ast.get_docstring(node) or ""))
    assert suite.examples() == count > 100
