"""Which names a block changed is seen, whatever changed them and by whatever name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlbook import Parameter, grad
from dlbook.optim import Adam
from dlbook.press.live.changes import Fingerprints


def changed(namespace: dict[str, Any], code: str, mentioned: str = "") -> list[str]:
    """The names that a piece of code changes."""
    before = Fingerprints(namespace)
    exec(code, namespace)
    return before.changed(Fingerprints(namespace), mentioned.split())


def counter() -> Callable[[], int]:
    count = 0

    def up() -> int:
        nonlocal count
        count += 1
        return count

    return up


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1, "a = 2"),
        (1, "a = 1.0"),
        ([1, 2], "a.append(3)"),
        ([[1], [2]], "a[0][0] = 5"),
        ({"k": [1]}, "a['k'].append(2)"),
        ({1, 2}, "a.add(3)"),
        (np.zeros(3), "a[1] = 1e-300"),
        (np.zeros((2, 2)), "a.T[0, 1] = 1"),
        (np.zeros(3), "a = a.astype('f4')"),
        (np.array([[1], 2], dtype=object), "a[0].append(2)"),
        (np.random.default_rng(0), "a.normal()"),
        (Parameter(np.zeros(2)), "a.value = a.value + 1"),
        (counter(), "a()"),
    ],
)
def test_a_changed_value_is_seen(value: Any, code: str) -> None:
    assert changed({"a": value, "b": 1}, code) == ["a"]


def test_a_change_by_an_alias_is_a_change_of_both_names() -> None:
    rows = [1, 2]
    assert changed({"a": rows, "b": {"rows": rows}}, "a.append(3)") == ["a", "b"]


def test_an_optimizer_s_step_changes_the_weights_and_the_optimizer() -> None:
    w = Parameter(np.ones(2))
    namespace = {"w": w, "optimizer": Adam([w]), "grad": grad}
    code = "optimizer.step(grad((w * w).sum(), [w]))"
    assert changed(namespace, code) == ["optimizer", "w"]


def test_what_is_only_read_has_not_changed() -> None:
    namespace = {"a": [1, np.ones(3)], "f": counter, "np": np}
    assert changed(namespace, "f(); a[1] + 1; np.ones(2)", "a f np") == []


def test_a_new_name_counts_and_a_name_bound_anew_to_an_equal_array_too() -> None:
    assert changed({"a": np.zeros(2), "np": np}, "a = np.zeros(2); b = 1") == ["a", "b"]


def test_what_cannot_be_looked_into_counts_as_changed_where_it_is_mentioned() -> None:
    namespace = {"steps": iter([1, 2, 3])}
    assert changed(namespace, "next(steps)", "steps") == ["steps"]
    assert changed(namespace, "1 + 1") == []


def test_a_value_that_contains_itself_can_be_looked_into() -> None:
    ring: list[Any] = [1]
    ring.append(ring)
    assert changed({"a": ring}, "a[0] = 2") == ["a"]
    assert changed({"a": ring}, "a[0]", "a") == []


def test_a_deleted_name_has_changed() -> None:
    assert changed({"a": 1}, "del a") == ["a"]
