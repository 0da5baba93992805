"""Gradients made shorter."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.optim import clip_grad_norm, clip_grad_value


def test_short_gradients_stay_the_same_arrays() -> None:
    g = np.array([0.3, 0.4])
    (clipped,), norm = clip_grad_norm([g], 1.0)
    assert clipped is g
    assert norm == pytest.approx(0.5)


def test_the_dtype_and_the_given_arrays_are_kept() -> None:
    g = np.array([3.0, 4.0], np.float32)
    (clipped,), _ = clip_grad_norm([g], 1.0)
    assert clipped.dtype == np.float32
    assert clip_grad_value([g], 1.0)[0].dtype == np.float32
    assert_array_equal(g, [3, 4])


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_no_square_overflows(size: float) -> None:
    _, norm = clip_grad_norm([np.array([3.0 * size]), np.array([4.0 * size])], 1.0)
    assert norm == pytest.approx(5 * size)


def test_a_bound_of_zero_stops_everything() -> None:
    (clipped,), _ = clip_grad_norm([np.array([3.0, 4.0])], 0.0)
    assert_allclose(clipped, 0)


def test_what_has_no_length_is_refused() -> None:
    for strange in (np.nan, np.inf):
        with pytest.raises(
            FloatingPointError, match="clip_grad_norm: gradients: expected"
        ):
            clip_grad_norm([np.ones(1), np.array([strange])], 1.0)
    for bound in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="clip_grad_norm: max_norm: expected"):
            clip_grad_norm([np.ones(1)], bound)
        with pytest.raises(ValueError, match="clip_grad_value: clip_value: expected"):
            clip_grad_value([np.ones(1)], bound)
