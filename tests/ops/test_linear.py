from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Tensor, grad
from dlbook.ops import linear


def test_a_batch_of_any_shape_gives_the_rows_one_by_one(
    rng: np.random.Generator,
) -> None:
    x, w, b = rng.normal(size=(2, 5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    y = linear(x, w, b)
    for i, j in np.ndindex(2, 5):
        np.testing.assert_allclose(y[i, j], x[i, j] @ w + b, rtol=1e-14)


def test_an_input_that_needs_no_gradient_is_not_paid_for(
    rng: np.random.Generator,
) -> None:
    vjp = linear.rule(
        rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    )[1]
    dx, dw, db = vjp(np.ones((5, 4)), (False, True, True))
    assert dx is None
    assert (dw.shape, db.shape) == ((3, 4), (4,))
    assert vjp(np.ones((5, 4)), (True, False, False))[1:] == (None, None)


def test_the_gradient_of_the_weights_reaches_a_layer_without_bias() -> None:
    w = Tensor(np.ones((2, 1)))
    (dw,) = grad(linear([[1.0, 2.0], [3.0, 4.0]], w).sum(), [w])
    assert dw.tolist() == [[4], [6]]


def test_the_bias_is_added_to_no_input() -> None:
    x, w, b = np.ones((2, 2)), np.eye(2), np.ones(2)
    assert linear(x, w, b).tolist() == [[2, 2], [2, 2]]
    assert x.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((5, 3), (4, 2)), "linear: w: expected shape (d=3, k), got (4, 2)"),
        (((5, 3), (3,)), "linear: w: expected shape (d=3, k), got (3,)"),
        (((5, 3), (3, 2), (3,)), "linear: b: expected shape (k=2,), got (3,)"),
        (((5, 3), (3, 2), (1, 2)), "linear: b: expected shape (k=2,), got (1, 2)"),
        (((), (3, 2)), "linear: x: expected shape (*batch, d), got ()"),
    ],
)
def test_a_misfit_is_named(shapes: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:
        linear(*map(np.zeros, shapes))
    assert str(error.value) == message
