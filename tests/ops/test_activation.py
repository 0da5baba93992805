from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Primitive, Tensor, grad
from dlbook.ops.activation.normal import standard_normal

OF_ONE_SCORE = [
    ops.sigmoid,
    ops.tanh,
    ops.softsign,
    ops.logsigmoid,
    ops.identity,
    ops.relu,
    ops.leaky_relu,
    ops.elu,
    ops.celu,
    ops.selu,
    ops.softplus,
    ops.silu,
    ops.mish,
    ops.gelu,
    ops.hardtanh,
    ops.relu6,
    ops.hardsigmoid,
    ops.hardswish,
    ops.tanhshrink,
    ops.softshrink,
    ops.hardshrink,
]
each_of_one_score = pytest.mark.parametrize(
    "op", OF_ONE_SCORE, ids=[op.rule.__name__ for op in OF_ONE_SCORE]
)


def slopes(op: Any, z: Any, **settings: Any) -> list[float]:
    """The slope of a function of one score at each of some scores."""
    z = Tensor(np.asarray(z))
    found: list[float] = grad(op(z, **settings).sum(), [z])[0].tolist()
    return found


def test_the_sigmoid_of_a_huge_score_does_not_overflow() -> None:
    assert ops.sigmoid([-1e4, -745.0, 0.0, 1e4]).tolist() == [
        0,
        pytest.approx(5e-324),
        0.5,
        1,
    ]


def test_the_sigmoid_keeps_the_digits_of_a_small_probability() -> None:
    assert ops.sigmoid(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14, abs=0)


def test_the_softmax_does_not_feel_a_shift() -> None:
    z = np.array([[1.0, 2.0, 4.0], [-1.0, 0.0, 0.5]])
    np.testing.assert_allclose(ops.softmax(z + 1e4), ops.softmax(z), rtol=1e-11)


@pytest.mark.parametrize("op", [ops.softmax, ops.log_softmax])
def test_each_row_competes_by_itself_however_low_its_scores(op: Primitive) -> None:
    z = np.array([[0.0, 1.0, 2.0], [-2000.0, -2001.0, -2005.0]])
    together = op(z)
    assert np.isfinite(np.log(together) if op is ops.softmax else together).all()
    for row, alone in zip(together, z, strict=True):
        np.testing.assert_allclose(row, op(alone), rtol=1e-12)


@pytest.mark.parametrize("op", [ops.softmax, ops.log_softmax])
def test_a_score_of_minus_infinity_is_a_class_ruled_out(op: Primitive) -> None:
    p = op([0.0, -np.inf, 0.0])
    assert (p if op is ops.softmax else np.exp(p)).tolist() == pytest.approx(
        [0.5, 0, 0.5]
    )


def test_log_softmax_outlives_its_probability() -> None:
    assert ops.log_softmax([0.0, -1e4]).tolist() == [0, -1e4]
    assert ops.log_softmax([0.0, 1e4]).tolist() == [-1e4, 0]


def test_relu_has_slope_zero_at_zero() -> None:
    z = Tensor([-1.0, -0.0, 0.0, 1.0])
    assert grad(ops.relu(z).sum(), [z])[0].tolist() == [0, 0, 0, 1]


@each_of_one_score
def test_a_nan_is_let_through_and_seen(op: Primitive) -> None:
    assert np.isnan(op([np.nan])).all()
    assert np.isnan(ops.threshold([np.nan], threshold=0.0, value=1.0)).all()


@each_of_one_score
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_far_out_neither_overflow_nor_lose_their_slope(
    op: Primitive, dtype: Any
) -> None:
    far = np.array([-1e30, -1e4, -800, -90, 90, 800, 1e4, 1e30], dtype)
    value, vjp = op.rule(far)
    assert np.isfinite(value).all()
    slope = vjp(np.ones_like(far))
    assert value.dtype == slope.dtype == dtype
    # straight by then, on both sides, but for softsign, which is not there yet
    bend = 2e-4 if op is ops.softsign else 1e-6
    np.testing.assert_allclose(slope[:3], slope[0], atol=bend)
    np.testing.assert_allclose(slope[5:], slope[7], atol=bend)
    if op is not ops.softsign:
        at_the_end = {-1e4: value[1], 1e4: value[6]}
        for z, a in at_the_end.items():
            chord = float(op(np.array(2 * z, dtype))) - float(a)
            end = float(slope[6 if z > 0 else 1])
            assert chord / z == pytest.approx(end, abs=1e-3)


