"""What a cell depends on: enough, and not much more."""

from __future__ import annotations

import pytest

from dlbook.press.live.slices import Block, dependencies, names


def page(*blocks: tuple[str, str]) -> list[Block]:
    """Blocks by their code and the names that they changed."""
    return [Block(code, frozenset(changed.split())) for code, changed in blocks]


def needs(blocks: list[Block], code: str) -> list[int]:
    return dependencies(blocks, code, len(blocks))


def test_a_cell_depends_on_what_bound_the_names_that_it_reads() -> None:
    blocks = page(("a = 1", "a"), ("b = 2", "b"), ("c = a", "c"))
    assert needs(blocks, "print(c)") == [0, 2]


def test_a_block_that_changed_a_value_in_place_is_needed() -> None:
    blocks = page(("w = make()", "w"), ("step(w)", "w"), ("look(w)", ""))
    assert needs(blocks, "w") == [0, 1]


def test_a_change_by_an_alias_counts_for_the_name_that_it_changed() -> None:
    blocks = page(
        ("w = make()", "w"),
        ("optimizer = SGD(w)", "optimizer"),
        ("optimizer.step()", "w"),
    )
    assert needs(blocks, "w") == [0, 1, 2]


def test_what_was_bound_anew_later_is_not_needed() -> None:
    blocks = page(("a = slow()", "a"), ("a = 2", "a"))
    assert needs(blocks, "a") == [1]


@pytest.mark.parametrize(
    "code", ["a = a + 1", "a += 1", "if x:\n    a = 2", "print(a); a = 2"]
)
def test_what_may_have_been_read_before_it_was_bound_anew_is_needed(code: str) -> None:
    assert needs(page(("a = 1", "a"), (code, "a")), "a") == [0, 1]


def test_a_function_brings_what_it_will_read_when_it_is_called() -> None:
    blocks = page(("def f():\n    return k", "f"), ("k = 3", "k"), ("z = 1", "z"))
    assert needs(blocks, "f()") == [0, 1]


def test_a_function_reads_the_value_of_the_time_of_its_call() -> None:
    blocks = page(
        ("k = 1\ndef f():\n    return k", "k f"), ("k = 2", "k"), ("y = f()", "y")
    )
    assert needs(blocks, "y") == [0, 1, 2]


def test_parameters_and_local_names_of_a_function_are_not_the_page_s() -> None:
    found = names("def f(a, *, b=d):\n    c = a + e\n    return [g for g in c]")
    assert found.loads == {"d", "e"}
    assert found.binds == {"f"}


def test_a_lambda_in_a_name_carries_what_it_reads() -> None:
    blocks = page(("k = 1", "k"), ("model = [lambda x: k * x]", "model"))
    assert needs(blocks, "model[0](2)") == [0, 1]


def test_settings_of_a_library_are_needed_by_everything() -> None:
    blocks = page(
        ("import numpy as np", "np"), ("np.set_printoptions(precision=2)", "")
    )
    assert needs(blocks, "1 + 1") == [0, 1]


def test_a_frozen_block_needs_nothing_before_it() -> None:
    blocks = page(("a = 1", "a"), ("b = slow(a)", "b"))
    blocks[1] = Block("b = slow(a)", frozenset("b"), frozen=True)
    assert needs(blocks, "b") == [1]


def test_only_blocks_before_the_place_count() -> None:
    blocks = page(("a = 1", "a"), ("a = 2", "a"))
    assert dependencies(blocks, "a", 1) == [0]


@pytest.mark.parametrize(
    ("code", "bound"),
    [
        ("import a.b, c as d", {"a", "d"}),
        ("from a import b as c, d", {"c", "d"}),
        ("for i, (j, k) in x: y = 1", {"i", "j", "k", "y"}),
        ("with f() as (a, b): pass", {"a", "b"}),
        ("[(n := i) for i in x]", {"n"}),
        ("class A:\n    b = 1", {"A"}),
        ("try:\n    a\nexcept E as e:\n    c = 1", {"e", "c"}),
        ("x[0] = 1; y.z = 2", set()),
    ],
)
def test_the_names_that_code_binds(code: str, bound: set[str]) -> None:
    assert names(code).binds == bound


def test_code_that_is_not_python_has_no_names() -> None:
    assert names("a = (") == names("")
