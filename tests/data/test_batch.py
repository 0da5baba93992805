"""Batches: sizes, passes, order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from dlbook.data import batches


@given(st.integers(1, 40), st.integers(1, 50), st.booleans())
def test_a_pass_brings_every_example_once(
    n: int, batch_size: int, shuffled: bool
) -> None:
    epoch = batches(
        np.arange(n),
        batch_size=batch_size,
        rng=np.random.default_rng(n) if shuffled else None,
    )
    parts = [x for (x,) in epoch]
    assert len(parts) == len(epoch)
    assert_array_equal(np.sort(np.concatenate(parts)), np.arange(n))
    assert (
        all(len(x) == batch_size for x in parts[:-1])
        and 1 <= len(parts[-1]) <= batch_size
    )


def test_without_a_generator_the_order_is_that_of_the_data() -> None:
    epoch = batches(np.arange(7), batch_size=3)
    for _ in range(2):
        assert_array_equal(np.concatenate([x for (x,) in epoch]), np.arange(7))


def test_each_pass_is_shuffled_anew() -> None:
    epoch = batches(np.arange(50), batch_size=10, rng=np.random.default_rng(0))
    first, second = (np.concatenate([x for (x,) in epoch]) for _ in range(2))
    assert (first != second).any()
    assert (first != np.arange(50)).any()


def test_the_seed_decides_the_order() -> None:
    first, again = (
        np.concatenate(
            [
                x
                for (x,) in batches(
                    np.arange(50), batch_size=7, rng=np.random.default_rng(3)
                )
            ]
        )
        for _ in range(2)
    )
    assert_array_equal(first, again)


def test_several_arrays_are_cut_alike(rng: np.random.Generator) -> None:
    x = np.arange(20).reshape(10, 2)
    for x_batch, y_batch in batches(x, x[:, 0], batch_size=4, rng=rng):
        assert_array_equal(x_batch[:, 0], y_batch)


def test_fifty_rows_in_ten_epochs_give_ten_or_five_hundred_updates() -> None:
    rows = np.zeros((50, 3))
    assert 10 * len(batches(rows, batch_size=50)) == 10
    assert 10 * len(batches(rows, batch_size=1)) == 500


def test_the_rest_may_be_dropped(rng: np.random.Generator) -> None:
    epoch = batches(np.arange(11), batch_size=4, rng=rng, drop_last=True)
    assert [len(x) for (x,) in epoch] == [4, 4] and len(epoch) == 2


def test_unshuffled_batches_are_views() -> None:
    x = np.arange(6)
    assert all(np.shares_memory(part, x) for (part,) in batches(x, batch_size=4))


@pytest.mark.parametrize(
    ("arrays", "settings", "error", "message"),
    [
        (
            [],
            {"batch_size": 2},
            TypeError,
            "arrays: expected at least one array, got none",
        ),
        (
            [np.zeros(3), np.zeros(4)],
            {"batch_size": 2},
            ValueError,
            "arrays: expected 3 examples in each, got 4 in",
        ),
        (
            [np.zeros(3), 5.0],
            {"batch_size": 2},
            ValueError,
            "arrays: expected an axis of examples, got a single",
        ),
        (
            [np.zeros(3)],
            {"batch_size": 0},
            ValueError,
            "batch_size: expected at least 1, got 0",
        ),
        (
            [np.zeros(3)],
            {"batch_size": -1},
            ValueError,
            "batch_size: expected at least 1, got -1",
        ),
        (
            [np.zeros(3)],
            {"batch_size": 2.0},
            TypeError,
            r"batch_size: expected a whole number, got 2\.0",
        ),
        (
            [np.zeros(0)],
            {"batch_size": 2},
            ValueError,
            "arrays: expected enough for one batch of 2, got 0",
        ),
        (
            [np.zeros(3)],
            {"batch_size": 4, "drop_last": True},
            ValueError,
            "enough for one full batch of 4, got 3",
        ),
        ([np.zeros(3)], {"batch_size": 2, "rng": 0}, TypeError, "rng: expected"),
    ],
)
def test_batches_that_cannot_be_cut_are_refused_at_the_call(
    arrays: list[Any], settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"batches: .*{message}"):
        batches(*arrays, **settings)