KINKS: list[tuple[Any, dict[str, float], dict[float, float]]] = [
    (ops.leaky_relu, {}, {0: 0.01}),
    (ops.elu, {"alpha": 0.5}, {0: 0.5}),
    (ops.celu, {"alpha": 0.5}, {0: 1}),
    (ops.selu, {}, {0: 1.7580993408473766}),
    (ops.hardtanh, {}, {-1: 0, 1: 0}),
    (ops.relu6, {}, {0: 0, 6: 0}),
    (ops.hardsigmoid, {}, {-3: 0, 3: 0}),
    (ops.hardswish, {}, {-3: 0, 3: 1}),
    (ops.softshrink, {}, {-0.5: 0, 0.5: 0}),
    (ops.hardshrink, {}, {-0.5: 0, 0.5: 0}),
    (ops.threshold, {"threshold": 1, "value": 9}, {1: 0}),
    (ops.softplus, {"beta": 2, "threshold": 4}, {2: 1 / (1 + math.exp(-4))}),
]


@pytest.mark.parametrize(
    ("op", "settings", "at"), KINKS, ids=[op.rule.__name__ for op, _, _ in KINKS]
)
def test_at_a_kink_the_slope_is_pytorchs(
    op: Primitive, settings: dict[str, float], at: dict[float, float]
) -> None:
    z = [float(where) for where in at]
    assert slopes(op, z, **settings) == pytest.approx(list(at.values()), rel=1e-14)


def test_the_slope_of_prelu_at_zero_is_the_learned_one_and_teaches_it_nothing() -> None:
    z, w = Tensor([[0.0, -1.0]]), Tensor([0.25, 0.5])
    dz, dw = grad(ops.prelu(z, w).sum(), [z, w])
    assert dz.tolist() == [[0.25, 0.5]]
    assert dw.tolist() == [0, -1]


def test_nothing_is_learned_through_a_step() -> None:
    z = Tensor([-1.0, 0.0, 2.0])
    a = ops.heaviside(z, 0.5)
    assert a.value.tolist() == [0, 0.5, 1]
    assert grad(a.sum(), [z])[0].tolist() == [0, 0, 0]


def test_the_normal_distribution_is_that_of_the_error_function() -> None:
    z = np.linspace(-6, 9, 3001)
    expected = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in z])
    np.testing.assert_allclose(standard_normal(z)[0], expected, rtol=1e-14)
    middle = np.abs(z) < 1
    ulps = np.abs(standard_normal(z)[0] - expected) / np.spacing(expected)
    assert ulps[middle].max() <= 4
    assert ulps[z > 1].max() <= 2
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(standard_normal(z)[1], density, rtol=1e-14)


def test_the_normal_distribution_keeps_the_digits_of_a_small_chance() -> None:
    # the tails at -10, -20 and -37, from 40-digit arithmetic
    tails = [7.619853024160526e-24, 2.7536241186062337e-89, 5.725571222524577e-300]
    np.testing.assert_allclose(
        standard_normal(np.array([-10.0, -20, -37]))[0], tails, rtol=2e-13
    )
    assert standard_normal(np.array([-1e30, -50, 50, 1e30]))[0].tolist() == [0, 0, 1, 1]


def test_the_normal_distribution_in_float32_has_the_digits_of_float32() -> None:
    z = np.linspace(-12, 12, 2001, dtype=np.float32)
    cdf, density = standard_normal(z)
    assert cdf.dtype == density.dtype == np.float32
    expected = standard_normal(z.astype(np.float64))[0]
    np.testing.assert_allclose(cdf, expected, rtol=2e-7 * 36, atol=0)
    np.testing.assert_allclose(cdf, expected, rtol=0, atol=2e-7)


def test_one_standard_normal_number_at_a_time_will_do() -> None:
    cdf, density = standard_normal(np.array(0.0))
    assert (float(cdf), float(density)) == (0.5, 1 / math.sqrt(2 * math.pi))


