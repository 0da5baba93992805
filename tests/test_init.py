"""Initial weights: their laws, and what they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dlbook import init

DRAWS: dict[str, Any] = {
    "xavier_uniform": init.xavier_uniform,
    "xavier_normal": init.xavier_normal,
    "kaiming_uniform": init.kaiming_uniform,
    "kaiming_normal": init.kaiming_normal,
    "lecun_normal": init.lecun_normal,
    "orthogonal": init.orthogonal,
}


@pytest.mark.parametrize("name", DRAWS)
def test_a_draw_has_shape_and_type_and_is_the_generators(name: str) -> None:
    draw = DRAWS[name]
    w = draw((4, 3, 2), rng=np.random.default_rng(0))
    assert (w.shape, w.dtype) == ((4, 3, 2), np.float32)
    again = draw((4, 3, 2), rng=np.random.default_rng(0), dtype=np.float64)
    assert_allclose(w, again, rtol=1e-6)


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("shape", [(5,), (), (0, 3)])
def test_weights_need_two_axes(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(
        ValueError,
        match=f"{name}: shape: expected two axes or more, each of at least 1",
    ):
        DRAWS[name](shape, rng=np.random.default_rng(0))


def test_names_that_are_not_known_are_told() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(
        ValueError, match="calculate_gain: nonlinearity: expected one of linear"
    ):
        init.kaiming_normal((2, 2), nonlinearity="rleu", rng=rng)
    with pytest.raises(
        ValueError, match="kaiming_uniform: mode: expected 'fan_in' or 'fan_out'"
    ):
        init.kaiming_uniform((2, 2), mode="fan", rng=rng)


def test_the_rectifiers_gain_keeps_the_second_moment(rng: np.random.Generator) -> None:
    z = rng.normal(size=1_000_000)
    for slope in (0.0, 0.01, 0.5):
        a = np.where(z > 0, z, slope * z)
        gain = init.calculate_gain("leaky_relu", slope)
        assert gain**2 * (a**2).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("mode", "sums"), [("fan_in", 0), ("fan_out", 1)])
def test_he_keeps_signals_or_gradients(
    mode: str, sums: int, rng: np.random.Generator
) -> None:
    w = init.kaiming_normal((200, 800), nonlinearity="linear", mode=mode, rng=rng)
    assert (w**2).sum(axis=sums).mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (4, 2, 3)])
def test_rows_or_columns_are_orthonormal(
    shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    w = init.orthogonal(shape, gain=2.0, rng=rng, dtype=np.float64)
    flat = w.reshape(shape[0], -1)
    gram = flat @ flat.T if flat.shape[0] <= flat.shape[1] else flat.T @ flat
    assert_allclose(gram, 4 * np.eye(len(gram)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_evenly(rng: np.random.Generator) -> None:
    """Each element of an even draw is as often positive as negative; a plain factoring prefers a sign."""
    corner = [init.orthogonal((3, 3), rng=rng)[0, 0] for _ in range(2000)]
    assert abs(np.mean(np.array(corner) > 0) - 0.5) < 0.05
