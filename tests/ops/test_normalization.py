"""Normalizations beside their plain forms, at the edges of the numbers, and what they refuse."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook import ops
from dlbook.autograd import Tensor, grad
from dlbook.autograd.operators import transpose
from dlbook.ops.normalization import channels

F32 = np.float32


def standardized(x: Any, axes: Any, eps: float) -> Any:
    """The formula, word by word, in the engine's operators."""
    centered = x - x.mean(axes, keepdims=True)
    return centered / ((centered**2).mean(axes, keepdims=True) + eps) ** 0.5


def agree(fused: Any, plain: Any, rng: np.random.Generator, *arrays: Any) -> None:
    """Two ways to one value, and to the gradients for a random cotangent."""
    found = []
    dy = rng.normal(size=fused(*arrays).shape)
    for f in (fused, plain):
        tensors = [Tensor(a) for a in arrays]
        y = f(*tensors)
        found.append([y.value, *grad((y * dy).sum(), tensors)])
    for ours, theirs in zip(*found, strict=True):
        assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_layer_norm_is_its_formula(rng: np.random.Generator) -> None:
    x, gamma, beta = (rng.normal(size=s) for s in [(2, 3, 7), (7,), (7,)])
    agree(
        ops.layer_norm,
        lambda x, gamma, beta: standardized(x, -1, 1e-5) * gamma + beta,
        rng,
        x,
        gamma,
        beta,
    )


def test_rms_norm_is_its_formula(rng: np.random.Generator) -> None:
    agree(
        lambda x, gamma: ops.rms_norm(x, gamma, eps=1e-3),
        lambda x, gamma: x / ((x * x).mean(-1, keepdims=True) + 1e-3) ** 0.5 * gamma,
        rng,
        rng.normal(size=(2, 3, 7)),
        rng.normal(size=7),
    )


@pytest.mark.parametrize("dims", [(), (5,), (3, 4)])
def test_batch_norm_is_its_formula(dims: Any, rng: np.random.Generator) -> None:
    at = (3, *[1 for _ in dims])
    agree(
        ops.batch_norm,
        lambda x, gamma, beta: (
            standardized(x, (0, *range(2, 2 + len(dims))), 1e-5) * gamma.reshape(at)
            + beta.reshape(at)
        ),
        rng,
        rng.normal(size=(6, 3, *dims)),
        rng.normal(size=3),
        rng.normal(size=3),
    )


def test_a_batch_s_own_mean_and_variance_may_as_well_be_given(
    rng: np.random.Generator,
) -> None:
    """The fused derivative is the one through x, and through the mean and the variance."""

    def in_parts(x: Any, gamma: Any, beta: Any) -> Any:
        mean = x.mean((0, 2))
        var = ((x - mean.reshape(3, 1)) ** 2).mean((0, 2))
        return ops.batch_norm(x, gamma, beta, mean, var)

    arrays = [rng.normal(size=s) for s in [(4, 3, 5), (3,), (3,)]]
    agree(ops.batch_norm, in_parts, rng, *arrays)


def test_group_norm_goes_group_by_group(rng: np.random.Generator) -> None:
    x, gamma, beta = (rng.normal(size=s) for s in [(3, 6, 2, 5), (6,), (6,)])
    y = ops.group_norm(x, gamma, beta, num_groups=3)
    for i in range(3):
        for k in range(0, 6, 2):
            group = x[i, k : k + 2]
            x_hat = (group - group.mean()) / np.sqrt(group.var() + 1e-5)
            for c in range(2):
                expected = gamma[k + c] * x_hat[c] + beta[k + c]
                assert_allclose(y[i, k + c], expected, rtol=1e-12, atol=1e-13)


def test_one_group_is_a_layer_and_a_group_for_each_channel_an_instance(
    rng: np.random.Generator,
) -> None:
    x = rng.normal(size=(3, 4, 5))
    layer = ops.layer_norm(x.reshape(3, 20)).reshape(x.shape)
    assert_allclose(ops.group_norm(x, num_groups=1), layer, rtol=1e-12)
    assert_array_equal(ops.group_norm(x, num_groups=4), ops.instance_norm(x))
    assert_allclose(ops.instance_norm(x), ops.layer_norm(x), rtol=1e-12)


def test_a_batch_of_one_instance_is_that_instance(rng: np.random.Generator) -> None:
    x = rng.normal(size=(1, 4, 5, 3))
    assert_allclose(ops.batch_norm(x), ops.instance_norm(x), rtol=1e-12, atol=1e-13)