def test_the_smooth_ramp_nears_the_kinked_one_when_it_is_sharp() -> None:
    z = np.linspace(-3, 3, 61)
    gap = np.abs(ops.softplus(z, beta=100.0) - ops.relu(z))
    assert gap.max() == pytest.approx(np.log(2) / 100)


def test_a_negative_sharpness_turns_the_softplus_into_minus_the_log_of_a_sigmoid() -> (
    None
):
    z = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(
        ops.softplus(z, beta=-1.0), ops.logsigmoid(z), rtol=1e-13
    )


def test_small_values_keep_their_digits() -> None:
    assert ops.softplus(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14, abs=0)
    assert ops.logsigmoid(40.0) == pytest.approx(
        -4.248354255291589e-18, rel=1e-14, abs=0
    )
    assert ops.gelu(-10.0) == pytest.approx(-7.619853024160526e-23, rel=1e-13, abs=0)
    assert ops.elu(-1e-20) == -1e-20
    assert ops.celu(-1e-20, alpha=0.5) == pytest.approx(-1e-20, rel=1e-14, abs=0)
    assert ops.selu(-1e-20) == pytest.approx(-1.7580993408473766e-20, rel=1e-14, abs=0)
    assert slopes(ops.elu, [-40.0]) == [pytest.approx(math.exp(-40), rel=1e-14, abs=0)]


def test_the_softmin_is_the_softmax_of_the_turned_scores() -> None:
    z = np.array([[1.0, 2.0, 4.0], [-1.0, 0.0, 0.5]])
    assert (ops.softmin(z, axis=0) == ops.softmax(-z, axis=0)).all()


REFUSED: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (ops.celu, ([1.0],), {"alpha": 0.0}, "alpha: expected a positive number, got 0"),
    (
        ops.softplus,
        ([1.0],),
        {"beta": 0.0},
        "beta: expected a number other than 0, got 0",
    ),
    (
        ops.softshrink,
        ([1.0],),
        {"lambd": -1.0},
        "lambd: expected a number of at least 0, got -1",
    ),
    (
        ops.hardtanh,
        ([1.0],),
        {"min_val": 2.0},
        "min_val: expected at most max_val=1, got 2",
    ),
    (
        ops.gelu,
        ([1.0],),
        {"approximate": "tahn"},
        "approximate: expected 'none' or 'tanh', got 'tahn'",
    ),
    (
        ops.glu,
        (np.zeros((2, 3)),),
        {},
        "z: expected an even length along axis -1, got shape (2, 3)",
    ),
    (
        ops.glu,
        (np.zeros((2, 4)),),
        {"axis": 2},
        "axis: expected one from -2 to 1, got 2",
    ),
    (
        ops.prelu,
        (np.zeros((2, 3)), np.ones(2)),
        {},
        "weight: expected one slope, or one for each channel of (2, 3), got (2,)",
    ),
    (
        ops.prelu,
        (np.zeros(3), np.ones(3)),
        {},
        "weight: expected one slope, or one for each channel of (3,), got (3,)",
    ),
    (
        ops.heaviside,
        (np.zeros((2, 3)), np.ones(2)),
        {},
        "values: expected a shape that broadcasts to (2, 3), got (2,)",
    ),
]


@pytest.mark.parametrize(("op", "inputs", "settings", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(
    op: Primitive, inputs: Any, settings: Any, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        op(*inputs, **settings)
    assert str(error.value) == f"{op.rule.__name__}: {message}"


@pytest.mark.parametrize("op", [ops.softmax, ops.log_softmax])
def test_a_single_number_has_no_axis_to_compete_along(op: Primitive) -> None:
    name = op.rule.__name__
    with pytest.raises(
        ValueError, match=rf"^{name}: z: expected shape \(_, \.\.\.\), got \(\)$"
    ):
        op(1.0)


def test_an_empty_batch_passes_through() -> None:
    for op in (*OF_ONE_SCORE, ops.softmax, ops.log_softmax, ops.softmin):
        assert op(np.zeros((0, 3))).shape == (0, 3)


def test_whole_numbers_are_taken_for_floats() -> None:
    assert ops.tanh([0, 1]).dtype == np.float64
    assert ops.relu(np.array([-1, 2])).tolist() == [0.0, 2.0]
