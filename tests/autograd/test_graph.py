"""The graph: how long it may be, how long it lives, and what it doesn't keep."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Parameter, Tensor, grad, no_grad, primitive


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_graph_may_be_100_000_calls_deep(without_collector: None) -> None:
    x = Tensor(0.5)
    y = x
    for _ in range(100_000):
        y = y + x
    assert y.item() == 100_001 * 0.5
    assert grad(y, [x])[0] == 100_001
    last = weakref.ref(y.inputs[0])
    del y  # frees a chain of 100,000 objects, which must not recurse too deep
    assert last() is None


def test_a_graph_dies_with_its_last_reference(without_collector: None) -> None:
    w = Parameter(np.ones(3))
    hidden = w * 2
    seen = weakref.ref(hidden)
    loss = (hidden * hidden).sum()
    del hidden
    assert seen() is not None
    grad(loss, [w])
    del loss
    assert seen() is None


def test_a_graph_has_no_cycles(without_collector: None) -> None:
    w = Parameter(np.ones((2, 2)))
    loss = ((w @ w)[0].max() * w.reshape(4).exp().log().mean() / w.T.sum()).transpose()
    grad(loss, [w])
    del loss, w
    assert gc.collect() == 0


def test_the_graph_stays_true_when_a_parameter_is_rebound() -> None:
    w = Parameter([2.0])
    loss = (w * w).sum()
    w.value = np.array([10.0])
    assert grad(loss, [w])[0].tolist() == [4]


def test_a_graph_can_be_walked_twice() -> None:
    x = Tensor([1.0, 2.0])
    loss = (x * x).sum()
    assert grad(loss, [x])[0].tolist() == grad(loss, [x])[0].tolist() == [2, 4]


def test_nothing_is_recorded_for_arrays() -> None:
    x, y = np.ones(2), Tensor([1.0, 2.0])
    assert (y * x).inputs == (y, x)
    assert isinstance((y * x).inputs[1], np.ndarray)


@primitive
def product(x: Any, y: Any, /) -> Any:
    """A product that notes which gradients it was asked for."""

    def vjp(dz: Any, needs: Any = (True, True)) -> Any:
        asked.append(needs)
        return dz * y, dz * x

    return x * y, vjp


asked: list[Any] = []


def test_a_constant_is_not_needed() -> None:
    asked.clear()
    x, y = Tensor(2.0), Tensor(3.0)
    grad(product(x, 3.0), [x])
    grad(product(x, y), [y])
    grad(product(x, y), [x, y])
    assert asked == [(True, False), (False, True), (True, True)]


def test_branches_without_a_parameter_are_not_walked() -> None:
    asked.clear()
    x, w = Tensor(2.0), Parameter(3.0)
    grad(w + product(x, x), [w])
    assert asked == []


def test_no_grad_records_nothing() -> None:
    x = Tensor(2.0)
    with no_grad():
        y = x * x
        with no_grad():
            pass
        z = x * x
    assert (y.inputs, y.vjp, z.inputs) == ((), None, ())
    assert (x * x).inputs == (x, x)


def test_no_grad_ends_with_an_exception() -> None:
    x = Tensor(2.0)
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * x).inputs == (x, x)


def test_no_grad_is_a_matter_of_one_thread() -> None:
    x = Tensor(2.0)
    recorded = []
    with no_grad():
        thread = threading.Thread(target=lambda: recorded.append((x * x).inputs))
        thread.start()
        thread.join()
        assert (x * x).inputs == ()
    assert recorded == [(x, x)]


def test_a_primitive_given_arrays_makes_no_tensor() -> None:
    assert isinstance(product(np.ones(2), np.ones(2)), np.ndarray)
    assert isinstance(product(np.ones(2), Tensor([1.0, 2.0])), Tensor)