NORMS: dict[str, tuple[Any, Any]] = {
    "layer": (lambda x: ops.layer_norm(x, eps=0), -1),
    "group": (lambda x: ops.group_norm(x[:, :, None], num_groups=1, eps=0)[..., 0], -1),
    "instance": (lambda x: ops.instance_norm(x[:, None], eps=0)[:, 0], -1),
    "batch": (lambda x: ops.batch_norm(x, eps=0), 0),
    "images": (lambda x: ops.batch_norm(x.T.reshape(300, 5, 20), eps=0), None),
}


def in_long_doubles(x: Any, axis: Any) -> Any:
    x = x.astype(np.longdouble)
    for _ in range(2):  # the second time for what rounding left
        x = x - x.mean(axis, keepdims=True)
    return (x / np.sqrt((x**2).mean(axis, keepdims=True))).astype(float)


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize(("mean", "sd"), [(1e4, 1e-2), (-1e8, 1.0), (0.0, 1e-100)])
def test_a_mean_far_from_zero_costs_no_digits(
    name: str, mean: float, sd: float, rng: np.random.Generator
) -> None:
    x = mean + sd * rng.normal(size=(100, 300))
    norm, axis = NORMS[name]
    y = norm(x)
    if axis is None:
        x, axis = x.T.reshape(300, 5, 20), (0, 2)
    assert_allclose(y, in_long_doubles(x, axis), rtol=0, atol=1e-11)


def test_an_outlier_in_front_costs_no_digits(rng: np.random.Generator) -> None:
    """The batch's numbers are shifted by a mean of its first part."""
    x = rng.normal(size=(20_000, 2))
    for outliers in (slice(1), slice(5000)):
        x[outliers] = 1e6
        y = ops.batch_norm(x, eps=0)
        assert_allclose(y, in_long_doubles(x, 0), rtol=0, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e4, -3e7, 1e12])
def test_what_is_constant_comes_to_the_shift(value: float, dtype: Any) -> None:
    beta = np.full(3, 0.7, dtype)
    for shape in [(5, 3), (5000, 3), (64, 3, 28, 28), (2, 3, 70, 70)]:
        x = np.full(shape, value, dtype)
        for y in (
            ops.batch_norm(x, None, beta),
            ops.group_norm(x, None, beta, num_groups=1),
            ops.layer_norm(x.reshape(-1, 3), None, beta),
        ):
            assert_allclose(y, beta[0], rtol=1e-6)


@pytest.mark.parametrize("shape", [(400_000, 2), (2, 2, 100_000), (500, 2, 20, 20)])
def test_long_sums_are_exact_in_float32(shape: Any, rng: np.random.Generator) -> None:
    x = (rng.random(shape) + 3).astype(F32)
    dy = rng.random(shape).astype(F32)
    rules = [ops.batch_norm.rule]
    if len(shape) > 2:
        rules += [partial(ops.group_norm.rule, num_groups=1)]
    for rule in rules:
        low, high = (in_dtype(rule, x, dy, dtype) for dtype in (F32, np.float64))
        assert {a.dtype for a in low} == {np.dtype(F32)}
        assert_allclose(low[0], high[0], rtol=0, atol=3e-6)  # y
        assert_allclose(low[1], high[1], rtol=0, atol=1e-5)  # dx
        m = x.size / 2
        for ours, exact in zip(low[2:], high[2:], strict=True):
            assert_allclose(ours / m, exact / m, rtol=0, atol=1e-7)


def in_dtype(rule: Any, x: Any, dy: Any, dtype: Any) -> list[Any]:
    """Value and gradients of one call."""
    gamma, beta = np.array([1.5, -2], dtype), np.array([0.5, 1], dtype)
    y, vjp = rule(x.astype(dtype), gamma, beta)
    return [y, *(d for d in vjp(dy.astype(dtype)) if d is not None)]


def test_layer_norm_of_long_rows_is_exact_in_float32(rng: np.random.Generator) -> None:
    x = (rng.random((2, 1_000_000)) + 3).astype(F32)
    exact = ops.layer_norm(x.astype(float))
    assert_allclose(ops.layer_norm(x), exact, rtol=0, atol=3e-6)


def test_extremes_bring_no_warning() -> None:
    for x in (
        np.array([[1e100, -1e100], [1e-300, -1e-300]]),
        np.array([[1e15, -1e15], [1e-30, 0]], F32),
    ):
        for y in (
            ops.layer_norm(x),
            ops.rms_norm(x),
            ops.batch_norm(x),
            ops.group_norm(x, num_groups=1),
        ):
            assert np.isfinite(y).all()
            assert abs(y).max() <= 1.5


def test_eps_is_added_to_the_variance() -> None:
    assert_allclose(ops.layer_norm([[-1.0, 1.0]], eps=3), [[-0.5, 0.5]])
    assert_allclose(ops.batch_norm([[-1.0], [1.0]], eps=3), [[-0.5], [0.5]])
    assert_allclose(ops.rms_norm([[-1.0, 1.0]], eps=3), [[-0.5, 0.5]])
    eps = np.float64(3)  # a NumPy number doesn't widen float32
    assert ops.layer_norm(np.ones((1, 2), F32), eps=eps).dtype == F32
    assert ops.rms_norm(np.ones((1, 2), F32), eps=eps).dtype == F32
    assert ops.batch_norm(np.ones((2, 2), F32), eps=eps).dtype == F32


def test_rms_norm_of_zeros_is_zero() -> None:
    assert_array_equal(ops.rms_norm(np.zeros((2, 3))), np.zeros((2, 3)))


@pytest.mark.parametrize("n", [6, 9000])
def test_the_moments_are_the_batch_s_mean_and_biased_variance(
    n: int, rng: np.random.Generator
) -> None:
    x = rng.normal(5, 2, size=(n, 3, 4, 2))
    moments = np.empty((2, 3))
    ops.batch_norm(x, moments=moments)
    assert_allclose(moments[0], x.mean((0, 2, 3)), rtol=1e-13)
    assert_allclose(moments[1], x.var((0, 2, 3)), rtol=1e-12)


def test_given_moments_are_used_and_the_batch_s_size_does_not_matter(
    rng: np.random.Generator,
) -> None:
    mean, var = rng.normal(size=3), rng.uniform(1, 2, size=3)
    x = rng.normal(size=(6, 3))
    y = ops.batch_norm(x, None, None, mean, var, eps=0)
    assert_allclose(y, (x - mean) / np.sqrt(var), rtol=1e-12)
    assert_array_equal(ops.batch_norm(x[:1], None, None, mean, var, eps=0), y[:1])
    assert ops.batch_norm(x[:0], None, None, mean, var).shape == (0, 3)


def test_no_examples_are_normalized_to_none() -> None:
    assert ops.layer_norm(np.zeros((0, 3))).shape == (0, 3)
    assert ops.rms_norm(np.zeros((0, 3))).shape == (0, 3)
    assert ops.group_norm(np.zeros((0, 4, 2)), num_groups=2).shape == (0, 4, 2)
    assert ops.instance_norm(np.zeros((0, 4, 2))).shape == (0, 4, 2)
    y, vjp = ops.layer_norm.rule(np.zeros((0, 3)), np.ones(3), np.ones(3))
    assert [d.tolist() for d in vjp(y)] == [[], [0, 0, 0], [0, 0, 0]]


def test_views_of_any_strides_are_normalized(rng: np.random.Generator) -> None:
    x = rng.normal(size=(3, 8, 6, 4))
    for view in (
        x[::2, ::-1],
        x.transpose(0, 3, 1, 2),
        np.broadcast_to(x[:1], x.shape),
    ):
        dense = view.copy()
        assert_array_equal(ops.batch_norm(view), ops.batch_norm(dense))
        assert_array_equal(ops.layer_norm(view), ops.layer_norm(dense))
        assert_array_equal(ops.rms_norm(view), ops.rms_norm(dense))
        y = ops.group_norm(view, num_groups=2)
        assert_array_equal(y, ops.group_norm(dense, num_groups=2))
    t = Tensor(x)
    (dx,) = grad((transpose(ops.layer_norm(t), axes=(3, 2, 1, 0)) ** 3).sum(), [t])
    assert dx.shape == x.shape


@pytest.mark.parametrize("shape", [(7, 2), (4200, 2), (3, 2, 40, 40), (2, 2, 80, 80)])
def test_where_a_batch_is_cut_does_not_matter(
    shape: Any, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, dy = rng.normal(size=(2, *shape))
    gamma, beta = rng.normal(size=(2, 2))
    found = []
    for size, long in [(2**19, 4096), (1, 4096), (2**30, 1), (3 * x[0].nbytes, 4096)]:
        monkeypatch.setattr(channels, "_BYTES", size)
        monkeypatch.setattr(channels, "_LONG", long)
        if size == 1 and len(x) > 100:
            continue
        y, vjp = ops.batch_norm.rule(x, gamma, beta)
        z, vjz = ops.group_norm.rule(x, gamma, beta, num_groups=1)
        found.append([y, *vjp(dy)[:3], z, *vjz(dy)])
    for other in found[1:]:
        for p, q in zip(found[0], other, strict=True):
            assert_allclose(p, q, rtol=1e-9, atol=1e-11)


def test_only_the_gradients_that_are_needed_are_computed() -> None:
    x, v = np.ones((4, 3, 2)), np.ones(3)
    only_x = ops.batch_norm.rule(x, v, v)[1](x, (True, False, False, False, False))
    assert only_x[0].shape == x.shape
    given = ops.batch_norm.rule(x, v, v, v, v)[1]
    assert given(x, (False, True, True, False, False))[0] is None
    assert given(x, (True, False, False, False, False))[1:] == (None,) * 4
    for vjp in (
        ops.layer_norm.rule(x, v[:2], v[:2])[1],
        ops.group_norm.rule(x, v, v, num_groups=3)[1],
    ):
        assert vjp(x, (False, True, False))[::2] == (None, None)
        assert vjp(x, (True, False, False))[1:] == (None, None)


X = np.ones((4, 6, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ops.layer_norm(X, np.ones(6)),
            r"layer_norm: gamma: expected shape (d=2,), got (6,)",
        ),
        (
            lambda: ops.layer_norm(np.ones((3, 0))),
            "layer_norm: x: expected at least one feature, got shape (3, 0)",
        ),
        (
            lambda: ops.rms_norm(np.ones((3, 0))),
            "rms_norm: x: expected at least one feature, got shape (3, 0)",
        ),
        (
            lambda: ops.batch_norm(np.ones(3)),
            "batch_norm: x: expected shape (n, c, *dims), got (3,)",
        ),
        (
            lambda: ops.batch_norm(X, np.ones(2)),
            "batch_norm: gamma: expected shape (c=6,), got (2,)",
        ),
        (
            lambda: ops.batch_norm(X[:0]),
            "batch_norm: x: expected numbers to take a mean of, got shape (0, 6, 2)",
        ),
        (
            lambda: ops.batch_norm(X, None, None, np.ones(6)),
            "batch_norm: mean, var: expected both or neither, got one of them",
        ),
        (
            lambda: ops.batch_norm(X, None, None, None, np.ones(6)),
            "batch_norm: mean, var: expected both or neither, got one of them",
        ),
        (
            lambda: ops.batch_norm(X, None, None, np.ones(6), -np.ones(6)),
            "batch_norm: var: expected numbers of at least 0, got -1",
        ),
        (
            lambda: ops.batch_norm(X, None, None, np.ones(6), np.full(6, np.nan)),
            "batch_norm: var: expected numbers of at least 0, got nan",
        ),
        (
            lambda: ops.batch_norm(X, moments=np.ones((2, 2))),
            "batch_norm: moments: expected an array (2, c=6) where the batch's are used, got (2, 2)",
        ),
        (
            lambda: ops.batch_norm(
                X, None, None, np.ones(6), np.ones(6), moments=np.ones((2, 6))
            ),
            "batch_norm: moments: expected an array (2, c=6) where the batch's are used, "
            "got (2, 6) beside given ones",
        ),
        (
            lambda: ops.group_norm(X, num_groups=4),
            "group_norm: num_groups: expected a divisor of c=6, got 4",
        ),
        (
            lambda: ops.group_norm(X, num_groups=0),
            "group_norm: num_groups: expected a divisor of c=6, got 0",
        ),
        (
            lambda: ops.group_norm(X, num_groups=-2),
            "group_norm: num_groups: expected a divisor of c=6, got -2",
        ),
        (
            lambda: ops.group_norm(X[..., :0], num_groups=2),
            "group_norm: x: expected at least one channel and position, got shape (4, 6, 0)",
        ),
        (
            lambda: ops.instance_norm(X[..., :1]),
            "instance_norm: x: expected at least one channel and two positions, got shape (4, 6, 1)",
        ),
        (
            lambda: ops.instance_norm(X[..., 0]),
            "instance_norm: x: expected at least one channel and two positions, got shape (4, 6)",
        ),
        *[
            (
                lambda f=f: f(X, eps=-1e-5),
                f"{f.rule.__name__}: eps: expected a number of at least 0, got -1e-05",
            )
            for f in (ops.layer_norm, ops.rms_norm, ops.batch_norm, ops.instance_norm)
        ],
        (
            lambda: ops.group_norm(X, num_groups=1, eps=float("nan")),
            "group_norm: eps: expected a number of at least 0, got nan",
        ),
    ],
)
def test_a_misfit_is_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


def test_a_misspelt_setting_is_named() -> None:
    with pytest.raises(TypeError, match="layer_norm: epsilon: no such setting"):
        ops.layer_norm(X, epsilon=1)
